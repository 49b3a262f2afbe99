"""How many customers somebody has reached: A today, B and C this week (FUP-03, FUP-04).

Talked with twice, a customer counts once: a second call on the same day is no second customer.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from customers.models import Contact, Parameters
from customers.states import Grade
from staff.models import Person

A_TODAY, BC_WEEK = "a", "bc"
OF_WEEK = (Grade.B1, Grade.B2, Grade.C1, Grade.C2)


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What one person has done of what a day and a week ask for."""

    person: Person
    a_today: int
    bc_week: int


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a day and a week ask for; figures of the house."""

    a_day: int
    bc_week: int


def asked_of(figures: Parameters) -> Asked:
    return Asked(a_day=figures.calls_a_day, bc_week=figures.contacts_a_week)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def counted(*, kind: str, today: date, zone: ZoneInfo) -> Q:
    """Which effective contacts count: of today with A, of this week, Monday first, with B and C.

    What was logged before the stretch happened before it, so that the index of who logged serves.
    """
    monday = today - timedelta(days=today.weekday())
    begins = _begin(today if kind == A_TODAY else monday, zone)
    ends = _begin(today + timedelta(days=1), zone)
    grades = (Grade.A,) if kind == A_TODAY else OF_WEEK
    return Q(
        is_effective=True,
        voided_at=None,
        logged_at__gte=begins,
        occurred_at__gte=begins,
        occurred_at__lt=ends,
        grade__in=grades,
    )


def _customers(which: Q) -> Count:
    return Count("customer", distinct=True, filter=which)


def of_people(people: Collection[int]) -> QuerySet[Contact]:
    """Contacts of these people; what an assistant logs is whose it was logged for."""
    mine = Q(by__in=people, on_behalf_of=None) | Q(on_behalf_of__in=people)
    return Contact.objects.filter(mine)


def counts_of(people: Collection[Person], *, today: date, zone: ZoneInfo) -> list[Reached]:
    """Both counts of these people, in their order; one query."""
    rows = (
        of_people([person.pk for person in people])
        .filter(logged_at__gte=_begin(today - timedelta(days=today.weekday()), zone))
        .annotate(whose=Coalesce(F("on_behalf_of"), F("by")))
        .values("whose")
        .annotate(
            a=_customers(counted(kind=A_TODAY, today=today, zone=zone)),
            bc=_customers(counted(kind=BC_WEEK, today=today, zone=zone)),
        )
        .order_by("whose")
    )
    found = {row["whose"]: (row["a"], row["bc"]) for row in rows}
    return [
        Reached(
            person=person,
            a_today=found.get(person.pk, (0, 0))[0],
            bc_week=found.get(person.pk, (0, 0))[1],
        )
        for person in people
    ]
