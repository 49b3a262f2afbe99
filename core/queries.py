"""Reads of the ground floor."""

from core.calendars import BusinessCalendar
from core.models import DayOverride


def business_calendar() -> BusinessCalendar:
    """The company's calendar: statutory days under the overrides that people set. One query."""
    return BusinessCalendar(
        {row.day: (row.is_working, row.name) for row in DayOverride.objects.all()}
    )
