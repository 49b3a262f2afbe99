"""A slow, obvious account of what the engine owes, written apart from it.

It knows nothing of courses, horizons kept or SQL: for each product it lists every occurrence day
by counting from the delivery with plain calendar arithmetic, and keeps those that some run could
see. It shares no code with `followups.rules`; which days are working days it asks the calendar.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from core.calendars import BusinessCalendar

ZONE = ZoneInfo("Asia/Shanghai")

# code, unit, first, then every, how often
DEALER = [
    ("dealer_letter", "hours", 24, 0, 1),
    ("dealer_24h", "hours", 24, 0, 1),
    ("dealer_7d", "days", 7, 0, 1),
    ("dealer_2m", "months", 2, 2, 30),
    ("dealer_12m", "months", 12, 12, 2),
    ("dealer_36m", "months", 36, 12, 3),
]


def months_later(day: date, months: int) -> date:
    """Step month by month on the calendar, then put the day on, cut to the month's end."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def limit(day: date) -> datetime:
    """24:00 of the day."""
    tomorrow = day + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=ZONE)


@cache
def works(day: date) -> bool:
    return BusinessCalendar().is_working(day)


def working_days_later(day: date, n: int) -> date:
    """Walk on day by day until `n` of them were working days."""
    while n:
        day += timedelta(days=1)
        n -= works(day)
    return day


def due(unit: str, n: int, on: date, at: datetime | None) -> tuple[date, datetime]:
    if unit == "hours":
        if at is not None:
            exact = at + timedelta(hours=n)
            return exact.astimezone(ZONE).date(), exact
        day, left = on, n
        while left > 0:
            day += timedelta(days=1)
            left -= 24
        return day, limit(day)
    if unit == "working_days":
        day = working_days_later(on, n)
        return day, limit(day)
    if unit == "days":
        day = on + timedelta(days=n)
        return day, limit(day)
    day = months_later(on, n)
    return day, limit(day)


def owed(
    *,
    on: date,
    at: datetime | None,
    noted_on: date,
    last_run_on: date,
    horizon: int,
    steps: list[tuple[str, str, int, int, int]] = DEALER,
    is_gone: bool = False,
) -> set[tuple[str, int, date, datetime]]:
    """(step, occurrence, day, limit) that stand after runs up to `last_run_on`; for what is no
    longer with the customer, nothing.
    """
    found: set[tuple[str, int, date, datetime]] = set()
    if is_gone:
        return found
    for code, unit, first, every, times in steps:
        for index in range(times):
            day, moment = due(unit, first + index * every, on, at)
            if (noted_on - day).days <= 7 and (day - last_run_on).days <= horizon:
                found.add((code, index + 1, day, moment))
    return found
