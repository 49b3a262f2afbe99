"""Working days and month steps: pure, from statutory data and the company's own overrides.

The statutory days come from the `holidays` package, whose notices of the State Council end some
day; beyond them only computed statutory days are known, without the make-up working days, and
`is_provisional` says so.
"""

import calendar
import datetime
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

import holidays
from holidays.countries.china import ChinaStaticHolidays

Day = TypeVar("Day", bound=datetime.date)

# A year with its own notice of the State Council, make-up working days included.
NOTICED_YEARS = frozenset(ChinaStaticHolidays.special_public_holidays)
MAKE_UP_DAY = "调休上班"
_ONE_DAY = datetime.timedelta(days=1)


@lru_cache(maxsize=100)
def _statutory(year: int) -> Mapping[datetime.date, tuple[bool, str]]:
    """Whether each day of the year is worked, and its name; worked out once a process.

    A whole year at once, which never changes: the package's own object fills up as it is asked,
    anew for each calendar, and is nothing for two threads.
    """
    known = holidays.country_holidays("CN", years=year, expand=False, language="zh_CN")
    first, length = datetime.date(year, 1, 1), 366 if calendar.isleap(year) else 365
    days = [first + datetime.timedelta(days=n) for n in range(length)]
    return {day: (known.is_working_day(day), known.get(day) or "") for day in days}


class DayRow(NamedTuple):
    """One day of the table that SQL counts with.

    `ordinal` is the number of working days from the first row up to and including this day: the
    n-th working day after D is the working day whose ordinal is D's plus n.
    """

    day: datetime.date
    is_working: bool
    name: str
    ordinal: int


class BusinessCalendar:
    """China's working days under the company's overrides.

    `overrides` maps a date to (works, name) and wins over the statutory calendar;
    `confirmed_years` are years whose notice somebody has entered as overrides.
    """

    def __init__(
        self,
        overrides: Mapping[datetime.date, tuple[bool, str]] | None = None,
        *,
        confirmed_years: Collection[int] = (),
    ) -> None:
        self._overrides = dict(overrides or {})
        self._confirmed_years = frozenset(confirmed_years)

    def is_working(self, day: datetime.date) -> bool:
        """Whether the company works on this day, make-up Saturdays and Sundays included."""
        day = _plain(day)
        override = self._overrides.get(day)
        return override[0] if override else _statutory(day.year)[day][0]

    def name(self, day: datetime.date) -> str:
        """What the day is called, in Chinese; empty for an ordinary day or weekend."""
        day = _plain(day)
        if day in self._overrides:
            return self._overrides[day][1]
        if name := _statutory(day.year)[day][1]:
            return name
        return MAKE_UP_DAY if day.weekday() >= 5 and self.is_working(day) else ""

    def is_provisional(self, year: int) -> bool:
        """Whether only computed statutory days are known of the year: show a warning."""
        return year not in NOTICED_YEARS and year not in self._confirmed_years

    def add_working_days(self, day: datetime.date, n: int) -> datetime.date:
        """The n-th working day after `day`, which itself is not counted; n < 0 counts back.

        With n = 0 the day itself, whether or not it is a working day.
        """
        current, step = _plain(day), _ONE_DAY if n >= 0 else -_ONE_DAY
        left = abs(n)
        while left:
            current += step
            left -= self.is_working(current)
        return current

    def working_days_between(self, start: datetime.date, end: datetime.date) -> int:
        """How many working days lie after `start`, up to and including `end`; 0 if end ≤ start."""
        start, end = _plain(start), _plain(end)
        days = (start + datetime.timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_working(day) for day in days)

    def rows(self, from_year: int, to_year: int) -> Iterator[DayRow]:
        """Each day of the years, both included, with the running count of working days."""
        day, ordinal = datetime.date(from_year, 1, 1), 0
        while day.year <= to_year:
            is_working = self.is_working(day)
            ordinal += is_working
            yield DayRow(day, is_working, self.name(day), ordinal)
            day += _ONE_DAY


def add_months(day: Day, n: int) -> Day:
    """The same day n months on, clamped to the month's end (decision 8: anchored, never chained).

    Always counted from the anchor: 31 January gives 28 February and 31 March. Works on dates and
    datetimes; n may be negative.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    month += 1
    return day.replace(
        year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1])
    )


def _plain(day: datetime.date) -> datetime.date:
    """A datetime's own date: `holidays` would take it too, dictionaries of dates would not."""
    return day.date() if isinstance(day, datetime.datetime) else day
