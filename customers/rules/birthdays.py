"""On which day somebody has their birthday next, by the sun or by the moon (AFT-23, AFT-26)."""

from calendar import isleap
from datetime import date

from core.lunar import LAST_YEAR, LunarRefused, solar_dates_in


def _solar_in(year: int, month: int, day: int) -> date:
    """29 February is kept on the 28th where the year has none."""
    if (month, day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return date(year, month, day)


def next_birthday(
    *, month: int, day: int, is_lunar: bool, is_leap_month: bool, today: date
) -> date | None:
    """The next birthday from `today`, itself included (AFT-23); None where no year has such a day.

    Some lunar days fall on no day of a solar year, and some on two: the first to come counts.
    """
    try:
        for year in range(today.year, min(today.year + 3, LAST_YEAR + 1)):
            days = (
                solar_dates_in(year, month, day, is_leap_month)
                if is_lunar
                else [_solar_in(year, month, day)]
            )
            coming = [found for found in sorted(days) if found >= today]
            if coming:
                return coming[0]
    except (ValueError, LunarRefused):  # 31 April, lunar 8-31: kept before anybody looked
        return None
    return None
