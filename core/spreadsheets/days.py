"""Dates and times out of cells and form fields."""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.spreadsheets.faults import CellRefused, refuse
from core.spreadsheets.tables import Cell, CellFault

SHANGHAI = ZoneInfo("Asia/Shanghai")

_SINCE_1900 = datetime.date(1899, 12, 30)
_SINCE_1904 = datetime.date(1904, 1, 1)
_LAST_SERIAL = 2_958_465  # 9999-12-31, counted from 1900
_SECONDS = 86_400
_FOLD = (
    {0xFF10 + n: str(n) for n in range(10)}
    | {ord(wide): narrow for wide, narrow in zip("－／．：＋　", "-/.:+ ", strict=True)}
    | dict.fromkeys(map(ord, "‐‑–—−"), "-")
    | dict.fromkeys([0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF], None)
)
_TIME = (
    r"(?:[T ]*(?P<half>上午|下午|中午|晚上|早上|AM|PM)? ?(?P<hour>[0-9]{1,2})(?::|时|点)"
    r"(?:(?P<minute>[0-9]{1,2})(?:分|(?::(?P<second>[0-9]{1,2})(?:\.[0-9]{1,9})?)?秒?)?)?"
    r" ?(?P<half_after>AM|PM)? ?(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_WRITTEN = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})"
    r"|年 ?(?P<month_han>[0-9]{1,2}) ?月 ?(?P<day_han>[0-9]{1,2}) ?[日号]?)" + _TIME,
    re.IGNORECASE,
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"[0-9]{1,7}(?:\.[0-9]+)?")
_SHORT_YEAR = re.compile(r"[0-9]{2}(?:\.[0-9]{1,2}\.[0-9]{1,2}|年.*)")
_UNORDERED = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1(?:[0-9]{2}|[0-9]{4})")


@dataclass(frozen=True)
class Moment:
    """A day in the store's zone, with the time where one was given (`at` is aware)."""

    day: datetime.date
    at: datetime.datetime | None = None


def day(
    cell: Cell,
    *,
    earliest: datetime.date,
    latest: datetime.date,
    from_sheet: bool = True,
    since_1904: bool = False,
    zone: ZoneInfo = SHANGHAI,
    needed: bool = False,
) -> datetime.date | None:
    """The date of a cell, None where it is blank; both limits included.

    `from_sheet` admits Excel's serial numbers and 20260305. A time is dropped, never rounded; one
    with an offset is first taken to `zone`. Raises CellRefused.
    """
    found = moment(
        cell,
        zone,
        earliest=earliest,
        latest=latest,
        from_sheet=from_sheet,
        since_1904=since_1904,
        needed=needed,
    )
    return found.day if found else None


def moment(
    cell: Cell,
    zone: ZoneInfo,
    *,
    earliest: datetime.date,
    latest: datetime.date,
    from_sheet: bool = True,
    since_1904: bool = False,
    needed: bool = False,
) -> Moment | None:
    """The date of a cell with its time, if it has one, None where it is blank.

    Midnight is no time: that is how spreadsheets write a day without one. An hour that the zone
    has twice is the first. Raises CellRefused.
    """
    if isinstance(cell, CellFault):
        raise refuse(cell)
    text = cell.translate(_FOLD).strip() if isinstance(cell, str) else cell
    if text is None or text == "":
        if needed:
            raise CellRefused("EMPTY")
        return None
    found = _read(text, zone, from_sheet, since_1904)
    if not earliest <= found.day <= latest:
        limits = {"earliest": earliest.isoformat(), "latest": latest.isoformat()}
        raise CellRefused("DATE_OUT_OF_RANGE", limits)
    return found


def _read(value: Cell, zone: ZoneInfo, from_sheet: bool, since_1904: bool) -> Moment:
    if isinstance(value, datetime.datetime):
        return _at(value, zone)
    if isinstance(value, datetime.date):
        return Moment(value)
    if isinstance(value, str):
        return _read_text(value, zone, from_sheet, since_1904)
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and from_sheet:
        return _read_text(str(value), zone, from_sheet, since_1904)
    raise CellRefused("DATE_INVALID")


def _read_text(text: str, zone: ZoneInfo, from_sheet: bool, since_1904: bool) -> Moment:
    if match := _WRITTEN.fullmatch(text):
        return _written(match, zone)
    if from_sheet and (match := _COMPACT.fullmatch(text)):
        return Moment(_date(*match.groups()))
    if from_sheet and _SERIAL.fullmatch(text):
        return _serial(Decimal(text), zone, since_1904)
    if text.startswith("#"):
        raise CellRefused("ERROR_VALUE")
    if _SHORT_YEAR.fullmatch(text):
        raise CellRefused("DATE_YEAR")
    raise CellRefused("DATE_AMBIGUOUS" if _UNORDERED.fullmatch(text) else "DATE_INVALID")


def _date(year: str, month: str, number: str) -> datetime.date:
    try:
        return datetime.date(int(year), int(month), int(number))
    except ValueError:
        raise CellRefused("DATE_INVALID") from None


def _written(match: re.Match[str], zone: ZoneInfo) -> Moment:
    found = _date(
        match["year"], match["month"] or match["month_han"], match["day"] or match["day_han"]
    )
    if match["hour"] is None:
        return Moment(found)
    half = (match["half"] or match["half_after"] or "").upper()
    hour = int(match["hour"])
    if half in ("下午", "晚上", "PM") and hour < 12:
        hour += 12
    elif half in ("上午", "早上", "AM") and hour == 12:
        hour = 0
    try:
        time = datetime.time(hour, int(match["minute"] or 0), int(match["second"] or 0))
        offset = _offset(match["offset"])
        return _at(datetime.datetime.combine(found, time, offset), zone)
    except (ValueError, OverflowError):
        raise CellRefused("TIME_INVALID") from None


def _offset(text: str | None) -> datetime.tzinfo | None:
    if text is None:
        return None
    if text.upper() == "Z":
        return datetime.UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    span = datetime.timedelta(hours=hours, minutes=minutes)
    return datetime.timezone(-span if text[0] == "-" else span)


def _serial(number: Decimal, zone: ZoneInfo, since_1904: bool) -> Moment:
    """A number of days since the epoch, the fraction being the time."""
    days = int(number)
    if not 1 <= days <= _LAST_SERIAL - 1462 * since_1904:
        raise CellRefused("DATE_INVALID")
    found = (_SINCE_1904 if since_1904 else _SINCE_1900) + datetime.timedelta(days=days)
    seconds = min(int((number - days) * _SECONDS + Decimal("0.5")), _SECONDS - 1)
    time = datetime.time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    return _at(datetime.datetime.combine(found, time), zone)


def _at(value: datetime.datetime, zone: ZoneInfo) -> Moment:
    if value.tzinfo is not None:
        value = value.astimezone(zone)
        return Moment(value.date(), value)
    if value.time() == datetime.time():
        return Moment(value.date())
    return Moment(value.date(), value.replace(tzinfo=zone, fold=0))
