"""The rows of the goods board and their sums, over the figures of one set (MER-33)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.expressions import Combinable

from stock.models import Figure, FigureSet
from stock.queries.places import Place
from stock.queries.reckoned import SUPPLY, BoardFigure, reckoned
from stock.queries.seasons import SeasonTerms
from stock.rules.sizes import size_order
from stock.rules.terms import Terms
from stock.states import Category, FigureLevel, FigureSetState, StyleClass

# What a total adds up, by the columns of a row.
ADDED = (
    "opening", "brought", "purchased", "purchase_returned", "transferred_in", "transferred_out",
    "sold", "returned", "business_use", "given", "gained", "lost", "closing", "in_transit",
    "window_sold", "window_stocked", "year_sold", "aged_pairs", "pair_days", "paid", "tagged",
    "weeks", "selling_weeks", "main_sold", "main_weeks", "restocked", "restock_hits", "requested",
    "served", "sizes_in_stock", "sizes_in_range",
)  # fmt: skip


# By class, as it is held: styles, pairs lying there, pairs sold.
Classes = list[tuple[StyleClass, int, int, int]]

# Nothing lay there, came or left, and nothing is on its way.
NOTHING_EVER = Q(**dict.fromkeys(
    ("opening", "brought", "purchased", "purchase_returned", "transferred_in", "transferred_out",
     "sold", "returned", "business_use", "given", "gained", "lost", "closing", "in_transit"), 0,
))  # fmt: skip


def ready_set(pk: int | None) -> FigureSet | None:
    """The set of this number that is whole; without a number the one that pages open with."""
    ready = FigureSet.objects.filter(state=FigureSetState.READY)
    return (ready.filter(is_standing=True) if pk is None else ready.filter(pk=pk)).first()


def board_rows(
    figures: FigureSet,
    place: Place,
    *,
    terms: Terms,
    cover: int,
    seasons: Mapping[int | None, SeasonTerms],
) -> QuerySet[BoardFigure]:
    """One row a style in `place`, with what the board sorts and narrows by.

    A style of which nothing ever was there has none: it says nothing and adds nothing.
    `is_lacking`: it is broken (断码) in the office, or in some office of the place.
    """
    rows = Figure.objects.filter(place.figures, set=figures).exclude(NOTHING_EVER)
    rows = rows.select_related(
        "style__brand", "style__season", "style__series", "style__shoe_type", "office", "region"
    ).annotate(is_lacking=_is_lacking(figures, place))
    return reckoned(
        rows,
        as_of=figures.as_of,
        terms=terms,
        cover=cover,
        counts_gifts=figures.counts_gifts,
        seasons=seasons,
    )


def _broken_offices(figures: FigureSet, place: Place) -> QuerySet[Figure]:
    """The rows of offices of a place in which a style lacks a core size."""
    rows = Figure.objects.filter(set=figures, level=FigureLevel.OFFICE, is_broken=True)
    return rows.filter(place.within())


def _is_lacking(figures: FigureSet, place: Place) -> Combinable:
    if place.level == FigureLevel.OFFICE:
        return F("is_broken")
    return Exists(_broken_offices(figures, place).filter(style=OuterRef("style")))


def lacking_in(
    figures: FigureSet, place: Place, styles: Iterable[int]
) -> dict[int, tuple[int, list[str]]]:
    """By style in how many offices of a place it is broken, and the core sizes that lack. One
    query.
    """
    found: dict[int, tuple[int, list[str]]] = {}
    rows = _broken_offices(figures, place).filter(style__in=list(styles))
    for style, missing in rows.values_list("style", "missing_core"):
        offices, sizes = found.get(style, (0, []))
        found[style] = (offices + 1, sorted({*sizes, *missing}, key=size_order))
    return found


def sums(rows: QuerySet[BoardFigure], *, buckets: int) -> dict[str, Any]:
    """The columns of all these rows together, Σ, ready for `stock.figures.summing.Parts`.

    `lacking` is what each of them should order, told one by one and added up. One query.
    """
    added = {name: Sum(name, default=0) for name in ADDED}
    layers = {f"bucket_{at}": Sum(f"buckets__{at}", default=0) for at in range(buckets)}
    found = rows.order_by().aggregate(
        **{f"sum_{name}": total for name, total in added.items()},
        **layers,
        members=Count("pk"),
        launched_on=Min("launched_on"),
        window_days=Max("window_days", default=0),
        lacking=Sum("order_now"),
        has_unpriced=BoolOr("has_unpriced", default=False),
    )
    sums = {name: found.pop(f"sum_{name}") for name in ADDED}
    return sums | {
        "buckets": tuple(found.pop(f"bucket_{at}") for at in range(buckets)), **found
    }  # fmt: skip


def by_class(rows: QuerySet[BoardFigure]) -> Classes:
    """What each class has. One query."""
    return counts(rows, {})[0]


def counts(
    rows: QuerySet[BoardFigure], conditions: Mapping[str, Q]
) -> tuple[Classes, dict[str, int]]:
    """`by_class`, and how many of the rows meet each of these conditions. One query for both."""
    met = {f"meet_{name}": Count("pk", filter=held) for name, held in conditions.items()}
    told = cast("QuerySet[BoardFigure, dict[str, Any]]", rows.order_by().values("held_class"))
    told = told.annotate(styles=Count("pk"), pairs=Sum("closing"), pairs_sold=Sum("net"), **met)
    found = {row["held_class"]: row for row in told}
    classes = [
        (held, found[held]["styles"], found[held]["pairs"], int(found[held]["pairs_sold"]))
        for held in StyleClass
        if held in found
    ]
    return classes, {
        name: sum(row[f"meet_{name}"] for row in found.values()) for name in conditions
    }


def pyramid(rows: QuerySet[BoardFigure], *, buckets: int) -> list[tuple[int, int]]:
    """By age bucket the pairs of this season's goods, and of past seasons'. One query."""
    is_past = Q(category=Category.PAST)
    found = rows.order_by().aggregate(
        **{
            f"{name}_{at}": Sum(f"buckets__{at}", filter=held, default=0)
            for at in range(buckets)
            for name, held in (("now", ~is_past), ("past", is_past))
        }
    )
    return [(found[f"now_{at}"], found[f"past_{at}"]) for at in range(buckets)]


def by_week_on_sale(rows: QuerySet[BoardFigure], *, most: int) -> list[tuple[int, int, int, int]]:
    """By completed week on sale the styles, the net pairs sold and the pairs that could be sold;
    of past seasons none, and no week later than `most`. One query.
    """
    found = (
        rows.exclude(category=Category.PAST)
        .filter(days_on_sale__gte=7)
        .order_by()
        .values(week=F("days_on_sale") / 7)
        .annotate(styles=Count("pk"), pairs_sold=Sum("net"), supplied=Sum(SUPPLY))
        .filter(week__lte=most)
        .order_by("week")
    )
    return [(row["week"], row["styles"], int(row["pairs_sold"]), row["supplied"]) for row in found]


def weeks_of(
    figures: FigureSet,
    place: Place,
    *,
    brand: int | None,
    season: int | None,
    since: date,
) -> Sequence[tuple[date, int, int]]:
    """By Monday the pairs sold and lying there at the week's end, of a brand and a season where
    they are named. One query.
    """
    rows = figures.weeks.filter(place.within(), monday__gte=since)
    rows = rows.filter(brand=brand) if brand else rows
    rows = rows.filter(season=season) if season else rows
    by_week = rows.order_by().values("monday").annotate(out=Sum("sold"), left=Sum("closing"))
    return list(by_week.order_by("monday").values_list("monday", "out", "left"))
