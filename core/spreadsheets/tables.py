"""What a spreadsheet is to us once it has been read, and why it may be refused."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.input_refused import InputRefused

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class CellFault:
    """Stands in the place of a cell without a trustworthy value; `code` as in `faults`."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return ""


Cell = str | datetime.date | datetime.datetime | Decimal | int | bool | CellFault | None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much of a file is read at most. Bytes are counted while inflating, never believed."""

    max_bytes: int = 10 * MEGABYTE
    max_inflated_bytes: int = 200 * MEGABYTE
    max_ratio: int = 100  # inflated : compressed, looked at once a part is over `ratio_floor`
    ratio_floor: int = MEGABYTE
    max_entries: int = 2_000
    max_strings: int = 1_000_000
    max_rows: int = 200_000
    max_columns: int = 200
    max_cells: int = 4_000_000
    max_empty_rows: int = 1_000  # what follows a longer gap is not read


@dataclass(slots=True)  # not frozen: a sheet makes 200,000 of them
class Row:
    """One row as it stands in the file.

    `number` counts from 1, as Excel or a text editor shows it. `faults` concern the whole row
    (damaged bytes, an unclosed quote, too many cells): such a row must be refused.
    """

    number: int
    cells: list[Cell]
    faults: tuple[CellFault, ...] = ()
    is_hidden: bool = False

    def cell(self, index: int | None) -> Cell:
        """The cell at `index`, None where the row is shorter or the column is not there."""
        return self.cells[index] if index is not None and index < len(self.cells) else None

    @property
    def is_empty(self) -> bool:
        if self.faults:
            return False
        for cell in self.cells:
            if cell is not None and (not isinstance(cell, str) or cell.strip()):
                return False
        return True


@dataclass(frozen=True)
class Table:
    """One sheet, taken apart at its header row.

    `rows` are the rows under the header without the empty ones; `lead_rows` the titles and the
    header itself. `since_1904` must be handed to the readers of dates.
    """

    title_rows_skipped: int
    headers: list[str]
    rows: list[Row]
    lead_rows: list[Row] = field(default_factory=list)
    sheet: str = ""
    encoding: str = ""
    since_1904: bool = False
    hidden_sheets: tuple[str, ...] = ()

    @property
    def hidden_rows(self) -> int:
        """How many rows the sheet hides: the preview says so and asks before importing them."""
        return sum(row.is_hidden for row in self.rows)


class SheetRefused(InputRefused):
    """A file is refused as a whole, before any row is looked at."""

    messages = {
        "FILE_TOO_LARGE": _("The file is larger than %(megabytes)s MB. Split it."),
        "FILE_EMPTY": _("The file is empty."),
        "FILE_DAMAGED": _("The file is damaged. Open it in Excel or WPS and save it again."),
        "FILE_UNKNOWN": _("This is no spreadsheet that can be read. Save it as .xlsx or .csv."),
        "FILE_UNSAFE": _(
            "The file holds parts that a spreadsheet does not need and that may do harm. "
            "Open it in Excel or WPS and save it again as .xlsx."
        ),
        "FILE_INFLATES": _(
            "The file unpacks to far more than a spreadsheet should. It is refused."
        ),
        "FILE_TOO_MANY_PARTS": _("The file has too many parts. Save it again as .xlsx."),
        "FILE_TOO_MANY_STRINGS": _("The file has too many texts. Split it."),
        "FILE_OLD_XLS": _("This is an old .xls file. Open it and save it as .xlsx."),
        "FILE_BINARY_XLS": _("This is an .xlsb file. Open it and save it as .xlsx."),
        "FILE_ODS": _("This is an .ods file. Open it and save it as .xlsx."),
        "FILE_ENCRYPTED": _("The file is protected with a password. Save it without one."),
        "FILE_IS_HTML": _(
            "This is a web page with the name of a spreadsheet, as older programs export it. "
            "Open it in Excel or WPS and save it as .xlsx."
        ),
        "FILE_IS_TEXT": _(
            "This is a text file with the name of a workbook. Rename it to .csv to have it read."
        ),
        "FILE_HAS_MACROS": _("The file has macros. Save it as .xlsx, without them."),
        "FILE_NUL_BYTES": _(
            "The text file has NUL bytes in it, so it is damaged. Export it again."
        ),
        "ENCODING_UNKNOWN": _("This way of encoding text is not known."),
        "ENCODING_AMBIGUOUS": _(
            "It cannot be told how the text is encoded. Choose the preview that reads well."
        ),
        "SHEET_MISSING": _("There is no sheet %(sheet)s. The file has: %(found)s."),
        "SHEET_EMPTY": _("There is nothing in the sheet."),
        "SHEET_TOO_MANY_ROWS": _("The sheet has more than %(limit)s rows. Split it."),
        "SHEET_TOO_MANY_COLUMNS": _("The sheet has more than %(limit)s columns."),
        "SHEET_TOO_MANY_CELLS": _("The sheet has too many cells, empty ones counted. Split it."),
    }


@dataclass(frozen=True)
class Candidate:
    """One way the text of a file may be encoded, with its first lines so read."""

    encoding: str
    preview: list[str]


class AmbiguousEncoding(SheetRefused):
    """The bytes read well in more than one encoding: ask, and read again with `encoding=`."""

    def __init__(self, candidates: list[Candidate]) -> None:
        super().__init__("ENCODING_AMBIGUOUS")
        self.candidates = candidates

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.candidates,))
