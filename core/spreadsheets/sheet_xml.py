"""A quick look over a worksheet's XML before the parser sees it.

The parser (calamine) allocates every cell between the first and the last one: a single value in
cell XFD1048576 ends the process, and no `except` catches that. It also gives no sign of formulas
and of error values. So the tags of all cells are read here, strictly: what is not written the way
spreadsheet programs write it is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from core.spreadsheets.tables import Limits, SheetRefused

_SEGMENT = 1024 * 1024
_P = rb"""(?:[^<>\s/"'=:!?]+:)?"""  # some programs write <x:c> for <c>
_ATTRIBUTES = rb"""((?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*)\s*(/?)>"""
_BEGIN = re.compile(rb"<" + _P + rb"sheetData\s*(/?)>")
_END = re.compile(rb"</" + _P + rb"sheetData\s*>")
_ANY_ROW = re.compile(rb"<" + _P + rb"row(?=[\s/>])")
_ANY_CELL = re.compile(rb"<" + _P + rb"c(?=[\s/>])")
_ROW = re.compile(rb"<" + _P + rb"row" + _ATTRIBUTES)
# The way everybody writes a cell, without formula or error. Anything else takes the slow road.
_CELL = re.compile(
    rb"""<c r="([A-Z]{1,3})([1-9]\d{0,6})"(?: [st]="(?!e")\w*"){0,2} ?(/?)>(?!\s*<[^<>]*f[\s/>])"""
)
_ROW_OR_CELL = re.compile(rb"<" + _P + rb"(row|c)" + _ATTRIBUTES)
_ATTRIBUTE = re.compile(rb"""\s([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(rb"([A-Z]{1,3})([1-9]\d{0,6})")
_FORMULA = re.compile(rb"<" + _P + rb"f(?=[\s/>])")
_VALUE = re.compile(rb"<" + _P + rb"(?:v|is)\s*>\s*[^<\s]|<" + _P + rb"is\s*>")
_ARRAY = re.compile(rb"""<""" + _P + rb"""f\b[^>]*\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)\"""")
_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")


@dataclass
class SheetScan:
    """What was seen: the extent of the values, and the cells whose value is not to be trusted."""

    rows: set[int] = field(default_factory=set)  # numbers of the rows with values, from 1
    width: int = 0
    hidden: set[int] = field(default_factory=set)
    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)  # (row, column) → cached?
    errors: set[tuple[int, int]] = field(default_factory=set)
    trimmed: bytes | None = None  # the XML without what lies behind a long gap

    @property
    def last_row(self) -> int:
        return max(self.rows, default=0)


def scan(xml: bytes, limits: Limits) -> SheetScan:
    """Look over one worksheet. Raises SheetRefused where it is too large or oddly written."""
    start, end = _sheet_data(xml)
    found = _scan_between(xml, start, end)
    kept = _last_before_gap(found.rows, limits.max_empty_rows)
    if kept < found.last_row:
        cut = _cut_behind(xml, start, end, kept)
        found = _scan_between(xml, start, cut)
        found.trimmed = xml[:cut] + xml[end:]
        if found.last_row > kept:
            raise SheetRefused("FILE_UNSAFE")
    _check_extent(found, limits)
    return found


def column_number(letters: bytes) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _sheet_data(xml: bytes) -> tuple[int, int]:
    """Where the rows begin and end. There must be no second place that the parser could take."""
    # Comments, CDATA and processing instructions could hide cells from us.
    if b"<!" in xml or xml.find(b"<?", 10) != -1:
        raise SheetRefused("FILE_UNSAFE")
    begin = _BEGIN.search(xml)
    if not begin or xml.count(b"sheetData") != (1 if begin[1] else 2):
        raise SheetRefused("FILE_DAMAGED")
    if begin[1]:
        return len(xml), len(xml)
    end = _END.match(xml, xml.rfind(b"<", begin.end(), xml.rfind(b"sheetData")))
    if not end:
        raise SheetRefused("FILE_DAMAGED")
    return begin.end(), end.start()


def _scan_between(xml: bytes, start: int, end: int) -> SheetScan:
    found, row = SheetScan(), 0
    letters: set[bytes] = set()
    numbers: set[bytes] = set()
    for segment in _segments(xml, start, end):
        cells = _CELL.findall(segment)
        if len(cells) != segment.count(b"<c") or b":c" in segment or b"hidden" in segment:
            row = _scan_carefully(segment, found, row)
        elif cells:
            row = int(cells[-1][1])
            valued = [cell for cell in cells if not cell[2]] if b"/>" in segment else cells
            letters.update(column for column, _, _ in valued)
            numbers.update(number for _, number, _ in valued)
        else:
            row += len(_ANY_ROW.findall(segment))
    found.rows.update(map(int, numbers))
    found.width = max([found.width, *(column_number(column) + 1 for column in letters)])
    return found


def _segments(xml: bytes, start: int, end: int) -> Iterator[bytes]:
    """Pieces of about a megabyte that begin with a row, so that no copy of the whole is made."""
    while start < end:
        border = _ANY_ROW.search(xml, start + _SEGMENT, end)
        stop = border.start() if border else end
        yield xml[start:stop]
        start = stop


def _scan_carefully(segment: bytes, found: SheetScan, row: int) -> int:
    """Each row and cell by itself, also without references; return the last row's number."""
    tags = list(_ROW_OR_CELL.finditer(segment))
    if len(tags) != len(_ANY_CELL.findall(segment)) + len(_ANY_ROW.findall(segment)):
        raise SheetRefused("FILE_UNSAFE")
    column = -1
    for tag, following in zip_longest(tags, tags[1:]):
        attributes = _attributes(tag[2])
        if tag[1] == b"row":
            row, column = _row_number(attributes.get(b"r"), row + 1), -1
            if _HIDDEN.search(tag[2]):
                found.hidden.add(row)
            continue
        column, row = _place(attributes.get(b"r"), column + 1, row)
        if not tag[3]:
            inner = segment[tag.end() : following.start() if following else len(segment)]
            _note_cell(found, (row, column), tag[2], inner)
    return row


def _attributes(text: bytes) -> dict[bytes, bytes]:
    pairs = _ATTRIBUTE.findall(text)
    attributes = {name: double or single for name, double, single in pairs}
    if len(attributes) != len(pairs):
        raise SheetRefused("FILE_UNSAFE")
    return attributes


def _row_number(text: bytes | None, following: int) -> int:
    if text is None:
        return following
    if not re.fullmatch(rb"[1-9]\d{0,6}", text):
        raise SheetRefused("FILE_UNSAFE")
    return int(text)


def _place(reference: bytes | None, column: int, row: int) -> tuple[int, int]:
    if reference is None:
        return column, row
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise SheetRefused("FILE_UNSAFE")
    return column_number(match[1]), int(match[2])


def _note_cell(found: SheetScan, place: tuple[int, int], attributes: bytes, inner: bytes) -> None:
    found.rows.add(place[0])
    found.width = max(found.width, place[1] + 1)
    if _ERROR.search(attributes):
        found.errors.add(place)
    if _FORMULA.search(inner):
        found.formulas[place] = bool(_VALUE.search(inner))
        _note_array(found, inner)


def _note_array(found: SheetScan, inner: bytes) -> None:
    """Mark the cells that a formula of many cells fills: they carry values and no formula."""
    match = _ARRAY.search(inner)
    if not match or b"shared" in inner:
        return
    rows = range(int(match[2]), min(int(match[4]), int(match[2]) + 10_000) + 1)
    first, last = column_number(match[1]), column_number(match[3])
    for row in rows:
        for column in range(first, min(last, first + 200) + 1):
            found.formulas.setdefault((row, column), True)


def _last_before_gap(rows: set[int], gap: int) -> int:
    """The last row that at most `gap` empty rows part from those above it."""
    last = 0
    for row in sorted(rows):
        if row - last > gap + 1:
            break
        last = row
    return last


def _cut_behind(xml: bytes, start: int, end: int, last: int) -> int:
    """Where the rows behind number `last` begin in the XML."""
    row = 0
    for match in _ROW.finditer(xml, start, end):
        row = _row_number(_attributes(match[1]).get(b"r"), row + 1)
        if row > last:
            return match.start()
    raise SheetRefused("FILE_UNSAFE")


def _check_extent(found: SheetScan, limits: Limits) -> None:
    if found.last_row > limits.max_rows:
        raise SheetRefused("SHEET_TOO_MANY_ROWS", {"limit": limits.max_rows})
    if found.width > limits.max_columns:
        raise SheetRefused("SHEET_TOO_MANY_COLUMNS", {"limit": limits.max_columns})
    if found.last_row * found.width > limits.max_cells:
        raise SheetRefused("SHEET_TOO_MANY_CELLS")
