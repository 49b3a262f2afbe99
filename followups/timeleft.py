"""How long until a task is due, as its row says it: 10:30 in 40 min, 3 h 12 min, today."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.days import day_text
from core.time_left import DAY, HOUR, TimeLeft

# An appointment this near is said in minutes, and in amber.
NEAR = timedelta(hours=2)
_INSTANT = timedelta(microseconds=1)


def last_day(due_at: datetime, zone: ZoneInfo) -> date:
    """The business day on which a limit falls; one at 24:00 belongs to the day that ends."""
    return (due_at - _INSTANT).astimezone(zone).date()


def time_left(
    *, due_at: datetime, is_timed: bool, has_hour_limit: bool, now: datetime, zone: ZoneInfo
) -> TimeLeft:
    """What is left of a task's limit: red after it, amber near it, plain before.

    An appointment shows its hour, a limit with an hour counts down, a day's limit says the day:
    on a list of today's work, "today" is no warning.
    """
    today = now.astimezone(zone).date()
    days = (last_day(due_at, zone) - today).days
    if due_at < now:
        return _late(by=now - due_at, days=-days, has_hour=is_timed or has_hour_limit)
    if is_timed:
        return _appointment(due_at.astimezone(zone), left=due_at - now, days=days, today=today)
    if has_hour_limit:
        return _countdown(due_at - now)
    return _day(days)


def _late(*, by: timedelta, days: int, has_hour: bool) -> TimeLeft:
    if has_hour and by < HOUR:
        minutes = max(by // timedelta(minutes=1), 1)
        return TimeLeft(
            ngettext("%(count)s minute late", "%(count)s minutes late", minutes)
            % {"count": minutes},
            "late",
        )
    if has_hour and by < DAY:
        hours = by // HOUR
        return TimeLeft(
            ngettext("%(count)s hour late", "%(count)s hours late", hours) % {"count": hours},
            "late",
        )
    days = max(days, 1)
    return TimeLeft(
        ngettext("%(count)s day late", "%(count)s days late", days) % {"count": days}, "late"
    )


def _appointment(at: datetime, *, left: timedelta, days: int, today: date) -> TimeLeft:
    hour = at.strftime("%H:%M")
    if days > 0:
        return TimeLeft(f"{day_text(at.date(), today=today)} {hour}", "plain")
    if left > NEAR:
        return TimeLeft(hour, "plain")
    return TimeLeft(_("%(hour)s in %(left)s") % {"hour": hour, "left": _hours(left)}, "soon")


def _hours(left: timedelta) -> str:
    """Hours and minutes; the minutes are left out where there are many hours."""
    hours, minutes = left // HOUR, left % HOUR // timedelta(minutes=1)
    if not hours:
        return _("%(minutes)s min") % {"minutes": max(minutes, 1)}
    if hours >= 10 or not minutes:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


def _countdown(left: timedelta) -> TimeLeft:
    if left < DAY:
        return TimeLeft(_hours(left), "soon")
    return TimeLeft(
        _("%(days)s d %(hours)s h") % {"days": left // DAY, "hours": left % DAY // HOUR}, "plain"
    )


def _day(days: int) -> TimeLeft:
    if days == 0:
        return TimeLeft(_("today"), "plain")
    if days == 1:
        return TimeLeft(_("tomorrow"), "plain")
    return TimeLeft(
        ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}, "plain"
    )
