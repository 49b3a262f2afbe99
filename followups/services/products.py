"""What becomes of an owned product, and of the care that counts from it.

Each act holds the customer, lets the customers room write, and asks the engine at once: an anchor
corrected moves what is open and leaves what is done, a product that is gone ends its care.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from core.services.once import once
from customers import services as customers
from customers.models import Customer, OwnedProduct, ProductEvent
from customers.services import Happening, ProductDetails
from customers.states import GoneReason, ProductEventKind
from followups.services import engine
from followups.services.holding import hold, hold_of
from staff.models import Person

# A renewal moves the end of the insurance; a first service leaves nothing to remind of.
COUNTED_FROM = (ProductEventKind.RENEWAL, ProductEventKind.FIRST_SERVICE)


@transaction.atomic
def change_delivery(
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
    reason: str = "",
    order_no: str = "",
) -> None:
    """Correct what is written of a product; its open tasks move along. Raises ProductNotRecorded.

    `seen` is the version that the person has read; `reason` why the delivery is another one;
    `order_no` the order that corrects its own delivery.
    """
    customer = hold_of(product)
    changed = customers.change_product(
        product=product,
        seen=seen,
        name=name,
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
        reason=reason,
        order_no=order_no,
    )
    if changed:
        engine.touch_and_ask(customers=[customer.pk], now=now)
        customers.propose_grades(customers=[customer.pk], now=now)


@transaction.atomic
def record_product_event(
    *, product: OwnedProduct, told: Happening, by: Person, now: datetime, key: UUID
) -> ProductEvent:
    """Write down what happened to a product. `key` is the form's own id: sent twice, the same
    event comes back. Raises EventNotRecorded.
    """
    customer = hold_of(product)
    with once(key=key, purpose="product_event", by=by, content=str((product.pk, told))) as form:
        if form.result_id:
            return ProductEvent.objects.get(pk=form.result_id)
        event = customers.record_event(
            product=product, told=told, by=by, now=now, today=customer.store.today(now)
        )
        if told.kind in COUNTED_FROM:
            engine.touch_and_ask(customers=[customer.pk], now=now)
        form.result_id = event.pk
    return event


@transaction.atomic
def void_product_event(*, event: ProductEvent, reason: str, by: Person, now: datetime) -> None:
    """Take back what was recorded by mistake. Raises EventNotRecorded."""
    customer = hold_of(event.product)
    customers.void_event(event=event, reason=reason, by=by, now=now)
    if event.kind in COUNTED_FROM:
        engine.touch_and_ask(customers=[customer.pk], now=now)


@transaction.atomic
def end_product(
    *,
    product: OwnedProduct,
    gone_on: date,
    because: GoneReason,
    note: str,
    by: Person,
    now: datetime,
    to: Customer | None = None,
) -> OwnedProduct | None:
    """The product left the customer, perhaps for another of ours; its care ends.

    Raises ProductNotRecorded.
    """
    if to is not None:
        hold([product.customer_id, to.pk])
    customer = hold_of(product)
    there = customers.end_product(
        product=product,
        gone_on=gone_on,
        because=because,
        note=note,
        to=to,
        by=by,
        now=now,
        today=customer.store.today(now),
    )
    asked = [customer.pk] if there is None else sorted([customer.pk, there.customer_id])
    engine.touch_and_ask(customers=asked, now=now)
    customers.propose_grades(customers=asked, now=now)
    return there


@transaction.atomic
def remove_product(*, product: OwnedProduct, reason: str, by: Person, now: datetime) -> None:
    """Void a delivery or purchase that was a mistake; its care ends. Raises ProductNotRecorded."""
    customer = hold_of(product)
    customers.remove_product(
        product=product, reason=reason, by=by, now=now, today=customer.store.today(now)
    )
    engine.touch_and_ask(customers=[customer.pk], now=now)
    customers.propose_grades(customers=[customer.pk], now=now)


@transaction.atomic
def restore_product(*, product: OwnedProduct, reason: str, by: Person, now: datetime) -> None:
    """The product is with the customer after all; its care goes on. Raises ProductNotRecorded."""
    customer = hold_of(product)
    customers.restore_product(product=product, reason=reason, by=by, now=now)
    engine.touch_and_ask(customers=[customer.pk], now=now)
    customers.propose_grades(customers=[customer.pk], now=now)
