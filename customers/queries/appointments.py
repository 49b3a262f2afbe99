"""Reads of appointments: what somebody sees of the calendar, and what is taken when."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from customers.models import Appointment, Customer, Resource
from customers.queries.finding import are_visible
from customers.queries.finding import visible as visible_customers
from customers.queries.serving import people_serving
from customers.rules.appointments import Slot
from customers.states import TAKING_TIME, AppointmentState
from staff.models import Person, Store
from staff.scope import SERVING_ROLES, Reach, reach_of, visible_stores

# No row has this id.
NOBODY = 0


def visible(reach: Reach) -> QuerySet[Appointment]:
    """The appointments of customers within reach."""
    return Appointment.objects.filter(are_visible(reach, path="customer"))


def get_appointment_for(reach: Reach, pk: int) -> Appointment:
    """The appointment `pk` with all that its page shows; out of reach it does not exist (404)."""
    rows = visible(reach).select_related(
        "customer__store", "customer__owner", "person", "resource", "made_by", "closed_by",
        "moved_to__customer__store", "opportunity", "contact",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def _at(slot: Slot) -> Q:
    return Q(starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at)


def taking(*, resource: Resource, slot: Slot, but: int | None = None) -> QuerySet[Appointment]:
    """What has this car, crew or room at that time."""
    rows = Appointment.objects.filter(_at(slot), resource=resource, state__in=TAKING_TIME)
    return (
        rows.exclude(pk=but or NOBODY)
        .select_related("customer", "person")
        .order_by("starts_at", "pk")
    )


def of_person_at(*, person: Person, slot: Slot, but: int | None = None) -> QuerySet[Appointment]:
    """What this person has at that time."""
    rows = Appointment.objects.filter(_at(slot), person=person, state=AppointmentState.BOOKED)
    return rows.exclude(pk=but or NOBODY).select_related("customer").order_by("starts_at", "pk")


def resources_of(store_id: int | None) -> QuerySet[Resource]:
    """The cars, crews and rooms in use of a store."""
    return Resource.objects.filter(store=store_id, is_active=True).order_by("kind", "name", "pk")


def visible_resources(reach: Reach) -> QuerySet[Resource]:
    """The cars, crews and rooms of the stores within reach."""
    rows = Resource.objects.filter(store__in=visible_stores(reach))
    return rows.select_related("store").order_by("store__name", "-is_active", "kind", "name", "pk")


def sees(person: Person, customer: Customer, *, today: date) -> bool:
    """Whether this person may serve the customer: else the work would stand on no list."""
    if not person.is_active or person.role not in SERVING_ROLES:
        return False
    return visible_customers(reach_of(person, today=today)).filter(pk=customer.pk).exists()


def people_for(customer: Customer, *, by: int) -> QuerySet[Person]:
    """Who can be booked with this customer: who sees to them, and who asks."""
    return people_serving(customer, also=Q(pk=by))


def of_sheet(
    reach: Reach, *, store: Store | None = None, person: Person | None = None
) -> QuerySet[Appointment]:
    """What a calendar is about: a store with its customers and people, one person, or one's own."""
    rows = visible(reach)
    if person is not None:
        return rows.filter(person=person)
    if store is not None:
        return rows.filter(Q(customer__store=store) | Q(person__store=store))
    return rows.filter(person__in=reach.acts_for)


def of_days(
    rows: QuerySet[Appointment], *, begins: datetime, ends: datetime
) -> QuerySet[Appointment]:
    """What takes time between two moments, by hour, with what a calendar shows of it."""
    return (
        rows.filter(starts_at__lt=ends, ends_at__gt=begins)
        .exclude(state__in=[AppointmentState.MOVED, AppointmentState.CANCELLED])
        .select_related("customer__store", "person", "resource")
        .order_by("starts_at", "ends_at", "pk")
    )


def of_resources(
    resources: Sequence[Resource], *, begins: datetime, ends: datetime
) -> QuerySet[Appointment]:
    """What these cars, crews and rooms are booked for, whoever's customer it is."""
    rows = Appointment.objects.filter(resource__in=resources, state__in=TAKING_TIME)
    return of_days(rows, begins=begins, ends=ends)


def next_of(customer: Customer, *, now: datetime, but: int | None = None) -> Appointment | None:
    """The next appointment that is booked and not begun."""
    rows = Appointment.objects.filter(
        customer=customer, state=AppointmentState.BOOKED, starts_at__gt=now
    ).exclude(pk=but or NOBODY)
    return rows.select_related("resource", "person").order_by("starts_at", "pk").first()
