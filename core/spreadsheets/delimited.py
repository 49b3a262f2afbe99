"""Rows of delimited text, line by line: one bad quote spoils its own row and no other."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import median

from core.spreadsheets.encodings import text_lines
from core.spreadsheets.tables import Cell, CellFault, Limits, Row, SheetRefused

_DELIMITERS = ("\t", ",", ";", "|")
# A quoted cell may hold line breaks; one over more lines than this is an unclosed quote.
_MOST_LINES = 50
# More than fits into two hundred cells of a sensible sheet; splitting longer lines eats memory.
_LONGEST_LINE = 200_000
_BAD_BYTES = CellFault("BAD_BYTES")
_UNCLOSED_QUOTE = CellFault("UNCLOSED_QUOTE")
_LINE_TOO_LONG = CellFault("LINE_TOO_LONG")


def text_rows(content: bytes, limits: Limits, encoding: str | None) -> tuple[list[Row], str]:
    """All rows of a CSV or TSV file and its encoding, empty rows included. Raises SheetRefused."""
    text = Text(content, limits, encoding)
    return list(text), text.encoding


class Text:
    """A text file whose rows are read anew each time somebody goes through them.

    Only its lines are kept, so that a million rows need no more memory than their text.
    """

    def __init__(self, content: bytes, limits: Limits, encoding: str | None) -> None:
        read, self.encoding = text_lines(content, encoding)
        self.lines = list(read)
        if self.lines and self.lines[-1] == "":
            self.lines.pop()
        self._delimiter = _declared(self.lines) or _likeliest(self.lines)
        self._limits = limits

    def __iter__(self) -> Iterator[Row]:
        """All rows, empty ones included, up to a long gap. Raises SheetRefused."""
        empty = 0
        for count, row in enumerate(_records(self.lines, self._delimiter), start=1):
            empty = empty + 1 if row.is_empty else 0
            if empty > self._limits.max_empty_rows:
                break
            _check_size(row, count, self._limits)
            yield row


def _declared(lines: list[str | None]) -> str | None:
    """The delimiter of Excel's own first line `sep=;`, which is then emptied."""
    if lines and lines[0] and (match := re.fullmatch(r"\s*sep=(.)\s*", lines[0], re.I)):
        lines[0] = ""
        return match[1]
    return None


def _likeliest(lines: Sequence[str | None]) -> str:
    """The delimiter that gives the first lines the most cells."""
    sample = [line[:_LONGEST_LINE] for line in lines[:50] if line and line.strip()][:20]
    if not sample:
        return ","
    return max(
        _DELIMITERS,
        key=lambda delimiter: median(len(_split(line, delimiter)[0]) for line in sample),
    )


def _check_size(row: Row, count: int, limits: Limits) -> None:
    if count > limits.max_rows + 10:
        raise SheetRefused("SHEET_TOO_MANY_ROWS", {"limit": limits.max_rows})
    if len(row.cells) > limits.max_columns:
        raise SheetRefused("SHEET_TOO_MANY_COLUMNS", {"limit": limits.max_columns})


def _records(lines: list[str | None], delimiter: str) -> Iterator[Row]:
    widths = (len(_split(line[:_LONGEST_LINE], delimiter)[0]) for line in lines[:20] if line)
    width = max(widths, default=1)
    at = 0
    while at < len(lines):
        row, used = _record(lines, at, delimiter, width)
        yield row
        at += used


def _record(lines: list[str | None], at: int, delimiter: str, width: int) -> tuple[Row, int]:
    """The row that begins in line `at`, and how many lines it takes."""
    line = lines[at]
    if line is None:
        return Row(at + 1, [], (_BAD_BYTES,)), 1
    if len(line) > _LONGEST_LINE:
        return Row(at + 1, [], (_LINE_TOO_LONG,)), 1
    cells, is_open = _split(line, delimiter)
    if not is_open:
        return Row(at + 1, cells), 1
    text, closing = line, _patterns(delimiter)[2]
    for used, following in enumerate(lines[at + 1 : at + _MOST_LINES], start=2):
        if following is None or len(text) + len(following) > _LONGEST_LINE:
            break
        text += "\n" + following
        if not closing.search(following):
            continue
        cells, is_open = _split(text, delimiter)
        if not is_open and len(cells) <= width:
            return Row(at + 1, cells), used
    return Row(at + 1, [line], (_UNCLOSED_QUOTE,)), 1


def _split(line: str, delimiter: str) -> tuple[list[Cell], bool]:
    """The cells of one record, and whether its last quote is still open."""
    if '"' not in line:
        return [cell or None for cell in line.split(delimiter)], False
    quoted, plain, _ = _patterns(delimiter)
    cells: list[Cell] = []
    at = 0
    while True:
        match = quoted.match(line, at)
        if match:
            cells.append(match[1].replace('""', '"') or None)
        else:
            if line[at:].lstrip(" ").startswith('"'):
                return cells, True
            match = plain.match(line, at)
            cells.append(match[1] or None)  # type: ignore[index]  # matches the empty text, too
        at = match.end()  # type: ignore[union-attr]
        if not match[2]:  # type: ignore[index]
            return cells, False


@cache
def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A quoted cell with what ends it, a plain one, and the end of a quoted one."""
    end = re.escape(delimiter)
    return (
        re.compile(rf' *"([^"]*(?:""[^"]*)*)"[ \r]*({end}|\Z)'),
        re.compile(rf"([^{end}]*)({end}|\Z)"),
        re.compile(rf'"[ \r]*(?:{end}|\Z)'),
    )
