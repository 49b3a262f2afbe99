"""What is asked about people, their duties and their stores."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404

from core.models import BusinessDay, DayOverride
from staff.models import Duty, Person, Region, Store
from staff.rules import Standing
from staff.scope import Reach, visible_people
from staff.states import PersonState, Role


def stores_of_reach(reach: Reach) -> QuerySet[Store]:
    """Stores, open or closed, by which this person may filter a list of people."""
    stores = Store.objects.order_by("code", "pk")
    if reach.sees_all or reach.role == Role.ADMIN:
        return stores
    return stores.filter(pk__in=reach.store_ids)


def standing_of(person: Person) -> Standing:
    """What the rules about accounts need to know of `person`; own units only, no duties."""
    others = person.other_stores.values_list("pk", flat=True)
    return Standing(
        person_id=person.pk,
        role=Role(person.role),
        unit_ids=frozenset(pk for pk in (person.store_id, *others) if pk is not None),
        home_id=person.store_id,
        state=person.state,
        is_system=person.is_system,
    )


def in_state(state: str) -> Q:
    """The SQL twin of `Person.state`; a test holds the two together."""
    without_password = Q(("password__startswith", UNUSABLE_PASSWORD_PREFIX)) | Q(password="")
    return {
        PersonState.AWAITING: Q(awaits_confirmation=True),
        PersonState.DISABLED: Q(awaits_confirmation=False, is_active=False),
        PersonState.INVITED: Q(is_active=True) & without_password,
        PersonState.ACTIVE: Q(is_active=True) & ~without_password,
    }[PersonState(state)]


def people_matching(
    reach: Reach, *, q: str = "", store: Store | None = None, role: str = "", state: str = ""
) -> QuerySet[Person]:
    """The people within `reach` that a list shows; `q` is part of a name or user name."""
    people = visible_people(reach).select_related("store")
    if q:
        people = people.filter(Q(name__icontains=q) | Q(username__icontains=q))
    if store:
        people = people.filter(Q(store=store) | Exists(_works_also_in(store)))
    if role:
        people = people.filter(role=role)
    if state:
        people = people.filter(in_state(state))
    return people.order_by("-is_active", "name", "pk")


def _works_also_in(store: Store) -> QuerySet:
    link = Person.other_stores.through
    return link.objects.filter(person=OuterRef("pk"), store=store)


def get_person_for(reach: Reach, pk: int) -> Person:
    """The person `pk` with store; who is out of reach does not exist (404)."""
    people = visible_people(reach).select_related("store", "store__region")
    return get_object_or_404(people, pk=pk)


def current_duties(person: Person, *, today: date) -> list[Duty]:
    """Duties that run today or later, the next one first."""
    duties = person.duties.select_related("store", "region", "assists", "given_by")
    return list(duties.filter(Q(ends_on=None) | Q(ends_on__gte=today)).order_by("starts_on", "pk"))


def assistants_of(person: Person, *, today: date) -> list[Person]:
    """Who assists this person today or later."""
    assisting = Duty.objects.filter(assists=person).filter(Q(ends_on=None) | Q(ends_on__gte=today))
    return list(Person.objects.filter(pk__in=assisting.values("person")).order_by("name", "pk"))


def people_of_store(store: Store) -> list[Person]:
    """Who works in this store and may sign in, those shared with other stores included."""
    here = Q(store=store) | Exists(_works_also_in(store))
    return list(Person.objects.filter(here, is_active=True).order_by("role", "name", "pk"))


def is_locked_out(person: Person, *, now: datetime) -> bool:
    """Whether wrong passwords have locked this user name for some address at `now`."""
    since = now - timedelta(hours=settings.AXES_COOLOFF_TIME)
    attempts = AccessAttempt.objects.filter(username=person.username, attempt_time__gte=since)
    failures = attempts.values("ip_address").annotate(failures=Sum("failures_since_start"))
    return failures.filter(failures__gte=settings.AXES_FAILURE_LIMIT).exists()


def choosable_stores(*, among: Iterable[int] | None = None) -> QuerySet[Store]:
    """Open stores and teams to choose among, all or those given."""
    stores = Store.objects.filter(is_active=True).order_by("code", "pk")
    return stores if among is None else stores.filter(pk__in=among)


def awaiting_confirmation() -> QuerySet[Person]:
    """Administrators whom an operations manager has yet to confirm."""
    return Person.objects.filter(awaits_confirmation=True).order_by("name", "pk")


@dataclass(frozen=True, kw_only=True)
class NamedDay:
    """A day that differs from an ordinary weekday or weekend, and who says so."""

    day: date
    is_working: bool
    name: str
    is_own: bool


def named_days(year: int) -> list[NamedDay]:
    """The holidays, make-up days and the company's own days of a year. Two queries."""
    own = set(DayOverride.objects.filter(day__year=year).values_list("day", flat=True))
    rows = BusinessDay.objects.filter(day__year=year).filter(~Q(name="") | Q(day__in=own))
    return [
        NamedDay(day=row.day, is_working=row.is_working, name=row.name, is_own=row.day in own)
        for row in rows.order_by("day")
    ]


def stores_matching(
    *, q: str = "", region: Region | None = None, kind: str = "", state: str = ""
) -> QuerySet[Store]:
    """Stores and other units for the list, closed ones too, each with the people in it."""
    stores = Store.objects.select_related("region").annotate(
        people_count=Count("people", filter=Q(people__is_active=True))
    )
    if q:
        stores = stores.filter(Q(name__icontains=q) | Q(code__icontains=q))
    if region:
        stores = stores.filter(region=region)
    if kind:
        stores = stores.filter(kind=kind)
    if state:
        stores = stores.filter(is_active=state == "open")
    return stores.order_by("-is_active", "code", "pk")


def regions_with_counts() -> QuerySet[Region]:
    """All regions with the number of their stores."""
    return Region.objects.annotate(store_count=Count("store")).order_by("name", "pk")
