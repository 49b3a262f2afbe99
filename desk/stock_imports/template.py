"""The empty workbook of stock: one sheet for each kind of row, and one that explains them."""

from django.utils.translation import gettext as _

from core.spreadsheets.write import OutColumn, OutSheet, write_workbook
from stock.services.importing import label
from stock.services.importing.columns import COLUMNS, HINTS, SHEET_NAMES

AS_TEXT = ("brand", "style", "size", "document", "line", "reference")
AS_DATES = ("date", "launched_on", "season_end", "from_on", "due_on")


def _kind(key: str) -> str:
    if key in AS_TEXT:
        return "text"
    return "date" if key in AS_DATES else ""


def stock_template() -> bytes:
    """The bytes of the workbook. Sheets keep their Chinese names, by which they are known again."""
    empty = [
        OutSheet(
            SHEET_NAMES[kind][0],
            [OutColumn(column.names[0], _kind(column.key)) for column in columns],
            [],
        )
        for kind, columns in COLUMNS.items()
    ]
    rows = [
        (SHEET_NAMES[kind][0], column.names[0], label(column.key), str(HINTS.get(column.key, "")))
        for kind, columns in COLUMNS.items()
        for column in columns
    ]
    titles = (_("Sheet"), _("Column"), _("Meaning"), _("What goes there"))
    explained = OutSheet(
        _("How to fill it in"),
        [
            OutColumn(title, width=width)
            for title, width in zip(titles, (14, 16, 20, 70), strict=True)
        ],
        rows,
    )
    return write_workbook([*empty, explained])
