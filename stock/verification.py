"""Whether what is kept of the ledger is what the ledger comes to."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.verification import Difference, rows_of
from stock.models import Figure, FigureSet
from stock.queries.classes import standing_set
from stock.queries.counted import day_sums, size_stocks
from stock.rules.figures import Flag
from stock.rules.terms import Terms
from stock.services.figure_making import question_of
from stock.services.figure_sets import has_moved, has_offices_elsewhere

# Told of all rows of a set together.
OF_CLASSES = {"style_class", "volume"}

# What a kept row and the ledger's have in common, and what each of them says.
_DAY_SUMS = """
    SELECT style_id, office_id, "on", position,
           ARRAY[kept.kind::text, kept.document, kept.reference, kept.size, kept.quantity::text,
                 kept.priced::text, kept.amount::text, kept.costed::text, kept.cost::text],
           ARRAY[told.kind::text, told.document, told.reference, told.size, told.quantity::text,
                 told.priced::text, told.amount::text, told.costed::text, told.cost::text]
      FROM stock_daysum kept
      FULL JOIN ({told}) told USING (style_id, office_id, "on", position)
     WHERE (kept.kind, kept.document, kept.reference, kept.size, kept.quantity, kept.priced,
            kept.amount, kept.costed, kept.cost)
           IS DISTINCT FROM
           (told.kind, told.document, told.reference, told.size, told.quantity, told.priced,
            told.amount, told.costed, told.cost)
     ORDER BY style_id, office_id, "on", position
"""
_SIZE_STOCKS = """
    SELECT style_id, office_id, colour, size, kept.quantity, told.quantity
      FROM stock_sizestock kept
      FULL JOIN ({told}) told USING (style_id, office_id, colour, size)
     WHERE kept.quantity IS DISTINCT FROM told.quantity
     ORDER BY style_id, office_id, colour, size
"""
_WEEKS = """
    SELECT office_id, brand_id, season, monday,
           ARRAY[kept.received, kept.sold, kept.supply, kept.closing]::text[],
           ARRAY[told.received, told.sold, told.supply, told.closing]::text[]
      FROM (SELECT *, COALESCE(season_id, 0) AS season FROM stock_weekfigure
             WHERE set_id = %(set)s) kept
      FULL JOIN (SELECT *, COALESCE(season_id, 0) AS season FROM ({told}) told) told
           USING (office_id, brand_id, season, monday)
     WHERE (kept.received, kept.sold, kept.supply, kept.closing)
           IS DISTINCT FROM (told.received, told.sold, told.supply, told.closing)
     ORDER BY office_id, brand_id, season, monday
"""


def day_sum_differences() -> Iterator[Difference]:
    """The day-by-day summary says what the movements say, row by row (`DaySum`)."""
    for style, office, on, position, kept, told in rows_of(_DAY_SUMS.format(told=day_sums())):
        yield Difference(
            check="day_sum",
            where={"style": style, "office": office, "on": on, "position": position},
            stored=_said(kept),
            expected=_said(told),
        )


def size_stock_differences() -> Iterator[Difference]:
    """What lies of each size is what came less what left (`SizeStock`)."""
    found = rows_of(_SIZE_STOCKS.format(told=size_stocks()))
    for style, office, colour, size, kept, told in found:
        yield Difference(
            check="size_stock",
            where={"style": style, "office": office, "colour": colour, "size": size},
            stored=kept,
            expected=told,
        )


def figure_differences() -> Iterator[Difference]:
    """The figures that pages open with are what the kept sums come to, row by row, column by
    column; a class is told of the rows as they are kept. Where something changed since they were
    made others are under way, and nothing is said. Lot by lot: memory does not grow.
    """
    from stock.figures.bulk import keeping, parts

    figures = _settled()
    if figures is None:
        return
    question = question_of(figures)
    for styles in parts.lots():
        frame = keeping.without_classes(parts.reckon_lot(question, styles))
        expected = {_place(row): row for row in parts.rows_of(frame)}
        rows = Figure.objects.filter(set=figures, style__in=styles)
        stored = {_place(row): row for row in rows.values()}
        for place in sorted(expected.keys() | stored.keys(), key=repr):
            yield from _of_place(place, stored.get(place), expected.get(place))
    yield from _class_differences(figures, terms=question.terms)


def week_figure_differences() -> Iterator[Difference]:
    """The weeks that charts draw are what the kept sums come to, where the set they are of is still
    good (`WeekFigure`).
    """
    from stock.figures.bulk.week_rows import weeks_told

    figures = _settled()
    if figures is None:
        return
    told, params = weeks_told(figures)
    for office, brand, season, monday, kept, now in rows_of(_WEEKS.format(told=told), params):
        yield Difference(
            check="week_figure",
            where={"office": office, "brand": brand, "season": season or None, "monday": monday},
            stored=_said(kept),
            expected=_said(now),
        )


def _settled() -> FigureSet | None:
    """The set that pages open with; None where something changed since it was made."""
    figures = standing_set()
    if figures is None or has_moved(figures, since=figures.seen) or has_offices_elsewhere(figures):
        return None
    return figures


_Place = tuple[object, ...]
PLACE = ("style_id", "level", "region_id", "office_id")


def _place(row: Mapping[str, Any]) -> _Place:
    return tuple(row[name] for name in PLACE)


def _of_place(
    place: _Place, stored: Mapping[str, Any] | None, expected: Mapping[str, Any] | None
) -> Iterator[Difference]:
    """What one row says otherwise: its columns, or that it is there at all."""
    where = {name.removesuffix("_id"): key for name, key in zip(PLACE, place, strict=True) if key}
    if stored is None or expected is None:
        there = {"stored": stored and "a row", "expected": expected and "a row"}
        yield Difference(check="figure", where=where, **there)
        return
    for name in expected.keys() - {*PLACE, *OF_CLASSES}:
        if _plain(stored[name]) != _plain(expected[name]):
            yield Difference(
                check="figure", where={**where, "column": name},
                stored=str(stored[name]), expected=str(expected[name]),
            )  # fmt: skip


def _plain(value: object) -> object:
    """Flags in any order; that a row has none of its like is told with its class."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return sorted(set(value) - {str(Flag.NO_PEERS)})
    return value


def _class_differences(figures: FigureSet, *, terms: Terms) -> Iterator[Difference]:
    from stock.figures.bulk import keeping

    found = keeping.classes_told(figures, terms=terms)
    if found is None:
        return
    expected = dict(zip(found[0], map(str, found[1].style_class), strict=True))
    rows = Figure.objects.filter(set=figures).order_by("pk")
    for key, style, office, stored in rows.values_list("pk", "style", "office", "style_class"):
        if stored != expected[key]:
            yield Difference(
                check="figure_class", where={"style": style, "office": office},
                stored=stored, expected=expected[key],
            )  # fmt: skip


def _said(parts: list[str | None]) -> str | None:
    """One side of a difference; None where it has no row."""
    return None if parts[0] is None else " ".join(part or "-" for part in parts)
