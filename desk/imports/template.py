"""The empty workbook that people fill in: one sheet for its rows, one that explains it."""

from collections.abc import Mapping, Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.spreadsheets.headers import Column
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
    "order_no",
)
AS_DATES = (
    "purchased_on",
    "insurance_until",
    "warranty_until",
    "next_contact_on",
    "ordered_on",
    "promised_on",
    "eta",
    "arrived_on",
)


def _header(key: str, names: tuple[str, ...]) -> str:
    """The header in the reader's language; either is recognised."""
    return names[0] if (get_language() or "zh").startswith("zh") else label(key)


def _kind(key: str) -> str:
    if key in AS_TEXT:
        return "text"
    return "date" if key in AS_DATES else ""


def template_workbook(
    name: str, wanted: Sequence[Column] = COLUMNS, hints: Mapping[str, object] = HINTS
) -> bytes:
    """The bytes of an empty workbook, its first sheet called `name`."""
    headers = {column.key: _header(column.key, column.names) for column in wanted}
    empty = OutSheet(
        name,
        [OutColumn(header, _kind(key)) for key, header in headers.items()],
        [],
    )
    explained = OutSheet(
        _("How to fill it in"),
        [OutColumn(_("Column"), width=24), OutColumn(_("What goes there"), width=80)],
        [(header, str(hints.get(key, ""))) for key, header in headers.items()],
    )
    return write_workbook([empty, explained])
