"""`report promises`: deliveries on the promised day, by store, consultant and cause (ORD-13)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from orders.models import DateChange, Order
from orders.queries.deliveries import first_delivered_on
from orders.queries.ledger import COUNTED
from orders.queries.visible import orders_for
from orders.rules.promises import days_late
from orders.states import DateKind
from reports.asking.parameters import OF_STORE, Parameter, days_of, read_day, read_some_of
from reports.figures.groupings import (
    CAUSE,
    PERSON,
    STORE,
    Key,
    columns_of_order,
    grouping_keys,
    in_order,
    key_of,
)
from reports.rules.values import ratio
from staff.scope import Reach

BY = (STORE, PERSON, CAUSE)
PARAMETERS = (
    Parameter(name="from", hint="YYYY-MM-DD", about="promised for this day or later",
              read=read_day),
    Parameter(name="to", hint="YYYY-MM-DD", about="promised for this day or earlier",
              read=read_day),
    Parameter(name="by", hint="|".join(BY), about="one row for each of these; store without it",
              read=read_some_of(BY)),
    OF_STORE,
)  # fmt: skip
COLUMNS = (
    *BY, "due", "kept", "late", "undelivered", "late_days", "mean_late_days", "ahead", "rate",
    "flags",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Promised deliveries: `due` are those whose day is over or that were made.

    Of these some were `kept`; the others are `late` by `late_days` in all, of them `undelivered`
    still. `ahead` are promised and not due.
    """

    due: int = 0
    kept: int = 0
    late_days: int = 0
    undelivered: int = 0
    ahead: int = 0

    @property
    def late(self) -> int:
        return self.due - self.kept

    @property
    def mean_late_days(self) -> float | None:
        """Of those that are late."""
        return ratio(self.late_days, self.late)

    @property
    def rate(self) -> float | None:
        return ratio(self.kept, self.due)

    def and_one(self, late: int | None, *, is_delivered: bool) -> "Figures":
        """One more promise, late by so many days; None: not due yet."""
        if late is None:
            return replace(self, ahead=self.ahead + 1)
        return Figures(
            due=self.due + 1,
            kept=self.kept + (late == 0),
            late_days=self.late_days + late,
            undelivered=self.undelivered + (late > 0 and not is_delivered),
            ahead=self.ahead,
        )


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One promised delivery, and by how many days it is late."""

    row: Mapping[str, Any]
    late: int | None


def promised_between(
    orders: QuerySet[Order], *, begins: date | None, ends: date | None
) -> QuerySet[Order]:
    """The orders promised for these days; cancelled ones are promised no more."""
    found = orders.filter(COUNTED, promised_on__isnull=False)
    if begins:
        found = found.filter(promised_on__gte=begins)
    return found.filter(promised_on__lte=ends) if ends else found


def promises_of(orders: QuerySet[Order], *, by: Sequence[str], today: date) -> list[Promise]:
    """Each of these orders with what `by` groups it by, the latest promise first: one query.

    Its cause is that of the last move of the planned day, None where it was never moved.
    """
    moved = DateChange.objects.filter(order=OuterRef("pk"), line=None, which=DateKind.CURRENT)
    rows: QuerySet[Any] = orders.order_by("-promised_on", "-pk").values(
        "pk", "number", "promised_on", handed_on=first_delivered_on(),
        cause=Subquery(moved.order_by("-at", "-pk").values("cause")[:1]),
        **columns_of_order((*by, PERSON)),
    )  # fmt: skip
    return [
        Promise(
            row=row,
            late=days_late(
                promised_on=row["promised_on"], delivered_on=row["handed_on"], today=today
            ),
        )
        for row in rows
    ]


def figures_by(promises: Iterable[Promise], *, by: Sequence[str]) -> dict[Key, Figures]:
    """The figures by group; by nothing, all of them."""
    found: dict[Key, Figures] = {}
    for each in promises:
        key = key_of(by, each.row)
        is_delivered = each.row["handed_on"] is not None
        found[key] = found.get(key, Figures()).and_one(each.late, is_delivered=is_delivered)
    return found


def promises(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """A row each group to which something was promised. `reach` None sees everybody."""
    begins, ends = days_of(params)
    today = timezone.localdate(now)
    by = params.get("by") or (STORE,)
    orders = orders_for(reach, today=today)
    if params.get("store"):
        orders = orders.filter(store__code=params["store"])
    listed = promises_of(promised_between(orders, begins=begins, ends=ends), by=by, today=today)
    found = figures_by(listed, by=by)
    largest = {key: figures.late for key, figures in found.items()}
    rows = [
        {**grouping_keys(BY, by, key), **_row(found[key])}
        for key in in_order(list(found), by, largest=largest)
    ]
    notes = [
        "a promise is kept when all of the order is delivered on the promised day or before; moving"
        " the planned day does not move the promised one",
        "due are promises whose day is over, or that were kept before it; late_days are calendar"
        " days in all, of what is not delivered until today; what comes in exchange is another"
        " promise; cause is that of the last move of the"
        " planned day, null where it was never moved",
    ]
    return rows, _row(figures_by(listed, by=()).get((), Figures())), notes


def _row(figures: Figures) -> dict[str, object]:
    return {
        "due": figures.due,
        "kept": figures.kept,
        "late": figures.late,
        "undelivered": figures.undelivered,
        "late_days": figures.late_days,
        "mean_late_days": figures.mean_late_days,
        "ahead": figures.ahead,
        "rate": figures.rate,
        "flags": ([] if figures.due else ["NOTHING_DUE"])
        + (["NONE_LATE"] if figures.due and not figures.late else []),
    }
