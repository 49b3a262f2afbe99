"""From the bytes of a file to the rows of the sheet that is to be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from core.spreadsheets.headers import Column, HeaderMatch, find_header
from core.spreadsheets.read import read_workbook
from core.spreadsheets.tables import Limits, Row, SheetRefused, Table
from desk.imports.columns import COLUMNS
from desk.imports.facts import Remark
from desk.imports.rows import Facts, ReadRow
from desk.imports.wording import ImportRefused
from staff.services import stores_import

STORE_SHEETS = (stores_import.SHEET, "stores")
LIMITS = Limits(max_rows=120_000, max_columns=200)
PACE = 500

Advance = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the importer said about a file; the rest is found out.

    `columns` (key → index), where given, is the whole mapping and not a correction of it.
    """

    encoding: str = ""
    columns: Mapping[str, int] | None = None
    includes_hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The sheet of a file that is to be read, with its columns told apart.

    `wanted` are all columns that such a sheet may have.
    """

    wanted: Sequence[Column]
    table: Table
    columns: Mapping[str, int]
    headers: Sequence[str]
    header_number: int
    unknown: Sequence[str] = ()
    missing: Sequence[str] = ()
    duplicates: Sequence[str] = ()
    notes: Sequence[Remark] = ()
    stores: Table | None = None  # the sheet 门店, where the workbook carries one

    @property
    def rows(self) -> list[Row]:
        return self.table.rows

    @property
    def named(self) -> dict[str, str]:
        """The header of each column, as the sheet writes it."""
        return {key: self.headers[index] for key, index in self.columns.items()}

    @property
    def is_clear(self) -> bool:
        """All is told apart: the sheet can be read."""
        return not self.missing and not self.duplicates


@dataclass(frozen=True, kw_only=True)
class Reading(Generic[Facts]):
    """A sheet, read."""

    rows: Sequence[Facts]
    count: int
    refusals: Sequence[Remark] = ()
    warnings: Sequence[Remark] = ()


def is_store_sheet(name: str) -> bool:
    return name.strip().casefold() in STORE_SHEETS


def open_sheet(
    filename: str, content: bytes, choices: Choices, wanted: Sequence[Column] = COLUMNS
) -> Opened:
    """Find the sheet of a file that has the `wanted` columns, by default those of customers.

    Raises SheetRefused, AmbiguousEncoding among them.
    """
    tables = read_workbook(
        filename,
        content,
        limits=LIMITS,
        encoding=choices.encoding or None,
        columns=wanted,
    )
    named = {name: table for name, table in tables.items() if not is_store_sheet(name)}
    if not named:
        raise SheetRefused("SHEET_EMPTY")
    matched = [(name, table, find_header(table.lead_rows, wanted)) for name, table in named.items()]
    fitting = [found for found in matched if not _missing(found[2].columns, found[2], wanted)]
    name, table, match = (fitting or matched)[0]
    others = [other for other, _table, _match_ in fitting if other != name]
    stores = next((tables[name] for name in tables if name not in named), None)
    return _opened(table, match, choices, wanted, others=others, stores=stores)


def _opened(
    table: Table,
    match: HeaderMatch,
    choices: Choices,
    wanted: Sequence[Column],
    *,
    others: Sequence[str],
    stores: Table | None,
) -> Opened:
    columns = dict(match.columns)
    unknown, duplicates = list(match.unknown), list(match.duplicate_headers)
    if choices.columns is not None:
        keys = {column.key for column in wanted}
        columns = {
            key: index
            for key, index in choices.columns.items()
            if key in keys and 0 <= index < len(match.headers)
        }
        duplicates = []
        unknown = [
            header
            for index, header in enumerate(match.headers)
            if header and index not in columns.values()
        ]
    return Opened(
        wanted=wanted,
        table=table,
        columns=columns,
        headers=match.headers,
        header_number=match.number,
        unknown=unknown,
        missing=_missing(columns, match, wanted, is_chosen=choices.columns is not None),
        duplicates=duplicates,
        notes=_notes(table, choices, others),
        stores=stores,
    )


def _missing(
    columns: Mapping[str, int],
    match: HeaderMatch,
    wanted: Sequence[Column],
    *,
    is_chosen: bool = False,
) -> list[str]:
    """Names of needed columns that are not there; a WeChat id can stand for the phone."""
    claimed = set(columns) | (set() if is_chosen else set(match.duplicates))
    if "wechat" in claimed:
        claimed.add("phone")
    return [c.names[0] for c in wanted if c.needed and c.key not in claimed]


def _notes(table: Table, choices: Choices, others: Sequence[str]) -> list[Remark]:
    """What was left out of the file, said once for the whole of it."""
    notes = []
    if table.hidden_rows and not choices.includes_hidden:
        notes.append(_note("hidden_rows_skipped", count=table.hidden_rows))
    if table.hidden_sheets:
        notes.append(_note("hidden_sheets_skipped", sheets=", ".join(table.hidden_sheets)))
    if others:
        notes.append(_note("sheets_not_read", sheets=", ".join(others)))
    return notes


def _note(code: str, **params: object) -> Remark:
    return Remark(row=0, column="", code=code, params=params)


def refuse_unclear(opened: Opened) -> None:
    """Raise ImportRefused where the columns cannot be told apart, or nothing is there."""
    if opened.missing:
        raise ImportRefused.because(
            "columns_missing",
            columns=", ".join(opened.missing),
            headers=", ".join(header for header in opened.headers if header)[:200],
        )
    if opened.duplicates:
        raise ImportRefused.because("columns_twice", columns=", ".join(opened.duplicates))
    if not opened.rows:
        raise ImportRefused.because("no_rows")


def read_rows(
    opened: Opened,
    read: Callable[[Row], ReadRow[Facts]],
    choices: Choices,
    advance: Advance = lambda done, total: None,
) -> Reading[Facts]:
    """Have `read` read all rows under the header."""
    wanted = [row for row in opened.rows if choices.includes_hidden or not row.is_hidden]
    rows: list[Facts] = []
    refusals: list[Remark] = []
    warnings: list[Remark] = []
    for done, row in enumerate(wanted, start=1):
        found = read(row)
        if found.row is not None:
            rows.append(found.row)
        refusals += found.refusals
        warnings += found.warnings
        if done % PACE == 0:
            advance(done, len(wanted))
    return Reading(
        rows=rows,
        count=len(wanted),
        refusals=refusals,
        warnings=warnings,
    )
