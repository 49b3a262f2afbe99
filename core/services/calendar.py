"""The company's own days against the statutory calendar, and the table that SQL counts with."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.lunar import lunar_days
from core.models import DayOverride
from core.queries import business_calendar
from core.refusals import Refused
from core.services import audit

FIRST_YEAR, LAST_YEAR = 2000, 2060
# Two people who change days at once would each write ordinals from half the truth.
_LOCK = 7_230_001

_WRITE_CHANGED = """
    INSERT INTO core_businessday (day, is_working, name, ordinal,
                                  lunar_year, lunar_month, lunar_day, lunar_is_leap)
    SELECT * FROM unnest(%s::date[], %s::boolean[], %s::text[], %s::integer[],
                         %s::smallint[], %s::smallint[], %s::smallint[], %s::boolean[])
        AS fresh (day, is_working, name, ordinal,
                  lunar_year, lunar_month, lunar_day, lunar_is_leap)
    ON CONFLICT (day) DO UPDATE SET
        is_working = excluded.is_working, name = excluded.name, ordinal = excluded.ordinal,
        lunar_year = excluded.lunar_year, lunar_month = excluded.lunar_month,
        lunar_day = excluded.lunar_day, lunar_is_leap = excluded.lunar_is_leap
    WHERE (core_businessday.is_working, core_businessday.name, core_businessday.ordinal,
           core_businessday.lunar_year, core_businessday.lunar_month,
           core_businessday.lunar_day, core_businessday.lunar_is_leap)
        IS DISTINCT FROM (excluded.is_working, excluded.name, excluded.ordinal,
           excluded.lunar_year, excluded.lunar_month, excluded.lunar_day, excluded.lunar_is_leap)
"""


class DayNotChanged(Refused):
    """A day could not be made a working day or a day off."""

    messages = {
        "day_is_past": _("This day has passed, and due dates were reckoned with it. It stays."),
        "day_out_of_range": _("The calendar runs from %(first)s to %(last)s. Choose a day in it."),
        "name_missing": _("Give the day a name, so that others see why it differs."),
        "not_set": _("This day follows the statutory calendar already."),
    }


@transaction.atomic
def rebuild_business_days() -> int:
    """Bring the table in line with calendar and overrides; return how many rows changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_WRITE_CHANGED, [list(column) for column in zip(*_rows(), strict=True)])
        return cursor.rowcount


def _rows() -> Iterator[tuple[object, ...]]:
    """Each day of the table: whether it is worked, its count, and its lunar day."""
    by_the_sun = business_calendar().rows(FIRST_YEAR, LAST_YEAR)
    by_the_moon = lunar_days(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
    for row, (_day, moon) in zip(by_the_sun, by_the_moon, strict=True):
        yield (*row, moon.year, moon.month, moon.day, moon.is_leap)


@transaction.atomic
def set_day(*, day: date, is_working: bool, name: str, by, now: datetime) -> DayOverride:
    """Make `day` a working day or a day off, whatever the statutory calendar says.

    Raises DayNotChanged.
    """
    _refuse_unless_open(day, now)
    if not name.strip():
        raise DayNotChanged.because("name_missing")

    override, _is_new = DayOverride.objects.update_or_create(
        day=day,
        defaults={"is_working": is_working, "name": name.strip(), "set_by": by},
    )
    rebuild_business_days()

    audit.record(verb="day_set", of=override, by=by, day=day.isoformat(), is_working=is_working)
    return override


@transaction.atomic
def clear_day(*, day: date, by, now: datetime) -> None:
    """Let `day` follow the statutory calendar again. Raises DayNotChanged."""
    _refuse_unless_open(day, now)
    override = DayOverride.objects.select_for_update().filter(day=day).first()
    if override is None:
        raise DayNotChanged.because("not_set")

    audit.record(verb="day_cleared", of=override, by=by, day=day.isoformat())
    override.delete()
    rebuild_business_days()


def _refuse_unless_open(day: date, now: datetime) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DayNotChanged.because("day_out_of_range", first=FIRST_YEAR, last=LAST_YEAR)
    if day < timezone.localdate(now):
        raise DayNotChanged.because("day_is_past")
