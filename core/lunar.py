"""Lunar days (农历): read from text, and the solar day on which they fall."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from borax.calendars.lunardate import InvalidLunarDateError, LCalendars, LunarDate
from django.utils.translation import gettext_lazy as _

from core.input_refused import InputRefused

FIRST_YEAR, LAST_YEAR = 1900, 2100


class LunarRefused(InputRefused):
    """The text is no lunar day, or its year is outside 1900–2100."""

    messages = {
        "LUNAR_UNREADABLE": _("Write a lunar date like 农历8-15 or 农历八月十五."),
        "LUNAR_NO_SUCH_DAY": _("There is no such day in the lunar calendar."),
        "LUNAR_YEAR": _("Lunar dates are known from 1900 to 2100."),
    }


@dataclass(frozen=True)
class LunarDay:
    """A day of the lunar year; `year` only where the text names one."""

    month: int
    day: int
    is_leap: bool = False
    year: int | None = None

    def __str__(self) -> str:
        year = f"{self.year}-" if self.year else ""
        return f"农历{'闰' if self.is_leap else ''}{year}{self.month}-{self.day}"

    def in_chinese(self) -> str:
        """农历八月十五, 农历闰六月初三, 农历1963年四月十六."""
        year = f"{self.year}年" if self.year else ""
        month = f"{'闰' if self.is_leap else ''}{_MONTH_NAMES[self.month]}月"
        return f"农历{year}{month}{_named(self.day)}"


_MONTH_NAMES = dict(enumerate("正二三四五六七八九十冬腊", start=1))


def _named(day: int) -> str:
    """初一, 初十, 十五, 二十, 廿三, 三十."""
    if not 1 <= day <= 30:
        return str(day)
    if day in (10, 20, 30):
        return {10: "初十", 20: "二十", 30: "三十"}[day]
    return f"{'初十廿'[day // 10]}{'一二三四五六七八九'[day % 10 - 1]}"


_DIGITS = {han: n for n, han in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_MONTHS = {"正": 1, "冬": 11, "腊": 12, "臘": 12}
_TENS = {"初": 0, "十": 10, "廿": 20, "卅": 30}
_FOLD = {0xFF10 + n: str(n) for n in range(10)} | dict.fromkeys(map(ord, "－–—/．.／"), "-")
_LUNAR = re.compile(
    r"^(?:农历|農曆|阴历|陰曆|旧历)(?P<leap_first>[闰閏])?"
    r"(?:(?P<year>[0-9]{4}|[〇零○一二三四五六七八九]{4})[年-])?"
    r"(?P<leap>[闰閏])?(?P<month>[0-9]{1,2}|[正冬腊臘一二三四五六七八九十]{1,2})[月-]"
    r"(?P<day>[0-9]{1,2}|[初十廿卅一二三四五六七八九]{1,3})[日号]?$"
)


def parse(text: str) -> LunarDay:
    """Read 农历8-15, 农历八月十五, 农历闰六月初三 or 农历1990年腊月三十. Raises LunarRefused.

    The word 农历 is needed: without it a day is solar.
    """
    match = _LUNAR.match(re.sub(r"\s", "", text.translate(_FOLD))[:40])
    if not match:
        raise LunarRefused("LUNAR_UNREADABLE")
    month, day = _month(match["month"]), _day(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= 30):
        raise LunarRefused("LUNAR_NO_SUCH_DAY")
    is_leap = bool(match["leap"] or match["leap_first"])
    return LunarDay(month, day, is_leap, _year(match["year"]))


def solar_on(year: int, month: int, day: int, is_leap: bool = False) -> datetime.date:
    """The solar day of a lunar day in the *lunar* year `year` (its last weeks lie in year + 1).

    Where the month has no 30th, the 29th; where the year has no such leap month, the ordinary
    month. Raises LunarRefused outside 1900–2100 and for days that no year has.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise LunarRefused("LUNAR_YEAR")
    if not (1 <= month <= 12 and 1 <= day <= 30):
        raise LunarRefused("LUNAR_NO_SUCH_DAY")
    days = (day, 29) if day == 30 else (day,)
    for leap in (1, 0) if is_leap else (0,):
        for candidate in days:
            try:
                return LunarDate(year, month, candidate, leap).to_solar_date()
            except InvalidLunarDateError:
                continue
    raise LunarRefused("LUNAR_NO_SUCH_DAY")


def lunar_days(
    first: datetime.date, last: datetime.date
) -> Iterator[tuple[datetime.date, LunarDay]]:
    """Each day from `first` to `last`, both included, with the same day in the lunar calendar."""
    year = first.year - 1
    day = LunarDate(year, 1, 1, 0).to_solar_date()
    while day <= last:
        for month, length, leap in LCalendars.iter_year_month(year):
            for number in range(1, length + 1):
                if first <= day <= last:
                    yield day, LunarDay(month, number, bool(leap), year)
                day += datetime.timedelta(days=1)
        year += 1


def solar_dates_in(
    solar_year: int, month: int, day: int, is_leap: bool = False
) -> list[datetime.date]:
    """The days of one solar year on which a lunar day falls: one mostly, at times none or two."""
    lunar_years = (year for year in (solar_year - 1, solar_year) if year >= FIRST_YEAR)
    found = (solar_on(year, month, day, is_leap) for year in lunar_years)
    return [date for date in found if date.year == solar_year]


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return _MONTHS[text] if text in _MONTHS else _counted(text)


def _day(text: str) -> int:
    return int(text) if text.isdecimal() else _counted(text)


def _counted(text: str) -> int:
    """初三 → 3, 十五 → 15, 二十 → 20, 廿三 → 23; 0 where it is no number."""
    match = re.fullmatch(r"(初|廿|卅|[一二三]?十)?([一二三四五六七八九十])?", text)
    if not match or not text:
        return 0
    tens, ones = match[1] or "", match[2] or ""
    if ones == "十":  # 初十
        return 10 if tens == "初" else 0
    head = _DIGITS[tens[0]] * 10 if len(tens) == 2 else _TENS.get(tens, 0)
    return head + _DIGITS.get(ones, 0)


def _year(text: str | None) -> int | None:
    return int("".join(str(_DIGITS.get(c, c)) for c in text)) if text else None
