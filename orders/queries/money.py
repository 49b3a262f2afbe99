"""Reads of an order's money: what is due, whether its customer has an account, its slips."""

from django.db.models import F, Q

from orders.models import Account, CreditUse, Due, Order, Payment, Slip
from orders.rules.ageing import Owed
from orders.rules.credits import sources
from orders.states import BillState, CreditUseKind, Method


def dues_of(order: Order) -> list[Due]:
    """What the terms of an order ask for, in the order of the terms."""
    return list(Due.objects.filter(order=order).order_by("position"))


def owed_by(dues: list[Due]) -> list[Owed]:
    """The same as the rules read it."""
    return [Owed(amount=due.amount, due_on=due.due_on, key=due.pk) for due in dues]


def account_of(order: Order) -> Account | None:
    """On what terms the customer of an order buys; None: on none of their own."""
    return Account.objects.filter(customer=order.customer_id).first()


def unproved_transfers(order: Order, account: Account | None) -> list[Payment]:
    """Transfers of which the remittance slip is missing (ORD-30); none of who buys monthly, none
    that the shop's own system counted.
    """
    if account is not None and account.is_monthly:
        return []
    transfers = Payment.objects.select_related("order__store").filter(
        order=order, method=Method.TRANSFER, returned_at=None, is_imported=False
    )
    return list(transfers.filter(slip=None).order_by("pk"))


def uncertain_orders(order: Order) -> set[int]:
    """The orders on whose money this one stands, itself or one whose credit was brought into it,
    of which a payment is not confirmed or a bill not honoured yet; two queries.
    """
    moved = CreditUse.objects.filter(
        credit__customer=order.customer_id, kind=CreditUseKind.OFFSET
    ).exclude(order=F("credit__order"))
    found = sources(order.pk, moved.values_list("order_id", "credit__order_id"))
    is_open = Q(confirmed_at=None) | Q(bill__isnull=False) & ~Q(bill__state=BillState.HONOURED)
    open_ones = Payment.objects.filter(is_open, order__in=found, returned_at=None)
    return set(open_ones.values_list("order_id", flat=True))


def payments_of(order: Order) -> list[Payment]:
    """All money that was taken for an order, with what proves it and who decided on it."""
    rows = Payment.objects.filter(order=order).order_by("taken_at", "pk")
    return list(rows.select_related("taken_by", "confirmed_by", "returned_by", "slip", "bill"))


def slips_of(order: Order) -> list[Slip]:
    """The remittance slips of an order, oldest first."""
    return list(Slip.objects.filter(order=order).order_by("noted_at", "pk"))
