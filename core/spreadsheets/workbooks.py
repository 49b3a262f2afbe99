"""The rows of a workbook, typed, from a package that has been checked."""

import datetime
import io
import math
from collections.abc import Iterable
from decimal import Decimal

import python_calamine

from core.spreadsheets.packages import Package, SheetPart
from core.spreadsheets.sheet_xml import SheetScan, scan
from core.spreadsheets.tables import Cell, CellFault, Limits, Row, SheetRefused

# Excel keeps 15 digits: a longer number has lost its last ones already.
_LARGEST_EXACT = 10**15
_FORMULA_CACHED = CellFault("FORMULA_CELL")
_FORMULA_WITHOUT_VALUE = CellFault("FORMULA_WITHOUT_VALUE")
_ERROR_VALUE = CellFault("ERROR_VALUE")
_DIGITS_LOST = CellFault("DIGITS_LOST")
_NO_NUMBER = CellFault("NOT_A_NUMBER")


def sheet_rows(package: Package, part: SheetPart, limits: Limits) -> list[Row]:
    """All rows of one sheet down to its last value, empty ones included. Raises SheetRefused.

    Merged cells read as if each of their cells held the value, as the eye takes them; only a
    title over several columns stays in its first.
    """
    found = scan(package.read(part.path), limits)
    if not found.rows:
        return []
    content = package.with_part(part.path, found.trimmed) if found.trimmed else package.content
    sheet = _parse(content, part.name)
    rows = [_cells(cells) for cells in sheet.to_python(skip_empty_area=False)]
    _mark(rows, found)
    _fill_merged(rows, sheet.merged_cell_ranges or ())
    return [
        Row(number=number, cells=cells, is_hidden=number in found.hidden)
        for number, cells in enumerate(rows, start=1)
    ]


def _parse(content: bytes, name: str) -> python_calamine.CalamineSheet:
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        return workbook.get_sheet_by_name(name)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of the parser is no Exception
        raise SheetRefused("FILE_DAMAGED") from None


def _cells(values: Iterable[object]) -> list[Cell]:
    """The parser's values as ours: floats become int or Decimal, empty text None."""
    return [(value or None) if type(value) is str else _typed(value) for value in values]


def _typed(value: object) -> Cell:
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, bool | datetime.date):
        return value
    return str(value)  # a time of day or a span: text, for whoever expects one


def _number(value: float) -> Cell:
    if not math.isfinite(value):
        return _NO_NUMBER
    if abs(value) >= _LARGEST_EXACT:
        return _DIGITS_LOST
    return int(value) if value.is_integer() else Decimal(repr(value))


def _mark(rows: list[list[Cell]], found: SheetScan) -> None:
    """Put faults where the scan saw formulas and error values.

    A cached value is not trusted either: it is whatever the last program left there, and XlsxWriter
    leaves 0.
    """
    for (number, column), is_cached in found.formulas.items():
        _put(rows, number, column, _FORMULA_CACHED if is_cached else _FORMULA_WITHOUT_VALUE)
    for number, column in found.errors:
        _put(rows, number, column, _ERROR_VALUE)


def _put(rows: list[list[Cell]], number: int, column: int, fault: CellFault) -> None:
    """Set one cell, in a row that the parser may have left out for having no values."""
    rows.extend([] for _ in range(number - len(rows)))
    row = rows[number - 1]
    row.extend([None] * (column + 1 - len(row)))
    row[column] = fault


def _fill_merged(
    rows: list[list[Cell]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    """Repeat a value down the rows of a merged cell; never sideways, where it is a title."""
    budget = sum(map(len, rows))
    for (top, left), (bottom, _right) in ranges:
        last = min(bottom, len(rows) - 1)
        budget -= max(0, last - top)
        if last <= top or left >= len(rows[top]) or budget < 0:
            continue
        for row in rows[top + 1 : last + 1]:
            if left < len(row) and row[left] is None:
                row[left] = rows[top][left]
