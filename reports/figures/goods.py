"""What the reports of goods have in common: what they are narrowed to, and how rows are grouped."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from reports.asking.parameters import Parameter, ReportNotMade, read_day, read_some_of
from staff.models import Region, Store
from staff.scope import Reach
from stock.models import Brand, Season, Style
from stock.queries.visible import reads_own_store, visible_offices
from stock.rules.figures import Figure
from stock.states import FigureLevel

STYLE, OFFICE, REGION, BRAND, SEASON = "style", "office", "region", "brand", "season"
BY = (STYLE, OFFICE, REGION, BRAND, SEASON)
MOST_COVER = 730


def names_of(text: str) -> list[str]:
    """The parts of a list with commas between."""
    return [part.strip() for part in text.split(",") if part.strip()]


def read_named(
    rows: Callable[[], QuerySet[Any]], *fields: str
) -> Callable[[str, str], tuple[str, ...]]:
    """A list of names of rows that there are, by any of these fields. Raises ReportNotMade."""

    def read(name: str, text: str) -> tuple[str, ...]:
        found = names_of(text)
        for each in found or [""]:
            if not each or not rows().filter(_called(each, fields)).exists():
                raise ReportNotMade.because("unknown_name", name=name, value=each)
        return tuple(found)

    return read


def _called(text: str, fields: Sequence[str]) -> Q:
    wanted = Q()
    for field in fields:
        wanted |= Q(**{f"{field}__iexact": text.replace("\0", "")})
    return wanted


FILTERS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    STYLE: (Style, ("number",)),
    OFFICE: (Store, ("code", "name")),
    REGION: (Region, ("name",)),
    BRAND: (Brand, ("name", "code")),
    SEASON: (Season, ("name",)),
}


def filter_of(name: str, about: str) -> Parameter:
    """The parameter that narrows a report to rows of this name, several with commas."""
    model, fields = FILTERS[name]
    return Parameter(
        name=name, hint="NAME,…", about=about, read=read_named(model.objects.all, *fields)
    )


OF_STYLE = filter_of(STYLE, "of these styles, by number")
OF_OFFICE = filter_of(OFFICE, "of these offices, by code or name")
OF_REGION = filter_of(REGION, "of these regions")
OF_BRAND = filter_of(BRAND, "of these brands, by name or code")
OF_SEASON = filter_of(SEASON, "of styles of these seasons")
NARROWING = (OF_STYLE, OF_OFFICE, OF_REGION, OF_BRAND, OF_SEASON)
AS_OF = Parameter(
    name="as_of", hint="YYYY-MM-DD", about="as of the close of this day; today without it",
    read=read_day,
)  # fmt: skip
GROUPED_BY = Parameter(
    name="by", hint="|".join(BY), about="one row for each of these; style,office without it",
    read=read_some_of(BY),
)  # fmt: skip


def read_number(name: str, text: str) -> int:
    """Whole days, from 0 on. Raises ReportNotMade."""
    if not text.strip().isdecimal() or int(text) > MOST_COVER:
        raise ReportNotMade.because("not_days", name=name, most=MOST_COVER)
    return int(text)


def read_yes_or_no(name: str, text: str) -> bool:
    """yes or no. Raises ReportNotMade."""
    found = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if text.strip().lower() not in found:
        raise ReportNotMade.because("not_yes_or_no", name=name)
    return found[text.strip().lower()]


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """What a report of goods is about: primary keys, None where nothing narrows it.

    Offices are named by the report, or are all that the reader may see.
    """

    styles: frozenset[int] | None
    offices: frozenset[int] | None
    regions: frozenset[int] | None

    def level(self, by: Sequence[str]) -> FigureLevel:
        """From the rows of which places groups are made: of offices, where they are grouped or
        narrowed by them; of regions likewise; else of the whole company.
        """
        if OFFICE in by or self.offices is not None:
            return FigureLevel.OFFICE
        if REGION in by or self.regions is not None:
            return FigureLevel.REGION
        return FigureLevel.COMPANY

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a row of figures is of what is asked for."""
        told = ((self.styles, "style_id"), (self.offices, "office_id"), (self.regions, "region_id"))
        return all(keys is None or row[name] in keys for keys, name in told)

    def peers(self) -> list[int] | None:
        """The styles to reckon so that classes of those asked for are told among their like: all of
        their seasons. None is all.
        """
        if self.styles is None:
            return None
        seasons = set(Style.objects.filter(pk__in=self.styles).values_list("season", flat=True))
        like = Q(season__in=seasons - {None})
        if None in seasons:
            like |= Q(season=None)
        return list(Style.objects.filter(like).order_by("pk").values_list("pk", flat=True))


def narrowed(params: Mapping[str, Any], *, reach: Reach | None) -> Narrowed:
    """What the parameters and the reader's reach leave; whoever reads the own store sees that."""
    styles = Style.objects.all()
    for name, field in ((STYLE, ""), (BRAND, "brand__"), (SEASON, "season__")):
        if name in params:
            fields = [field + each for each in FILTERS[name][1]]
            styles = styles.filter(_any_called(params[name], fields))
    offices = visible_offices(reach) if reads_own_store(reach) else Store.objects.all()
    if OFFICE in params:
        offices = offices.filter(_any_called(params[OFFICE], FILTERS[OFFICE][1]))
    of_styles = {STYLE, BRAND, SEASON} & params.keys()
    of_offices = OFFICE in params or reads_own_store(reach)
    regions = Region.objects.filter(_any_called(params.get(REGION, ()), FILTERS[REGION][1]))
    return Narrowed(
        styles=_keys(styles) if of_styles else None,
        offices=_keys(offices) if of_offices else None,
        regions=_keys(regions) if REGION in params else None,
    )


def _any_called(names: Iterable[str], fields: Sequence[str]) -> Q:
    wanted = Q(pk__in=[])
    for name in names:
        wanted |= _called(name, fields)
    return wanted


def _keys(rows: QuerySet[Any]) -> frozenset[int]:
    return frozenset(rows.order_by().values_list("pk", flat=True))


class Names:
    """The names of what rows are grouped by. Three queries, however many rows."""

    def __init__(self) -> None:
        told = Style.objects.values_list("pk", "number", "brand__name", "season__name")
        self.styles = {pk: tuple(names) for pk, *names in told}
        self.offices = dict(Store.objects.values_list("pk", "code"))
        self.regions = dict(Region.objects.values_list("pk", "name"))

    def of(self, row: Mapping[str, Any]) -> dict[str, str | None]:
        """All grouping keys of a row of figures; None for a place that it is not of."""
        number, brand, season = self.styles[row["style_id"]]
        return {
            STYLE: number,
            OFFICE: self.offices.get(row["office_id"]),
            REGION: self.regions.get(row["region_id"]),
            BRAND: brand,
            SEASON: season,
        }


Group = dict[str, str | None]
Row = Mapping[str, Any]


def grouped(rows: Iterable[Row], *, by: Sequence[str]) -> list[tuple[Group, list[Row]]]:
    """Rows of figures with their grouping keys (None for those by which it is not grouped), in the
    order of these; styles of one number and two brands stay apart.
    """
    names = Names()
    found: dict[tuple[object, ...], tuple[Group, list[Row]]] = {}
    for row in rows:
        told = names.of(row)
        group = {name: told[name] if name in by else None for name in BY}
        key = (*group.values(), row["style_id"] if STYLE in by else 0)
        found.setdefault(key, (group, []))[1].append(row)
    return [found[key] for key in sorted(found, key=_order)]


def _order(key: tuple[object, ...]) -> list[tuple[bool, object]]:
    return [(value is None, "" if value is None else value) for value in key]


def number(figure: Figure) -> float | int | None:
    """A figure as a report writes it: pairs whole, ratios unrounded, None where there is none."""
    return float(figure.value) if isinstance(figure.value, Fraction) else figure.value


def day_asked(params: Mapping[str, Any], name: str, *, today: date) -> date:
    """The day of a parameter, today without it."""
    found = params.get(name)
    return found if isinstance(found, date) else today
