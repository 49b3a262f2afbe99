"""Products that come, move, go and come back, against the oracle, over random lives."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.models import OwnedProduct
from customers.states import GoneReason
from followups.models import Obligation
from followups.services import engine
from followups.states import State
from followups.verification import obligation_differences
from tests.examples import examples
from tests.followups import oracle
from tests.followups.build import SHANGHAI, customer, delivery, shop
from tests.followups.test_engine_properties import (
    every_open_obligation_stands_on_an_open_task_of_its_day,
    undone,
)

pytestmark = pytest.mark.django_db
DAYS = st.dates(date(2024, 1, 1), date(2025, 12, 31))
LIVES = st.lists(
    st.tuples(st.sampled_from(["run", "gone", "back"]), st.integers(0, 90)), min_size=1, max_size=8
)
quick = examples(15, among_all=5)


def evening(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), SHANGHAI)


def standing(product) -> set[tuple[str, int, date, datetime]]:
    rows = Obligation.objects.filter(
        subject_id=product.pk, step__plan__code="dealer", state=State.OPEN
    )
    return set(rows.values_list("step__code", "occurrence", "due_on", "due_at"))


@quick
@given(deliveries=st.lists(DAYS, min_size=1, max_size=3), lives=LIVES)
def test_what_is_gone_is_owed_nothing_and_what_is_back_is_owed_all(deliveries, lives):
    with undone():
        who = customer(shop(), now=evening(min(deliveries)), grade="B2")
        day = max(deliveries)
        products = [delivery(who, on=on, now=evening(on)) for on in deliveries]
        first = products[0]
        is_gone = False
        for act, pause in lives:
            day += timedelta(days=pause)
            if act != "run":
                is_gone = act == "gone"
                gone = {"gone_on": day, "gone_reason": GoneReason.SOLD} if is_gone else {
                    "gone_on": None, "gone_reason": "",
                }  # fmt: skip
                OwnedProduct.objects.filter(pk=first.pk).update(**gone)
            engine.touch_and_ask(customers=[who.pk], now=evening(day))

        for product, on in zip(products, deliveries, strict=True):
            assert standing(product) == oracle.owed(
                on=on, at=None, noted_on=on, last_run_on=day, horizon=60,
                is_gone=is_gone and product == first,
            )  # fmt: skip
        assert every_open_obligation_stands_on_an_open_task_of_its_day()
        assert list(obligation_differences(now=evening(day))) == []
