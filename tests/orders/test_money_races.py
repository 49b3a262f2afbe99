"""Money taken, given back and refunded at the same moment: never more than there is (C07)."""

from collections.abc import Callable
from contextlib import contextmanager
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection

from core.refusals import Refused
from orders.models import Credit, CreditUse, Order, Payment
from orders.services import payments
from orders.services.confirming import confirm_payment, reject_payment
from orders.services.credits import ask_refund, offset_credit, pay_refund
from orders.services.returning import return_payment
from orders.states import Method
from tests.orders.changes import drop
from tests.orders.money import kept_right, later, order_of, owed_rightly, pay, till
from tests.racing import IS_PROVING, one_upon_the_other, race, say

pytestmark = pytest.mark.django_db(transaction=True)

PAYERS = 40 if IS_PROVING else 4


@pytest.fixture
def cast():
    return till()


def paying(order: Order, amount: int) -> Callable[[], Payment]:
    """Somebody takes this much, by what they have read of the order before."""
    return lambda: pay(Order.objects.get(pk=order.pk), amount)


def refusals(answers) -> list[tuple[str, ...]]:
    return [each.codes for each in answers if isinstance(each, Refused)]


@contextmanager
def without(table: str, constraint: str):
    """The database's last word is taken away for a while."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [constraint]
        )
        said = cursor.fetchone()[0]
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {said} NOT VALID")


@pytest.fixture
def unlocked(monkeypatch):
    """Nobody holds an order before money is taken for it."""
    monkeypatch.setattr(
        payments,
        "hold_order",
        lambda order: Order.objects.select_related("store", "customer__store").get(pk=order.pk),
    )


def test_the_last_balance_is_taken_once_however_many_come(cast, capsys):
    order = order_of(cast.seller, 5000)
    pay(order, 4000)
    raced = race([paying(order, 1000)] * PAYERS)
    assert refusals(raced.answers) == [("all_paid",)] * (PAYERS - 1)
    assert kept_right(order)
    assert (order.paid, owed_rightly()) == (5000, True)
    say(capsys, "C07 payments for the last balance", people=PAYERS, overpaid=0)


def test_without_the_lock_the_database_alone_keeps_the_sum(cast, unlocked):
    order = order_of(cast.seller, 1000)
    followed = one_upon_the_other(paying(order, 700), paying(order, 700))
    assert followed.has_waited
    assert isinstance(followed.second, Refused)
    assert followed.second.codes == ("more_than_open",)
    order.refresh_from_db()
    assert order.paid == 700


def test_the_control_without_lock_and_constraint_it_is_overpaid(cast, unlocked):
    order = order_of(cast.seller, 1000)
    with without("orders_order", "nobody_pays_more_than_is_owed"):
        followed = one_upon_the_other(paying(order, 700), paying(order, 700))
        assert isinstance(followed.second, Payment)
        assert not owed_rightly()
        Payment.objects.filter(pk=followed.second.pk).delete()


def test_a_payment_beside_its_giving_back_and_a_change_counts_each_once(cast):
    order = order_of(cast.seller, 5000, 1000)
    first = pay(order, 5500)
    race(
        [
            paying(order, 500),
            lambda: drop(Order.objects.get(pk=order.pk), by=cast.seller),
            lambda: return_payment(payment=first, reason="退", by=cast.manager, now=later()),
        ]
    )
    assert kept_right(order)
    assert owed_rightly()


def test_one_credit_is_refunded_once_under_two_clicks(cast):
    order = order_of(cast.seller, 5000, 1000)
    confirm_payment(payment=pay(order, 6000), by=cast.finance)
    credit = drop(order, by=cast.seller)

    def ask() -> CreditUse:
        return ask_refund(credit=Credit.objects.get(), amount=Decimal(1000), by=cast.seller,
                          key=uuid4())  # fmt: skip

    raced = race([ask, ask])
    assert refusals(raced.answers) == [("nothing_left",)]
    (use,) = CreditUse.objects.all()

    def payout(by) -> Callable[[], CreditUse]:
        return lambda: pay_refund(use=CreditUse.objects.get(pk=use.pk), method=Method.CASH,
                                  voucher="1", by=by, now=later(days=28))  # fmt: skip

    raced = race([payout(cast.finance), payout(cast.other_finance)])
    assert refusals(raced.answers) == [("decided_already",)]
    credit.refresh_from_db()
    assert credit.used == 1000


def test_two_credits_for_one_balance_and_a_payment_beside_them(cast):
    """600 are open: of two offsets and a payment of 600 each, one goes in."""
    credits = []
    order = order_of(cast.seller, 5000, 1000)
    for _each in range(2):
        other = order_of(cast.seller, 5000, 1000, customer=order.customer)
        pay(other, 6000)
        credits.append(drop(other, by=cast.seller))
    pay(order, 5400)

    def offset(credit: Credit) -> Callable[[], CreditUse]:
        return lambda: offset_credit(credit=credit, order=Order.objects.get(pk=order.pk),
                                     amount=Decimal(600), consent="同意", by=cast.seller,
                                     key=uuid4())  # fmt: skip

    raced = race([offset(credits[0]), offset(credits[1]), paying(order, 600)])
    assert len(refusals(raced.answers)) == 2
    assert raced.deadlocks == 0
    assert kept_right(order)
    assert order.paid == 6000


def test_one_decides_whether_the_money_came(cast):
    order = order_of(cast.seller, 5000)
    payment = pay(order, 1000)

    def decide(act, by, **said) -> Callable[[], Payment]:
        return lambda: act(payment=Payment.objects.get(pk=payment.pk), by=by, **said)

    raced = race(
        [
            decide(confirm_payment, cast.finance),
            decide(reject_payment, cast.other_finance, reason="未到账"),
        ]
    )
    assert len(refusals(raced.answers)) == 1
    payment.refresh_from_db()
    assert (payment.confirmed_at is None) != (payment.returned_at is None)
