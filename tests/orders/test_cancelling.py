"""Calling an order off: the credit, the lead open again, nothing left to do (FIL-22)."""

from decimal import Decimal
from uuid import uuid4

import pytest

from core.refusals import Refused
from filings.models import Deal
from filings.queries import protecting
from followups.models import AnchorDay, Chore
from followups.states import ChoreKind
from orders.models import Credit, OrderLine
from orders.queries.money import dues_of
from orders.services.cancelling import cancel_order
from orders.services.slips import NewSlip, note_slip
from orders.states import CreditKind, LineState, OrderState
from staff.states import Role
from tests.factories import orders as make
from tests.factories.orders import NOW
from tests.factories.staff import PersonFactory
from tests.orders.money import kept_right, later, order_of, pay, till
from tests.orders.stage import NOW as THEN
from tests.orders.stage import customer_of, deposit, filed, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return till()


def refused(order, *, by, reason="客户不要了") -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        cancel_order(order=order, reason=reason, by=by, now=NOW)
    return refusal.value.codes


def test_what_was_paid_is_kept_and_nothing_is_left_to_do(cast):
    order = order_of(cast.seller, 5000, 700)
    pay(order, 2000)
    slip = NewSlip(payer="李先生", bank="工行", amount=Decimal(100), paid_on=NOW.date())
    note_slip(order=order, slip=slip, by=cast.seller, key=uuid4(), now=NOW)
    assert AnchorDay.objects.filter(ended_at=None).count() == 2
    cancel_order(order=order, reason="客户不要了", by=cast.seller, now=later(days=1))
    order.refresh_from_db()
    assert (order.state, order.amount, order.paid) == (OrderState.CANCELLED, 0, 0)
    credit = Credit.objects.get()
    assert (credit.kind, credit.amount, credit.before, credit.after) == (
        CreditKind.CANCELLED, 2000, 5700, 0,
    )  # fmt: skip
    assert set(order.lines.values_list("state", flat=True)) == {LineState.CANCELLED}
    assert dues_of(order) == []
    assert kept_right(order)
    standing = AnchorDay.objects.filter(ended_at=None)
    assert list(standing.values_list("anchor", "subject_id")) == [("credit", credit.pk)]
    assert not Chore.objects.filter(dropped_at=None, kind=ChoreKind.SLIP).exists()


def test_its_page_and_the_ledger_promise_nothing_of_it_any_more(cast, as_, in_english):
    order = order_of(cast.seller, 5000)
    cancel_order(order=order, reason="客户不要了", by=cast.seller, now=later(days=1))
    browser = as_(cast.seller)
    assert "order-balance is-good" not in browser.get(f"/orders/{order.pk}/").content.decode()
    ledger = browser.get("/orders/", {"colour": "cancelled"}).content.decode()
    assert order.number in ledger
    assert "not written down yet" not in ledger


def test_the_lead_is_open_again():
    cast = stage()
    customer = customer_of(cast.filer)
    filed(customer, cast.filer)
    order = deposit(cast.closer).order
    at = THEN.replace(day=15)
    cancel_order(order=order, reason="客户退定", by=cast.closer, now=at)
    assert Deal.objects.get().undone_at == at
    assert [row.holder for row in protecting(customer=customer, now=at)] == [cast.filer]
    order.refresh_from_db()
    assert (order.amount, order.paid, Credit.objects.get().amount) == (None, 0, 5000)


def test_what_stops_it(cast):
    order = order_of(cast.seller, 5000, 700)
    assert refused(order, by=cast.seller, reason=" ") == ("reason_missing",)
    first = order.lines.get(position=1)
    OrderLine.objects.filter(pk=first.pk).update(state=LineState.SHIPPED)
    assert refused(order, by=cast.seller) == ("under_way",)
    OrderLine.objects.filter(pk=first.pk).update(delivered_qty=1, state=LineState.DELIVERED)
    assert refused(order, by=cast.seller) == ("delivered",)
    closed = make.order(seller=cast.seller, state=OrderState.CANCELLED)
    assert refused(closed, by=cast.seller) == ("closed",)


def test_what_is_signed_a_manager_calls_off(cast):
    order = order_of(cast.seller, 5000, signed_on=NOW.date())
    assert refused(order, by=cast.seller) == ("signed",)
    ops = PersonFactory(role=Role.OPS_MANAGER)
    assert cancel_order(order=order, reason="客户违约", by=ops, now=NOW).cancelled_at == NOW
    assert not Credit.objects.exists()
