"""From when until when a customer may be called, as people write it in one cell."""

import re
import unicodedata
from datetime import time

from core.input_refused import InputRefused
from core.spreadsheets import cells
from core.spreadsheets.tables import Cell
from desk.imports.facts import Columns

_HOUR = r"(\d{1,2})(?::(\d{2})|[点时](?:(\d{1,2})分?|(半))?)?"
# 19:00-21:00, 9点到18点半; folded, so that wide digits and colons are plain ones.
_HOURS = re.compile(
    rf"^{_HOUR}\s*(?:[-‐-―−~～到至]|to|until)+\s*{_HOUR}$", re.ASCII | re.IGNORECASE
)


class HoursRefused(InputRefused):
    """The cell says no hours, or the later first."""


def contact_hours(cell: Cell) -> Columns | None:
    """The columns of a card for these hours, None where the cell is blank. Raises InputRefused."""
    text = unicodedata.normalize("NFKC", cells.text(cell, 40, keep_lines=False)).strip()
    if not text:
        return None
    match = _HOURS.match(text)
    if match is None:
        raise HoursRefused("hours_unreadable")
    start, end = _time(*match.groups()[:4]), _time(*match.groups()[4:])
    if start >= end:
        raise HoursRefused("hours_not_in_order")
    return {"contact_from": start, "contact_until": end}


def _time(hour: str, minute: str | None, spoken: str | None, half: str | None) -> time:
    minutes = 30 if half else int(minute or spoken or 0)
    if int(hour) > 23 or minutes > 59:
        raise HoursRefused("hours_unreadable")
    return time(int(hour), minutes)
