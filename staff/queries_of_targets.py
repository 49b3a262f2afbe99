"""What is asked about targets: who is to reach how much in a month (ORD-16, ORD-19)."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from staff.models import Person, Store, Target
from staff.queries import people_of_store
from staff.states import STORE_BOUND_ROLES, TargetKind


def targets_of(store: Store, first_day: date) -> QuerySet[Target]:
    """All targets of a store and its people for the month that begins on this day."""
    return Target.objects.filter(store=store, first_day=first_day).order_by("pk")


def people_with_targets(store: Store) -> list[Person]:
    """Who sells in this store, and so may have a target of the own."""
    return [person for person in people_of_store(store) if person.role in STORE_BOUND_ROLES]


def store_targets(
    first_day: date, *, kind: TargetKind, stores: Collection[int] | None = None
) -> dict[int, Decimal]:
    """The month's target of each of these stores that has one; of all without `stores`."""
    found = Target.objects.filter(first_day=first_day, kind=kind, person=None)
    if stores is not None:
        found = found.filter(store__in=stores)
    return dict(found.values_list("store", "amount"))


def targets_by_month(
    kind: TargetKind, *, since: date, until: date
) -> dict[tuple[int, date], Decimal]:
    """By store and first day of the month the targets of stores for the months of these days."""
    found = Target.objects.filter(kind=kind, person=None, first_day__range=(since, until))
    rows = found.values_list("store", "first_day", "amount")
    return {(store, first): amount for store, first, amount in rows}


def person_targets(first_day: date, *, kind: TargetKind, store: int) -> dict[int, Decimal]:
    """The month's targets of the people of a store."""
    found = Target.objects.filter(first_day=first_day, kind=kind, store=store)
    rows = found.exclude(person=None).values_list("person", "amount")
    return {person: amount for person, amount in rows if person is not None}
