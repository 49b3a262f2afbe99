"""The customer's own order, compared with what our lines come to (ORD-26, ORD-27)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from orders.models import Order
from orders.rules.prices import difference, original_blockers
from orders.services.history import note
from orders.services.holding import hold_order
from orders.states import EventKind
from staff.models import Person


class OriginalNotCompared(Refused):
    """The amount of the customer's original was not taken."""

    messages = {
        "difference_unexplained": _(
            "It differs from the customer's original by ¥%(difference)s. Find out why and write "
            "the reason."
        ),
    }


@dataclass(frozen=True, kw_only=True)
class Original:
    """What the customer's own order says, in yuan, and why ours says something else."""

    amount: Decimal
    reason: str = ""


@transaction.atomic
def compare_original(
    *, order: Order, original: Original, by: Person, now: datetime | None = None
) -> Order:
    """Write down what the customer's original says, and why we differ. Raises OriginalNotCompared
    and OrderNotChanged.
    """
    held = hold_order(order)
    refuse_if(
        OriginalNotCompared,
        original_blockers(computed=held.amount, original=original.amount, reason=original.reason),
    )
    write_original(held, original, by=by, at=now or database_now())
    return held


def write_original(held: Order, original: Original, *, by: Person, at: datetime) -> None:
    """Keep what was compared, on an order that is held and whose amount is the database's."""
    held.original_amount, held.difference_reason = original.amount, original.reason.strip()[:200]
    held.save(update_fields=["original_amount", "difference_reason"])
    found = difference(computed=held.amount, original=original.amount)
    note(
        held,
        EventKind.COMPARED,
        by=by,
        at=at,
        typed=original.reason.strip(),
        original=str(original.amount),
        computed=str(held.amount) if held.amount is not None else "",
        difference=str(found) if found is not None else "",
    )


def explain_change(held: Order, *, reason: str) -> None:
    """Before the amount of an order changes: where it agreed with the customer's original, the
    reason of the change says why it no longer does, or did not for as long as the change took.
    """
    differs = held.amount != held.original_amount
    if held.original_amount is None or (differs and held.difference_reason):
        return
    held.difference_reason = reason.strip()[:200]
    held.save(update_fields=["difference_reason"])
