"""Money that goes back or never came: whole, with a reason, and with what it caused.

Three acts have this one end: a payment given back (FIL-22), one that finance rejects because the
money never came (decision 5), and a mistake that whoever took it voids within ten minutes
(decision 12).
"""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from core.rules import TAKE_BACK_WITHIN
from core.services import audit
from orders.models import Credit, CreditUse, Order, Payment, Slip
from orders.rules.credits import withdrawn
from orders.services.credits import take_credits_back
from orders.services.following import follow_money
from orders.services.gate import take_release_back
from orders.services.history import note
from orders.services.holding import OrderNotChanged, hold_order
from orders.services.settling import undo_if_nothing_is_left
from orders.states import EventKind, OrderState
from staff.models import Person

NOTHING = Decimal(0)


class PaymentNotReturned(Refused):
    """A payment was not given back."""

    messages = {
        "own_payment": _("Somebody else returns a payment that you took."),
        "returned_already": _("This payment has been returned already."),
        "reason_missing": _("Say why the payment goes back."),
        "is_credit": _(
            "A part of this payment is kept for the customer as a credit: refund the credit "
            "instead."
        ),
        "credit_is_gone": _(
            "A credit that came of this payment was already refunded or offset. It stands as it is."
        ),
        "not_yours": _("Whoever took it takes a mistake back."),
        "too_late": _("A mistake is taken back within ten minutes. Ask finance to return it."),
        "confirmed_already": _("Finance has confirmed this payment. Ask finance to return it."),
    }


@transaction.atomic
def return_payment(
    *, payment: Payment, reason: str, by: Person, now: datetime | None = None
) -> Payment:
    """Give a payment back in full; with the last one of an order its deal is undone (FIL-22).

    Never by whoever took it. Raises PaymentNotReturned and OrderNotChanged.
    """
    if not reason.strip():
        raise PaymentNotReturned.because("reason_missing")
    if payment.taken_by_id == by.pk:
        raise PaymentNotReturned.because("own_payment")
    held = hold_for_return(payment)
    return take_back(payment, held, reason=reason, by=by, at=now or database_now())


@transaction.atomic
def void_payment(
    *, payment: Payment, reason: str, by: Person, now: datetime | None = None
) -> Payment:
    """Take the own mistake back, within ten minutes and before finance confirmed it (decision 12).

    Its slip proves the transfer that is recorded anew. Raises PaymentNotReturned, OrderNotChanged.
    """
    if payment.taken_by_id != by.pk:
        raise PaymentNotReturned.because("not_yours")
    held = hold_for_return(payment)
    at = now or database_now()
    if at - payment.taken_at > TAKE_BACK_WITHIN:
        raise PaymentNotReturned.because("too_late")
    if Payment.objects.filter(pk=payment.pk, confirmed_at__isnull=False).exists():
        raise PaymentNotReturned.because("confirmed_already")
    voided = take_back(payment, held, reason=reason, by=by, at=at, is_void=True)
    Slip.objects.filter(payment=payment).update(payment=None)
    return voided


def hold_for_return(payment: Payment) -> Order:
    """The order of a payment, held. Its money goes back even where it was cancelled, never where
    it was settled. Raises OrderNotChanged.
    """
    held = hold_order(payment.order, even_closed=True)
    if held.state in (OrderState.SETTLED, OrderState.ARCHIVED):
        raise OrderNotChanged.because("closed")
    return held


def take_back(
    payment: Payment,
    order: Order,
    *,
    reason: str,
    by: Person,
    at: datetime,
    is_void: bool = False,
) -> Payment:
    """The money of this payment is not there (any more); the caller holds its order.

    `is_void` says that it never came: a credit that stands on it goes with it. Money that is given
    back is not also kept as a credit.
    """
    if not reason.strip():
        raise PaymentNotReturned.because("reason_missing")
    if not Payment.objects.filter(pk=payment.pk, returned_at=None).exists():
        raise PaymentNotReturned.because("returned_already")
    gone = _on_sand(order, payment) if is_void else NOTHING
    if order.paid + gone < payment.amount:
        raise PaymentNotReturned.because("credit_is_gone" if is_void else "is_credit")

    if gone:
        take_credits_back(order, gone, reason=reason, by=by, at=at)
    Payment.objects.filter(pk=payment.pk).update(
        returned_at=at, returned_by=by, return_reason=reason.strip()[:200]
    )

    note(
        order,
        EventKind.PAYMENT_RETURNED,
        by=by,
        at=at,
        typed=reason.strip(),
        payment=payment.pk,
        amount=str(payment.amount),
        method=payment.method,
        is_void=is_void,
    )
    take_release_back(order)
    audit.record(verb="return_payment", of=payment, by=by, reason=reason, order=order.pk)
    undo_if_nothing_is_left(order, reason=reason, by=by, at=at)
    follow_money(order, now=at)
    payment.refresh_from_db()
    return payment


def _on_sand(order: Order, payment: Payment) -> Decimal:
    """How much of this order's credits stands on this payment, and is still to be had."""
    credits = Credit.objects.filter(order=order)
    sums = credits.aggregate(made=Sum("amount"), left=Sum(F("amount") - F("used")))
    made = (sums["made"] or NOTHING) - _sum(
        CreditUse.objects.filter(credit__order=order, order=order)
    )
    standing = Payment.objects.filter(order=order, returned_at=None).exclude(pk=payment.pk)
    brought = CreditUse.objects.filter(~Q(credit__order=order), order=order)
    gone = withdrawn(
        credits=made,
        paid_in=_sum(standing) + _sum(brought),
        amount=order.amount or NOTHING,
    )
    return min(gone, sums["left"] or NOTHING)


def _sum(rows) -> Decimal:
    return rows.aggregate(total=Sum("amount"))["total"] or NOTHING
