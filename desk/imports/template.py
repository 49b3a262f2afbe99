"""The empty workbook that people fill in: one sheet for customers, one that explains it."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.spreadsheets.write import OutColumn, OutSheet, write_workbook
from desk.imports.columns import COLUMNS, HINTS, label

# Columns that spreadsheets spoil unless they are told that there is text in them.
AS_TEXT = (
    "phone",
    "phone2",
    "wechat",
    "serial",
    "plate",
    "birthday",
    "contact_hours",
    "expected_purchase",
)
AS_DATES = ("purchased_on", "insurance_until", "warranty_until", "next_contact_on")


def _header(key: str, names: tuple[str, ...]) -> str:
    """The header in the reader's language; either is recognised."""
    return names[0] if (get_language() or "zh").startswith("zh") else label(key)


def _kind(key: str) -> str:
    if key in AS_TEXT:
        return "text"
    return "date" if key in AS_DATES else ""


def template_workbook() -> bytes:
    """The workbook's bytes."""
    headers = {column.key: _header(column.key, column.names) for column in COLUMNS}
    customers = OutSheet(
        _("Customers"),
        [OutColumn(header, _kind(key)) for key, header in headers.items()],
        [],
    )
    explained = OutSheet(
        _("How to fill it in"),
        [OutColumn(_("Column"), width=24), OutColumn(_("What goes there"), width=80)],
        [(header, str(HINTS.get(key, ""))) for key, header in headers.items()],
    )
    return write_workbook([customers, explained])
