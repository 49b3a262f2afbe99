"""Measuring done (量尺打卡): the one row that ends the limit of field filings."""

from datetime import datetime

from django.db import transaction

from core.services import audit
from customers.models import Appointment, Attachment, Contact, Project
from filings.models import Measuring
from staff.models import Person


@transaction.atomic
def record_measuring(
    *,
    contact: Contact,
    picture: Attachment,
    by: Person,
    now: datetime,
    place: str = "",
    note: str = "",
    project: Project | None = None,
    appointment: Appointment | None = None,
) -> Measuring:
    """Write down that a home was measured, when the server says it is (FIL-17).

    The caller holds the customer, and has logged the contact and kept the picture.
    """
    row = Measuring.objects.create(
        customer=contact.customer,
        project=project,
        contact=contact,
        appointment=appointment,
        picture=picture,
        at=now,
        by=by,
        place=place,
        note=note,
    )

    audit.record(verb="measure", of=row, by=by, customer=contact.customer_id)
    return row
