"""What customers own: the deliveries and purchases from which care is counted."""

import hashlib
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.models import AuditEntry
from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from customers import rules
from customers.models import Customer, OwnedProduct, ProductEvent
from customers.services.keeping import give_access
from customers.services.value import recount_value
from customers.states import GoneReason, ProductEventKind, Replacement
from staff.models import Person
from staff.scope import REASSIGNING_ROLES

LONGEST_REASON = 200


class ProductNotRecorded(Refused):
    """A product could not be written on the customer's card."""

    messages = {
        "product_missing": _("Name the product."),
        "no_date": _("Give the day of delivery or of purchase."),
        "delivered_in_future": _(
            "The delivery lies in the future. Record it when it has happened."
        ),
        "purchased_in_future": _(
            "The purchase lies in the future. Record it when it has happened."
        ),
        "delivered_before_purchase": _("The delivery lies before the purchase. Check both days."),
        "serial_is_taken": _("This serial number belongs to another product."),
        "changed_meanwhile": _(
            "Somebody has changed this product since you opened it. What you typed is still here: "
            "compare it with the card, then save again."
        ),
        "product_is_gone": _("This product is no longer with the customer. Take it back first."),
        "product_is_here": _("This product is with the customer. There is nothing to take back."),
        "gone_in_future": _("This day lies in the future. Record it when it has happened."),
        "gone_before_delivery": _("This day lies before the delivery. Check it."),
        "given_to_the_same": _("This is the customer's own number. Leave it empty, or correct it."),
        "reason_missing": _("Say why."),
        "not_yours_to_take_back": _("Whoever recorded this takes it back, or a manager."),
        "too_late_to_take_back": _(
            "Ten minutes have passed since this was recorded. Ask your manager to take it back."
        ),
    }


@dataclass(frozen=True, kw_only=True)
class ProductDetails:
    """What else is known of a product, whole; nothing counts from it (forms 2.5)."""

    colour: str = ""
    engine_no: str = ""
    plate: str = ""
    invoice_on: date | None = None
    price: Decimal | None = None
    payment: str = ""
    first_service_on: date | None = None
    first_service_km: int | None = None
    warranty_until: date | None = None
    insurer: str = ""
    policy_no: str = ""
    note: str = ""


DETAILS = tuple(item.name for item in fields(ProductDetails))
DATED = ("purchased_on", "delivered_on", "delivered_at")
# What a form carries to see whether the product still says what the person has read.
SAID = ("product", "serial", "sold_by_id", *DATED, "insurance_until", *DETAILS)


def version_of_product(product: OwnedProduct) -> str:
    """What the product says, in a few characters, to be compared with what it said."""
    said = "\x1f".join(str(getattr(product, name) or "") for name in SAID)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _awaiting_delivery(customer: Customer, *, product: str, serial: str) -> OwnedProduct | None:
    """The purchase that this delivery belongs to: the same serial, else the same product."""
    bought = OwnedProduct.objects.filter(
        customer=customer, delivered_on=None, purchased_on__isnull=False, gone_on=None
    ).order_by("purchased_on", "pk")
    if serial:
        return bought.filter(serial__in=[serial, ""], product=product).last() or (
            bought.filter(serial=serial).first()
        )
    return bought.filter(product=product).first()


def _write(row: OwnedProduct) -> None:
    """Save the row; the loser of two with one serial is told. Raises ProductNotRecorded."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "one_owner_a_serial" not in str(error):
            raise
        raise ProductNotRecorded.because("serial_is_taken") from error


def _fill(row: OwnedProduct, details: ProductDetails) -> None:
    """Put what is told on the row, a plate in its normal spelling; what is empty stays."""
    told = asdict(details) | {"plate": rules.normal_plate(details.plate)}
    for name, value in told.items():
        if value not in ("", None):
            setattr(row, name, value)


def locked(product: OwnedProduct) -> OwnedProduct:
    """The product as it stands, held for the rest of the transaction."""
    rows = OwnedProduct.objects.select_related("customer__store", "customer__owner", "store")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=product.pk)


@transaction.atomic
def record_product(
    *,
    customer: Customer,
    product: str,
    by: Person,
    now: datetime,
    today: date,
    serial: str = "",
    sold_by: Person | None = None,
    purchased_on: date | None = None,
    delivered_on: date | None = None,
    delivered_at: datetime | None = None,
    insurance_until: date | None = None,
    details: ProductDetails | None = None,
) -> OwnedProduct:
    """Write one owned product; `delivered_at` is given where the hour is known.

    A delivery of something that stands on the card as bought is written there: furniture is
    delivered weeks after its purchase (AFT-19). Raises ProductNotRecorded.
    """
    refuse_if(
        ProductNotRecorded,
        rules.product_blockers(
            product=product,
            purchased_on=purchased_on,
            delivered_on=delivered_on,
            delivered_at=delivered_at,
            today=today,
            now=now,
        ),
    )

    product, serial = product.strip(), rules.normal_serial(serial)
    standing = _awaiting_delivery(customer, product=product, serial=serial)
    row = (delivered_on and standing) or OwnedProduct(
        customer=customer, store=customer.store, product=product
    )
    row.serial = serial or row.serial
    row.sold_by = sold_by or row.sold_by or customer.owner
    if purchased_on and purchased_on != row.purchased_on:
        row.purchased_on, row.purchased_noted_at = purchased_on, now
    if delivered_on:
        row.delivered_on, row.delivered_at, row.delivered_noted_at = delivered_on, delivered_at, now
    row.insurance_until = insurance_until or row.insurance_until
    _fill(row, details or ProductDetails())
    _write(row)
    if row.sold_by is not None:
        give_access(customer=customer, person=row.sold_by)
    recount_value([customer.pk])
    audit.record(verb="record_product", of=row, by=by, customer=customer.pk)
    return row


def _note_days(row: OwnedProduct, *, now: datetime) -> None:
    """Of a day corrected we learnt when we first did (decision 9); of a new one, now."""
    row.purchased_noted_at = row.purchased_noted_at or now if row.purchased_on else None
    row.delivered_noted_at = row.delivered_noted_at or now if row.delivered_on else None


@transaction.atomic
def change_product(
    *,
    product: OwnedProduct,
    seen: str,
    name: str,
    serial: str,
    sold_by: Person | None,
    purchased_on: date | None,
    delivered_on: date | None,
    delivered_at: datetime | None,
    insurance_until: date | None,
    details: ProductDetails,
    by: Person,
    now: datetime,
    today: date,
) -> list[str]:
    """Write the product as told, whole, unless it no longer says what the person has `seen`.

    Returns the fields that changed. The caller asks the engine where a day from which care counts
    is among them. Raises ProductNotRecorded.
    """
    row = locked(product)
    if row.gone_on:
        raise ProductNotRecorded.because("product_is_gone")
    if version_of_product(row) != seen:
        raise ProductNotRecorded.because("changed_meanwhile")
    refuse_if(
        ProductNotRecorded,
        rules.product_blockers(
            product=name,
            purchased_on=purchased_on,
            delivered_on=delivered_on,
            delivered_at=delivered_at,
            today=today,
            now=now,
            needs_a_date=bool(row.purchased_on or row.delivered_on),
        ),
    )

    told = asdict(details) | {
        "product": name.strip(),
        "serial": rules.normal_serial(serial),
        "plate": rules.normal_plate(details.plate),
        "sold_by_id": sold_by.pk if sold_by else None,
        "purchased_on": purchased_on,
        "delivered_on": delivered_on,
        "delivered_at": delivered_at,
        "insurance_until": insurance_until,
    }
    changed = [field for field, value in told.items() if getattr(row, field) != value]
    if not changed:
        return []
    days = {field: [str(getattr(row, field) or ""), str(told[field] or "")] for field in DATED}
    for field in changed:
        setattr(row, field, told[field])
    _note_days(row, now=now)
    _write(row)
    if sold_by is not None:
        give_access(customer=row.customer, person=sold_by)
    recount_value([row.customer_id])

    days = {field: pair for field, pair in days.items() if field in changed}
    audit.record(
        verb="change_product", of=row, by=by, customer=row.customer_id, fields=changed, days=days
    )
    return changed


@transaction.atomic
def set_replacement(
    *, product: OwnedProduct, replacement: Replacement | str, by: Person, now: datetime
) -> None:
    """Note when the owner means to replace the product; the same again is nothing new."""
    before = product.replacement
    changed = OwnedProduct.objects.filter(pk=product.pk, gone_on=None).update(
        replacement=replacement
    )
    if not changed:
        raise ProductNotRecorded.because("product_is_gone")
    if before != replacement:
        audit.record(
            verb="set_replacement",
            of=product,
            by=by,
            customer=product.customer_id,
            before=before,
            after=replacement,
        )


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


def blockers_of_removal(product: OwnedProduct, *, by: Person, now: datetime) -> list[Blocker]:
    """What stops `by` from taking this product off the card now; the page says it before."""
    recorded = AuditEntry.objects.filter(
        object_type=OwnedProduct._meta.label_lower, object_id=product.pk, verb="record_product"
    )
    noted = [at for at in (product.purchased_noted_at, product.delivered_noted_at) if at]
    return rules.take_back_blockers(
        is_own=recorded.filter(by=by).exists(),
        is_manager=by.role in REASSIGNING_ROLES,
        noted_at=max(noted, default=None),
        now=now,
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
    refuse_if(ProductNotRecorded, blockers_of_removal(row, by=by, now=now))

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
    _write(row)
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
