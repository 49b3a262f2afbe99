"""Reads the rows of a sheet of stock: what a cell says is found out once, however often it stands.

A ledger of a million rows names a few thousand days, styles and prices.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.input_refused import InputRefused
from core.spreadsheets import cells
from core.spreadsheets.tables import Cell, CellFault, Row
from stock.services.importing.columns import is_sum
from stock.services.importing.facts import Remark
from stock.wording.importing import RowRefused

# Of a column with more different values than this nothing is kept any longer.
MOST_KEPT = 50_000
_FRACTION = re.compile(r"[0-9]+[.][0-9]+")
_PLAIN = re.compile(r"[!-~]+")
_UNSEEN = object()

Read = Callable[[Cell], Any]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column of a sheet: how a cell is read, what an empty one is, whether it may be empty."""

    key: str
    read: Read
    needed: bool = False
    empty: Any = None


class _Column:
    """A field at its place in the rows, with what its cells were found to say."""

    def __init__(self, field: Field, index: int | None) -> None:
        self.field, self.index = field, index
        self._known: dict[object, tuple[Any, InputRefused | None]] = {}
        # What texts say that may stand here; nothing is the text of an empty cell.
        self.plain: dict[str | None, Any] = {}
        if not field.needed:
            self.plain = {None: field.empty, "": field.empty}

    def told(self, cell: Cell) -> tuple[Any, InputRefused | None]:
        """What a cell that is not empty says, or why it cannot be read."""
        key = cell if type(cell) is str else (type(cell), cell)
        if type(cell) is CellFault:
            return self._read(cell)
        found = self._known.get(key)
        if found is None:
            found = self._read(cell)
            if len(self._known) < MOST_KEPT:
                self._known[key] = found
                value, refusal = found
                if type(cell) is str and refusal is None and value != self.field.empty:
                    self.plain[cell] = value
        return found

    def _read(self, cell: Cell) -> tuple[Any, InputRefused | None]:
        try:
            value = self.field.read(cell)
        except InputRefused as refusal:
            return self.field.empty, refusal
        return (self.field.empty if value is None else value), None


class Reader:
    """Reads all cells of each row, so that all that is wrong with it is told at once."""

    def __init__(self, fields: Sequence[Field], columns: Mapping[str, int]) -> None:
        self._columns = [_Column(field, columns.get(field.key)) for field in fields]
        self.refusals: list[Remark] = []
        self.sums: list[Remark] = []  # of rows that are a total of others: left out, not read
        self.read = 0

    def rows(self, rows: Iterable[Row]) -> Iterator[tuple[int, list[Any]]]:
        """The number and the values of each row that can be read."""
        refusals = self.refusals
        columns = [(column, column.index, column.plain) for column in self._columns]
        for row in rows:
            self.read += 1
            if row.faults:
                refusals += [Remark(row.number, "", one.code, one.params) for one in row.faults]
                continue
            before = len(refusals)
            values = []
            cells_of, width = row.cells, len(row.cells)
            for column, index, plain in columns:
                cell = cells_of[index] if index is not None and index < width else None
                if cell is None or type(cell) is str:
                    value = plain.get(cell, _UNSEEN)
                    if value is not _UNSEEN:
                        values.append(value)
                        continue
                values.append(self._told(row, column, cell))
            if len(refusals) == before:
                yield row.number, values
            elif _is_total(row, refusals[before:]):
                del refusals[before:]
                self.sums.append(Remark(row.number, "", "sum_left_out"))
                self.read -= 1

    def _told(self, row: Row, column: _Column, cell: Cell) -> Any:
        """What a cell says that is not known to be right; what is wrong with it is noted."""
        field = column.field
        value, refusal = (field.empty, None) if cell in (None, "") else column.told(cell)
        if refusal is not None:
            self.refusals.append(Remark(row.number, field.key, refusal.code, refusal.params))
        elif field.needed and value == field.empty:
            self.refusals.append(Remark(row.number, field.key, "EMPTY"))
        return value


def _is_total(row: Row, refusals: Sequence[Remark]) -> bool:
    """Whether a row that cannot be read is a total below or between the others."""
    first = next((cell for cell in row.cells if cell not in (None, "")), None)
    return (isinstance(first, str) and is_sum(first)) or any(
        remark.code == "sum_left_out" for remark in refusals
    )


def style_number(longest: int) -> Read:
    """The number of a style; a total's row has none."""
    told = text(longest)

    def read(cell: Cell) -> str:
        if isinstance(cell, str) and is_sum(cell):
            raise RowRefused("sum_left_out")
        return told(cell)

    return read


def text(longest: int) -> Read:
    """A text of one line; a number as it is written."""

    def read(cell: Cell) -> str:
        if type(cell) is str and len(cell) <= longest and _PLAIN.fullmatch(cell):
            return cell
        return cells.text(cell, longest, keep_lines=False)

    return read


def size(longest: int) -> Read:
    """A size: 36.0 is 36, as is ３６; 36.50 is 36.5."""
    plain = text(longest)

    def read(cell: Cell) -> str:
        found = unicodedata.normalize("NFKC", plain(cell)).strip()
        return found.rstrip("0").rstrip(".") if _FRACTION.fullmatch(found) else found

    return read


def line(longest: int) -> Read:
    """The number of a line, which one program writes as 01 and another as 1.0; or a word."""
    plain = size(longest)

    def read(cell: Cell) -> str:
        found = plain(cell)
        return found.lstrip("0") or "0" if found.isascii() and found.isdecimal() else found

    return read


def money(cell: Cell) -> Decimal | None:
    """Yuan a pair, also nothing."""
    return cells.money(cell, allow_zero=True, max_digits=9)


def price(cell: Cell) -> Decimal | None:
    """Yuan a pair, above nothing."""
    return cells.money(cell, max_digits=10)


def whole(minimum: int, maximum: int) -> Read:
    """A whole number within limits."""
    return lambda cell: cells.integer(cell, minimum=minimum, maximum=maximum)


def day(earliest: date, latest: date, *, since_1904: bool) -> Read:
    """A calendar day within limits, both included."""

    def read(cell: Cell) -> date | None:
        found = cells.day(cell, earliest=earliest, latest=latest, since_1904=since_1904)
        return found.date() if isinstance(found, datetime) else found

    return read
