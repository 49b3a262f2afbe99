"""The front door for files that people send in: bytes become tables, or a refusal with a reason."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePath

from core.spreadsheets.delimited import Text, text_rows
from core.spreadsheets.headers import (
    SEARCHED_ROWS,
    Column,
    cut_at,
    find_header,
    guess_header,
)
from core.spreadsheets.packages import Package
from core.spreadsheets.tables import (
    MEGABYTE,
    AmbiguousEncoding,
    Candidate,
    Cell,
    CellFault,
    Limits,
    Row,
    SheetRefused,
    Table,
)
from core.spreadsheets.workbooks import sheet_rows

__all__ = [
    "AmbiguousEncoding",
    "Candidate",
    "Cell",
    "CellFault",
    "Column",
    "Limits",
    "Row",
    "SheetRefused",
    "Table",
    "TextTable",
    "read_table",
    "read_text",
    "read_workbook",
]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(
    rb"\s*(?:<(?:!doctype|html|table|head|body|\?xml|meta|style|script|div|svg)|MIME-Version:)",
    re.I,
)
_TEXT_NAMES = (".csv", ".tsv", ".txt")
_BOOK_NAMES = (".xlsx", ".xlsm")
_BINARY = re.compile(rb"[\x01-\x08\x0e-\x1a]")


def read_table(
    filename: str,
    content: bytes,
    *,
    sheet: str | None = None,
    limits: Limits | None = None,
    encoding: str | None = None,
    columns: Sequence[Column] = (),
) -> Table:
    """Read one sheet: `sheet` by name, else the first visible one that has anything in it.

    With `columns` the header is the row that fits them best, else the row that looks like one.
    Raises SheetRefused; AmbiguousEncoding where the encoding of a text file must be asked for.
    """
    tables = _tables(filename, content, sheet, limits or Limits(), encoding, columns)
    if not tables:
        raise SheetRefused("SHEET_EMPTY")
    return next(iter(tables.values()))


def read_workbook(
    filename: str,
    content: bytes,
    *,
    limits: Limits | None = None,
    encoding: str | None = None,
    columns: Sequence[Column] = (),
) -> dict[str, Table]:
    """Read all visible sheets that have anything in them, by name and in order.

    A text file is one sheet, named after the file. Raises SheetRefused and AmbiguousEncoding.
    """
    tables = _tables(filename, content, None, limits or Limits(), encoding, columns)
    if not tables:
        raise SheetRefused("SHEET_EMPTY")
    return tables


class TextTable:
    """A text file as a table whose rows are read as somebody goes through them, again each time.

    `table` is the file cut at its header, without its rows; `lines` is how many lines there are.
    """

    def __init__(self, text: Text, name: str, columns: Sequence[Column]) -> None:
        self._text = text
        lead = list(islice((row for row in text if not row.is_empty), SEARCHED_ROWS * 2))
        self.table = replace(
            _headed(Table(0, [], lead, sheet=name, encoding=text.encoding), columns), rows=[]
        )
        self.lines = len(text.lines)

    def __iter__(self) -> Iterator[Row]:
        """The rows under the header, without the empty ones, as wide as it."""
        width = len(self.table.headers)
        last = self.table.lead_rows[-1].number if self.table.lead_rows else 0
        for row in self._text:
            if row.number > last and not row.is_empty:
                yield _within(row, width)


def read_text(
    filename: str,
    content: bytes,
    *,
    limits: Limits,
    encoding: str | None = None,
    columns: Sequence[Column] = (),
) -> TextTable | None:
    """A text file of very many rows, to be gone through; None where the bytes are a workbook.

    Raises SheetRefused, also while it is gone through, and AmbiguousEncoding.
    """
    name = _checked_name(filename, content, limits)
    if _is_workbook(name.lower(), content):
        return None
    found = TextTable(Text(content, limits, encoding), name.rsplit(".", 1)[0], columns)
    if not found.table.lead_rows:
        raise SheetRefused("SHEET_EMPTY")
    return found


def _checked_name(filename: str, content: bytes, limits: Limits) -> str:
    """The bare name of a file that is neither too large nor empty."""
    if len(content) > limits.max_bytes:
        raise SheetRefused("FILE_TOO_LARGE", {"megabytes": limits.max_bytes // MEGABYTE})
    if not content.strip():
        raise SheetRefused("FILE_EMPTY")
    return PurePath(filename.replace("\\", "/")).name


def _tables(
    filename: str,
    content: bytes,
    sheet: str | None,
    limits: Limits,
    encoding: str | None,
    columns: Sequence[Column],
) -> dict[str, Table]:
    name = _checked_name(filename, content, limits)
    if _is_workbook(name.lower(), content):
        found = _workbook_tables(content, sheet, limits)
    else:
        rows, told = text_rows(content, limits, encoding)
        found = {name.rsplit(".", 1)[0]: Table(0, [], rows, encoding=told)}
    headed = ((sheet, _headed(table, columns)) for sheet, table in found.items())
    return {sheet: table for sheet, table in headed if table.lead_rows}


def _is_workbook(name: str, content: bytes) -> bool:
    """Whether the bytes are a workbook or text; refuses all else by what it is, not by its name."""
    if content.startswith(_OLE):
        raise SheetRefused("FILE_ENCRYPTED" if _ENCRYPTED in content else "FILE_OLD_XLS")
    if content.startswith(_ZIP):
        return True
    if _MARKUP.match(content[:200].removeprefix(b"\xef\xbb\xbf")):
        raise SheetRefused("FILE_IS_HTML")
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:200]
    if _BINARY.search(content[:2000]) and not is_utf16:
        raise SheetRefused("FILE_DAMAGED" if name.endswith(_BOOK_NAMES) else "FILE_UNKNOWN")
    if not name.endswith(_TEXT_NAMES):
        is_book = name.endswith((*_BOOK_NAMES, ".xls"))
        raise SheetRefused("FILE_IS_TEXT" if is_book else "FILE_UNKNOWN")
    return False


def _workbook_tables(content: bytes, sheet: str | None, limits: Limits) -> dict[str, Table]:
    package = Package(content, limits)
    visible = [part for part in package.sheets if part.is_visible]
    hidden = tuple(part.name for part in package.sheets if not part.is_visible)
    if sheet is not None:
        wanted = [part for part in visible if part.name.strip() == sheet.strip()]
        if not wanted:
            found = ", ".join(part.name for part in visible)
            raise SheetRefused("SHEET_MISSING", {"sheet": sheet, "found": found})
        visible = wanted
    return {
        part.name: Table(
            0,
            [],
            sheet_rows(package, part, limits),
            sheet=part.name,
            since_1904=package.since_1904,
            hidden_sheets=hidden,
        )
        for part in visible
    }


def _headed(table: Table, columns: Sequence[Column]) -> Table:
    """The table cut at its header, without empty rows; no header where nothing is there."""
    rows = [row for row in table.rows if not row.is_empty]
    if not rows:
        return replace(table, rows=[])
    at = find_header(rows, columns).row_index if columns else guess_header(rows)
    cut = cut_at(replace(table, rows=rows), at)
    return replace(cut, rows=[_within(row, len(cut.headers)) for row in cut.rows])


def _within(row: Row, width: int) -> Row:
    """The row as wide as its header; what stands beyond it nobody can name, so it is a fault."""
    if len(row.cells) == width:
        return row
    if len(row.cells) < width:
        return replace(row, cells=row.cells + [None] * (width - len(row.cells)))
    if any(cell is not None and str(cell).strip() for cell in row.cells[width:]):
        ragged = CellFault("TOO_MANY_CELLS", {"found": len(row.cells), "expected": width})
        return replace(row, faults=(*row.faults, ragged))
    return replace(row, cells=row.cells[:width])
