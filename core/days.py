"""Days and times as people read them: 3月12日 (周四); the year only where it is another."""

import re
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

_MONTH = re.compile(r"(?P<year>20\d\d)-(?P<month>0[1-9]|1[0-2])")
WEEKDAYS = (
    gettext_lazy("Mon"), gettext_lazy("Tue"), gettext_lazy("Wed"), gettext_lazy("Thu"),
    gettext_lazy("Fri"), gettext_lazy("Sat"), gettext_lazy("Sun"),
)  # fmt: skip


def day_text(day: date, *, today: date | None = None) -> str:
    """12 Mar (Thu); with the year when it is not that of `today`."""
    return f"{date_text(day, today=today)} ({weekday(day)})"


def date_text(day: date, *, today: date | None = None) -> str:
    """12 Mar, 12 Mar 2027: where there is no room for the day of the week."""
    is_far = today is not None and day.year != today.year
    # Translators: Django's date format; 3月12日 in Chinese
    return date_format(day, _("j M Y") if is_far else _("j M"))


def month_mark(day: date) -> str:
    """Nov, 11月: a month on the scale of a drawing."""
    # Translators: Django's date format of a month alone; n月 in Chinese
    return date_format(day, pgettext("date format", "M"))


def month_text(day: date) -> str:
    """November 2026, 2026年11月."""
    # Translators: Django's date format of a month with its year; Y年n月 in Chinese
    return date_format(day, _("F Y"))


def month(day: date) -> str:
    """Nov, 11月."""
    return date_format(day, pgettext("Django's date format of a month alone; n月 in Chinese", "M"))


def month_of(text: str) -> date | None:
    """The first day of a month as addresses name it, 2026-11; None for anything else."""
    found = _MONTH.fullmatch(text)
    return date(int(found["year"]), int(found["month"]), 1) if found else None


def day_of(text: str) -> date | None:
    """A day of this century as addresses name it, 2026-11-23; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def weekday(day: date) -> str:
    """Thu, 周四."""
    return str(WEEKDAYS[day.weekday()])


def moment_text(at: datetime, *, now: datetime) -> str:
    """A moment in the past: today 10:05, yesterday 18:40, 8 Mar 11:02, 8 Mar 2024."""
    local, today = timezone.localtime(at), timezone.localdate(now)
    days = (today - local.date()).days
    if days == 0:
        return _("today %(time)s") % {"time": local.strftime("%H:%M")}
    if days == 1:
        return _("yesterday %(time)s") % {"time": local.strftime("%H:%M")}
    if local.year == today.year:
        return f"{date_format(local, _('j M'))} {local:%H:%M}"
    return date_format(local, _("j M Y"))
