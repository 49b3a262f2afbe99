"""The end of an order: settled at a balance of 0.00, then archived and read-only (ORD-08, M10)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from orders.models import Milestone, Return
from orders.services.closing import OrderNotClosed, archive_order, settle_order
from orders.services.dates import Why, change_wish
from orders.services.holding import OrderNotChanged
from orders.states import LineState, MilestoneKind, OrderState, ReturnKind
from staff.states import Role
from tests.factories.orders import order, payment
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
D = date(2026, 3, 18)
DONE = {"state": LineState.DELIVERED, "delivered_qty": 1}


@pytest.fixture
def finance():
    return PersonFactory(role=Role.FINANCE)


def delivered(paid, *, finance, lines=(DONE,), state=OrderState.DELIVERED):
    of = order(lines=lines, state=state, promised_on=D, delivered_on=D)
    if paid:
        payment(of, paid, confirmed_by=finance)
    return of


def test_at_a_balance_of_nothing_it_is_settled_and_archived_and_never_changed(finance):
    of = delivered(5000, finance=finance)
    settle_order(order=of, by=finance, now=NOW)
    for _twice in range(2):
        archive_order(order=of, by=finance, now=NOW)
    of.refresh_from_db()
    assert (of.state, of.settled_at, of.archived_at) == ("archived", NOW, NOW)
    kinds = Milestone.objects.filter(order=of, reached_on=date(2026, 3, 20))
    assert set(kinds.values_list("kind", flat=True)) == {
        MilestoneKind.SETTLED, MilestoneKind.ARCHIVED,
    }  # fmt: skip
    with pytest.raises(OrderNotChanged):
        change_wish(order=of, on=D, why=Why(cause="customer"), by=of.seller, now=NOW)


def test_a_balance_of_12_refuses_with_a_sentence(finance):
    of = delivered(4988, finance=finance)
    with pytest.raises(OrderNotClosed) as refused:
        settle_order(order=of, by=finance, now=NOW)
    assert refused.value.codes == ("balance_open",)
    assert "12.00" in str(refused.value)


def test_money_to_be_confirmed_and_goods_to_come_keep_it_open(finance):
    of = delivered(4000, finance=finance, state=OrderState.CONFIRMED,
                   lines=(DONE, {"price": 100}))  # fmt: skip
    payment(of, Decimal(1100))
    with pytest.raises(OrderNotClosed) as refused:
        settle_order(order=of, by=finance, now=NOW)
    assert refused.value.codes == ("goods_open", "unconfirmed")


def test_an_open_return_keeps_it_open(finance):
    of = delivered(5000, finance=finance)
    Return.objects.create(
        order=of, line=of.lines.get(), kind=ReturnKind.RETURN, cause="quality", qty=1, amount=5000,
        asked_on=D, is_within=True, asked_by=of.seller, key=uuid4(),
    )  # fmt: skip
    with pytest.raises(OrderNotClosed) as refused:
        settle_order(order=of, by=finance, now=NOW)
    assert refused.value.codes == ("return_open",)


def test_finance_alone_settles_and_nothing_is_archived_before(finance):
    of = delivered(5000, finance=finance)
    with pytest.raises(OrderNotClosed) as refused:
        settle_order(order=of, by=of.seller, now=NOW)
    assert refused.value.codes == ("not_finance",)
    with pytest.raises(OrderNotClosed) as refused:
        archive_order(order=of, by=finance, now=NOW)
    assert refused.value.codes == ("not_settled",)
    settled = settle_order(order=delivered(5000, finance=finance), by=finance, now=NOW)
    with pytest.raises(OrderNotClosed) as refused:
        archive_order(order=settled, by=settled.seller, now=NOW)
    assert refused.value.codes == ("not_put_away",)
