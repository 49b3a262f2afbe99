"""Everything that happened to an order: who, when, in words (ORD-09)."""

from dataclasses import dataclass
from datetime import datetime

from core.days import moment_text
from core.phones import mask_in_text
from orders.models import Order, OrderEvent
from orders.showing.reader import Reader
from orders.wording.events import sentence

# So many are open on the page; the rest is folded away below.
SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One thing that happened."""

    when: str
    text: str
    note: str
    by: str


@dataclass(frozen=True, kw_only=True)
class History:
    """The section of what happened, the latest first."""

    latest: list[Happened]
    older: list[Happened]


def history_of(order: Order, *, reader: Reader, now: datetime) -> History | None:
    """The section; None where nothing was written down, as of a deposit alone."""
    rows = OrderEvent.objects.filter(order=order).select_related("by", "line")
    events = [
        Happened(
            when=moment_text(event.at, now=now),
            text=sentence(event),
            note=mask_in_text(event.note),
            by=event.by.name,
        )
        for event in rows.order_by("-at", "-pk")
    ]
    if not events:
        return None
    return History(latest=events[:SHOWN], older=events[SHOWN:])
