"""A birthday as the card says it."""

from datetime import date

from django.utils.translation import gettext as _

from core.days import date_text
from core.languages import reads_chinese
from core.lunar import LunarDay
from customers.models.kept import HasBirthday

# Where a birthday has no year, this one lends it a 29th of February.
LEAP_YEAR = 2000


def birthday_of(somebody: HasBirthday) -> str:
    """12 Mar, 12 Mar 1985; lunar 8-15, 农历八月十五."""
    if not somebody.birth_month or not somebody.birth_day:
        return ""
    if not somebody.birth_is_lunar:
        return _solar(somebody.birth_year, somebody.birth_month, somebody.birth_day)
    day = LunarDay(
        somebody.birth_month,
        somebody.birth_day,
        somebody.birth_is_leap_month,
        somebody.birth_year,
    )
    if reads_chinese():
        return day.in_chinese()
    figures = "-".join(str(part) for part in (day.year, day.month, day.day) if part)
    if day.is_leap:
        return _("lunar, leap month %(day)s") % {"day": figures}
    return _("lunar %(day)s") % {"day": figures}


def _solar(year: int | None, month: int, day: int) -> str:
    """As every other day is said; the year only where it is known."""
    try:
        on = date(year or LEAP_YEAR, month, day)
    except ValueError:  # a day that no year has stands as it was noted
        return "-".join(str(part) for part in (year, month, day) if part)
    return date_text(on, today=on if year is None else date(on.year + 1, 1, 1))
