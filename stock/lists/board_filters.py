"""By what the goods board is narrowed; all of it stands in the address."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.listing import ListFilters, by_link, offer, one_of, words
from core.searching import sought
from staff.lists import chosen_number
from staff.models import Region
from staff.scope import Reach
from stock.models import Brand, FigureSet, Season, Style
from stock.queries.reckoned import BoardFigure, is_red
from stock.queries.visible import reads_own_store, visible_offices
from stock.rules.supply import Red
from stock.rules.terms import Terms
from stock.states import Category, FigureLevel, StyleClass

# 上市天数: which goods are held against each other (MER-17). The first four weeks are watched.
DAYS: Mapping[str, tuple[int, int | None]] = {
    "1-28": (1, 28), "29-56": (29, 56), "57-90": (57, 90), "91-180": (91, 180), "181-": (181, None),
}  # fmt: skip
Rows = QuerySet[BoardFigure]
BEHIND, BROKEN, WATCHED = "behind", "broken", "watched"
LOOKS = (
    (WATCHED, gettext_lazy("New, under watch")),
    (BROKEN, gettext_lazy("Broken sizes")),
    (BEHIND, gettext_lazy("Behind target")),
    (Red.REORDER.value, gettext_lazy("Running out")),
    (Red.MARK_DOWN.value, gettext_lazy("Lying too long")),
)


# Of a region or the company: its stores are counted in the red list.
AS_A_WHOLE = gettext_lazy("Running out as a whole")


def looks_at(level: FigureLevel) -> list[tuple[str, Promise]]:
    """The looks by name, with what each is called at a place of this level."""
    runs_out = Red.REORDER.value
    wider = {} if level == FigureLevel.OFFICE else {runs_out: AS_A_WHOLE}
    return [(name, wider.get(name, label)) for name, label in LOOKS]


def span_text(name: str) -> str:
    """29-56, ≥181: a span of days on sale as it is read."""
    least, most = DAYS[name]
    return f"≥{least}" if most is None else name


def days_between(since: int, until: int | None) -> Q:
    """Goods on sale for so many days."""
    least = Q(days_on_sale__gte=since)
    return least if until is None else least & Q(days_on_sale__lte=until)


def look_of(name: str, *, figures: FigureSet, terms: Terms) -> Q:
    """What one of the looks shows: twins of `rules.targets.is_behind`, `rules.supply.red_list`."""
    if name == WATCHED:
        return Q(held_class=StyleClass.WATCHED)
    if name == BROKEN:
        return Q(is_lacking=True)
    if name == BEHIND:
        return Q(weeks_behind__gte=terms.behind_weeks)
    return is_red(Red(name), as_of=figures.as_of, terms=terms)


class BoardFilters(ListFilters):
    """What the board is narrowed by. Wants `reach`, `figures` (the set) and `terms`.

    The place (region, office) has chosen the rows before they come here.
    """

    q = words(gettext_lazy("Style no."), method="find")
    set = by_link(gettext_lazy("Figures of"), method="keep")
    look = by_link(gettext_lazy("Look"), LOOKS, method="look_at")
    cls = by_link(pgettext_lazy("of goods", "Class"), StyleClass.choices, field_name="held_class")
    region = one_of(gettext_lazy("Region"), method="keep")
    office = one_of(gettext_lazy("Office"), method="keep")
    brand = one_of(gettext_lazy("Brand"), field_name="style__brand")
    season = one_of(gettext_lazy("Season"), field_name="style__season")
    year = one_of(gettext_lazy("Year"), field_name="style__year")
    category = one_of(pgettext_lazy("of goods", "Category"), Category.choices)
    days = one_of(
        gettext_lazy("Days on sale"), [(key, span_text(key)) for key in DAYS], method="on_sale_for"
    )
    cover = one_of(
        gettext_lazy("Cover"),
        [(str(days), str(days)) for days in (21, 28, 35, 42, 49, 90)],
        unless="35",
        method="keep",
    )

    def __init__(
        self, *args: Any, reach: Reach, figures: FigureSet, terms: Terms, **kwargs: Any
    ) -> None:
        self.reach, self.figures, self.terms = reach, figures, terms
        self.any_look: Rows | None = None
        super().__init__(*args, **kwargs)
        self.filters["cover"].extra["empty_label"] = str(terms.cover_days)
        offer(self, self._offered(), fewest={"set": 1})

    def _offered(self) -> dict[str, Sequence[tuple[str, str]]]:
        known = visible_offices(self.reach).filter(is_active=True)
        region = chosen_number(self.data, "region")
        offices = known.filter(region=region) if region else known
        return {
            "set": [(str(self.figures.pk), str(self.figures))],
            "region": []
            if reads_own_store(self.reach)
            else _choices(Region.objects.order_by("name")),
            "office": _choices(offices),
            "brand": _choices(Brand.objects.order_by("name")),
            "season": _choices(Season.objects.order_by("position", "name")),
            "year": [(str(year), str(year)) for year in self._years],
        }

    @cached_property
    def _years(self) -> list[int | None]:
        years = Style.objects.exclude(year=None).order_by("-year").values_list("year", flat=True)
        return list(years.distinct())

    def filter_queryset(self, rows: Rows) -> Rows:
        """The narrowed rows; `any_look` are the same of every look and class, for their counts."""
        said = self.form.cleaned_data
        for name in said:
            if name not in ("look", "cls"):
                rows = self.filters[name].filter(rows, said[name])
        self.any_look = rows
        for name in ("look", "cls"):
            rows = self.filters[name].filter(rows, said[name])
        return rows

    def find(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(style__number__icontains=sought(value))

    def keep(self, rows: Rows, name: str, value: str) -> Rows:
        """Of what set, place and cover the rows are is settled before they come here."""
        return rows

    def look_at(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(look_of(value, figures=self.figures, terms=self.terms))

    def on_sale_for(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(days_between(*DAYS[value]))


def _choices(rows: QuerySet) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]
