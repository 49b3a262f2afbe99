"""Recording contacts, and the grades they lead to."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.services import audit
from customers import rules
from customers.models import Contact, Customer, Project
from customers.rules import NextStep
from customers.services.grading import regrade
from customers.states import Channel, Grade, Outcome, Reason, Touch
from staff.models import Person


class ContactNotRecorded(Refused):
    """A contact could not be recorded as it was told."""

    messages = {
        "note_is_one_character": _("The note repeats one character. Leave it empty or say more."),
        "contact_is_in_the_future": _("This contact lies in the future. Check when it happened."),
        "reason_missing": _("Choose what you spoke about."),
        "next_step_missing": _("Choose the next step, or “none” and why."),
        "none_reason_missing": _("Say why there is no next step."),
        "next_day_missing": _("Choose the day of the next contact."),
        "next_hour_is_past": _("This hour has passed. Choose a later one, or leave it empty."),
        "next_day_is_past": _("The next contact must be today or later."),
        "next_day_is_too_far": _(
            "The next contact lies more than a year ahead. Choose a nearer day."
        ),
        "already_voided": _("This contact has been voided already."),
        "void_reason_missing": _("Say why this contact is voided."),
    }


def _repeats_last_note(*, note: str, by: Person) -> bool:
    """A text equal to the person's last one is flagged, not refused (decision 8)."""
    if not note:
        return False
    last = Contact.objects.filter(by=by).exclude(note="").order_by("-logged_at", "-pk").first()
    return last is not None and last.note == note


def _note_effective_contact(customer: Customer, occurred_at: datetime) -> None:
    """Move the day of the last effective contact forward, never back."""
    Customer.objects.filter(pk=customer.pk).update(
        last_contact_at=Greatest(Coalesce(F("last_contact_at"), occurred_at), occurred_at)
    )


def _verdict(
    *, channel: Channel, outcome: Outcome, occurred_at: datetime, now: datetime
) -> dict[str, bool]:
    """Whether it reached the customer, and counts (FIL-29, FIL-30)."""
    is_late = rules.is_late_entry(occurred_at=occurred_at, logged_at=now)
    return {
        "reached": rules.is_reached(outcome),
        "is_effective": rules.is_effective(channel=channel, outcome=outcome, is_late=is_late),
        "is_late_entry": is_late,
    }


def _agreed(step: NextStep | None, *, retry_on: date | None) -> dict[str, Any]:
    """What was agreed, or the day on which it is tried again."""
    if step is None:
        return {"next_on": retry_on}
    return {
        "next_kind": step.kind,
        "next_on": step.on,
        "next_at": step.at,
        "next_text": step.text,
        "none_reason": step.none_reason,
    }


def record_contact(
    *,
    customer: Customer,
    channel: Channel,
    outcome: Outcome,
    by: Person,
    now: datetime,
    today: date,
    reason: Reason | str = "",
    note: str = "",
    occurred_at: datetime | None = None,
    next_step: NextStep | None = None,
    retry_on: date | None = None,
    grade: Grade | str = "",
    project: Project | None = None,
    on_behalf_of: Person | None = None,
    is_inbound: bool = False,
    touches: Sequence[Touch | str] = (),
    override: str = "",
) -> Contact:
    """Write down one contact, move the clock of the last effective one, and regrade.

    `today` is the business day of the customer's store. Part of the caller's transaction, which
    holds the customer. Raises ContactNotRecorded.
    """
    occurred_at = occurred_at or now
    reached = rules.is_reached(outcome)
    refuse_if(
        ContactNotRecorded,
        rules.contact_blockers(
            reached=reached,
            reason=reason,
            note=note,
            occurred_at=occurred_at,
            next_step=next_step,
            retry_on=retry_on,
            now=now,
            today=today,
        ),
    )

    contact = Contact.objects.create(
        customer=customer,
        project=project,
        by=by,
        on_behalf_of=on_behalf_of,
        channel=channel,
        outcome=outcome,
        **_verdict(channel=channel, outcome=outcome, occurred_at=occurred_at, now=now),
        repeats_last_note=_repeats_last_note(note=note, by=by),
        reason=reason,
        note=note,
        is_inbound=is_inbound,
        touches=list(touches),
        override=override,
        occurred_at=occurred_at,
        logged_at=now,
        **_agreed(next_step if reached else None, retry_on=retry_on),
        grade=grade or customer.grade,
    )
    if contact.is_effective:
        _note_effective_contact(customer, occurred_at)
    if grade and grade != customer.grade:
        regrade(customer=customer, grade=grade, by=by, now=now)
    return contact


def recount_last_contact(customer: Customer) -> None:
    """After contacts were voided or changed cards: the last effective one of those that stand."""
    standing = Contact.objects.filter(customer=customer, is_effective=True, voided_at=None)
    last = standing.order_by("-occurred_at").values_list("occurred_at", flat=True).first()
    Customer.objects.filter(pk=customer.pk).update(last_contact_at=last)


@transaction.atomic
def void_contact(*, contact: Contact, reason: str, by: Person, now: datetime) -> None:
    """Take back a contact that was a mistake; it stays readable (decision 12)."""
    if not reason.strip():
        raise ContactNotRecorded.because("void_reason_missing")

    claimed = Contact.objects.filter(pk=contact.pk, voided_at=None).update(
        voided_at=now, voided_by=by, void_reason=reason.strip()[:200]
    )
    if not claimed:
        raise ContactNotRecorded.because("already_voided")

    recount_last_contact(contact.customer)
    audit.record(verb="void", of=contact, by=by, reason=reason, customer=contact.customer_id)
