"""Which row is the header and which column is what, however people arrange their sheets."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.spreadsheets.tables import Cell, Row, Table

SEARCHED_ROWS = 10
# The first column of a refusal sheet, in each language we write it in. Ignored without a word.
REASON_HEADERS = ("Reason for refusal", "拒绝原因")

_REMARK = re.compile(r"[(\[【<](?:必填|选填|可选|需要|needed|required|optional)[)\]】>]")
_NOISE = re.compile(r"[\s*:_\-./·'\"]+")


@dataclass(frozen=True)
class Column:
    """One column that an import knows: its key, its names in any language, whether it is needed."""

    key: str
    names: tuple[str, ...]
    needed: bool = False


@dataclass(frozen=True)
class HeaderMatch:
    """How a header row answers to the columns of an import.

    A column that two headers claim is in `duplicates` and not in `columns`: somebody must choose
    (`needs_mapping`), and hands the choice back as `chosen`.
    """

    columns: Mapping[str, int]  # key → index of the cell
    row_index: int  # which of the given rows is the header
    number: int  # its number in the file, from 1
    headers: list[str]
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # first names of needed columns
    duplicates: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def needs_mapping(self) -> bool:
        return bool(self.duplicates)

    @property
    def duplicate_headers(self) -> list[str]:
        """The headers that stand there twice, as written."""
        indexes = (index for found in self.duplicates.values() for index in found)
        return list(dict.fromkeys(self.headers[index] for index in indexes))


def find_header(
    rows: Sequence[Row | Sequence[Cell]],
    columns: Sequence[Column],
    *,
    chosen: Mapping[str, int] | None = None,
) -> HeaderMatch:
    """Match the first rows with `columns` and take the best, needed columns counting most.

    `chosen` (key → index) settles duplicates and names columns by hand. Never raises: without any
    match the first row with text is the header and the needed columns are `missing`.
    """
    names = {folded(name): column.key for column in columns for name in column.names}
    needed = {column.key for column in columns if column.needed}
    candidates = [_cells(row) for row in rows[:SEARCHED_ROWS]] or [[]]
    found = [{names.get(folded(_text(cell))) for cell in cells} - {None} for cells in candidates]
    best = max(
        range(len(candidates)), key=lambda at: (len(found[at] & needed), len(found[at]), -at)
    )
    if not found[best]:
        best = guess_header(rows)
    first = rows[best] if rows else None
    return _matched(
        _joined(candidates, best),
        columns,
        names,
        dict(chosen or {}),
        row_index=best,
        number=first.number if isinstance(first, Row) else best + 1,
    )


def guess_header(rows: Sequence[Row | Sequence[Cell]]) -> int:
    """Which of the first rows looks like a header: the first with nearly as many texts as any."""
    texts = [len(_words(_cells(row))) for row in rows[:SEARCHED_ROWS]]
    most = max(texts, default=0)
    return next((at for at, count in enumerate(texts) if count and count >= most * 0.75), 0)


def cut_at(table: Table, row_index: int) -> Table:
    """`table` with the row at `row_index` of all its rows as the header."""
    rows = [*table.lead_rows, *table.rows]
    headers = _joined([_cells(row) for row in rows[: row_index + 1]], row_index) if rows else []
    return replace(
        table,
        title_rows_skipped=row_index,
        headers=[_text(cell) for cell in headers],
        lead_rows=rows[: row_index + 1],
        rows=rows[row_index + 1 :],
    )


def match_table(
    table: Table, columns: Sequence[Column], *, chosen: Mapping[str, int] | None = None
) -> tuple[Table, HeaderMatch]:
    """The table cut at the header that fits `columns` best, and the match."""
    match = find_header([*table.lead_rows, *table.rows[:SEARCHED_ROWS]], columns, chosen=chosen)
    return cut_at(table, match.row_index), match


def _matched(
    cells: list[Cell],
    columns: Sequence[Column],
    names: Mapping[str, str],
    chosen: dict[str, int],
    *,
    row_index: int,
    number: int,
) -> HeaderMatch:
    headers = [_text(cell) for cell in cells]
    claims: dict[str, list[int]] = {}
    unknown = []
    for index, header in enumerate(headers):
        key = names.get(folded(header))
        if key:
            claims.setdefault(key, []).append(index)
        elif header and header not in REASON_HEADERS and index not in chosen.values():
            unknown.append(header)
    taken = {key: found[0] for key, found in claims.items() if len(found) == 1} | chosen
    duplicates = {
        key: tuple(found) for key, found in claims.items() if len(found) > 1 and key not in chosen
    }
    missing = [
        column.names[0]
        for column in columns
        if column.needed and column.key not in taken and column.key not in duplicates
    ]
    return HeaderMatch(taken, row_index, number, headers, unknown, missing, duplicates)


def _joined(candidates: list[list[Cell]], at: int) -> list[Cell]:
    """The header row; where a cell is merged with the one above, its text stands up there."""
    cells = list(candidates[at]) if candidates else []
    if at == 0 or not cells:
        return cells
    above = candidates[at - 1]
    if len(_words(above)) < 2:
        return cells
    cells += [None] * (len(above) - len(cells))
    return [cell if _text(cell) else _at(above, index) for index, cell in enumerate(cells)]


def _at(cells: Sequence[Cell], index: int) -> Cell:
    return cells[index] if index < len(cells) else None


def _cells(row: Row | Sequence[Cell]) -> list[Cell]:
    return row.cells if isinstance(row, Row) else list(row)


def _words(cells: Sequence[Cell]) -> set[str]:
    """The different texts of a row that are no numbers."""
    return {
        cell.strip()
        for cell in cells
        if isinstance(cell, str) and cell.strip() and not re.fullmatch(r"[\d\s.,:/+-]+", cell)
    }


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def folded(header: str) -> str:
    """A header as it is compared: half-width, lower case, without blanks, stars and remarks."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return _NOISE.sub("", _REMARK.sub("", text))
