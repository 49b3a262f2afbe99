"""Occasions for a visit in person: birthdays, anniversaries of a purchase, the way (AFT-07)."""

from collections.abc import Iterator
from datetime import date, timedelta

from core.calendars import add_months
from customers.states import Quiet

# So many days ahead a round of visits is planned, today included.
AHEAD_DAYS = 7
NO_VISIT = (Quiet.VISITS, Quiet.ALL)


def coming_days(today: date) -> list[date]:
    """The days for which visits are suggested."""
    return [today + timedelta(days=number) for number in range(AHEAD_DAYS)]


def anniversary_in(day: date, days: list[date]) -> date | None:
    """The anniversary of `day`, a year old or more, that falls on one of `days`; 29 February is
    kept on the 28th in plain years.
    """
    for year in {each.year for each in days}:
        on = add_months(day, 12 * (year - day.year))
        if year > day.year and on in days:
            return on
    return None


def months_and_days(days: list[date]) -> Iterator[tuple[int, int]]:
    """The month and day of what has its anniversary on `days`: on 28 February the 29th's, too."""
    for day in days:
        yield day.month, day.day
        if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3:
            yield 2, 29


def compound_of(address_key: str) -> str:
    """The 小区 of an address, as its key begins; "" where the address names none."""
    community, bar, _rest = address_key.partition("|")
    return f"{community}|" if bar and community else ""
