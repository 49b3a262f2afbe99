"""What the year asks for, worked out slowly and apart from the engine: renewals, birthdays.

Days before something are walked back one by one; a lunar birthday is looked for among all days of
a lunar year, which are found by asking each solar day for its lunar one.
"""

from calendar import monthrange
from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import cache

from borax.calendars.lunardate import LunarDate

from tests.followups.oracle import limit, works

ONE_DAY = timedelta(days=1)


def months_earlier(day: date, months: int) -> date:
    """Step back month by month, then put the day on, cut to the month's end."""
    year, month = day.year, day.month
    for _ in range(months):
        month -= 1
        if month == 0:
            year, month = year - 1, 12
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def before(unit: str, n: int, on: date) -> date:
    """The day so many days, working days or months before."""
    if unit == "months":
        return months_earlier(on, n)
    day = on
    while n:
        day -= ONE_DAY
        n -= unit == "days" or works(day)
    return day


@cache
def _lunar_years() -> dict[int, dict[tuple[int, int, bool], date]]:
    """lunar year → (month, day, is it a leap month) → solar day, from 2019 to 2042."""
    years: dict[int, dict[tuple[int, int, bool], date]] = defaultdict(dict)
    day = date(2019, 1, 1)
    while day.year < 2043:
        moon = LunarDate.from_solar(day)
        years[moon.year][moon.month, moon.day, bool(moon.leap)] = day
        day += ONE_DAY
    return years


def birthday(year: int, month: int, day: int, *, is_lunar: bool, is_leap: bool = False) -> date:
    """The day on which somebody has their birthday of that year, lunar for a lunar one."""
    if not is_lunar:
        return date(year, month, min(day, monthrange(year, month)[1]))
    days = _lunar_years()[year]
    for wanted in (
        *([(month, day, True), (month, day - 1, True)] if is_leap else []),
        (month, day, False),
        (month, day - 1, False),
    ):
        in_leap_month = [key for key in days if key[0] == month and key[2] == wanted[2]]
        if not in_leap_month:
            continue
        if wanted in days and (wanted[1] == day or day == 30):
            return days[wanted]
    raise AssertionError(f"no {month}-{day} in {year}")


def greetings(
    month: int, day: int, *, is_lunar: bool, is_leap: bool = False, noted_on: date, until: date
) -> set[tuple[int, date]]:
    """(year, day) of each greeting that stands by `until`."""
    found = set()
    for year in range(noted_on.year - 2, until.year + 2):
        on = birthday(year, month, day, is_lunar=is_lunar, is_leap=is_leap)
        if (noted_on - on).days <= 7 and on <= until:
            found.add((year, on))
    return found


def number_of_end(ends: list[date]) -> int:
    """The number of the last of these ends: its year, and by how many of the same year it comes
    after; one that is corrected within its year is no other end.
    """
    *before, last = ends
    return last.year + 10_000 * len([end for end in before if end.year == last.year])


def renewals(
    until: date | None, *, days_before: dict[str, int], noted_on: date, seen_until: date
) -> set[tuple[str, int, date, datetime]]:
    """(step, year of the expiry, day, limit) of what one end of an insurance asks for."""
    found = set()
    for code, days in days_before.items():
        if until is None:
            continue
        day = before("days", days, until)
        if (noted_on - day).days <= 7 and day <= seen_until:
            found.add((code, until.year, day, limit(day)))
    return found
