"""What a proposal about a price goes by: what a style costs in one office or all, and its floor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from staff.models import Store
from stock.models import Figure, SizeStock, Style
from stock.queries.classes import class_of
from stock.queries.prices import floor_of, plain_price, price_steps
from stock.queries.terms import terms_on
from stock.rules.price_paths import standing_on, was_marked_down
from stock.states import FigureLevel, FigureSetState, StyleClass


@dataclass(frozen=True, kw_only=True)
class Priced:
    """The prices of a style on a day in the office asked for, or in all that ever had it, yuan.

    `floor` is its break-even price, None where nobody knows it.
    """

    prices: Mapping[int, Decimal]
    plain: Decimal
    floor: Decimal | None
    style_class: StyleClass | None
    was_marked_down: bool

    @property
    def highest(self) -> Decimal:
        """The price there; of several offices the highest, which a markdown for all goes below."""
        return max(self.prices.values(), default=self.plain)


def _offices_with(style: Style, steps: Iterable[int]) -> set[int]:
    """Every office that ever had the style, or a price of it."""
    had = SizeStock.objects.filter(style=style).values_list("office", flat=True)
    return {*had, *steps}


def priced(style: Style, office: Store | None, *, on: date) -> Priced:
    """What a style costs in `office`, or everywhere, on a day. Seven queries at most.

    It was marked down where its price went below its counter price before that day, or where the
    figures say that it was sold so.
    """
    plain = plain_price(style)
    paths = price_steps(style, None if office is None else [office.pk])
    places = {office.pk} if office else _offices_with(style, paths)
    figures = Figure.objects.filter(
        set__is_standing=True, set__state=FigureSetState.READY, style=style, is_promoted=True,
        level=FigureLevel.OFFICE if office else FigureLevel.COMPANY, office=office,
    )  # fmt: skip
    was_cut = any(was_marked_down(path, before=on, plain=plain) for path in paths.values())
    return Priced(
        prices={
            place: standing_on(paths.get(place, []), on, plain=plain).current
            for place in sorted(places)
        },
        plain=plain,
        floor=floor_of(style, terms_on(on), on=on).value,
        style_class=class_of(style, office).holds,
        was_marked_down=was_cut or figures.exists(),
    )
