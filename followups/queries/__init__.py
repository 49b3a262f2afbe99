"""Reads of the followups room: the day's work, a customer's calendar, who is behind."""

from followups.queries.calendar import (
    PlannedDay,
    SampleDay,
    calendar_of,
    obligations,
    product_of_letter,
    sample_calendar,
)
from followups.queries.people import Standing, standing_of_people
from followups.queries.plans import ListedPlan, Movement, movement_of, plans_for_list
from followups.queries.tasks import (
    APPOINTMENT_KIND,
    DayCounts,
    PlaceInDay,
    Reason,
    TaskOfDay,
    cadence_days,
    counts_by_kind,
    get_task_for,
    of_mine,
    of_nobody,
    place_in_day,
    task_of_appointment,
    unkept,
    visible,
    worklist,
)

__all__ = [
    "APPOINTMENT_KIND",
    "DayCounts",
    "ListedPlan",
    "Movement",
    "PlaceInDay",
    "PlannedDay",
    "Reason",
    "SampleDay",
    "Standing",
    "TaskOfDay",
    "cadence_days",
    "calendar_of",
    "counts_by_kind",
    "get_task_for",
    "movement_of",
    "obligations",
    "of_mine",
    "of_nobody",
    "place_in_day",
    "plans_for_list",
    "product_of_letter",
    "sample_calendar",
    "standing_of_people",
    "task_of_appointment",
    "unkept",
    "visible",
    "worklist",
]
