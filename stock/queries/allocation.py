"""Who can sell what they are given: the corrected pace of each office beside what it asked for and
got (MER-27, decision 23).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import (
    Case,
    DecimalField,
    Expression,
    F,
    IntegerField,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Least

from staff.models import Store
from stock.models import Figure, FigureSet, Request
from stock.rules.figures import Figure as Told
from stock.rules.figures import Flag, ratio
from stock.states import FigureLevel

EXACT = DecimalField(max_digits=30, decimal_places=12)


@dataclass(frozen=True, kw_only=True)
class Served:
    """What was asked for in a window, what of it was served, and all that was shipped, in pairs."""

    requested: int = 0
    served: int = 0
    shipped: int = 0

    @property
    def fill_rate(self) -> Told:
        """补货满足度: served / requested (`stock.rules.fill.fill_rate`)."""
        return ratio(self.served, self.requested, reason=Flag.NOTHING_REQUESTED)


def _with_goods(value: Expression) -> Expression:
    """Of rows that had goods on some day of the window; nothing is told of the others."""
    return Case(When(window_stocked__gt=0, then=value), default=None, output_field=EXACT)


def _adjusted() -> Expression:
    sold, stocked = Cast("window_sold", EXACT), Cast("window_stocked", EXACT)
    return _with_goods(Cast(sold / stocked, EXACT))


def _missed() -> Expression:
    """Pairs not sold for lack of goods: pace × window − sold, told of each style and added up."""
    sold, stocked = Cast("window_sold", EXACT), Cast("window_stocked", EXACT)
    lacked = Cast(F("window_days") - F("window_stocked"), EXACT)
    return _with_goods(Cast(sold * lacked / stocked, EXACT))


def allocation_rows(known: FigureSet, *, offices: QuerySet[Store]) -> QuerySet[Figure]:
    """The rows of these offices, each with `pace` (adjusted, pairs a day) and `missed` (pairs):
    twins of `stock.rules.fill`.
    """
    rows = Figure.objects.filter(set=known, level=FigureLevel.OFFICE, office__in=offices)
    return rows.annotate(
        pace=_adjusted(),
        missed=_missed(),
        missed_first=Case(
            When(window_stocked__gt=0, then=Cast(_missed() * 100, IntegerField())),
            default=Value(-1),
        ),
    )


def by_office(rows: QuerySet[Figure]) -> QuerySet:
    """One row an office, its styles added up: what most was missed stands first. One query."""
    return (
        rows.order_by()
        .values("office", "office__name", "office__region__name", "office__code")
        .annotate(
            sum_pace=Sum("pace"),
            sum_missed=Sum("missed"),
            pairs_sold=Sum("window_sold"),
            pairs=Sum("closing"),
            coming=Sum("in_transit"),
        )
        .order_by(F("sum_missed").desc(nulls_last=True), "office__code")
    )


def served_by(
    field: str,
    *,
    since: date,
    until: date,
    offices: QuerySet[Store],
    styles: QuerySet | None = None,
) -> Mapping[int, Served]:
    """What was asked for and served from `since` to `until`, by "office" or "style". One query."""
    rows = Request.objects.filter(on__gte=since, on__lte=until, office__in=offices)
    if styles is not None:
        rows = rows.filter(style__in=styles)
    sums = (
        rows.order_by()
        .values_list(field)
        .annotate(
            served=Sum(Least("requested", "served")), asked=Sum("requested"), sent=Sum("shipped")
        )
    )
    return {
        key: Served(requested=asked, served=served, shipped=sent)
        for key, served, asked, sent in sums
    }


def window_of(as_of: date, *, days: int) -> tuple[date, date]:
    """The days over which the pace is taken, both included."""
    return as_of - timedelta(days=days - 1), as_of
