"""What is known of styles, office by office, where something is about to be proposed for them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from staff.models import Store
from staff.states import StoreKind
from stock.models import CoreSizes, Figure, FigureSet, Movement, Proposal, Style
from stock.queries.availability import Availability, availability
from stock.queries.overrides import styles_with_a_given_class, with_class
from stock.queries.places import Place as Area
from stock.queries.reckoned import RED_CLASSES, days_of_supply, lasts_red
from stock.rules.proposing import Place
from stock.rules.sizes import core_sizes
from stock.rules.supply import Red
from stock.rules.terms import Terms
from stock.states import FigureLevel, Kind, ProposalState

Key = tuple[int, int]


def office_rows(known: FigureSet, *, offices: QuerySet[Store]) -> QuerySet[Figure]:
    """The rows of the offices of one set, with the class that holds (`held_class`)."""
    rows = Figure.objects.filter(set=known, level=FigureLevel.OFFICE, office__in=offices)
    return with_class(rows)


def with_goods(rows: QuerySet[Figure]) -> QuerySet[Figure]:
    """The same with what a page says of style and office. Whoever looks for few of many rows finds
    these first: each row found on the way would be joined.
    """
    return rows.select_related("style__brand", "office__region", "style__season")


def red_rows(rows: QuerySet[Figure], red: Red, *, as_of: date, terms: Terms) -> QuerySet[Figure]:
    """Those of them on one of the red lists, with the days that their stock `lasts`. One query at
    once: few styles have a person's class, and only of these is it asked for row by row.

    A warehouse sells nothing: its pairs are what others are given.
    """
    given = list(styles_with_a_given_class())
    classes = RED_CLASSES[red]
    holds = Q(style_class__in=classes) & ~Q(style__in=given)
    if given:
        holds |= Q(style__in=given, held_class__in=classes)
    found = rows.filter(holds, lasts_red(red, as_of=as_of, terms=terms))
    lasting = found.annotate(lasts=days_of_supply(Q(launched_on__gt=as_of)))
    return lasting.exclude(office__in=Store.objects.filter(kind=StoreKind.WAREHOUSE))


def running_out_in(
    known: FigureSet, area: Area, styles: QuerySet[Style], *, terms: Terms
) -> QuerySet[Figure]:
    """The offices of an area in which one of these styles is about to run out, those that still
    sell first, the shortest supply before. What the area has lies where it is not asked for.
    """
    rows = office_rows(known, offices=Store.objects.filter(is_active=True))
    here = rows.filter(area.within(), style__in=styles)
    red = red_rows(here, Red.REORDER, as_of=known.as_of, terms=terms)
    still_asked_for = Case(When(window_sold__gt=0, then=0), default=1)
    return with_goods(red).order_by(still_asked_for, F("lasts").asc(), "-window_sold", "pk")


def sold_by_size(
    styles: Collection[int], *, offices: Collection[int], since: date, until: date
) -> dict[Key, dict[str, int]]:
    """Net pairs sold by (style, office) and size in a window, both days included. One query."""
    rows = Movement.objects.filter(
        style__in=styles, office__in=offices, on__gte=since, on__lte=until,
        kind__in=[Kind.SALE, Kind.SALE_RETURN],
    )  # fmt: skip
    net = Coalesce(Sum("quantity", filter=Q(kind=Kind.SALE)), 0) - Coalesce(
        Sum("quantity", filter=Q(kind=Kind.SALE_RETURN)), 0
    )
    found: defaultdict[Key, dict[str, int]] = defaultdict(dict)
    for style, office, size, pairs in (
        rows.values_list("style", "office", "size").annotate(pairs=net).order_by("size")
    ):
        found[style, office][size] = pairs
    return dict(found)


def places_of(rows: Sequence[Figure], *, as_of: date, terms: Terms) -> dict[Key, Place]:
    """By (style, office) the sizes of these rows: what lies, comes and sold. Three queries."""
    styles = {row.style_id for row in rows}
    offices = {row.office_id for row in rows if row.office_id}
    lying = availability(styles, offices=offices, on=as_of)
    since = as_of - timedelta(days=terms.window_days - 1)
    sold = sold_by_size(styles, offices=offices, since=since, until=as_of)
    found = {}
    for row in rows:
        if row.office_id is None:
            continue
        key = (row.style_id, row.office_id)
        there = lying.get(key, Availability())
        found[key] = Place(
            office=row.office_id,
            stock=there.on_hand,
            coming=_by_size(there),
            sold=sold.get(key, {}),
            window=row.window_days,
        )
    return found


def _by_size(there: Availability) -> dict[str, int]:
    coming: defaultdict[str, int] = defaultdict(int)
    for each in there.coming:
        coming[each.size] += each.quantity
    return dict(coming)


def cores_of(places: Mapping[Key, Place]) -> dict[int, tuple[str, ...]]:
    """By style its core sizes. One query."""
    runs = list(CoreSizes.objects.order_by("position", "pk").values_list("sizes", flat=True))
    ranges: defaultdict[int, set[str]] = defaultdict(set)
    for (style, _office), place in places.items():
        ranges[style] |= set(place.stock)
    return {style: core_sizes(sizes, runs) for style, sizes in ranges.items()}


@dataclass(frozen=True)
class OpenProposals:
    """What is proposed already: by (style, office or None, kind)."""

    keys: Mapping[tuple[int, int | None, str], int]

    def of(self, style: int, office: int | None, kind: str) -> int | None:
        """The open proposal of this kind there, or for all offices."""
        return self.keys.get((style, office, kind)) or self.keys.get((style, None, kind))


def open_proposals(styles: Collection[int]) -> OpenProposals:
    """One query."""
    rows = Proposal.objects.filter(style__in=styles, state=ProposalState.OPEN).order_by("-pk")
    return OpenProposals(
        {
            (row.style_id, row.office_id, row.kind): row.pk
            for row in rows.only("style", "office", "kind")
        }
    )
