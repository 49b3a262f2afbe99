"""Money of an order: taken, confirmed by another, rejected, voided; bills on their way (FIN-03)."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from core.refusals import Refused
from filings.models import Deal
from orders.models import Bill, OrderEvent, Payment
from orders.services.bills import BillNotMoved, move_bill
from orders.services.confirming import PaymentNotConfirmed, confirm_payment, reject_payment
from orders.services.payments import NewBill, PaymentNotTaken
from orders.services.returning import PaymentNotReturned, return_payment, void_payment
from orders.states import BillState, EventKind, Method
from staff.models import Notice
from tests.factories import orders as make
from tests.factories.orders import NOW
from tests.orders.money import kept_right, later, order_of, pay, till

pytestmark = pytest.mark.django_db

CHEQUE = NewBill(number="0042", bank="工商银行", due_on=date(2026, 4, 12))


@pytest.fixture
def cast():
    return till()


def refused(act, kind=Refused) -> tuple[str, ...]:
    with pytest.raises(kind) as refusal:
        act()
    return refusal.value.codes


def test_money_is_taken_up_to_the_balance_and_never_beyond(cast):
    order = order_of(cast.seller, 5000)
    pay(order, 4000)
    assert refused(lambda: pay(order, "1000.01"), PaymentNotTaken) == ("more_than_open",)
    pay(order, 1000)
    assert refused(lambda: pay(order, "0.01"), PaymentNotTaken) == ("all_paid",)
    assert (order.paid, order.unconfirmed) == (5000, 5000)
    assert kept_right(order)


def test_the_databases_own_word_is_a_sentence_too(cast, monkeypatch):
    """Control: without the look before it, the constraint speaks, and nothing is written."""
    order = order_of(cast.seller, 5000)
    monkeypatch.setattr("orders.services.payments.balance_of", lambda order: None)
    assert refused(lambda: pay(order, 5001), PaymentNotTaken) == ("all_paid",)
    assert not Payment.objects.exists()


def test_an_order_that_nobody_has_priced_takes_what_comes(cast):
    order = order_of(cast.seller, delivery=None)
    order.lines.all().delete()
    pay(order, 9000)
    assert (order.amount, order.paid) == (None, 9000)


def test_the_same_form_twice_is_one_payment(cast):
    order, key = order_of(cast.seller, 5000), uuid4()
    assert pay(order, 700, key=key) == pay(order, 700, key=key)
    assert order.paid == 700


def test_a_closed_order_takes_no_money(cast):
    order = make.order(seller=cast.seller, lines=[5000], state="cancelled")
    assert refused(lambda: pay(order, 1)) == ("closed",)


def test_the_first_money_of_an_order_makes_the_deal_and_the_last_to_go_undoes_it(cast):
    order = order_of(cast.seller, 5000)
    order.project = order.customer.projects.get()
    order.save(update_fields=["project"])
    first = pay(order, 1000, by=cast.colleague)
    deal = Deal.objects.get()
    assert (deal.credited_to, deal.closer) == (cast.seller, cast.seller)
    pay(order, 1000)
    return_payment(payment=first, reason="多收", by=cast.manager, now=later(days=1))
    assert Deal.objects.get().undone_at is None
    rest = Payment.objects.get(returned_at=None)
    return_payment(payment=rest, reason="退款", by=cast.manager, now=later(days=1))
    assert Deal.objects.get().undone_at == later(days=1)


def test_somebody_else_confirms(cast):
    payment = pay(order_of(cast.seller, 5000), 700, by=cast.finance)
    own = refused(lambda: confirm_payment(payment=payment, by=cast.finance), PaymentNotConfirmed)
    assert own == ("own_payment",)
    confirmed = confirm_payment(payment=payment, by=cast.other_finance, now=later(hours=1))
    assert (confirmed.confirmed_at, confirmed.order.unconfirmed) == (later(hours=1), 0)
    again = refused(lambda: confirm_payment(payment=payment, by=cast.other_finance))
    assert again == ("confirmed_already",)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE orders_payment SET confirmed_by_id = taken_by_id")


def test_what_finance_rejects_is_reversed_with_its_deal_and_told(cast):
    order = order_of(cast.seller, 5000)
    order.project = order.customer.projects.get()
    order.save(update_fields=["project"])
    payment = pay(order, 700)
    reject_payment(payment=payment, reason="未到账", by=cast.finance, now=later(days=1))
    order.refresh_from_db()
    assert (order.paid, order.unconfirmed) == (0, 0)
    assert Deal.objects.get().undone_at is not None
    assert Notice.objects.get(person=cast.seller, key__startswith="payment-rejected").params == {
        "rejected_by": cast.finance.name, "order": order.number,
    }  # fmt: skip
    assert refused(lambda: reject_payment(payment=payment, reason="x", by=cast.finance)) == (
        "returned_already",
    )


def test_a_mistake_is_taken_back_by_the_taker_within_ten_minutes(cast):
    order = order_of(cast.seller, 5000)
    payment = pay(order, 700)
    assert refused(lambda: void_payment(payment=payment, reason="错", by=cast.manager)) == (
        "not_yours",
    )
    late = later(minutes=10, seconds=1)
    assert refused(
        lambda: void_payment(payment=payment, reason="错", by=cast.seller, now=late)
    ) == ("too_late",)
    void_payment(payment=payment, reason="金额输错", by=cast.seller, now=later(minutes=10))
    order.refresh_from_db()
    assert order.paid == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.update(returned_at=late)


def test_what_finance_has_confirmed_is_nobodys_mistake(cast):
    payment = pay(order_of(cast.seller, 5000), 700)
    confirm_payment(payment=payment, by=cast.finance, now=later(minutes=1))
    undo = lambda: void_payment(payment=payment, reason="错", by=cast.seller, now=later(minutes=2))  # noqa: E731
    assert refused(undo, PaymentNotReturned) == ("confirmed_already",)


def test_paying_by_paper_says_which(cast):
    order = order_of(cast.seller, 5000)
    assert refused(lambda: pay(order, 700, method=Method.CHEQUE)) == ("bill_missing",)
    pay(order, 700, method=Method.ACCEPTANCE, bill=CHEQUE)
    bill = Bill.objects.get()
    assert (bill.number, bill.state, bill.due_on) == ("0042", BillState.HELD, CHEQUE.due_on)
    old = NewBill(number="1", bank="x", due_on=date(2026, 1, 1))
    assert refused(lambda: pay(order, 1, method=Method.CHEQUE, bill=old)) == ("bill_past",)
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("way", "is_allowed"),
    [
        ([BillState.DISCOUNTED, BillState.HONOURED], True),
        ([BillState.HONOURED], True),
        ([BillState.HONOURED, BillState.BOUNCED], False),
        ([BillState.DISCOUNTED, BillState.HELD], False),
        ([BillState.BOUNCED, BillState.HONOURED], False),
    ],
)
def test_which_way_a_bill_goes(cast, way, is_allowed):
    order = order_of(cast.seller, 5000)
    pay(order, 700, method=Method.CHEQUE, bill=CHEQUE)
    bill = Bill.objects.get()
    for to in way[:-1]:
        move_bill(bill=bill, to=to, by=cast.finance, reason="空头", now=later(days=1))
    last = lambda: move_bill(bill=bill, to=way[-1], by=cast.finance, now=later(days=2))  # noqa: E731
    if is_allowed:
        assert last().state == way[-1]
    else:
        assert refused(last, BillNotMoved)[0] in ("not_from_here", "returned_already")


def test_a_bill_that_bounces_was_no_money(cast):
    order = order_of(cast.seller, 5000)
    pay(order, 700, method=Method.CHEQUE, bill=CHEQUE)
    bill = Bill.objects.get()
    no_reason = refused(lambda: move_bill(bill=bill, to=BillState.BOUNCED, by=cast.finance))
    assert no_reason == ("reason_missing",)
    own = lambda: move_bill(bill=bill, to=BillState.BOUNCED, by=cast.seller, reason="空头")  # noqa: E731
    assert refused(own) == ("own_payment",)
    move_bill(bill=bill, to=BillState.BOUNCED, by=cast.finance, reason="空头", now=later(days=9))
    order.refresh_from_db()
    assert order.paid == 0
    assert Payment.objects.get().returned_by == cast.finance
    kinds = OrderEvent.objects.filter(order=order).values_list("kind", flat=True)
    assert {EventKind.PAID, EventKind.BILL_MOVED, EventKind.PAYMENT_RETURNED} <= set(kinds)


def test_a_payment_by_finance_has_no_store_of_its_own(cast):
    payment = pay(order_of(cast.seller, 5000), 700, by=cast.finance, payer="王先生")
    assert (payment.order.store, payment.taken_at) == (cast.seller.store, NOW)
    assert payment.amount == Decimal(700)
