"""What a style costs in each office, and the path there; its floor and what that is made of."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from staff.models import Store
from staff.scope import Reach
from staff.states import StoreKind
from stock.models import (
    Figure,
    Movement,
    OfficeLaunch,
    OfficePrice,
    Proposal,
    SizeStock,
    Style,
)
from stock.queries.overrides import overrides_of
from stock.queries.terms import terms_on
from stock.queries.visible import visible_offices
from stock.rules.floor import floor_price
from stock.rules.price_paths import Step, standing_on
from stock.rules.terms import Terms
from stock.states import FigureLevel, FigureSetState, Kind, ProposalKind, ProposalState, StyleClass


@dataclass(frozen=True, kw_only=True)
class Floor:
    """The break-even price of a style, yuan: as given, or of the last cost; None where neither is
    known. `cost` is that of a pair when it last came in, on `cost_on`.
    """

    value: Decimal | None
    is_given: bool
    cost: Decimal | None = None
    cost_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Sold:
    """What the floor of a style asks of an office: its class there, whether figures say that it
    was sold as marked down.
    """

    style_class: StyleClass | None
    is_promoted: bool


def plain_price(style: Style) -> Decimal:
    """What a style costs where an office says nothing: its counter price, else the tag price."""
    return style.counter_price or style.tag_price


def _paths(
    styles: Collection[Style], offices: Iterable[int] | QuerySet | None = None
) -> dict[tuple[int, int], list[Step]]:
    """By (style, office) the steps of its price in order. One query."""
    rows = OfficePrice.objects.filter(style__in=styles)
    if offices is not None:
        rows = rows.filter(office__in=offices)
    found: dict[tuple[int, int], list[Step]] = {}
    for row in rows.order_by("from_on"):
        step = Step(from_on=row.from_on, counter=row.counter_price, current=row.current_price)
        found.setdefault((row.style_id, row.office_id), []).append(step)
    return found


def price_steps(
    style: Style, offices: Iterable[int] | QuerySet | None = None
) -> dict[int, list[Step]]:
    """By office the steps of its price in order. One query."""
    return {office: steps for (_style, office), steps in _paths([style], offices).items()}


def prices_on(
    styles: Collection[Style], *, offices: Collection[int], on: date
) -> dict[tuple[int, int], Decimal]:
    """By (style, office) the current price that holds on a day, where one was ever set there.

    One query.
    """
    plain = {style.pk: plain_price(style) for style in styles}
    return {
        (style, office): standing_on(steps, on, plain=plain[style]).current
        for (style, office), steps in _paths(styles, offices).items()
    }


def floor_of(style: Style, terms: Terms, *, on: date) -> Floor:
    """The floor given with the style, else reckoned from what its last pairs had cost by the close
    of a day (formulas 3.9). One query at most.
    """
    return floors_of([style], terms, on=on)[style.pk]


def floors_of(styles: Collection[Style], terms: Terms, *, on: date) -> dict[int, Floor]:
    """The same of many, by style. One query at most."""
    unsaid = [style.pk for style in styles if style.floor_price is None]
    bought = Movement.objects.filter(style__in=unsaid, unit_cost__isnull=False)
    bought = bought.filter(kind__in=[Kind.PURCHASE, Kind.OPENING], on__lte=on)
    last = bought.order_by("style", "-on", "-pk").distinct("style")
    costs = {
        style: (cost, day)
        for style, cost, day in (last.values_list("style", "unit_cost", "on") if unsaid else [])
        if cost is not None
    }
    return {
        style.pk: _reckoned(*costs[style.pk], terms)
        if style.pk in costs
        else Floor(value=style.floor_price, is_given=style.floor_price is not None)
        for style in styles
    }


def lowest_on(styles: Collection[Style], on: date) -> dict[int, Decimal | None]:
    """By style the floor that holds on a day, None where none is known. Two queries at most, none
    where each says its own.
    """
    if all(style.floor_price is not None for style in styles):
        return {style.pk: style.floor_price for style in styles}
    return {key: floor.value for key, floor in floors_of(styles, terms_on(on), on=on).items()}


def _reckoned(cost: Decimal, cost_on: date, terms: Terms) -> Floor:
    value = floor_price(
        cost=cost, freight=terms.freight, commission=terms.commission, expense=terms.expense
    )
    return Floor(value=value, is_given=False, cost=cost, cost_on=cost_on)


def priced_offices(style: Style, reach: Reach | None) -> list[Store]:
    """The offices and stores that price a style, as far as one reads them: those that ever had it;
    before any did all that sell something. Offices first, then by code.
    """
    selling = visible_offices(reach).filter(is_active=True).exclude(kind=StoreKind.WAREHOUSE)
    known = Q()
    for model in (OfficePrice, OfficeLaunch, SizeStock):
        known |= Q(Exists(model._default_manager.filter(style=style, office=OuterRef("pk"))))
    rows = selling.select_related("region")
    found = list(rows.filter(known)) or list(rows)
    return sorted(found, key=lambda office: (office.kind != StoreKind.OFFICE, office.code))


def offices_at_plain_price(style: Style) -> list[int]:
    """The offices that sell the style at its own price: no step of a path was ever set there."""
    pathless = ~Q(Exists(OfficePrice.objects.filter(style=style, office=OuterRef("pk"))))
    priced = [office.pk for office in priced_offices(style, None)]
    return list(Store.objects.filter(pathless, pk__in=priced).values_list("pk", flat=True))


def sold_in(style: Style, offices: Collection[int]) -> Mapping[int, Sold]:
    """By office what its floor goes by. Two queries."""
    rows = Figure.objects.filter(
        set__is_standing=True, set__state=FigureSetState.READY, level=FigureLevel.OFFICE,
        style=style, office__in=offices,
    )  # fmt: skip
    known = {
        office: (style_class, is_promoted)
        for office, style_class, is_promoted in rows.values_list(
            "office", "style_class", "is_promoted"
        )
    }
    given = overrides_of([style])
    found = {}
    for office in offices:
        computed, is_promoted = known.get(office, ("", False))
        override = given.of(style.pk, office)
        said = override.style_class if override else computed
        found[office] = Sold(
            style_class=StyleClass(said) if said else None, is_promoted=is_promoted
        )
    return found


def approved_markdown(style: Style, number: str) -> Proposal | None:
    """The approved proposal of this number that let the style go under its floor."""
    if not number.isascii() or not number.isdecimal() or len(number) > 9:
        return None
    found = Proposal.objects.filter(
        pk=int(number), style=style, kind=ProposalKind.MARK_DOWN, state=ProposalState.APPROVED,
        is_under_floor=True,
    )  # fmt: skip
    return found.first()
