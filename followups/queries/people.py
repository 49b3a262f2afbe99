"""Who is behind with the day's work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from followups.models import Task
from followups.states import State
from staff.models import Person


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one person stands: tasks on today's list, the overdue among them, the oldest limit."""

    person: Person
    due: int = 0
    overdue: int = 0
    oldest_due_at: datetime | None = None


def standing_of_people(
    tasks: QuerySet[Task], people: Iterable[Person], *, now: datetime, today: date
) -> list[Standing]:
    """Who is behind, worst first: `people`, and whoever else has one of `tasks`. Two queries.

    Counts what the reader may see, so that each figure is the number of rows it opens.
    """
    figures = {
        row["assignee"]: row
        for row in tasks.filter(state=State.OPEN, shown_on__lte=today, assignee__isnull=False)
        .order_by()
        .values("assignee")
        .annotate(
            due=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            oldest_due_at=Min("due_at", filter=Q(due_at__lt=now)),
        )
    }
    known = {person.pk: person for person in people}
    others = Person.objects.select_related("store").in_bulk(figures.keys() - known.keys())
    standing = [_standing(person, figures.get(person.pk)) for person in (known | others).values()]
    return sorted(
        standing,
        key=lambda row: (-row.overdue, row.oldest_due_at or now, -row.due, row.person.name),
    )


def _standing(person: Person, figures: Mapping[str, Any] | None) -> Standing:
    if figures is None:
        return Standing(person=person)
    return Standing(
        person=person,
        due=figures["due"],
        overdue=figures["overdue"],
        oldest_due_at=figures["oldest_due_at"],
    )
