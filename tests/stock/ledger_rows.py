"""Rows of stock that go through the real import: `brought_in(movements=[…], styles=[…])`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone

from core.spreadsheets.write import OutSheet, write_workbook
from staff.services.system import system_account
from stock.services.importing import Outcome, import_workbook
from stock.services.importing.columns import SHEET_NAMES

Rows = Sequence[Mapping[str, object]]


def workbook(**sheets: Rows) -> bytes:
    """A workbook of rows by the keys of columns; `stores` is the sheet 门店."""
    made = []
    for kind, rows in sheets.items():
        if rows:
            headers = list(dict.fromkeys(key for row in rows for key in row))
            name = "门店" if kind == "stores" else SHEET_NAMES[kind][0]
            values = [[row.get(header) for header in headers] for row in rows]
            made.append(OutSheet(name, headers, values))
    return write_workbook(made)


def brought_in(
    *,
    movements: Rows = (),
    styles: Rows = (),
    prices: Rows = (),
    in_transit: Rows = (),
    requests: Rows = (),
    stores: Rows = (),
    by=None,
    now: datetime | None = None,
) -> Outcome:
    """Bring rows in as an import does, in the system's name unless told; nothing may be refused."""
    content = workbook(
        stores=stores,
        styles=styles,
        movements=movements,
        prices=prices,
        in_transit=in_transit,
        requests=requests,
    )
    outcome = import_workbook(
        content, filename="stock.xlsx", by=by or system_account(), now=now or timezone.now()
    )
    refused = {kind: sheet.refusals for kind, sheet in outcome.sheets.items() if sheet.refusals}
    assert not refused, refused
    return outcome
