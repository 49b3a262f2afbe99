"""The engine against the oracle, over random deliveries, run times and pauses."""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from followups.models import Obligation, Plan, Step, Task
from followups.services import engine
from followups.states import Anchor, State, Way
from staff.states import Trade
from tests.examples import examples
from tests.followups import oracle
from tests.followups.build import SHANGHAI, customer, delivery, shop

pytestmark = pytest.mark.django_db

# Leap days and month ends more often than chance would have them.
AWKWARD = [date(2024, 2, 29), date(2023, 8, 31), date(2023, 12, 31), date(2024, 1, 30)]
DAYS = st.sampled_from(AWKWARD) | st.dates(date(2022, 1, 1), date(2025, 12, 31))
HOURS = st.none() | st.times(time(0, 0), time(23, 59)).map(lambda t: t.replace(microsecond=0))
DELIVERIES = st.lists(st.tuples(DAYS, HOURS, st.integers(0, 400)), min_size=1, max_size=4)
PAUSES = st.lists(st.integers(0, 120), min_size=1, max_size=6)
quick = examples(15)


@contextmanager
def undone():
    """A world that leaves no trace."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)


def evening(day: date) -> datetime:
    """Late enough for whatever was delivered that day to have happened."""
    return datetime.combine(day, time(23, 59), SHANGHAI)


def made(product) -> set[tuple[str, int, date, datetime]]:
    rows = Obligation.objects.filter(subject_id=product.pk, step__plan__code="dealer")
    return set(rows.values_list("step__code", "occurrence", "due_on", "due_at"))


@quick
@given(deliveries=DELIVERIES, pauses=PAUSES)
def test_whatever_the_deliveries_and_the_runs_exactly_what_is_owed_stands(deliveries, pauses):
    with undone():
        place = shop()
        products = []
        for on, hour, delay in deliveries:
            noted = evening(on + timedelta(days=delay))
            who = customer(place, now=noted, grade="B2")
            at = datetime.combine(on, hour, SHANGHAI) if hour else None
            products.append((delivery(who, on=on, at=at, now=noted), on, at, noted.date()))
        day = max(noted for *_, noted in products)

        for pause in pauses:
            day += timedelta(days=pause)
            engine.ask(now=evening(day))

        for product, on, at, noted in products:
            assert made(product) == oracle.owed(
                on=on, at=at, noted_on=noted, last_run_on=day, horizon=60
            )
        assert every_open_obligation_stands_on_an_open_task_of_its_day()


@quick
@given(deliveries=DELIVERIES, pauses=PAUSES)
def test_one_late_run_makes_what_many_would_have_made(deliveries, pauses):
    worlds = []
    for runs in (pauses, [sum(pauses)]):
        with undone():
            place = shop()
            products = []
            for on, _hour, _delay in deliveries:
                who = customer(place, now=noon(on), grade="B2")
                products.append(delivery(who, on=on, now=noon(on)))
            day = max(on for on, *_ in deliveries)
            for pause in runs:
                day += timedelta(days=pause)
                engine.ask(now=noon(day))
            worlds.append([made(product) for product in products])
    assert worlds[0] == worlds[1]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["hours", "days", "working_days", "months"]),
        st.integers(1, 40),
        st.integers(1, 9),
        st.integers(1, 12),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=5,
)


@quick
@given(steps=STEPS, on=DAYS, hour=HOURS, delay=st.integers(0, 60), pauses=PAUSES)
def test_whatever_the_plan_says_exactly_that_stands(steps, on, hour, delay, pauses):
    with undone():
        place = shop(Trade.SHOES)
        plan = Plan.objects.create(code="any", name_en="x", name_zh="x", trades=[Trade.SHOES])
        told = []
        for index, (unit, offset, every, times, ahead) in enumerate(steps):
            step = Step.objects.create(
                plan=plan, code=f"any-{index}", name_en="x", name_zh="x", position=index,
                anchor=Anchor.DELIVERY, unit=unit, offset=offset, every=every, times=times,
                ahead_days=ahead, way=Way.CALL,
            )  # fmt: skip
            told.append((step.code, unit, offset, every, times))
        day = on + timedelta(days=delay)
        at = datetime.combine(on, hour, SHANGHAI) if hour else None
        who = customer(place, now=evening(day), grade="B2")
        product = delivery(who, on=on, at=at, now=evening(day))

        for pause in pauses:
            engine.ask(now=evening(day := day + timedelta(days=pause)))

        made_now = set(
            Obligation.objects.filter(step__plan=plan, subject_id=product.pk).values_list(
                "step__code", "occurrence", "due_on", "due_at"
            )
        )
        noted_on = on + timedelta(days=delay)
        assert made_now == oracle.owed(
            on=on, at=at, noted_on=noted_on, last_run_on=day, horizon=60, steps=told
        )


def test_the_oracle_would_notice_a_chained_month():
    """The control: chained from 31 January one gets 28 February, 28 March; the oracle does not."""
    chained = oracle.months_later(oracle.months_later(date(2026, 1, 31), 1), 1)
    assert chained == date(2026, 3, 28)
    assert oracle.months_later(date(2026, 1, 31), 2) == date(2026, 3, 31)


def test_the_oracle_would_notice_a_lost_occurrence():
    """The control: with one obligation taken away the comparison fails."""
    now = noon(date(2024, 2, 29))
    product = delivery(customer(shop(), now=now, grade="B2"), on=date(2024, 2, 29), now=now)
    engine.ask(now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM followups_obligation WHERE subject_id = %s AND occurrence = 1"
            " AND step_id IN (SELECT id FROM followups_step WHERE code = 'dealer_7d')",
            [product.pk],
        )
    assert made(product) != oracle.owed(
        on=date(2024, 2, 29), at=None, noted_on=now.date(), last_run_on=now.date(), horizon=60
    )


def every_open_obligation_stands_on_an_open_task_of_its_day() -> bool:
    loose = Obligation.objects.filter(state=State.OPEN).exclude(task__state=State.OPEN)
    empty = Task.objects.filter(state=State.OPEN).exclude(obligations__state=State.OPEN)
    return not loose.exists() and not empty.exists()
