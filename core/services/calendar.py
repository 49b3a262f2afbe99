"""The company's own days against the statutory calendar, and the table that SQL counts with."""

from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import DayOverride
from core.queries import business_calendar
from core.refusals import Refused
from core.services import audit

FIRST_YEAR, LAST_YEAR = 2000, 2060
# Two people who change days at once would each write ordinals from half the truth.
_LOCK = 7_230_001

_WRITE_CHANGED = """
    INSERT INTO core_businessday (day, is_working, name, ordinal)
    SELECT * FROM unnest(%s::date[], %s::boolean[], %s::text[], %s::integer[])
        AS fresh (day, is_working, name, ordinal)
    ON CONFLICT (day) DO UPDATE SET
        is_working = excluded.is_working, name = excluded.name, ordinal = excluded.ordinal
    WHERE (core_businessday.is_working, core_businessday.name, core_businessday.ordinal)
        IS DISTINCT FROM (excluded.is_working, excluded.name, excluded.ordinal)
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
        rows = business_calendar().rows(FIRST_YEAR, LAST_YEAR)
        cursor.execute(_WRITE_CHANGED, [list(column) for column in zip(*rows, strict=True)])
        return cursor.rowcount


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
