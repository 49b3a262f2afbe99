"""The rows of appointments: made, moved, closed. Whose task they are is the follow-ups' business.

A car is locked before it is booked, so that of many who want it each waits for the one before,
and nobody for a circle; that it serves one at a time is the exclusion constraint's word.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.refusals import Refused, refuse_if
from core.services import audit
from customers.models import Appointment, Contact, Customer, Opportunity, Resource
from customers.queries import appointments as queries
from customers.rules import appointments as rules
from customers.rules.appointments import Slot
from customers.states import AppointmentKind, AppointmentState, ResourceKind
from staff.models import Person
from staff.scope import reach_of

BOOKED = AppointmentState.BOOKED


class AppointmentNotMade(Refused):
    """An appointment could not be booked, moved or closed as told."""

    messages = {
        "ends_before_it_begins": gettext_lazy("The appointment ends before it begins."),
        "too_long": gettext_lazy("An appointment takes %(hours)s hours at most."),
        "begins_in_the_past": gettext_lazy("This hour has passed. Choose a later one."),
        "too_far_ahead": gettext_lazy("Book an appointment at most a year ahead."),
        "car_missing": gettext_lazy("Choose the car for the test drive."),
        "resource_of_another_store": gettext_lazy(
            "This car, crew or room belongs to another store."
        ),
        "resource_does_not_fit": gettext_lazy("Choose a car, crew or room that fits."),
        "resource_out_of_use": gettext_lazy("It is out of use. Choose another one."),
        "resource_taken": gettext_lazy(
            "%(resource)s is taken %(span)s. Choose another time or another one."
        ),
        "resource_taken_by": gettext_lazy(
            "%(resource)s is taken %(span)s for %(customer)s, booked for %(person)s. Choose another"
            " time or another one."
        ),
        "person_is_busy": gettext_lazy(
            "%(person)s has another appointment: %(clashes)s. Tick “Book anyway” if both are meant."
        ),
        "person_does_not_see": gettext_lazy(
            "%(person)s does not see this customer. Choose the keeper or somebody with access."
        ),
        "opportunity_of_another": gettext_lazy("This opportunity belongs to another customer."),
        "is_closed": gettext_lazy("This appointment was closed in the meantime: %(state)s."),
        "reason_missing": gettext_lazy("Say why the appointment is cancelled."),
        "is_still_ahead": gettext_lazy("It has not begun yet. Move or cancel it instead."),
    }


def span_text(slot: Slot | Appointment, *, zone: ZoneInfo) -> str:
    """10:00–11:00."""
    return f"{slot.starts_at.astimezone(zone):%H:%M}–{slot.ends_at.astimezone(zone):%H:%M}"


def _taken(
    resource: Resource, slot: Slot, *, by: Person, now: datetime, but: int | None
) -> Refused:
    """When it is taken; for whom, where the reader may know."""
    row = queries.taking(resource=resource, slot=slot, but=but).first()
    span = span_text(row or slot, zone=resource.store.tzinfo)
    reach = reach_of(by, today=resource.store.today(now))
    if row is None or not queries.visible(reach).filter(pk=row.pk).exists():
        return AppointmentNotMade.because("resource_taken", resource=resource.name, span=span)
    return AppointmentNotMade.because(
        "resource_taken_by",
        resource=resource.name,
        span=span,
        customer=row.customer.shown_name,
        person=row.person.name,
    )


def _claim_resource(
    customer: Customer, kind: AppointmentKind | str, resource: Resource | None
) -> Resource | None:
    """The car as it stands under its lock. Raises AppointmentNotMade where it cannot serve."""
    locked = None
    if resource is not None:
        rows = Resource.objects.select_related("store").select_for_update(of=("self",), no_key=True)
        locked = rows.get(pk=resource.pk)
    is_wanted = kind == AppointmentKind.TEST_DRIVE and (
        queries.resources_of(customer.store_id).filter(kind=ResourceKind.TEST_CAR).exists()
    )
    refuse_if(
        AppointmentNotMade,
        rules.resource_blockers(
            kind=kind,
            resource_kind=locked.kind if locked else "",
            is_of_store=locked is None or locked.store_id == customer.store_id,
            is_active=locked is None or locked.is_active,
            is_wanted=is_wanted,
        ),
    )
    return locked


def _check_person(
    customer: Customer, person: Person, slot: Slot, *, anyway: bool, but: int | None, now: datetime
) -> None:
    """The person sees the customer, and knows of what else they have at that time."""
    if not queries.sees(person, customer, today=customer.store.today(now)):
        raise AppointmentNotMade.because("person_does_not_see", person=person.name)
    busy = [] if anyway else list(queries.of_person_at(person=person, slot=slot, but=but)[:3])
    if busy:
        words = [span_text(row, zone=customer.store.tzinfo) for row in busy]
        raise AppointmentNotMade.because(
            "person_is_busy", person=person.name, clashes=_(", ").join(words)
        )


def _insert(
    slot: Slot,
    claimed: Resource | None,
    *,
    but: int | None,
    by: Person,
    now: datetime,
    **facts: Any,
) -> Appointment:
    """Write the row, if the car is free. Raises AppointmentNotMade where somebody has it."""
    try:
        with transaction.atomic():
            return Appointment.objects.create(
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
                resource=claimed,
                made_at=now,
                made_by=by,
                **facts,
            )
    except IntegrityError as error:
        if claimed is None or "one_appointment_a_resource_at_a_time" not in str(error):
            raise
        raise _taken(claimed, slot, by=by, now=now, but=but) from error


@transaction.atomic
def make_appointment(
    *,
    customer: Customer,
    kind: AppointmentKind | str,
    starts_at: datetime,
    ends_at: datetime,
    person: Person,
    by: Person,
    now: datetime,
    resource: Resource | None = None,
    place: str = "",
    note: str = "",
    opportunity: Opportunity | None = None,
    anyway: bool = False,
    instead_of: Appointment | None = None,
) -> Appointment:
    """Book one appointment; `instead_of` is the one that was moved, and names this one.

    `anyway` says that the person's other appointment at that time is known. The caller holds the
    customer. Raises AppointmentNotMade.
    """
    slot = Slot(starts_at=starts_at, ends_at=ends_at)
    refuse_if(AppointmentNotMade, rules.appointment_blockers(slot=slot, now=now))
    if opportunity is not None and opportunity.customer_id != customer.pk:
        raise AppointmentNotMade.because("opportunity_of_another")
    but = instead_of.pk if instead_of else None
    claimed = _claim_resource(customer, kind, resource)
    if claimed is not None and queries.taking(resource=claimed, slot=slot, but=but).exists():
        raise _taken(claimed, slot, by=by, now=now, but=but)
    _check_person(customer, person, slot, anyway=anyway, but=but, now=now)

    if instead_of is not None:
        close_appointment(appointment=instead_of, state=AppointmentState.MOVED, by=by, now=now)
    row = _insert(
        slot,
        claimed,
        but=but,
        by=by,
        now=now,
        customer=customer,
        opportunity=opportunity,
        kind=kind,
        place=place,
        person=person,
        note=note,
    )
    if instead_of is not None:
        Appointment.objects.filter(pk=instead_of.pk).update(moved_to=row)
    audit.record(verb="book", of=row, by=by, customer=customer.pk, instead_of=but)
    return row


def close_appointment(
    *,
    appointment: Appointment,
    state: AppointmentState,
    by: Person,
    now: datetime,
    result: str = "",
    contact: Contact | None = None,
) -> None:
    """Close a booked appointment, once. Raises AppointmentNotMade if somebody was first."""
    closed = Appointment.objects.filter(pk=appointment.pk, state=BOOKED).update(
        state=state, closed_at=now, closed_by=by, result=result[:400], contact=contact
    )
    if not closed:
        fresh = Appointment.objects.get(pk=appointment.pk)
        raise AppointmentNotMade.because("is_closed", state=fresh.get_state_display())
    audit.record(
        verb=str(state), of=appointment, by=by, reason=result, customer=appointment.customer_id
    )


def cancel_appointments(*, ids: Sequence[int], by: Person, now: datetime) -> list[int]:
    """These were meant to win a customer who is given up; answers with those that were booked."""
    rows = Appointment.objects.filter(pk__in=ids, state=BOOKED)
    booked = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(state=AppointmentState.CANCELLED, closed_at=now, closed_by=by)
    return booked


def reopen_appointments(*, ids: Sequence[int]) -> list[int]:
    """Closed by mistake: booked again, where no other has the car by now; answers with those."""
    reopened = []
    cars = Resource.objects.filter(appointments__in=ids).order_by("pk")
    list(cars.select_for_update(no_key=True).values_list("pk", flat=True))
    for pk in sorted(ids):
        try:
            with transaction.atomic():
                Appointment.objects.filter(pk=pk).exclude(state=BOOKED).update(
                    state=BOOKED, closed_at=None, closed_by=None, result="", contact=None
                )
        except IntegrityError:
            continue
        reopened.append(pk)
    return reopened
