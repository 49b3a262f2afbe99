"""What customers own: the deliveries and purchases from which care is counted."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.services import audit
from customers.models import Customer, OwnedProduct
from customers.services.keeping import give_access
from staff.models import Person


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
    }


def _check(
    *,
    product: str,
    purchased_on: date | None,
    delivered_on: date | None,
    delivered_at: datetime | None,
    today: date,
    now: datetime,
) -> None:
    """Refuse what cannot be."""
    if not product.strip():
        raise ProductNotRecorded.because("product_missing")
    if not purchased_on and not delivered_on:
        raise ProductNotRecorded.because("no_date")
    if (delivered_on and delivered_on > today) or (delivered_at and delivered_at > now):
        raise ProductNotRecorded.because("delivered_in_future")
    if purchased_on and purchased_on > today:
        raise ProductNotRecorded.because("purchased_in_future")
    if purchased_on and delivered_on and delivered_on < purchased_on:
        raise ProductNotRecorded.because("delivered_before_purchase")


def _awaiting_delivery(customer: Customer, *, product: str, serial: str) -> OwnedProduct | None:
    """The purchase that this delivery belongs to: the same serial, else the same product."""
    bought = OwnedProduct.objects.filter(
        customer=customer, delivered_on=None, purchased_on__isnull=False
    ).order_by("purchased_on", "pk")
    if serial:
        return bought.filter(serial__in=[serial, ""], product=product).last() or (
            bought.filter(serial=serial).first()
        )
    return bought.filter(product=product).first()


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
) -> OwnedProduct:
    """Write one owned product; `delivered_at` is given where the hour is known.

    A delivery of something that stands on the card as bought is written there: furniture is
    delivered weeks after its purchase (AFT-19). Raises ProductNotRecorded.
    """
    _check(
        product=product,
        purchased_on=purchased_on,
        delivered_on=delivered_on,
        delivered_at=delivered_at,
        today=today,
        now=now,
    )

    product, serial = product.strip(), serial.strip().upper()
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
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ProductNotRecorded.because("serial_is_taken") from error
    if row.sold_by is not None:
        give_access(customer=customer, person=row.sold_by)
    audit.record(verb="record_product", of=row, by=by, customer=customer.pk)
    return row
