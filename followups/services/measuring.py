"""Measuring done (量尺打卡): picture, contact, next step and the row, in one transaction."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.services.once import once
from customers.models import Appointment, Attachment, Contact, Customer, Project
from customers.rules import NextStep
from customers.services.attachments import add_attachments
from customers.services.pictures import Picture
from customers.states import (
    AppointmentKind,
    AppointmentState,
    AttachmentKind,
    Channel,
    Outcome,
    Reason,
)
from filings.models import Measuring
from filings.queries import projects_held
from filings.services import note_measuring
from filings.services import record_measuring as record_row
from followups.services import booked_work, engine
from followups.services.contacts import log_contact
from followups.services.holding import hold_one
from staff.models import Person


class MeasuringNotRecorded(Refused):
    """A measuring was not recorded; nothing was written."""

    messages = {
        "which_project": _("You hold more than one home of this customer. Say which was measured."),
        "other_project": _("This home is not on this card any more. Open the customer again."),
    }


def _keep_picture(
    customer: Customer, picture: Picture, *, place: str, by: Person, now: datetime, key: UUID
) -> Attachment:
    add_attachments(
        customer=customer,
        pictures=[picture],
        kind=AttachmentKind.SKETCH,
        caption=place,
        by=by,
        now=now,
        key=uuid5(key, "picture"),
    )
    return Attachment.objects.filter(customer=customer, added_by=by).latest("pk")


def _keep_appointment(
    appointment: Appointment | None, *, contact: Contact, by: Person, now: datetime
) -> Appointment | None:
    """What this measuring was booked as is kept, whoever was booked; the contact may have done so.

    Without one named, the one that the contact has kept.
    """
    if appointment is None:
        kept = contact.appointments.filter(kind=AppointmentKind.MEASURING)
        return kept.order_by("pk").first()
    appointment.refresh_from_db()
    if appointment.state == AppointmentState.BOOKED:
        booked_work.close_by(
            appointment, state=AppointmentState.KEPT, contact=contact, by=by, now=now
        )
        booked_work.finish(appointment, now=now)
    return appointment


def _project_of(customer: Customer, project: Project | None, *, person: Person) -> Project | None:
    """Which home was measured: as told, or the one that this person has filed.

    Raises MeasuringNotRecorded.
    """
    held = projects_held(customer, person)
    if project is None and len(held) > 1:
        raise MeasuringNotRecorded.because("which_project")
    if project is None:
        return held[0] if held else None
    if project.customer_id != customer.pk:
        raise MeasuringNotRecorded.because("other_project")
    return project


@transaction.atomic
def record_measuring(
    *,
    customer: Customer,
    picture: Picture,
    next_step: NextStep,
    by: Person,
    now: datetime,
    key: UUID,
    place: str = "",
    note: str = "",
    project: Project | None = None,
    appointment: Appointment | None = None,
    on_behalf_of: Person | None = None,
) -> Measuring:
    """A home was measured: kept with its picture, logged as a contact, its next step opened.

    It counts from the server's time (FIL-17), for the one home that was measured. `key` is the
    form's own id: sent twice, the same row comes back. Raises AttachmentNotKept,
    ContactNotLogged, ContactNotRecorded, MeasuringNotRecorded.
    """
    customer = hold_one(customer)
    project = _project_of(customer, project, person=on_behalf_of or by)
    with once(key=key, purpose="measuring", by=by) as form:
        if form.result_id:
            return Measuring.objects.get(pk=form.result_id)
        kept = _keep_picture(customer, picture, place=place, by=by, now=now, key=key)
        contact = log_contact(
            customer=customer,
            channel=Channel.MEASURING,
            outcome=Outcome.MET,
            reason=Reason.DESIGN,
            note=note,
            next_step=next_step,
            project=project,
            on_behalf_of=on_behalf_of,
            by=by,
            now=now,
            key=uuid5(key, "contact"),
        )
        row = record_row(
            contact=contact,
            picture=kept,
            place=place,
            note=note,
            project=project,
            appointment=_keep_appointment(appointment, contact=contact, by=by, now=now),
            by=by,
            now=now,
        )

        note_measuring(measuring=row, on_behalf_of=on_behalf_of)
        engine.touch_and_ask(customers=[customer.pk], now=now)
        form.result_id = row.pk
    return row
