"""Birthdays as people write them: with or without a year, solar or lunar."""

import re
from datetime import date, datetime
from decimal import Decimal

from core import lunar
from core.input_refused import InputRefused
from core.spreadsheets import cells
from core.spreadsheets.tables import Cell, CellFault
from desk.imports.facts import Columns

EARLIEST = date(1900, 1, 1)
# Excel makes a date of this year of a bare “8-15”: nobody that young buys.
YOUNGEST = 10
_LUNAR = re.compile(r"^\s*(?:农历|農曆|阴历|陰曆|旧历)")
_MONTH_DAY = re.compile(r"^(\d{1,2})(?:\s*[-/.]\s*|\s*月\s*)(\d{1,2})\s*[日号]?$", re.ASCII)
_WIDE = {0xFF10 + n: str(n) for n in range(10)} | {ord("－"): "-", ord("／"): "/", ord("．"): "."}


class BirthdayRefused(InputRefused):
    """The cell is no birthday."""


def birthday(cell: Cell, *, today: date) -> Columns | None:
    """The columns of a card for this birthday, None where the cell is blank; no year where none
    is told. Raises InputRefused.
    """
    if isinstance(cell, CellFault):
        cells.text(cell, 1)
    if isinstance(cell, str | Decimal):
        text = str(cell).translate(_WIDE).strip()
        if not text:
            return None
        if _LUNAR.match(text):
            return _lunar(lunar.parse(text))
        if match := _MONTH_DAY.match(text):
            return _solar(None, int(match[1]), int(match[2]))
    try:
        day = cells.day(cell, earliest=EARLIEST, latest=today.replace(month=12, day=31))
    except cells.CellRefused as refusal:
        if refusal.code in ("DATE_INVALID", "DATE_YEAR", "DATE_AMBIGUOUS"):
            raise BirthdayRefused("birthday_unreadable") from None
        raise
    if day is None:
        return None
    return _solar(None if day.year > today.year - YOUNGEST else day.year, day.month, day.day)


def _solar(year: int | None, month: int, day: int) -> Columns:
    """Refuses days that no year has."""
    try:
        datetime(year or 2000, month, day)  # noqa: DTZ001  (only asks whether there is such a day)
    except ValueError:
        raise BirthdayRefused("birthday_unreadable") from None
    return _columns(year, month, day, is_lunar=False, is_leap=False)


def _lunar(day: lunar.LunarDay) -> Columns:
    return _columns(day.year, day.month, day.day, is_lunar=True, is_leap=day.is_leap)


def _columns(year: int | None, month: int, day: int, *, is_lunar: bool, is_leap: bool) -> Columns:
    columns: dict[str, object] = {
        "birth_month": month,
        "birth_day": day,
        "birth_is_lunar": is_lunar,
        "birth_is_leap_month": is_leap,
    }
    return columns | {"birth_year": year} if year else columns
