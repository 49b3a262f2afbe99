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

    Raises ProductNotRecorded.
    """
    _check(
        product=product,
        purchased_on=purchased_on,
        delivered_on=delivered_on,
        delivered_at=delivered_at,
        today=today,
        now=now,
    )

    try:
        with transaction.atomic():
            row = OwnedProduct.objects.create(
                customer=customer,
                store=customer.store,
                product=product.strip(),
                serial=serial.strip().upper(),
                sold_by=sold_by or customer.owner,
                purchased_on=purchased_on,
                purchased_noted_at=now if purchased_on else None,
                delivered_on=delivered_on,
                delivered_at=delivered_at,
                delivered_noted_at=now if delivered_on else None,
                insurance_until=insurance_until,
            )
    except IntegrityError as error:
        raise ProductNotRecorded.because("serial_is_taken") from error
    if row.sold_by is not None:
        give_access(customer=customer, person=row.sold_by)
    audit.record(verb="record_product", of=row, by=by, customer=customer.pk)
    return row
