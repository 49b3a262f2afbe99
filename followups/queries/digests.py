"""What a digest says: counts of work by person and by store, asked for many at once.

A digest leaves the building, so that nothing here reads a customer: counts, hours and kinds of
appointments, and names of our own people.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from customers.models import Appointment
from customers.states import AppointmentState
from followups.models import Case, Task
from followups.states import CaseState, State
from staff.models import Notice
from staff.queries_of_absences import running


@dataclass(kw_only=True)
class PersonDay:
    """What stands before one person today; `others` are those for whom they stand in (FUP-30)."""

    name: str = ""
    due: int = 0
    overdue: int = 0
    late_cases: int = 0
    unread: int = 0
    appointments: list[tuple[datetime, str]] = field(default_factory=list)
    others: list["PersonDay"] = field(default_factory=list)

    @property
    def says_something(self) -> bool:
        own = self.due or self.overdue or self.late_cases or self.unread or self.appointments
        return bool(own) or any(other.says_something for other in self.others)

    @property
    def with_others(self) -> list["PersonDay"]:
        """One's own day, and those that one stands in for."""
        return [self, *self.others]


@dataclass(kw_only=True)
class StoreDay:
    """How one store's work stands today, and who of its people is behind, worst first."""

    name: str
    due: int = 0
    overdue: int = 0
    unkept: int = 0
    behind: list[tuple[str, int]] = field(default_factory=list)


def days_of_people(
    people: Collection[int], *, now: datetime, today: date, zone: ZoneInfo
) -> dict[int, PersonDay]:
    """What stands before these people today; five queries, however many they are."""
    stood_in = running(on=today).filter(stand_in__in=people).order_by("person__name", "pk")
    away = list(stood_in.values_list("stand_in", "person", "person__name"))
    days = {pk: PersonDay() for pk in people}
    for _stand_in, pk, name in away:
        days.setdefault(pk, PersonDay()).name = name
    _count_work(days, now=now, today=today, zone=zone)
    unread = Notice.objects.filter(person__in=people, read_at=None)
    for pk, count in unread.order_by().values_list("person").annotate(Count("pk")):
        days[pk].unread = count
    for stand_in, pk, _name in away:
        days[stand_in].others.append(days[pk])
    return days


def _count_work(days: dict[int, PersonDay], *, now: datetime, today: date, zone: ZoneInfo) -> None:
    tasks = Task.objects.filter(assignee__in=days, state=State.OPEN, shown_on__lte=today)
    for pk, due, overdue in (
        tasks.order_by()
        .values("assignee")
        .annotate(due=Count("pk", filter=Q(due_at__gte=now)))
        .annotate(overdue=Count("pk", filter=Q(due_at__lt=now)))
        .values_list("assignee", "due", "overdue")
    ):
        days[pk].due, days[pk].overdue = due, overdue
    midnight = datetime.combine(today, time(), zone)
    booked = Appointment.objects.filter(
        person__in=days,
        state=AppointmentState.BOOKED,
        starts_at__gte=midnight,
        starts_at__lt=midnight + timedelta(days=1),
    )
    for row in booked.order_by("starts_at", "pk").values_list("person", "starts_at", "kind"):
        days[row[0]].appointments.append((row[1].astimezone(zone), row[2]))
    late = Case.objects.filter(assignee__in=days, state=CaseState.OPEN, due_at__lt=now)
    for pk, count in late.order_by().values_list("assignee").annotate(Count("pk")):
        days[pk].late_cases = count


def days_of_stores(
    stores: Iterable[tuple[int, str]], *, now: datetime, today: date
) -> dict[int, StoreDay]:
    """How the work of these stores' customers stands today; one query."""
    days = {pk: StoreDay(name=name) for pk, name in stores}
    tasks = Task.objects.filter(customer__store__in=days, state=State.OPEN, shown_on__lte=today)
    rows = (
        tasks.order_by()
        .values("customer__store", "assignee__name", "assignee__is_active")
        .annotate(due=Count("pk", filter=Q(due_at__gte=now)))
        .annotate(overdue=Count("pk", filter=Q(due_at__lt=now)))
    )
    for row in rows.order_by("-overdue", "assignee__name"):
        day = days[row["customer__store"]]
        day.due += row["due"]
        day.overdue += row["overdue"]
        if not row["assignee__is_active"]:
            day.unkept += row["due"] + row["overdue"]
        elif row["overdue"]:
            day.behind.append((row["assignee__name"], row["overdue"]))
    return days
