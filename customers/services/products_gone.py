"""Products that are no longer with their customer: sold on, scrapped, returned, or a mistake."""

from datetime import date, datetime

from django.db import transaction

from core.models import AuditEntry
from core.refusals import refuse_if
from core.rules import Blocker
from core.services import audit
from customers import rules
from customers.models import Customer, OwnedProduct, ProductEvent
from customers.services.products import (
    LONGEST_REASON,
    ProductNotRecorded,
    blockers_of_taking_back,
    locked,
    write_product,
)
from customers.services.value import recount_value
from customers.states import GoneReason, ProductEventKind
from staff.models import Person
from staff.scope import REASSIGNING_ROLES


def _end(row: OwnedProduct, *, on: date, because: GoneReason, note: str, by: Person) -> None:
    """The product is gone; what the customer has bought is added up anew."""
    row.gone_on, row.gone_reason, row.gone_note = on, because, note.strip()[:LONGEST_REASON]
    row.save(update_fields=["gone_on", "gone_reason", "gone_note"])
    recount_value([row.customer_id])
    audit.record(
        verb="end_product", of=row, by=by, reason=note, customer=row.customer_id, because=because
    )


def _end_blockers(
    row: OwnedProduct, *, gone_on: date, to: Customer | None, today: date
) -> list[Blocker]:
    had_on = row.delivered_on or row.purchased_on
    if row.gone_on:
        return [Blocker("product_is_gone")]
    blockers = []
    if gone_on > today:
        blockers.append(Blocker("gone_in_future"))
    if had_on and gone_on < had_on:
        blockers.append(Blocker("gone_before_delivery"))
    if to is not None and to.pk == row.customer_id:
        blockers.append(Blocker("given_to_the_same"))
    return blockers


@transaction.atomic
def end_product(
    *,
    product: OwnedProduct,
    gone_on: date,
    because: GoneReason,
    note: str,
    by: Person,
    now: datetime,
    today: date,
    to: Customer | None = None,
) -> OwnedProduct | None:
    """The product left the customer: sold on, scrapped, returned. Its care ends with it.

    Sold on to a customer of ours, it stands on their card from now on; that row is returned.
    The caller asks the engine. Raises ProductNotRecorded.
    """
    row = locked(product)
    refuse_if(ProductNotRecorded, _end_blockers(row, gone_on=gone_on, to=to, today=today))

    _end(row, on=gone_on, because=because, note=note, by=by)
    if because != GoneReason.SOLD:
        return None
    _note_transfer(row, on=gone_on, note=note, by=by, now=now)
    if to is None:
        return None
    there = OwnedProduct.objects.create(
        customer=to,
        store=to.store,
        added_at=now,
        terms_noted_at=now if row.warranty_until else None,
        **{
            field: getattr(row, field)
            for field in ("product", "serial", "colour", "engine_no", "plate", "warranty_until")
        },
    )
    _note_transfer(there, on=gone_on, note=note, by=by, now=now)
    recount_value([to.pk])
    audit.record(verb="transfer_product", of=there, by=by, customer=to.pk, former=row.pk)
    return there


def _note_transfer(row: OwnedProduct, *, on: date, note: str, by: Person, now: datetime) -> None:
    """The hand-over stands in the history of both, the former owner's and the new one's."""
    ProductEvent.objects.create(
        product=row,
        kind=ProductEventKind.TRANSFER,
        on=on,
        text=note.strip()[:LONGEST_REASON],
        noted_at=now,
        noted_by=by,
    )


@transaction.atomic
def remove_product(
    *, product: OwnedProduct, reason: str, by: Person, now: datetime, today: date
) -> None:
    """Void a delivery or purchase that was a mistake; it stays readable (decision 12).

    The caller asks the engine. Raises ProductNotRecorded.
    """
    if not reason.strip():
        raise ProductNotRecorded.because("reason_missing")
    row = locked(product)
    if row.gone_on:
        raise ProductNotRecorded.because("product_is_gone")
    refuse_if(ProductNotRecorded, blockers_of_taking_back(row, by=by, now=now))

    _end(row, on=today, because=GoneReason.MISTAKE, note=reason, by=by)


def blockers_of_restoring(product: OwnedProduct, *, by: Person, now: datetime) -> list[Blocker]:
    """What stops `by` from taking back that the product is gone."""
    ended = AuditEntry.objects.filter(
        object_type=OwnedProduct._meta.label_lower, object_id=product.pk, verb="end_product"
    )
    last = ended.order_by("-pk").first()
    return rules.take_back_blockers(
        is_own=last is not None and last.by_id == by.pk,
        is_manager=by.role in REASSIGNING_ROLES,
        noted_at=last.at if last else None,
        now=now,
    )


@transaction.atomic
def restore_product(*, product: OwnedProduct, reason: str, by: Person, now: datetime) -> None:
    """The product is with the customer after all; its care goes on where it stopped.

    A hand-over noted with it is voided. The caller asks the engine. Raises ProductNotRecorded.
    """
    if not reason.strip():
        raise ProductNotRecorded.because("reason_missing")
    row = locked(product)
    if not row.gone_on:
        raise ProductNotRecorded.because("product_is_here")
    refuse_if(ProductNotRecorded, blockers_of_restoring(row, by=by, now=now))

    before = row.gone_reason
    handed_over = row.events.filter(kind=ProductEventKind.TRANSFER, on=row.gone_on, voided_at=None)
    row.gone_on, row.gone_reason, row.gone_note = None, "", ""
    write_product(row)
    if before == GoneReason.SOLD:
        handed_over.update(voided_at=now, voided_by=by, void_reason=reason.strip()[:LONGEST_REASON])
    recount_value([row.customer_id])
    audit.record(
        verb="restore_product",
        of=row,
        by=by,
        reason=reason,
        customer=row.customer_id,
        before=before,
    )
