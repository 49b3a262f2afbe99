"""What stands in one person's private calendar: asked anew each time the feed is read."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q

from customers.models import Appointment
from customers.queries.appointments import visible as visible_appointments
from customers.states import AppointmentState
from followups.models import Obligation, Task
from followups.queries.tasks import visible as visible_tasks
from followups.states import Anchor, State
from staff.models import Person
from staff.queries_of_absences import running
from staff.scope import reach_of

AHEAD = timedelta(days=60)
BACK = timedelta(days=7)
# More than anybody has in two months; a calendar program is not to choke on it.
MOST = 2000


@dataclass(frozen=True, kw_only=True)
class Feed:
    """Tasks that are open and appointments that stand, as far as this person sees them today."""

    tasks: list[Task]
    appointments: list[Appointment]


def _whose(who: str, day: str, person: Person, away: list[tuple[int, date]]) -> Q:
    """Work of this person's own, and that of those away up to the last day of their leave."""
    wanted = Q(**{who: person})
    for other, ends_on in away:
        wanted |= Q(**{who: other, f"{day}__lte": ends_on})
    return wanted


def feed_of(person: Person, *, now: datetime) -> Feed:
    """What this person has to do from a week back to two months ahead.

    What is within reach is asked now: whoever lost a customer, a store or a role loses the entries.
    An appointment stands for itself, not also as the task that keeps it. Whoever stands in for
    somebody has their work, too, up to the last day of the leave (FUP-30).
    """
    today = person.store.today(now) if person.store else now.astimezone().date()
    reach = reach_of(person, today=today)
    away = list(running(on=today).filter(stand_in=person).values_list("person", "ends_on"))
    reasons = Obligation.objects.filter(state=State.OPEN).select_related("step")
    other = reasons.filter(task=OuterRef("pk")).exclude(step__anchor=Anchor.APPOINTMENT)
    tasks = (
        visible_tasks(reach)
        .filter(_whose("assignee", "day", person, away), Exists(other), state=State.OPEN)
        .filter(day__gte=today - BACK, day__lte=today + AHEAD)
        .select_related("customer", "letter", "assignee")
        .prefetch_related(
            Prefetch("obligations", reasons.order_by("due_at", "pk"), to_attr="open_reasons")
        )
        .order_by("day", "pk")
    )
    appointments = (
        visible_appointments(reach)
        .filter(_whose("person", "starts_at__date", person, away))
        .filter(starts_at__gte=now - BACK, starts_at__lte=now + AHEAD)
        .exclude(state__in=[AppointmentState.MOVED, AppointmentState.CANCELLED])
        .select_related("customer", "person")
        .order_by("starts_at", "pk")
    )
    return Feed(tasks=list(tasks[:MOST]), appointments=list(appointments[:MOST]))
