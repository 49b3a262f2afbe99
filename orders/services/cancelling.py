"""Calling an order off: what is paid becomes a credit, the lead is open again (FIL-22, ORD-17)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from core.rules import Blocker
from followups import services as followups
from followups.states import ChoreKind
from orders.models import Order, OrderLine, Slip
from orders.services.comparing import explain_change
from orders.services.credits import make_credit
from orders.services.floor_samples import follow_floor_samples
from orders.services.history import note
from orders.services.holding import OrderNotChanged, hold_order
from orders.services.news import end_news
from orders.services.settling import undo_deal
from orders.services.slips import end_differences
from orders.services.terms import follow_amount
from orders.states import (
    CLOSED_ORDERS,
    RUNNING_ORDERS,
    CreditKind,
    EventKind,
    LineState,
    OrderState,
)
from staff.models import Person
from staff.scope import RELEASING_ROLES

NOTHING = Decimal(0)
# Work inside the house on an order.
OF_ORDER = (ChoreKind.CHECK_ORDER, ChoreKind.PREPARE)


class OrderNotCancelled(Refused):
    """An order was not called off."""

    messages = {
        "reason_missing": _("Say why the order is called off."),
        "closed": OrderNotChanged.messages["closed"],
        "delivered": _("Goods of this order are delivered. Take them back instead."),
        "under_way": _("Goods of this order are under way. Call it off when they are back."),
        "signed": _("This order is signed: a manager calls it off."),
    }


def cancelling_blockers(order: Order, *, by: Person) -> list[Blocker]:
    """Everything that stops this person from calling the order off; said before the button."""
    lines = OrderLine.objects.filter(order=order)
    found = []
    if order.state in CLOSED_ORDERS:
        return [Blocker("closed")]
    if order.state not in RUNNING_ORDERS or lines.filter(delivered_qty__gt=0).exists():
        found.append(Blocker("delivered"))
    elif lines.filter(state=LineState.SHIPPED).exists():
        found.append(Blocker("under_way"))
    if order.signed_on is not None and by.role not in RELEASING_ROLES:
        found.append(Blocker("signed"))
    return found


@transaction.atomic
def cancel_order(*, order: Order, reason: str, by: Person, now: datetime | None = None) -> Order:
    """Call an order off, whole; what is paid of it is kept for the customer as a credit.

    Raises OrderNotCancelled and OrderNotChanged.
    """
    if not reason.strip():
        raise OrderNotCancelled.because("reason_missing")
    held = hold_order(order)
    at = now or database_now()
    refuse_if(OrderNotCancelled, cancelling_blockers(held, by=by))

    if held.paid:
        make_credit(
            held,
            kind=CreditKind.CANCELLED,
            amount=held.paid,
            before=held.amount or held.paid,
            after=NOTHING,
            by=by,
            at=at,
        )
    lines = OrderLine.objects.filter(order=held).exclude(state=LineState.CANCELLED)
    explain_change(held, reason=reason)
    lines.update(state=LineState.CANCELLED)
    held.state, held.cancelled_at = OrderState.CANCELLED, at
    held.cancel_reason = reason.strip()[:200]
    held.save(update_fields=["state", "cancelled_at", "cancel_reason"])

    note(held, EventKind.CANCELLED, by=by, at=at, typed=reason.strip(), paid=str(held.paid))
    undo_deal(held, reason=reason, by=by, at=at)
    _end_work(held, now=at)
    follow_amount(held, now=at)
    return held


def _end_work(order: Order, *, now: datetime) -> None:
    """Nobody does anything for it any more, and there is no news of it to tell."""
    for kind in OF_ORDER:
        followups.drop_chores(kind=kind, subject_ids=[order.pk], now=now)
    follow_floor_samples(order, list(OrderLine.objects.filter(order=order)), now=now)
    slips = Slip.objects.filter(order=order).values_list("pk", flat=True)
    end_differences(order, list(slips), now=now)
    end_news(order, now=now)
