"""Moments, limits and stretches of time as a ruling says them."""

from datetime import datetime, time, timedelta, tzinfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.days import date_text


def read(value: datetime | str | None) -> datetime | None:
    """A moment as the rules have it, or as a ruling keeps it."""
    if value is None or isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _date(local: datetime) -> str:
    return date_text(local.date(), today=timezone.localdate())


def moment_text(at: datetime | str | None, *, zone: tzinfo | None = None) -> str:
    """A moment to the second: 15 Mar 14:31:07."""
    found = read(at)
    if found is None:
        return ""
    local = timezone.localtime(found, zone)
    return f"{_date(local)} {local:%H:%M:%S}"


def limit_text(at: datetime | str | None, *, zone: tzinfo | None = None) -> str:
    """The end of a limit: 24:00 of its last day (FIL-27), else to the minute."""
    found = read(at)
    if found is None:
        return ""
    local = timezone.localtime(found, zone)
    if local.time() == time():
        return f"{_date(local - timedelta(days=1))} 24:00"
    return f"{_date(local)} {local:%H:%M}"


def stretch_text(passed: timedelta) -> str:
    """How long something took: 10 days 19 h 08 min 20 s; what is empty in front is left out."""
    seconds = max(int(passed.total_seconds()), 0)
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, seconds = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("%(count)s day", "%(count)s days", days) % {"count": days})
    if days or hours:
        parts.append(_("%(count)s h") % {"count": hours})
    if days or hours or minutes:
        parts.append(_("%(count)s min") % {"count": f"{minutes:02d}"})
    parts.append(_("%(count)s s") % {"count": f"{seconds:02d}"})
    return " ".join(parts)
