"""Saying where the goods of lines come from: stock, a purchase, production, the floor (ORD-03)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from followups import services as followups
from orders.models import Order, OrderLine
from orders.services import milestones
from orders.services.floor_samples import follow_floor_samples
from orders.services.history import note_lines
from orders.services.holding import hold_order
from orders.services.moving import lines_of
from orders.states import EventKind, LineState, MilestoneKind, Supply
from staff.models import Person

# Goods that are on their way come from where they come from.
ALLOCATED_WHEN = (LineState.OPEN, LineState.ALLOCATED)


class LinesNotAllocated(Refused):
    """Lines were left as they were allocated."""

    messages = {
        "on_its_way": _("%(product)s is “%(state)s”: take that back first, then allocate it anew."),
        "arrival_stands": _(
            "%(product)s is expected already. Change that day on its own page, with its cause."
        ),
        "arrival_over": _("This day is over. Say when the goods are to arrive."),
    }


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where goods come from; a purchase has its number, what is not at hand its day."""

    supply: Supply | str
    po_no: str = ""
    arrives_on: date | None = None


@transaction.atomic
def allocate_lines(
    *, order: Order, lines: Collection[int], source: Source, by: Person, now: datetime | None = None
) -> list[OrderLine]:
    """Allocate these lines (ids), all of them or none; those that say so already stay.

    A first expected arrival is planned here; another one is a change with its cause
    (`services.dates`). Raises LinesNotAllocated, LinesNotMoved and OrderNotChanged.
    """
    held = hold_order(order)
    at = now or database_now()
    today = held.store.today(at)
    chosen = [line for line in lines_of(held, lines) if not _says(line, source)]
    _check(chosen, source, today=today)

    for line in chosen:
        line.supply, line.po_no, line.state = source.supply, source.po_no, LineState.ALLOCATED
        line.arrives_on = line.arrives_on or source.arrives_on
    OrderLine.objects.bulk_update(chosen, ["supply", "po_no", "arrives_on", "state"])
    milestones.reach_lines(held, chosen, MilestoneKind.ALLOCATED, on=today, by=by)
    if source.arrives_on:
        milestones.plan_lines(held, chosen, MilestoneKind.ARRIVED, on=source.arrives_on)
    said = {"supply": str(source.supply), "po_no": source.po_no}
    if source.arrives_on:
        said["arrives_on"] = source.arrives_on.isoformat()
    note_lines(held, EventKind.ALLOCATED, [(line, said) for line in chosen], by=by, at=at)
    follow_floor_samples(held, chosen, now=at)
    followups.touch_and_ask(customers=[held.customer_id], now=at)
    return chosen


def _says(line: OrderLine, source: Source) -> bool:
    """Whether the line is allocated in this way already: the same form sent twice."""
    return line.state == LineState.ALLOCATED and (
        line.supply, line.po_no, line.arrives_on,
    ) == (source.supply, source.po_no, source.arrives_on or line.arrives_on)  # fmt: skip


def _check(lines: Sequence[OrderLine], source: Source, *, today: date) -> None:
    for line in lines:
        if line.state not in ALLOCATED_WHEN:
            raise LinesNotAllocated.because(
                "on_its_way", product=line.product, state=line.get_state_display()
            )
        if line.arrives_on and source.arrives_on and line.arrives_on != source.arrives_on:
            raise LinesNotAllocated.because("arrival_stands", product=line.product)
        if source.arrives_on and not line.arrives_on and source.arrives_on < today:
            raise LinesNotAllocated.because("arrival_over")
