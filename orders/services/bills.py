"""Cheques and acceptances on their way to money: in hand, discounted, honoured, bounced (FIN-04).

A bill that bounces was no money: its payment is reversed with it, and with what that caused.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from core.services import audit
from orders.models import Bill
from orders.rules.bills import may_bill_move
from orders.services.history import note
from orders.services.holding import hold_order
from orders.services.returning import hold_for_return, take_back
from orders.states import BillState, EventKind
from staff.models import Person


class BillNotMoved(Refused):
    """A bill was left where it was."""

    messages = {
        "not_from_here": _("This bill is %(state)s: it goes no further that way."),
        "returned_already": _("The payment of this bill was given back."),
        "own_payment": _("Somebody else writes down that a bill bounced which you took."),
        "reason_missing": _("Say why it bounced."),
    }


@transaction.atomic
def move_bill(
    *,
    bill: Bill,
    to: BillState,
    by: Person,
    reason: str = "",
    now: datetime | None = None,
) -> Bill:
    """Say where a bill is now. Raises BillNotMoved and PaymentNotReturned."""
    is_bounced = to == BillState.BOUNCED
    payment = bill.payment
    order = hold_for_return(payment) if is_bounced else hold_order(payment.order, even_closed=True)
    held = Bill.objects.select_for_update(of=("self",)).select_related("payment").get(pk=bill.pk)
    at = now or database_now()
    if held.payment.returned_at is not None:
        raise BillNotMoved.because("returned_already")
    if not may_bill_move(held.state, to):
        raise BillNotMoved.because("not_from_here", state=held.get_state_display())
    if is_bounced and held.payment.taken_by_id == by.pk:
        raise BillNotMoved.because("own_payment")
    if is_bounced and not reason.strip():
        raise BillNotMoved.because("reason_missing")

    before = held.state
    held.state, held.changed_at, held.changed_by = to, at, by
    held.save(update_fields=["state", "changed_at", "changed_by"])
    note(
        order, EventKind.BILL_MOVED, by=by, at=at, typed=reason.strip(), bill=held.pk,
        payment=held.payment_id, before=before, after=to.value, number=held.number,
    )  # fmt: skip
    audit.record(verb="move_bill", of=held, by=by, reason=reason, order=order.pk)
    if is_bounced:
        take_back(held.payment, order, reason=reason, by=by, at=at, is_void=True)
    return held
