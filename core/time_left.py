"""How long until something is due, in words and a tone: red after, amber under a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class TimeLeft:
    """What `components/time_left.html` draws: always a word and a shape, never a colour alone."""

    text: str
    tone: str


def until_day(day: date, *, today: date) -> TimeLeft:
    """A duty of a whole day, which ends at its 24:00."""
    days = (day - today).days
    if days < 0:
        text = ngettext("%(count)s day late", "%(count)s days late", -days) % {"count": -days}
        return TimeLeft(text, "late")
    if days == 0:
        return TimeLeft(_("today"), "soon")
    if days == 1:
        return TimeLeft(_("tomorrow"), "plain")
    return TimeLeft(ngettext("%(count)s day", "%(count)s days", days) % {"count": days}, "plain")


def until(at: datetime, *, now: datetime) -> TimeLeft:
    """A duty with an hour."""
    left = at - now
    if left < timedelta(0):
        return TimeLeft(_("%(time)s late") % {"time": span(-left)}, "late")
    return TimeLeft(span(left), "soon" if left < DAY else "plain")


def span(length: timedelta) -> str:
    """A length of time in its two largest units: 2 d 4 h, 3 h 12 min, 40 min."""
    hours, minutes = length // HOUR, length % HOUR // timedelta(minutes=1)
    if hours >= 24:
        return _("%(days)s d %(hours)s h") % {"days": hours // 24, "hours": hours % 24}
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)s min") % {"minutes": minutes}
