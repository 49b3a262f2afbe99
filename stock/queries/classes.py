"""The class of a style in an office: the one computed, and the one a person gave (MER-28)."""

from collections.abc import Collection, Iterable
from typing import NamedTuple, cast

from django.db.models import Q

from staff.models import Store
from stock.models import ClassOverride, Figure, FigureSet, Style
from stock.queries.overrides import overrides_of, with_class
from stock.queries.reckoned import ClassedFigure
from stock.states import FigureLevel, FigureSetState, StyleClass


class Classes(NamedTuple):
    """What a style is computed to be, and what a person says; either may be unknown."""

    computed: StyleClass | None
    override: ClassOverride | None

    @property
    def holds(self) -> StyleClass | None:
        """The class that lists and prices go by: the person's, where there is one."""
        return StyleClass(self.override.style_class) if self.override else self.computed


def standing_set() -> FigureSet | None:
    """The set of figures that pages open with; None before the first was made."""
    return FigureSet.objects.filter(is_standing=True, state=FigureSetState.READY).first()


def classes_of(
    styles: Iterable[Style | int], *, office: Store | int | None = None
) -> dict[int, Classes]:
    """By style its classes in `office`, or over the whole company. Two queries."""
    wanted = [style if isinstance(style, int) else style.pk for style in styles]
    place = office if isinstance(office, int) or office is None else office.pk
    rows = Figure.objects.filter(
        set__is_standing=True,
        set__state=FigureSetState.READY,
        style__in=wanted,
        level=FigureLevel.COMPANY if place is None else FigureLevel.OFFICE,
        office=place,
    )
    computed = dict(rows.values_list("style", "style_class"))
    given = overrides_of(wanted)
    return {
        style: Classes(
            StyleClass(computed[style]) if computed.get(style) else None, given.of(style, place)
        )
        for style in wanted
    }


def selling_in_regions(
    known: FigureSet, styles: Collection[int]
) -> dict[tuple[int, int], tuple[str, StyleClass]]:
    """By (style, region) the region's name and the class that holds there, of styles that sell
    continuously in it: prices go by a region's sales and stock (MER-13). One query.
    """
    rows = Figure.objects.filter(set=known, level=FigureLevel.REGION, style__in=styles)
    selling = Q(held_class__in=(StyleClass.FAST, StyleClass.STEADY))
    found = cast(
        "Iterable[ClassedFigure]", with_class(rows).filter(selling).select_related("region")
    )
    return {
        (row.style_id, row.region.pk): (row.region.name, StyleClass(row.held_class))
        for row in found
        if row.region
    }


def class_of(style: Style, office: Store | None = None) -> Classes:
    """The classes of one style in one office, or over the whole company: (computed, override)."""
    return classes_of([style], office=office)[style.pk]
