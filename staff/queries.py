"""What is asked about people, their duties and their stores."""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from staff.models import Duty, Person, Region, Store
from staff.rules import Standing
from staff.scope import Reach, visible_people
from staff.states import PersonState, Role

SYSTEM_USERNAME = "system"


def system_account() -> Person:
    """The account in whose name unattended work is done; made where a test or restore lost it."""
    account, _made = Person.objects.get_or_create(
        username=SYSTEM_USERNAME,
        defaults={
            "name": "Genjin",
            "role": Role.ADMIN,
            "is_system": True,
            "is_active": False,
            "password": make_password(None),
        },
    )
    return account


def standing_of(person: Person) -> Standing:
    """What the rules about accounts need to know of `person`; own units only, no duties."""
    units = {person.store_id, *person.other_stores.values_list("pk", flat=True)} - {None}
    return Standing(
        person_id=person.pk,
        role=Role(person.role),
        unit_ids=frozenset(units),
        home_id=person.store_id,
        state=state_of(person),
        is_system=person.is_system,
    )


def state_of(person: Person) -> PersonState:
    """Whether this person can sign in, and if not, what is missing."""
    if person.awaits_confirmation:
        return PersonState.AWAITING
    if not person.is_active:
        return PersonState.DISABLED
    if not person.has_usable_password():
        return PersonState.INVITED
    return PersonState.ACTIVE


def in_state(state: str) -> Q:
    """The SQL twin of `state_of`; a test holds the two together."""
    without_password = Q(password__startswith="!") | Q(password="")
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
    """The person `pk` with store and duties; who is out of reach does not exist (404)."""
    duties = Duty.objects.select_related("store", "region", "assists", "given_by").order_by(
        "-starts_on", "-pk"
    )
    people = visible_people(reach).select_related("store", "store__region")
    return get_object_or_404(people.prefetch_related(Prefetch("duties", queryset=duties)), pk=pk)


def current_duties(person: Person, *, today: date) -> list[Duty]:
    """Duties that run today or later, the next one first."""
    duties = person.duties.select_related("store", "region", "assists", "given_by")
    return list(
        duties.filter(Q(ends_on=None) | Q(ends_on__gte=today)).order_by("starts_on", "pk")
    )


def awaiting_confirmation() -> QuerySet[Person]:
    """Administrators whom an operations manager has yet to confirm."""
    return Person.objects.filter(awaits_confirmation=True).order_by("name", "pk")


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
