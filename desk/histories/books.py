"""From the bytes of a workbook to its sheets: contacts, opportunities, and lead filings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.spreadsheets.headers import HeaderMatch, find_header
from core.spreadsheets.read import read_workbook
from core.spreadsheets.tables import Row, Table
from desk.histories.columns import ALL_COLUMNS, COLUMNS, CONTACTS, FILINGS, SALES, SHEET_NAMES
from desk.imports.facts import Remark
from desk.imports.sheets import LIMITS
from desk.imports.wording import ImportRefused


@dataclass(frozen=True, kw_only=True)
class Part:
    """One sheet of a history, with its columns told apart."""

    kind: str
    table: Table
    match: HeaderMatch

    @property
    def rows(self) -> list[Row]:
        """Hidden rows are read, too: an old ledger hides what is done."""
        return self.table.rows


@dataclass(frozen=True, kw_only=True)
class Book:
    """A workbook with what of it is read, and what was left out."""

    parts: Mapping[str, Part] = field(default_factory=dict)
    notes: Sequence[Remark] = ()

    @property
    def count(self) -> int:
        return sum(len(part.rows) for part in self.parts.values())


def open_book(filename: str, content: bytes, *, encoding: str = "") -> Book:
    """The sheets of a history. Raises SheetRefused, AmbiguousEncoding among them, ImportRefused."""
    tables = read_workbook(
        filename, content, limits=LIMITS, encoding=encoding or None, columns=ALL_COLUMNS
    )
    parts: dict[str, Part] = {}
    strange: list[str] = []
    for name, table in tables.items():
        part = _part(name, table)
        if part is None or part.kind in parts:
            strange.append(name)
        else:
            parts[part.kind] = part
    notes = _notes(strange, next(iter(tables.values())))
    for part in parts.values():
        _refuse_unclear(part)
    if not any(part.rows for part in parts.values()):
        raise ImportRefused.because("no_history" if not parts else "no_rows")
    return Book(parts=parts, notes=notes)


def _part(name: str, table: Table) -> Part | None:
    """What a sheet is: by its name, else by the columns it has."""
    wanted = name.strip().casefold()
    named = [kind for kind, names in SHEET_NAMES.items() if wanted in names]
    for kind in named or (CONTACTS, SALES, FILINGS):
        match = find_header(table.lead_rows, COLUMNS[kind])
        if named or not match.missing:
            return Part(kind=kind, table=table, match=match)
    return None


def _refuse_unclear(part: Part) -> None:
    match = part.match
    if match.missing:
        raise ImportRefused.because(
            "columns_missing",
            columns=", ".join(match.missing),
            headers=", ".join(header for header in match.headers if header)[:200],
        )
    if match.duplicates:
        raise ImportRefused.because("columns_twice", columns=", ".join(match.duplicate_headers))


def _notes(strange: Sequence[str], first: Table) -> list[Remark]:
    notes = []
    if strange:
        sheets = {"sheets": ", ".join(strange)}
        notes.append(Remark(row=0, column="", code="sheets_left_out", params=sheets))
    if first.hidden_sheets:
        sheets = {"sheets": ", ".join(first.hidden_sheets)}
        notes.append(Remark(row=0, column="", code="hidden_sheets_skipped", params=sheets))
    return notes
