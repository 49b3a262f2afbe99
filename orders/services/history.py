"""The history of an order: one row an act, in the act's own transaction; never changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.services import audit
from orders.models import Order, OrderEvent, OrderLine
from orders.states import EventKind
from staff.models import Person


def note(
    order: Order,
    kind: EventKind,
    *,
    by: Person,
    at: datetime,
    line: OrderLine | None = None,
    typed: str = "",
    **params: object,
) -> OrderEvent:
    """Write down what happened, and leave the act on the trail.

    `params` are ids, ISO days, codes and amounts as text; `typed` is what somebody wrote.
    """
    event = OrderEvent.objects.create(
        order=order, line=line, kind=kind, at=at, by=by, params=params, note=typed[:400]
    )
    audit.record(verb=f"order_{kind.value}", of=order, by=by, event=event.pk)
    return event


def note_lines(
    order: Order,
    kind: EventKind,
    lines: Sequence[tuple[OrderLine, Mapping[str, object]]],
    *,
    by: Person,
    at: datetime,
    typed: str = "",
) -> list[OrderEvent]:
    """The same of several lines, each with params of its own; two statements, however many."""
    events = OrderEvent.objects.bulk_create(
        OrderEvent(
            order=order, line=line, kind=kind, at=at, by=by, params=dict(params), note=typed[:400]
        )
        for line, params in lines
    )
    audit.record_many(
        verb=f"order_{kind.value}",
        of=Order,
        by=by,
        rows=[(order.pk, order.store_id, {"event": event.pk}) for event in events],
    )
    return events
