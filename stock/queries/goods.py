"""What pages of one style read: its figures by place, its weeks, its sizes, its movements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import (
    Case,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncWeek

from staff.scope import Reach
from stock.models import DaySum, Figure, FigureSet, Movement, SizeStock, Style
from stock.queries.overrides import with_class
from stock.queries.places import Place
from stock.queries.reckoned import BoardFigure
from stock.queries.visible import in_reach, reads_own_store
from stock.states import RECEIPTS, FigureLevel, Kind

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Lying(TypedDict):
        lying: int

    LyingSize = WithAnnotations[SizeStock, _Lying]
else:
    LyingSize = SizeStock

SALES = (Kind.SALE, Kind.SALE_RETURN)
# What a movement changes the stock by.
CHANGE = Case(
    When(kind__in=sorted(RECEIPTS), then=F("quantity")),
    default=-F("quantity"),
    output_field=IntegerField(),
)
NET_SOLD = Case(
    When(kind=Kind.SALE, then=F("quantity")),
    When(kind=Kind.SALE_RETURN, then=-F("quantity")),
    default=Value(0),
    output_field=IntegerField(),
)
# What could be sold: opening stock and net receipts; a stock-take brings nothing (MER-18).
SUPPLIED = Case(
    When(kind__in=(Kind.OPENING, Kind.PURCHASE, Kind.TRANSFER_IN), then=F("quantity")),
    When(kind__in=(Kind.PURCHASE_RETURN, Kind.TRANSFER_OUT), then=-F("quantity")),
    default=Value(0),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class StyleWeek:
    """One week of a style, in pairs: sold net in it; at its end all sold and supplied, stock."""

    monday: date
    sold: int
    sold_so_far: int
    supplied: int
    stock: int


def readable(reach: Reach) -> Q:
    """Which rows of figures this person may read: a store those of its own offices."""
    if reads_own_store(reach):
        return Q(level=FigureLevel.OFFICE) & in_reach(reach)
    return Q()


def figures_of_style(figures: FigureSet, style: Style, *, reach: Reach) -> Sequence[Figure]:
    """The style's rows in all places within reach: the company, each region and its offices."""
    rows = Figure.objects.filter(readable(reach), set=figures, style=style)
    return list(
        with_class(rows)
        .select_related("office", "region", "style__season")
        .order_by(F("region__name").asc(nulls_first=True), "-level", "office__code", "pk")
    )


def weeks_of_style(style: Style, place: Place, *, since: date, until: date) -> list[StyleWeek]:
    """The style's weeks from that of `since` on; what was before counts, too. Two queries.

    None where it never came, lay or sold.
    """
    monday = since - timedelta(days=since.weekday())
    rows = DaySum.objects.filter(place.within(), style=style, on__lte=until)
    parts = {"out": Sum(NET_SOLD, default=0), "came": Sum(SUPPLIED, default=0),
             "change": Sum(CHANGE, default=0)}  # fmt: skip
    so_far = rows.filter(on__lt=monday).aggregate(**parts)
    counted: Iterable[Any] = (
        rows.filter(on__gte=monday).order_by().values(week=TruncWeek("on")).annotate(**parts)
    )
    found = {row["week"]: row for row in counted}
    weeks: list[StyleWeek] = []
    if not found and not any(so_far.values()):
        return weeks
    while monday <= until:
        row = found.get(monday, dict.fromkeys(parts, 0))
        so_far = {name: so_far[name] + row[name] for name in parts}
        weeks.append(StyleWeek(monday, row["out"], so_far["out"], so_far["came"], so_far["change"]))
        monday += timedelta(days=7)
    return weeks


def weeks_sold(
    styles: Iterable[int], place: Place, *, until: date, weeks: int
) -> Mapping[int, list[int]]:
    """By style the net pairs sold in each of the last `weeks` spans of seven days. One query."""
    since = until - timedelta(days=7 * weeks - 1)
    counted: Iterable[Any] = (
        DaySum.objects.filter(
            place.within(), style__in=list(styles), on__range=(since, until), kind__in=SALES
        )
        .order_by()
        .values("style", "on")
        .annotate(out=Sum(NET_SOLD))
    )
    found: dict[int, list[int]] = {}
    for row in counted:
        held = found.setdefault(row["style"], [0] * weeks)
        held[(row["on"] - since).days // 7] += row["out"]
    return found


def opened_in(row: Figure, *, since: date | None, until: date) -> int:
    """The pairs of opening stock that a row's place has inside a period. One query."""
    place = {"office": row.office_id, "office__region": row.region_id}
    rows = DaySum.objects.filter(
        **{name: key for name, key in place.items() if key}, style=row.style_id,
        kind=Kind.OPENING, on__lte=until,
    )  # fmt: skip
    inside = rows.filter(on__gte=since) if since else rows
    return inside.aggregate(pairs=Sum("quantity", default=0))["pairs"]


def between_offices(row: Figure) -> int | None:
    """The pairs of a row's stock that lie in none of its offices; None of an office. One query."""
    if row.level == FigureLevel.OFFICE:
        return None
    offices = Figure.objects.filter(set=row.set_id, style=row.style_id, level=FigureLevel.OFFICE)
    inside = offices.filter(region=row.region_id) if row.region_id else offices
    return row.closing - inside.aggregate(pairs=Sum("closing", default=0))["pairs"]


def between_offices_of(
    rows: QuerySet[BoardFigure], figures: FigureSet, place: Place, *, closing: int
) -> int | None:
    """The same of all rows of a board together, of which `closing` pairs lie there. One query."""
    if place.level == FigureLevel.OFFICE:
        return None
    offices = Figure.objects.filter(place.within(), set=figures, level=FigureLevel.OFFICE)
    inside = offices.filter(style__in=rows.order_by().values("style"))
    return closing - inside.aggregate(pairs=Sum("closing", default=0))["pairs"]


def sizes_of_style(style: Style, *, reach: Reach, on: date) -> QuerySet[LyingSize]:
    """What lies of each size and colour in the offices within reach at the close of a day: kept
    less what came or went later.
    """
    later = Movement.objects.filter(
        style=OuterRef("style"), office=OuterRef("office"), colour=OuterRef("colour"),
        size=OuterRef("size"), on__gt=on,
    )  # fmt: skip
    changed = later.order_by().values("style").annotate(pairs=Sum(CHANGE)).values("pairs")
    rows = SizeStock.objects.filter(in_reach(reach), style=style).select_related("office")
    lying = rows.annotate(lying=F("quantity") - Coalesce(Subquery(changed), 0))
    return lying.order_by("office__code", "colour", "size")


def movements_of(style: Style, *, reach: Reach) -> QuerySet[Movement]:
    """The ledger's rows of a style in the offices within reach."""
    return Movement.objects.filter(in_reach(reach), style=style).select_related("office")
