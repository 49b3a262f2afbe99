"""Spreadsheets out: typed cells, and no text that a program could take for a formula."""

import csv
import datetime
import io
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

import xlsxwriter
from django.utils.translation import get_language

from core.spreadsheets.headers import REASON_HEADERS
from core.spreadsheets.tables import CellFault, Row

SHANGHAI = ZoneInfo("Asia/Shanghai")

_LONGEST_CELL = 32_767
_WIDEST_COLUMN, _NARROWEST_COLUMN = 48, 6
_MEASURED_ROWS = 200
# 绿列: what is worked out and not to be filled in.
COMPUTED_GREEN = "#E2EFDA"
_FORMULA_SIGNS = "=+-@＝＋－＠"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")
_OPTIONS = {
    "constant_memory": True,  # rows are written once, in order, and forgotten
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMATS: Mapping[str, str] = {
    "text": "@",
    "integer": "#,##0",
    "number": "#,##0.####",
    "money": "#,##0.00",
    "ratio": "0.00%",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
}

OutCell = str | int | Decimal | float | bool | datetime.date | datetime.datetime | CellFault | None


@dataclass(frozen=True)
class OutColumn:
    """One column: its header, how its cells look (a key of `_FORMATS`, or "" to follow the value),
    and whether we compute it, so that nobody should type there."""

    header: str
    kind: str = ""
    computed: bool = False
    width: int | None = None


@dataclass(frozen=True)
class OutSheet:
    """One sheet: columns (plain headers will do) and rows of values in their order."""

    name: str
    columns: Sequence[OutColumn | str]
    rows: Iterable[Sequence[OutCell]]
    title: str = ""  # one line above the header: who exported what, and when


def write_workbook(sheets: Sequence[OutSheet], *, zone: ZoneInfo = SHANGHAI) -> bytes:
    """An XLSX file. Text is always text: it never becomes a formula, a link or a number.

    The header is frozen and filtered; computed columns are coloured and locked. Aware datetimes
    are written as the clock in `zone` shows them.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        taken: set[str] = set()
        for sheet in sheets:
            _SheetWriter(book, _sheet_name(sheet.name, taken), sheet, zone).write()
    return out.getvalue()


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[OutCell]]) -> bytes:
    """A CSV file in UTF-8 with its mark, as Excel expects it, every formula made harmless."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutral(header) for header in headers])
    writer.writerows([_csv_value(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def neutral(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet program would compute it.

    Blanks, controls and invisible characters in front do not hide a formula (ASVS 1.2.10).
    """
    start = next((c for c in text if unicodedata.category(c) not in _UNSEEN), "")
    is_formula = bool(start) and start in _FORMULA_SIGNS
    mark = "'" if is_formula or text[:1] in ("\t", "\r", "\n", "\0") else ""
    return mark + text.replace("\0", "")


def refusal_sheet(
    headers: Sequence[str],
    rows: Iterable[Row | Sequence[OutCell]],
    reasons: Iterable[str],
    *,
    name: str = "",
    zone: ZoneInfo = SHANGHAI,
) -> bytes:
    """The refused rows as a workbook, each with its reason in the first column.

    Mended, it can be sent in again: that column is ignored. Formulas and errors come back empty.
    """
    return write_workbook([refused_rows(headers, rows, reasons, name=name)], zone=zone)


def refused_rows(
    headers: Sequence[str],
    rows: Iterable[Row | Sequence[OutCell]],
    reasons: Iterable[str],
    *,
    name: str = "",
) -> OutSheet:
    """One sheet of refused rows: of a workbook that had several, there may be several."""
    reason_header = REASON_HEADERS[(get_language() or "zh").startswith("zh")]
    columns: list[OutColumn | str] = [
        OutColumn(reason_header, "text", computed=True, width=40),
        *headers,
    ]
    cells = ([*row.cells] if isinstance(row, Row) else [*row] for row in rows)
    paired = ([reason, *row] for reason, row in zip(reasons, cells, strict=True))
    return OutSheet(name or reason_header, columns, paired)


class _SheetWriter:
    def __init__(
        self, book: xlsxwriter.Workbook, name: str, sheet: OutSheet, zone: ZoneInfo
    ) -> None:
        self._sheet = book.add_worksheet(name)
        self._source = sheet
        self._zone = zone
        self._columns = [
            OutColumn(column) if isinstance(column, str) else column for column in sheet.columns
        ]
        self._formats = _Formats(book)
        self._widths = [len(column.header) * 2 for column in self._columns]

    def write(self) -> None:
        top = 1 if self._source.title else 0
        if top:
            self._sheet.write_string(0, 0, _xml_text(self._source.title))
        for at, column in enumerate(self._columns):
            self._sheet.write_string(
                top, at, _xml_text(column.header), self._formats.header(column.computed)
            )
        last = top
        for last, row in enumerate(self._source.rows, start=top + 1):
            for at, value in enumerate(row[: len(self._columns)]):
                self._write_cell(last, at, value)
                if last < _MEASURED_ROWS:
                    self._widths[at] = max(self._widths[at], _shown_length(value))
        self._finish(top, last)

    def _write_cell(self, row: int, at: int, value: OutCell) -> None:
        column, sheet = self._columns[at], self._sheet
        kind = column.kind or _kind(value)
        style = self._formats.cell(kind, column.computed)
        if isinstance(value, str):
            sheet.write_string(row, at, _xml_text(value), style)
        elif value is None or isinstance(value, CellFault) or _is_no_number(value):
            sheet.write_blank(row, at, None, style)
        elif kind == "text":
            sheet.write_string(row, at, str(value), style)
        elif isinstance(value, bool):
            sheet.write_boolean(row, at, value, style)
        elif isinstance(value, datetime.date):
            sheet.write_datetime(row, at, _on_the_clock(value, self._zone), style)
        else:
            sheet.write_number(row, at, value, style)

    def _finish(self, top: int, last: int) -> None:
        for at, column in enumerate(self._columns):
            width = column.width or min(
                max(self._widths[at] + 2, _NARROWEST_COLUMN), _WIDEST_COLUMN
            )
            self._sheet.set_column(at, at, width, self._formats.cell(column.kind, column.computed))
        self._sheet.freeze_panes(top + 1, 0)
        if self._columns and last > top:
            self._sheet.autofilter(top, 0, last, len(self._columns) - 1)
        if any(column.computed for column in self._columns):
            allowed = ("sort", "autofilter", "format_columns", "insert_rows", "delete_rows")
            self._sheet.protect("", dict.fromkeys(allowed, True))


class _Formats:
    """The formats of one workbook, made once each."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, bool], xlsxwriter.format.Format] = {}

    def header(self, computed: bool) -> xlsxwriter.format.Format:
        return self._make("header", computed, {"bold": True, "bottom": 1, "text_wrap": True})

    def cell(self, kind: str, computed: bool) -> xlsxwriter.format.Format:
        found = self._made.get((kind, computed))
        return found or self._make(kind, computed, {"num_format": _FORMATS.get(kind, "General")})

    def _make(
        self, kind: str, computed: bool, properties: dict[str, object]
    ) -> xlsxwriter.format.Format:
        if (kind, computed) not in self._made:
            shade = {"bg_color": COMPUTED_GREEN, "locked": True} if computed else {"locked": False}
            self._made[kind, computed] = self._book.add_format({**properties, **shade})
        return self._made[kind, computed]


def _kind(value: OutCell) -> str:
    if isinstance(value, datetime.datetime):
        return "datetime"
    if isinstance(value, datetime.date):
        return "date"
    return "text" if isinstance(value, str) else ""


def _on_the_clock(value: datetime.date, zone: ZoneInfo) -> datetime.date:
    """An aware datetime as the clock on the wall shows it: Excel knows no zones."""
    if isinstance(value, datetime.datetime) and value.tzinfo:
        return value.astimezone(zone).replace(tzinfo=None)
    return value


def _is_no_number(value: OutCell) -> bool:
    """NaN and infinity: Excel has none, and the writer would make a formula of them."""
    return isinstance(value, float | Decimal) and not math.isfinite(value)


def _shown_length(value: OutCell) -> int:
    """About how wide a value is, Chinese characters counting double."""
    text = str(value) if value is not None else ""
    return len(text) + sum(ord(c) > 0x2E7F for c in text[:_WIDEST_COLUMN])


def _xml_text(text: str) -> str:
    allowed = text if text.isprintable() else _NOT_IN_XML.sub("", text)
    return allowed[:_LONGEST_CELL]


def _csv_value(value: OutCell) -> object:
    if isinstance(value, str):
        return neutral(value)
    return "" if value is None or isinstance(value, CellFault) else value


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel accepts: no []:*?/\\, at most 31 characters, unique."""
    stem = _NOT_IN_SHEET_NAME.sub(" ", name).strip(" '") or "Sheet"
    found, number = stem[:31], 2
    while found.casefold() in taken:
        found, number = f"{stem[:27]} {number}", number + 1
    taken.add(found.casefold())
    return found
