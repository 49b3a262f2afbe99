"""What is planned and reached of an order and its lines: one row a step, upserted."""

from collections.abc import Iterable, Sequence
from datetime import date

from orders.models import Milestone, Order, OrderLine
from orders.states import MilestoneKind
from staff.models import Person

KEY = ("order", "line", "kind")


def _write(rows: Iterable[Milestone], *columns: str) -> None:
    """Insert these rows; where there is one already, its `columns` say what these say."""
    Milestone.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=KEY, update_fields=columns
    )


def reach(
    order: Order, kind: MilestoneKind, *, on: date, by: Person, line: OrderLine | None = None
) -> None:
    """The order, or this line of it, has come so far on this day; said again, the later word holds.

    The caller holds the order and has checked the day.
    """
    _write(
        [Milestone(order=order, line=line, kind=kind, reached_on=on, reached_by=by)],
        "reached_on",
        "reached_by",
    )


def reach_lines(
    order: Order, lines: Sequence[OrderLine], kind: MilestoneKind, *, on: date, by: Person
) -> None:
    """The same of several lines in one statement."""
    _write(
        [
            Milestone(order=order, line=line, kind=kind, reached_on=on, reached_by=by)
            for line in lines
        ],
        "reached_on",
        "reached_by",
    )


def plan(
    order: Order, kind: MilestoneKind, *, on: date | None, line: OrderLine | None = None
) -> None:
    """When the order, or this line of it, is to come so far; None: not planned any more."""
    _write([Milestone(order=order, line=line, kind=kind, planned_on=on)], "planned_on")


def plan_lines(
    order: Order, lines: Sequence[OrderLine], kind: MilestoneKind, *, on: date | None
) -> None:
    """The same of several lines in one statement."""
    rows = [Milestone(order=order, line=line, kind=kind, planned_on=on) for line in lines]
    _write(rows, "planned_on")


def take_back(
    order: Order, kind: MilestoneKind, *, lines: Sequence[OrderLine] | None = None
) -> None:
    """It has not come so far after all; what was planned stays. `lines` None: the order itself."""
    rows = Milestone.objects.filter(order=order, kind=kind)
    rows = rows.filter(line=None) if lines is None else rows.filter(line__in=lines)
    rows.update(reached_on=None, reached_by=None)


def reached_of(order: Order) -> dict[int | None, set[str]]:
    """By line (None: the order) the kinds of milestones that were reached; one query."""
    found: dict[int | None, set[str]] = {}
    rows = Milestone.objects.filter(order=order, reached_on__isnull=False)
    for line, kind in rows.values_list("line", "kind"):
        found.setdefault(line, set()).add(kind)
    return found
