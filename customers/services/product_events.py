"""What happens to an owned product: services, repairs, complaints, renewals of its insurance."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from customers import rules
from customers.models import OwnedProduct, ProductEvent
from customers.services.products import LONGEST_REASON, locked, note_terms
from customers.states import ProductEventKind
from staff.models import Person
from staff.scope import REASSIGNING_ROLES


class EventNotRecorded(Refused):
    """Something that happened to a product could not be written down, or not be voided."""

    messages = {
        "product_is_gone": _("This product is no longer with the customer. Take it back first."),
        "event_in_future": _("This day lies in the future. Record it when it has happened."),
        "event_before_delivery": _("This day lies before the delivery. Check it."),
        "first_service_is_done": _("The first service is recorded already. Choose “service”."),
        "complaint_has_no_words": _("Say what the customer complained about."),
        "renewal_needs_its_end": _("Say until when the product is insured now."),
        "renewal_is_over": _("This insurance would be over already. Check until when it runs."),
        "renewal_is_too_long": _("More than ten years of insurance: check until when it runs."),
        "renewal_is_not_later": _(
            "The product is insured until %(until)s already. A renewal runs longer; correct a "
            "wrong day under “change”."
        ),
        "already_voided": _("This has been taken back already."),
        "transfer_goes_with_its_product": _(
            "A change of owner goes with its product. Take the product back instead."
        ),
        "void_reason_missing": _("Say why this is taken back."),
        "not_yours_to_take_back": _("Whoever recorded this takes it back, or a manager."),
        "too_late_to_take_back": _(
            "Ten minutes have passed since this was recorded. Ask your manager to take it back."
        ),
    }


@dataclass(frozen=True, kw_only=True)
class Happening:
    """What is told of one event; the insurance is that of a renewal alone."""

    kind: ProductEventKind
    on: date
    mileage: int | None = None
    amount: Decimal | None = None
    insurer: str = ""
    insured_until: date | None = None
    policy_no: str = ""
    text: str = ""

    @property
    def is_renewal(self) -> bool:
        return self.kind == ProductEventKind.RENEWAL


def _blockers(row: OwnedProduct, told: Happening, *, today: date) -> list[Blocker]:
    if row.gone_on:
        return [Blocker("product_is_gone")]
    first = row.events.filter(kind=ProductEventKind.FIRST_SERVICE, voided_at=None)
    return rules.event_blockers(
        kind=told.kind,
        on=told.on,
        had_on=row.delivered_on or row.purchased_on,
        insured_until=told.insured_until,
        insured_now_until=row.insurance_until,
        had_first_service=told.kind == ProductEventKind.FIRST_SERVICE and first.exists(),
        text=told.text,
        today=today,
    )


def _renew(row: OwnedProduct, event: ProductEvent, now: datetime) -> None:
    """Another insurance runs from now on; the event keeps the one before."""
    event.insurer_before, event.policy_before = row.insurer, row.policy_no
    event.insured_before_until = row.insurance_until
    row.insurance_until = event.insured_until
    row.insurer = event.insurer or row.insurer
    row.policy_no = event.policy_no or row.policy_no
    note_terms(row, changed=["insurance_until"], now=now)
    row.save(update_fields=["insurance_until", "insurer", "policy_no", "terms_noted_at"])


@transaction.atomic
def record_event(
    *, product: OwnedProduct, told: Happening, by: Person, now: datetime, today: date
) -> ProductEvent:
    """Write down what happened; a renewal moves the insurance on (AFT-10).

    Raises EventNotRecorded.
    """
    row = locked(product)
    refuse_if(EventNotRecorded, _blockers(row, told, today=today))

    event = ProductEvent(
        product=row,
        kind=told.kind,
        on=told.on,
        mileage=told.mileage,
        amount=told.amount,
        text=told.text.strip(),
        noted_at=now,
        noted_by=by,
    )
    if told.is_renewal:
        event.insurer, event.policy_no = told.insurer.strip(), told.policy_no.strip()
        event.insured_until = told.insured_until
        _renew(row, event, now)
    event.save()
    audit.record(
        verb="record_product_event", of=event, by=by, customer=row.customer_id, kind=told.kind
    )
    return event


def blockers_of_voiding(event: ProductEvent, *, by: Person, now: datetime) -> list[Blocker]:
    """What stops `by` from taking this back now; the page says it before the tap."""
    if event.kind == ProductEventKind.TRANSFER:
        return [Blocker("transfer_goes_with_its_product")]
    return rules.take_back_blockers(
        is_own=event.noted_by_id == by.pk,
        is_manager=by.role in REASSIGNING_ROLES,
        noted_at=event.noted_at,
        now=now,
    )


def _give_back_insurance(row: OwnedProduct, event: ProductEvent, now: datetime) -> None:
    """The insurance before this renewal is that of the product again, or of the renewal after it.

    What somebody has corrected on the product since stays as they wrote it.
    """
    after = ProductEvent.objects.filter(
        product=row,
        kind=ProductEventKind.RENEWAL,
        voided_at=None,
        insured_before_until=event.insured_until,
        pk__gt=event.pk,
    ).order_by("pk")
    follower = after.first()
    if follower is not None:
        follower.insurer_before, follower.policy_before = event.insurer_before, event.policy_before
        follower.insured_before_until = event.insured_before_until
        follower.save(update_fields=["insurer_before", "policy_before", "insured_before_until"])
    elif row.insurance_until == event.insured_until:
        row.insurance_until = event.insured_before_until
        row.insurer, row.policy_no = event.insurer_before, event.policy_before
        note_terms(row, changed=["insurance_until"], now=now)
        row.save(update_fields=["insurance_until", "insurer", "policy_no", "terms_noted_at"])


@transaction.atomic
def void_event(*, event: ProductEvent, reason: str, by: Person, now: datetime) -> None:
    """Take back what was recorded by mistake; it stays readable (decision 12).

    A renewal gives the former insurance back. Raises EventNotRecorded.
    """
    if not reason.strip():
        raise EventNotRecorded.because("void_reason_missing")
    row = locked(event.product)
    refuse_if(EventNotRecorded, blockers_of_voiding(event, by=by, now=now))

    claimed = ProductEvent.objects.filter(pk=event.pk, voided_at=None).update(
        voided_at=now, voided_by=by, void_reason=reason.strip()[:LONGEST_REASON]
    )
    if not claimed:
        raise EventNotRecorded.because("already_voided")
    if event.kind == ProductEventKind.RENEWAL:
        event.refresh_from_db()  # a renewal voided meanwhile may have changed what was before
        _give_back_insurance(row, event, now)
    audit.record(
        verb="void_product_event", of=event, by=by, reason=reason, customer=row.customer_id
    )
