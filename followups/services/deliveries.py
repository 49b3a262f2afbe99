"""A delivery or purchase recorded by hand: the product on the card, its plan started at once."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from core.services.once import once
from customers import services as customers
from customers.models import Customer, OwnedProduct
from customers.services import ProductDetails
from followups.services import engine
from followups.services.holding import hold_one
from staff.models import Person


@transaction.atomic
def record_delivery(
    *,
    customer: Customer,
    product: str,
    by: Person,
    now: datetime,
    key: UUID,
    serial: str = "",
    sold_by: Person | None = None,
    purchased_on: date | None = None,
    delivered_on: date | None = None,
    delivered_at: datetime | None = None,
    insurance_until: date | None = None,
    details: ProductDetails | None = None,
) -> OwnedProduct:
    """Write what was sold on the card, and ask the engine at once.

    `key` is the form's own id: sent twice, the same product comes back. Raises ProductNotRecorded.
    """
    customer = hold_one(customer)
    with once(key=key, purpose="delivery", by=by) as form:
        if form.result_id:
            return OwnedProduct.objects.get(pk=form.result_id)
        row = customers.record_product(
            customer=customer,
            product=product,
            serial=serial,
            sold_by=sold_by,
            purchased_on=purchased_on,
            delivered_on=delivered_on,
            delivered_at=delivered_at,
            insurance_until=insurance_until,
            details=details,
            by=by,
            now=now,
            today=customer.store.today(now),
        )

        engine.touch_and_ask(customers=[customer.pk], now=now)
        customers.propose_grades(customers=[customer.pk], now=now)
        form.result_id = row.pk
    return row
