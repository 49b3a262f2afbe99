"""Days as chips: the words above, the date under them."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.days import weekday
from followups.forms.fields import OTHER, Chip


def _short_day(day: date) -> str:
    """Mon 23, 23日 周一: what fits on a chip; the words above say which month."""
    return pgettext("day on a chip", "%(weekday)s %(number)s") % {
        "weekday": weekday(day),
        "number": day.day,
    }


def day_chips(today: date, days: Iterable[int]) -> list[tuple[str, object]]:
    """Chips for so many days from today, the date under the words."""
    words = {0: _("Today"), 1: _("Tomorrow"), 7: _("Next week")}
    chips: list[tuple[str, object]] = []
    for count in days:
        day = today + timedelta(days=count)
        label = words.get(count) or _("In %(count)s days") % {"count": count}
        chips.append((day.isoformat(), Chip(label, _short_day(day))))
    return chips


def step_chips(today: date, *, gap: int) -> list[tuple[str, object]]:
    """Days for a next step: soon, after the grade's gap, or another from the calendar."""
    days = (1, 3, gap if gap not in (1, 3) else 7)
    return [*day_chips(today, days), (OTHER, gettext_lazy("Other day"))]
