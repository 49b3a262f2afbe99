"""Appointments: booked, moved, missed, cancelled, kept; each act is one transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.services.once import once
from customers.models import Appointment, Customer, Opportunity, Resource
from customers.rules.appointments import TO_WIN
from customers.services.appointments import (
    AppointmentNotMade,
    close_appointment,
    make_appointment,
)
from customers.states import AppointmentKind, AppointmentState, Grade
from followups.services import booked_work, engine
from followups.services.holding import hold_of, hold_one
from staff.models import Person


class AppointmentNotBooked(Refused):
    """What the follow-up says against an appointment; the rest is told by AppointmentNotMade."""

    messages = {
        "given_up": _(
            "Grade D has no appointments to win the customer. Choose another grade first."
        ),
    }


@transaction.atomic
def book_appointment(
    *,
    customer: Customer,
    kind: AppointmentKind | str,
    starts_at: datetime,
    ends_at: datetime,
    person: Person,
    by: Person,
    now: datetime,
    key: UUID,
    resource: Resource | None = None,
    place: str = "",
    note: str = "",
    opportunity: Opportunity | None = None,
    anyway: bool = False,
) -> Appointment:
    """Book an appointment and put it on the list of who is booked (FUP-26, M62).

    `anyway` says that the person's other appointment at that time is known. `key` is the form's own
    id: sent twice, the same appointment comes back. Raises AppointmentNotBooked and
    AppointmentNotMade.
    """
    customer = hold_one(customer)
    with once(key=key, purpose="appointment", by=by) as form:
        if form.result_id:
            return Appointment.objects.get(pk=form.result_id)
        if customer.grade == Grade.D and kind in TO_WIN:
            raise AppointmentNotBooked.because("given_up")

        row = _book(
            customer, kind=kind, starts_at=starts_at, ends_at=ends_at, person=person,
            resource=resource, place=place, note=note, opportunity=opportunity, anyway=anyway,
            by=by, now=now,
        )  # fmt: skip
        form.result_id = row.pk
    return row


def _book(
    customer: Customer,
    *,
    by: Person,
    now: datetime,
    instead_of: Appointment | None = None,
    **said: Any,
) -> Appointment:
    """The appointment and its work, and no work any more for what it takes the place of."""
    row = make_appointment(customer=customer, instead_of=instead_of, by=by, now=now, **said)
    if instead_of is not None:
        booked_work.call_off(instead_of, now=now)
    booked_work.open_for(row, customer=customer)

    engine.touch_and_ask(customers=[customer.pk], now=now)
    return row


@transaction.atomic
def move_appointment(
    *,
    appointment: Appointment,
    starts_at: datetime,
    ends_at: datetime,
    person: Person,
    by: Person,
    now: datetime,
    key: UUID,
    resource: Resource | None = None,
    place: str = "",
    note: str = "",
    anyway: bool = False,
) -> Appointment:
    """Book it anew at another time; the old one stays readable and names the new (forms 2.16).

    `key` is the form's own id. Raises AppointmentNotMade.
    """
    customer = hold_of(appointment)
    with once(key=key, purpose="move_appointment", by=by) as form:
        if form.result_id:
            return Appointment.objects.get(pk=form.result_id)
        row = _book(
            customer, kind=appointment.kind, starts_at=starts_at, ends_at=ends_at, person=person,
            resource=resource, place=place, note=note, opportunity=appointment.opportunity,
            anyway=anyway, instead_of=appointment, by=by, now=now,
        )  # fmt: skip
        form.result_id = row.pk
    return row


@transaction.atomic
def miss_appointment(
    *, appointment: Appointment, by: Person, now: datetime, note: str = ""
) -> None:
    """The customer did not come (爽约); the cadence takes over. Raises AppointmentNotMade."""
    hold_of(appointment)
    if appointment.starts_at > now:
        raise AppointmentNotMade.because("is_still_ahead")
    close_appointment(
        appointment=appointment, state=AppointmentState.MISSED, result=note, by=by, now=now
    )

    booked_work.call_off(appointment, now=now)
    engine.touch_and_ask(customers=[appointment.customer_id], now=now)


@transaction.atomic
def cancel_appointment(*, appointment: Appointment, reason: str, by: Person, now: datetime) -> None:
    """Call it off, with the reason. Raises AppointmentNotMade."""
    hold_of(appointment)
    if not reason.strip():
        raise AppointmentNotMade.because("reason_missing")
    close_appointment(
        appointment=appointment,
        state=AppointmentState.CANCELLED,
        result=reason.strip(),
        by=by,
        now=now,
    )

    booked_work.call_off(appointment, now=now)
    engine.touch_and_ask(customers=[appointment.customer_id], now=now)


@transaction.atomic
def keep_appointment(
    *, appointment: Appointment, by: Person, now: datetime, result: str = ""
) -> None:
    """It took place, and that is all there is to say; a meeting worth a word is logged instead.

    Raises AppointmentNotMade.
    """
    customer = hold_of(appointment)
    if customer.store.today(appointment.starts_at) > customer.store.today(now):
        raise AppointmentNotMade.because("is_still_ahead")
    close_appointment(
        appointment=appointment,
        state=AppointmentState.KEPT,
        result=result.strip(),
        by=by,
        now=now,
    )

    booked_work.finish(appointment, now=now)
    engine.touch_and_ask(customers=[customer.pk], now=now)
