"""Changing what an order says beside its lines; the history keeps before and after (ORD-28)."""

from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from orders.models import Order
from orders.services.clerks import owe_check, uncheck
from orders.services.history import note
from orders.services.holding import hold_order
from orders.states import EventKind, OrderChannel, OrderState
from staff.models import Person

# What somebody types: the history keeps the new words.
TYPED = ("address", "remark")


class DetailsNotChanged(Refused):
    """Details of an order stayed as they were."""

    messages = {
        "nothing_new": _("Nothing is different."),
        "address_missing": _("An order has the address to which it is delivered."),
    }


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is said of an order beside lines, days and money."""

    address: str
    channel: OrderChannel | str
    clerk: Person | None
    remark: str


@transaction.atomic
def change_details(
    *, order: Order, said: Details, by: Person, now: datetime | None = None
) -> Order:
    """Write these details; a checked order that goes elsewhere is checked anew.

    Raises DetailsNotChanged and OrderNotChanged.
    """
    held = hold_order(order)
    at = now or database_now()
    changed = {
        each.name: (getattr(held, each.name), getattr(said, each.name))
        for each in fields(said)
        if getattr(held, each.name) != getattr(said, each.name)
    }
    if not changed:
        raise DetailsNotChanged.because("nothing_new")
    if held.address and not said.address:
        raise DetailsNotChanged.because("address_missing")

    for name, (_before, after) in changed.items():
        setattr(held, name, after)
    held.save(update_fields=list(changed))
    if "address" in changed:
        uncheck(held)

    typed = " · ".join(str(changed[name][1]) for name in TYPED if name in changed)
    note(held, EventKind.DETAILS_CHANGED, by=by, at=at, typed=typed, changed=sorted(changed))
    if held.state == OrderState.RECEIVED and held.amount is not None:
        owe_check(held, at=at)
    return held
