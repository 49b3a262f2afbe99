"""Finance confirms what others recorded, or rejects it: nobody decides on the own (decision 5)."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from core.services import audit
from orders.models import Order, Payment
from orders.services.following import follow_money
from orders.services.history import note
from orders.services.holding import hold_order
from orders.services.returning import hold_for_return, take_back
from orders.states import EventKind
from staff.models import Person
from staff.services.notices import tell
from staff.states import NoticeKind


class PaymentNotConfirmed(Refused):
    """A payment was neither confirmed nor rejected."""

    messages = {
        "own_payment": _("Somebody else confirms a payment that you recorded."),
        "confirmed_already": _("%(who)s has confirmed this payment already."),
        "returned_already": _("This payment was given back in the meantime."),
    }


@transaction.atomic
def confirm_payment(*, payment: Payment, by: Person, now: datetime | None = None) -> Payment:
    """The money is there. Raises PaymentNotConfirmed."""
    held = _hold_open(payment, hold_order(payment.order, even_closed=True), by=by)
    at = now or database_now()
    held.confirmed_at, held.confirmed_by = at, by
    held.save(update_fields=["confirmed_at", "confirmed_by"])

    note(
        held.order, EventKind.PAYMENT_CONFIRMED, by=by, at=at, payment=held.pk,
        amount=str(held.amount), method=held.method,
    )  # fmt: skip
    audit.record(verb="confirm_payment", of=held, by=by, order=held.order_id)
    follow_money(held.order, now=at)
    return held


@transaction.atomic
def reject_payment(
    *, payment: Payment, reason: str, by: Person, now: datetime | None = None
) -> Payment:
    """The money never came: reversed, with the deal and the credits that it made (decision 5).

    Whoever recorded it hears of it. Raises PaymentNotConfirmed, PaymentNotReturned.
    """
    held = _hold_open(payment, hold_for_return(payment), by=by)
    at = now or database_now()
    rejected = take_back(held, held.order, reason=reason, by=by, at=at, is_void=True)
    tell(
        person=held.taken_by,
        kind=NoticeKind.ORDER,
        key=f"payment-rejected:{held.pk}",
        params={"rejected_by": by.name, "order": held.order.number},
        path=reverse("orders:receipt", args=[held.pk]),
        now=at,
    )
    return rejected


def _hold_open(payment: Payment, order: Order, *, by: Person) -> Payment:
    """The payment, read fresh under its order's lock, that nobody has decided on yet."""
    held = Payment.objects.select_related("taken_by", "confirmed_by").get(pk=payment.pk)
    held.order = order
    if held.taken_by_id == by.pk:
        raise PaymentNotConfirmed.because("own_payment")
    if held.returned_at is not None:
        raise PaymentNotConfirmed.because("returned_already")
    if held.confirmed_by is not None:
        raise PaymentNotConfirmed.because("confirmed_already", who=held.confirmed_by.name)
    return held
