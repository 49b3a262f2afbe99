"""`report sales`: what was ordered, by consultant, store, product and week (FIN-08, KPI-11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    DateField,
    DecimalField,
    F,
    FilteredRelation,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.functions import TruncWeek
from django.utils import timezone

from orders.models import Order
from orders.queries.ledger import COUNTED
from orders.queries.visible import orders_for
from orders.states import LineState
from reports.asking.parameters import OF_STORE, Parameter, days_of, read_day, read_some_of
from reports.figures.groupings import (
    PERSON,
    PRODUCT,
    STORE,
    WEEK,
    Key,
    columns_of_order,
    grouping_keys,
    in_order,
    key_of,
)
from reports.rules.values import money
from staff.scope import Reach

BY = (PERSON, STORE, PRODUCT, WEEK)
PARAMETERS = (
    Parameter(name="from", hint="YYYY-MM-DD", about="ordered on this day or later", read=read_day),
    Parameter(name="to", hint="YYYY-MM-DD", about="ordered on this day or earlier", read=read_day),
    Parameter(name="by", hint="|".join(BY), about="one row for each of these; person without it",
              read=read_some_of(BY)),
    OF_STORE,
)  # fmt: skip
COLUMNS = (*BY, "count", "pieces", "amount", "average", "flags")
NOTHING = Decimal(0)
STANDS = ~Q(lines__state=LineState.CANCELLED)
# What came back costs nothing, and is not sold (ORD-37); so the lines add up to the amounts.
PIECES = F("standing__qty") - F("standing__returned_qty")
SUMMED = {
    "orders": Count("pk", distinct=True),
    "priced": Count("pk", distinct=True, filter=Q(standing__isnull=False)),
    "pieces": Sum(PIECES),
    "total": Sum(
        PIECES * F("standing__agreed_price"),
        output_field=DecimalField(max_digits=16, decimal_places=2),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What was ordered: so many orders, pieces that stay, yuan.

    `priced` orders have their lines written down; of the others no amount is known.
    """

    count: int = 0
    priced: int = 0
    pieces: int = 0
    amount: Decimal = NOTHING

    @property
    def known(self) -> Decimal | None:
        """The amount; None where no order of them is written down yet."""
        return self.amount if self.priced else None

    @property
    def average(self) -> Decimal | None:
        """Yuan an order that is written down."""
        return self.amount / self.priced if self.priced else None


@dataclass(frozen=True, kw_only=True)
class Sales:
    """Figures by group, and of all orders: an order of two products counts once in these."""

    by: dict[Key, Figures]
    total: Figures


def ordered_between(
    orders: QuerySet[Order], *, begins: date | None, ends: date | None
) -> QuerySet[Order]:
    """The orders placed on these days; cancelled ones are no sales."""
    found = orders.filter(COUNTED)
    if begins:
        found = found.filter(ordered_on__gte=begins)
    return found.filter(ordered_on__lte=ends) if ends else found


def sales_of(orders: QuerySet[Order], *, by: Sequence[str]) -> Sales:
    """The sums of these orders, by these groups and in all: two queries."""
    lines = orders.order_by().annotate(standing=FilteredRelation("lines", condition=STANDS))
    rows = lines.values(**_asked(by)).annotate(**SUMMED)
    return Sales(
        by={key_of(by, row): _figures(row) for row in rows},
        total=_figures(lines.aggregate(**SUMMED)),
    )


def _asked(by: Sequence[str]) -> dict[str, Any]:
    """What the rows are grouped by."""
    asked: dict[str, Any] = dict(columns_of_order(by))
    if PRODUCT in by:
        asked[PRODUCT] = F("standing__product")
    if WEEK in by:
        asked[WEEK] = TruncWeek("ordered_on", output_field=DateField())
    return asked


def _figures(row: Mapping[str, Any]) -> Figures:
    return Figures(
        count=row["orders"],
        priced=row["priced"],
        pieces=row["pieces"] or 0,
        amount=row["total"] or NOTHING,
    )


def sales(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """A row each group in which something was ordered. `reach` None sees everybody."""
    begins, ends = days_of(params)
    by = params.get("by") or (PERSON,)
    orders = orders_for(reach, today=timezone.localdate(now))
    if params.get("store"):
        orders = orders.filter(store__code=params["store"])
    found = sales_of(ordered_between(orders, begins=begins, ends=ends), by=by)
    largest = {key: figures.amount for key, figures in found.by.items()}
    rows = [
        {**grouping_keys(BY, by, key), **_row(found.by[key])}
        for key in in_order(list(found.by), by, largest=largest)
    ]
    notes = [
        "an order is of the day on which it was placed and of who sold it; cancelled orders and"
        " what came back are left out; count is of orders, one of two products in both of them",
        "week is named by its Monday; average is the amount of an order that is written down",
    ]
    return rows, _row(found.total), notes


def _row(figures: Figures) -> dict[str, object]:
    return {
        "count": figures.count,
        "pieces": figures.pieces,
        "amount": money(figures.known),
        "average": money(figures.average),
        "flags": [] if figures.priced else ["NO_LINES" if figures.count else "NO_ORDERS"],
    }
