"""What customers own: the deliveries and purchases from which care is counted."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from core.models import AuditEntry
from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from customers import rules
from customers.models import Customer, OwnedProduct
from customers.services.keeping import give_access
from customers.services.noting import TERMS, noted_terms
from customers.services.value import recount_value
from customers.states import Replacement
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
        "redelivery_needs_a_reason": _("Say why the delivery was on another day or hour."),
        "delivery_stands": _(
            "Ten minutes after it was recorded, a delivery is corrected by a manager alone, with a "
            "reason. All else that you changed can be saved with the delivery as it was."
        ),
        "of_an_order": _(
            "These goods were delivered with order %(number)s: correct the delivery there. All "
            "else that you changed can be saved with the delivery as it was."
        ),
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
# What the delivery claims.
DELIVERY = frozenset({"delivered_on", "delivered_at"})
TIE = """
    UPDATE customers_ownedproduct SET order_no = told.order_no
      FROM unnest(%s::bigint[], %s::text[]) AS told (id, order_no)
     WHERE customers_ownedproduct.id = told.id
"""
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


def write_product(row: OwnedProduct) -> None:
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
    before = {name: getattr(row, name) for name in TERMS}
    row.insurance_until = insurance_until or row.insurance_until
    _fill(row, details or ProductDetails())
    changed = [name for name, value in before.items() if getattr(row, name) != value]
    note_terms(row, changed=changed, now=now)
    write_product(row)
    if row.sold_by is not None:
        give_access(customer=customer, person=row.sold_by)
    recount_value([customer.pk])
    audit.record(verb="record_product", of=row, by=by, customer=customer.pk)
    return row


def tie_to_orders(orders: Mapping[int, str]) -> None:
    """By product (id) the order whose delivery it is from now on; "": of none any more."""
    with connection.cursor() as cursor:
        cursor.execute(TIE, [list(orders), list(orders.values())])


def note_terms(row: OwnedProduct, *, changed: Iterable[str], now: datetime) -> None:
    """Put on the row that its days ahead are known since now, where one is another than before."""
    for column, at in noted_terms(row, changed=changed, now=now).items():
        setattr(row, column, at)


def _note_days(row: OwnedProduct, *, changed: Iterable[str], now: datetime) -> None:
    """Of a delivery corrected we learnt when we first did (decision 9); of a new one, and of an
    insurance's end, now.
    """
    note_terms(row, changed=changed, now=now)
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
    reason: str = "",
    order_no: str = "",
) -> list[str]:
    """Write the product as told, whole, unless it no longer says what the person has `seen`.

    What a delivery claims is mended by whoever recorded it within ten minutes, and afterwards by a
    manager who gives a `reason`; what it said stays readable (decision 12). An order's delivery is
    mended on the order alone, which gives its `order_no`. Returns the fields that changed. The
    caller asks the engine where a day of care is among them. Raises ProductNotRecorded.
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
    if not DELIVERY.isdisjoint(changed):
        _refuse_redelivery(row, order_no=order_no, reason=reason, by=by, now=now)
    days = _write_changes(row, told, changed=changed, sold_by=sold_by, now=now)
    audit.record(
        verb="change_product",
        of=row,
        by=by,
        reason=reason.strip(),
        customer=row.customer_id,
        fields=changed,
        days=days,
    )
    return changed


def _write_changes(
    row: OwnedProduct,
    told: Mapping[str, Any],
    *,
    changed: Sequence[str],
    sold_by: Person | None,
    now: datetime,
) -> dict[str, list[str]]:
    """Write what changed; of each day what it was and what it is, for the trail."""
    days = {
        field: [str(getattr(row, field) or ""), str(told[field] or "")]
        for field in DATED
        if field in changed
    }
    for field in changed:
        setattr(row, field, told[field])
    _note_days(row, changed=changed, now=now)
    write_product(row)
    if sold_by is not None and "sold_by_id" in changed:
        give_access(customer=row.customer, person=sold_by)
    recount_value([row.customer_id])
    return days


def blockers_of_taking_back(product: OwnedProduct, *, by: Person, now: datetime) -> list[Blocker]:
    """What stops `by` from taking back what was recorded of this product; pages say it before."""
    return [] if by.role in REASSIGNING_ROLES else _of_whoever_recorded(product, by=by, now=now)


def _of_whoever_recorded(product: OwnedProduct, *, by: Person, now: datetime) -> list[Blocker]:
    recorded = AuditEntry.objects.filter(
        object_type=OwnedProduct._meta.label_lower, object_id=product.pk, verb="record_product"
    )
    noted = [at for at in (product.purchased_noted_at, product.delivered_noted_at) if at]
    return rules.take_back_blockers(
        is_own=recorded.filter(by=by).exists(),
        is_manager=False,
        noted_at=max(noted, default=None),
        now=now,
    )


def _refuse_redelivery(
    product: OwnedProduct, *, order_no: str, reason: str, by: Person, now: datetime
) -> None:
    """An order's delivery is mended on its order. Of any other whoever has just recorded it mends a
    slip of the finger, and a manager says why.
    """
    if product.order_no not in ("", order_no):
        raise ProductNotRecorded.because("of_an_order", number=product.order_no)
    if not product.delivered_on or not _of_whoever_recorded(product, by=by, now=now):
        return
    if by.role not in REASSIGNING_ROLES:
        raise ProductNotRecorded.because("delivery_stands")
    if not reason.strip():
        raise ProductNotRecorded.because("redelivery_needs_a_reason")


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
