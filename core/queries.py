"""Reads of the ground floor."""

from django.db.models import Q, QuerySet, Subquery
from django.db.models.lookups import IsNull

from core.calendars import BusinessCalendar
from core.models import DayOverride


def business_calendar() -> BusinessCalendar:
    """The company's calendar: statutory days under the overrides that people set. One query."""
    return BusinessCalendar(
        {row.day: (row.is_working, row.name) for row in DayOverride.objects.all()}
    )


def is_any(rows: QuerySet) -> Q:
    """Whether there is a row, asked by its index for each row shown.

    EXISTS would be answered by reading the whole table into a hash, for a page of twenty-five.
    """
    return Q(IsNull(Subquery(rows.values("pk")[:1]), False))
