"""From the bytes of a file to its sheets of stock, each with its columns told apart."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.spreadsheets.headers import REASON_HEADERS, HeaderMatch, find_header
from core.spreadsheets.read import read_text, read_workbook
from core.spreadsheets.tables import MEGABYTE, Limits, Row, Table
from staff.services import stores_import
from stock.services.importing.columns import (
    ALL_COLUMNS,
    COLUMNS,
    IN_TRANSIT,
    MOVEMENTS,
    NOT_OF_TRACKED,
    PRICES,
    REQUESTS,
    SHEET_NAMES,
    STYLES,
    TELLING,
    TRACKED,
    is_computed,
)
from stock.services.importing.facts import Remark
from stock.wording.importing import StockNotImported

# A text file is gone through row by row; a workbook is unpacked as a whole.
LIMITS = Limits(max_bytes=120 * MEGABYTE, max_rows=1_100_000, max_columns=200)
BOOK_LIMITS = Limits(max_bytes=40 * MEGABYTE, max_inflated_bytes=600 * MEGABYTE,
                     max_cells=8_000_000, max_rows=400_000)  # fmt: skip
STORE_SHEETS = (stores_import.SHEET, "stores")
# What was chosen for a sheet of these headers before: key → index; None where nothing was.
Remembered = Callable[[str, Sequence[str]], Mapping[str, int] | None]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One sheet, its columns told apart. `rows` may be gone through again and again."""

    kind: str
    name: str
    headers: Sequence[str]
    header_number: int
    columns: Mapping[str, int]
    rows: Iterable[Row]
    count: int  # of a text file about
    computed: Sequence[str] = ()
    unknown: Sequence[str] = ()
    missing: Sequence[str] = ()
    duplicates: Sequence[str] = ()
    hidden_rows: int = 0
    since_1904: bool = False
    is_tracking: bool = False  # our own sheet of styles with their figures
    is_chosen: bool = False

    @property
    def is_mended(self) -> bool:
        """Whether this is our own sheet of refused rows: not all there is, but what was mended."""
        return any(header in REASON_HEADERS for header in self.headers)

    @property
    def named(self) -> dict[str, str]:
        """The header of each column, as the sheet writes it."""
        return {key: self.headers[index] for key, index in self.columns.items()}

    @property
    def is_clear(self) -> bool:
        return not self.missing and not self.duplicates


@dataclass(frozen=True, kw_only=True)
class Book:
    """A file with what of it is read, and what was left out."""

    parts: Mapping[str, Part]
    stores: Table | None = None
    encoding: str = ""
    notes: Sequence[Remark] = ()

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts.values())


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the importer said about a file; the rest is found out.

    `columns` is by sheet, key → index: where given it is the whole mapping. `has_office` says that
    rows without an office are of a known one, so that the column may be missing.
    """

    encoding: str = ""
    columns: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    has_office: bool = False


def open_book(
    filename: str,
    content: bytes,
    choices: Choices,
    remembered: Remembered,
) -> Book:
    """The sheets of a file. Raises SheetRefused, AmbiguousEncoding among them."""
    text = read_text(
        filename, content, limits=LIMITS, encoding=choices.encoding or None, columns=ALL_COLUMNS
    )
    if text is not None:
        told = _told_apart("", text.table) or _likeliest(text.table)
        part = _part(told, text.table, choices, remembered, rows=text, count=text.lines)
        return Book(parts={part.kind: part}, encoding=text.table.encoding)
    tables = read_workbook(filename, content, limits=BOOK_LIMITS, columns=ALL_COLUMNS)
    stores = next((table for name, table in tables.items() if _is_stores(name)), None)
    goods = {name: table for name, table in tables.items() if not _is_stores(name)}
    found: dict[str, Part] = {}
    strange: list[str] = []
    for name, table in goods.items():
        known = _told_apart(name, table)
        if known is None or known[0] in found:
            strange.append(name)
        else:
            found[known[0]] = _part(known, table, choices, remembered)
    if not found and goods and stores is None:
        name, table = next(iter(goods.items()))
        part = _part(_likeliest(table), table, choices, remembered)
        found, strange = {part.kind: part}, [other for other in strange if other != name]
    ordered = {kind: found[kind] for kind in SHEET_NAMES if kind in found}
    hidden = next(iter(tables.values())).hidden_sheets
    return Book(parts=ordered, stores=stores, notes=_notes(strange, hidden))


def _is_stores(name: str) -> bool:
    return name.strip().casefold() in STORE_SHEETS


def _told_apart(name: str, table: Table) -> tuple[str, HeaderMatch] | None:
    """What a sheet is: by its name, else by the columns it has."""
    wanted = name.strip().casefold()
    for kind, names in SHEET_NAMES.items():
        if wanted in names:
            return kind, find_header(table.lead_rows, COLUMNS[kind])
    for kind in (MOVEMENTS, STYLES, REQUESTS, IN_TRANSIT, PRICES):
        match = find_header(table.lead_rows, COLUMNS[kind])
        telling = TELLING.get(kind)
        if not match.missing and (telling is None or telling & set(match.columns)):
            return kind, match
    return None


def _likeliest(table: Table) -> tuple[str, HeaderMatch]:
    """The kind of which the sheet has the most columns, so that it can be said what is missing."""
    matched = {kind: find_header(table.lead_rows, columns) for kind, columns in COLUMNS.items()}
    kind = max(matched, key=lambda one: (len(matched[one].columns), one == MOVEMENTS))
    return kind, matched[kind]


def _part(
    told: tuple[str, HeaderMatch],
    table: Table,
    choices: Choices,
    remembered: Remembered,
    *,
    rows: Iterable[Row] | None = None,
    count: int | None = None,
) -> Part:
    kind, match = told
    computed = [header for header in match.unknown if is_computed(header)]
    is_tracking = kind == STYLES and len(computed) >= TRACKED
    left = NOT_OF_TRACKED if is_tracking else frozenset()
    columns = {key: index for key, index in match.columns.items() if key not in left}
    not_read = [match.headers[index] for key, index in match.columns.items() if key in left]
    part = Part(
        kind=kind,
        name=table.sheet,
        headers=match.headers,
        header_number=match.number,
        columns=columns,
        rows=table.rows if rows is None else rows,
        count=len(table.rows) if count is None else count,
        computed=computed,
        unknown=[*not_read, *(header for header in match.unknown if header not in computed)],
        missing=_missing(kind, match.columns, match, is_tracking, choices),
        duplicates=list(match.duplicate_headers),
        hidden_rows=table.hidden_rows,
        since_1904=table.since_1904,
        is_tracking=is_tracking,
    )
    chosen = choices.columns.get(kind) or remembered(kind, match.headers)
    return part if chosen is None else _as_chosen(part, chosen, match, choices)


def _as_chosen(part: Part, chosen: Mapping[str, int], match: HeaderMatch, choices: Choices) -> Part:
    """The same sheet with columns that somebody chose."""
    keys = {column.key for column in COLUMNS[part.kind]}
    columns = {
        key: index
        for key, index in chosen.items()
        if key in keys and 0 <= index < len(part.headers)
    }
    left = [
        header
        for index, header in enumerate(part.headers)
        if header and index not in columns.values() and header not in REASON_HEADERS
    ]
    return replace(
        part,
        columns=columns,
        missing=_missing(part.kind, columns, None, part.is_tracking, choices),
        duplicates=(),
        unknown=[header for header in left if not is_computed(header)],
        computed=[header for header in left if is_computed(header)],
        is_chosen=True,
    )


def _missing(
    kind: str,
    columns: Mapping[str, int],
    match: HeaderMatch | None,
    is_tracking: bool,
    choices: Choices,
) -> list[str]:
    """Names of needed columns that are not there."""
    claimed = set(columns) | set(match.duplicates if match else ())
    if choices.has_office:
        claimed.add("office")
    if is_tracking:
        claimed.add("tag_price")
    return [c.names[0] for c in COLUMNS[kind] if c.needed and c.key not in claimed]


def _notes(strange: Sequence[str], hidden: Sequence[str]) -> list[Remark]:
    left_out = (("sheets_left_out", strange), ("hidden_sheets_skipped", hidden))
    return [Remark(0, "", code, {"sheets": ", ".join(names)}) for code, names in left_out if names]


def refuse_unclear(book: Book) -> None:
    """Raise StockNotImported where columns cannot be told apart, or nothing is there."""
    for part in book.parts.values():
        sheet = {"sheet": SHEET_NAMES[part.kind][0]}
        if part.missing:
            headers = ", ".join(header for header in part.headers if header)[:200]
            raise StockNotImported.because(
                "columns_missing", columns=", ".join(part.missing), headers=headers, **sheet
            )
        if part.duplicates:
            raise StockNotImported.because(
                "columns_twice", columns=", ".join(part.duplicates), **sheet
            )
    if book.stores is None and not any(_first(part.rows) for part in book.parts.values()):
        raise StockNotImported.because("no_rows")


def _first(rows: Iterable[Row]) -> Row | None:
    found: Iterator[Row] = iter(rows)
    return next(found, None)
