"""When somebody is greeted for their birthday: once a year, by the sun or by the moon (AFT-23).

The engine says the same in SQL (`followups.services.birthdays`); a test holds the two together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from core.calendars import add_months
from core.lunar import LunarRefused, solar_on
from followups.rules.care import LOOK_BACK, Anchored, Due, StepSpec, due_after

# The last day of each month in a leap year: a day beyond it is none.
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, kw_only=True)
class Birthday:
    """A birthday as a card keeps it, and since when we know it."""

    month: int
    day: int
    is_lunar: bool = False
    is_leap_month: bool = False
    noted_on: date


def birthday_in(birthday: Birthday, year: int) -> date | None:
    """The day of the birthday of that year, lunar for a lunar one; None where there is no such day.

    29 February is the 28th in plain years; a lunar 30th the 29th of a short month, a leap month the
    ordinary one where the year has no other.
    """
    try:
        if birthday.is_lunar:
            return solar_on(year, birthday.month, birthday.day, birthday.is_leap_month)
    except LunarRefused:
        return None
    if birthday.day > LONGEST_MONTHS[birthday.month - 1]:
        return None
    in_leap_year = date(2000, birthday.month, birthday.day)
    return add_months(in_leap_year, 12 * (year - 2000))


def greetings(
    *,
    step: StepSpec,
    birthday: Birthday,
    until: date,
    zone: ZoneInfo,
    add_working_days: Callable[[date, int], date],
) -> list[Due]:
    """All greetings from a week before we knew the birthday to `until`; the occurrence is the year,
    lunar for a lunar birthday (decision 9).
    """
    found = []
    earliest = birthday.noted_on - LOOK_BACK
    for year in range(earliest.year - 1, until.year + 1):
        on = birthday_in(birthday, year)
        if on is None:
            continue
        due = due_after(
            step=step,
            anchored=Anchored(on=on, noted_on=birthday.noted_on),
            occurrence=1,
            zone=zone,
            add_working_days=add_working_days,
        )
        if earliest <= due.on <= until:
            found.append(Due(occurrence=year, on=due.on, at=due.at, shown_on=due.shown_on))
    return found
