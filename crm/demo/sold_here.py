"""What was sold since the company began with Genjin: the orders of what stands on cards, complete.

Written many at once: their lines, what was paid and by whom it was counted, the delivery, and how
far finance is with them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from crm.demo.company import ZONE
from crm.demo.filers import FINANCE
from crm.demo.stage import DAY
from customers.models import OwnedProduct
from orders.models import (
    Delivery,
    DeliveryLine,
    Due,
    Milestone,
    Order,
    OrderEvent,
    OrderLine,
    Payment,
)
from orders.rules.completion import check_day
from orders.states import (
    BILL_METHODS,
    DueKind,
    EventKind,
    LineState,
    Method,
    MilestoneKind,
    OrderState,
    PaymentKind,
    Supply,
)
from staff.models import Person
from staff.states import Trade

BATCH = 2000
METHODS = tuple(each for each in Method if each not in BILL_METHODS and each != Method.TRANSFER)
# So many days after the delivery finance settles an order, and files it away.
SETTLED_AFTER, ARCHIVED_AFTER = 5, 10


@dataclass(frozen=True, kw_only=True)
class Sold:
    """An order, and the product that it brought."""

    order: Order
    product: OwnedProduct
    today: date

    @property
    def price(self) -> Decimal:
        return self.product.price or Decimal(0)

    @property
    def delivered_on(self) -> date:
        return self.product.delivered_on or self.order.ordered_on

    @property
    def is_car(self) -> bool:
        return self.order.store.trade == Trade.CARS

    @property
    def state(self) -> OrderState:
        days = (self.today - self.delivered_on).days
        if days > ARCHIVED_AFTER:
            return OrderState.ARCHIVED
        return OrderState.SETTLED if days > SETTLED_AFTER else OrderState.DELIVERED

    def at(self, day: date, hour: int) -> datetime:
        return datetime.combine(min(day, self.today - DAY), time(hour, 20), ZONE)


def complete_orders(*, rng: Random, today: date) -> None:
    """Write what belongs to the orders that the drafts have left bare."""
    finance = Person.objects.get(username=FINANCE)
    bare = Order.objects.filter(amount=None).select_related("store", "customer", "seller")
    orders = list(bare.order_by("pk"))
    for start in range(0, len(orders), BATCH):
        _complete(list(_sold(orders[start : start + BATCH], today)), finance, rng)


def _sold(orders: Sequence[Order], today: date) -> Iterator[Sold]:
    products = OwnedProduct.objects.filter(
        customer__in=[order.customer_id for order in orders],
        purchased_on__isnull=False, delivered_on__lt=today, price__gt=0,
    )  # fmt: skip
    bought = {(each.customer_id, each.purchased_on): each for each in products.order_by("-pk")}
    for order in orders:
        product = bought.pop((order.customer_id, order.ordered_on), None)
        if product is not None:
            yield Sold(order=order, product=product, today=today)


def _complete(sold: Sequence[Sold], finance: Person, rng: Random) -> None:
    lines = OrderLine.objects.bulk_create(
        OrderLine(
            order=each.order, position=1, product=each.product.product[:120], qty=1,
            list_price=each.price, agreed_price=each.price, colour=each.product.colour,
            supply=rng.choice((Supply.STOCK, Supply.PURCHASE)), state=LineState.DELIVERED,
            delivered_qty=1,
        )
        for each in sold
    )  # fmt: skip
    Due.objects.bulk_create(
        Due(order=each.order, position=0, kind=DueKind.BEFORE_DELIVERY, amount=each.price,
            due_on=check_day(each.delivered_on))
        for each in sold
    )  # fmt: skip
    Payment.objects.bulk_create(
        payment for each in sold for payment in _payments(each, finance, rng)
    )
    deliveries = Delivery.objects.bulk_create(_delivery(each, rng) for each in sold)
    DeliveryLine.objects.bulk_create(
        DeliveryLine(
            delivery=delivery, line=line, qty=1, serial=each.product.serial if each.is_car else "",
            product=each.product if each.is_car else None,
        )
        for each, line, delivery in zip(sold, lines, deliveries, strict=True)
    )  # fmt: skip
    Milestone.objects.bulk_create(
        Milestone(order=each.order, line=of, kind=MilestoneKind.DELIVERED,
                  planned_on=each.delivered_on, reached_on=each.delivered_on,
                  reached_by=each.order.seller)
        for each, line in zip(sold, lines, strict=True)
        for of in (None, line)
    )  # fmt: skip
    OrderEvent.objects.bulk_create(
        event
        for each, delivery in zip(sold, deliveries, strict=True)
        for event in _events(each, delivery, finance)
    )
    _close(sold)


def _key(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)


def _payments(each: Sold, finance: Person, rng: Random) -> Iterator[Payment]:
    """A third with the order, the rest on the day before the delivery."""
    first = (each.price * Decimal("0.3")).quantize(Decimal(1))
    days = (each.order.ordered_on, max(each.delivered_on - DAY, each.order.ordered_on))
    for day, amount in zip(days, (first, each.price - first), strict=True):
        if amount <= 0:
            continue
        at = each.at(day, 16)
        yield Payment(
            order=each.order, kind=PaymentKind.PAYMENT, payer=each.order.customer.name,
            amount=amount, method=rng.choice(METHODS), taken_at=at, taken_by=each.order.seller,
            key=_key(rng), confirmed_at=at + timedelta(hours=4), confirmed_by=finance,
        )  # fmt: skip


def _delivery(each: Sold, rng: Random) -> Delivery:
    return Delivery(
        order=each.order, delivered_on=each.delivered_on, delivered_at=each.product.delivered_at,
        signed_by=each.order.customer.name, product=None if each.is_car else each.product,
        noted_at=each.product.delivered_noted_at or each.at(each.delivered_on, 18),
        noted_by=each.order.seller, key=_key(rng),
    )  # fmt: skip


def _events(each: Sold, delivery: Delivery, finance: Person) -> Iterator[OrderEvent]:
    order, seller, on = each.order, each.order.seller, each.order.ordered_on
    told: list[tuple[EventKind, datetime, Person, dict[str, object]]] = [
        (EventKind.RECEIVED, order.made_at, seller, {"channel": "in_store"}),
        (EventKind.LINES_PLACED, order.made_at, seller,
         {"count": 1, "amount": f"{each.price:.2f}"}),
        (EventKind.CONFIRMED, each.at(on, 17), seller, {}),
        (EventKind.DELIVERED, delivery.noted_at, seller,
         {"delivery": delivery.pk, "on": each.delivered_on.isoformat(), "pieces": 1,
          "is_whole": True, "awaited": [each.product.pk]}),
    ]  # fmt: skip
    if each.state != OrderState.DELIVERED:
        at = each.at(each.delivered_on + SETTLED_AFTER * DAY, 10)
        told.append((EventKind.SETTLED, at, finance, {"amount": f"{each.price:.2f}"}))
    if each.state == OrderState.ARCHIVED:
        at = each.at(each.delivered_on + ARCHIVED_AFTER * DAY, 10)
        told.append((EventKind.ARCHIVED, at, finance, {}))
    for kind, at, by, params in told:
        yield OrderEvent(order=order, kind=kind, at=at, by=by, params=params)


def _close(sold: Sequence[Sold]) -> None:
    """How far each order is, now that it is paid and delivered."""
    for each in sold:
        order = each.order
        order.buyer, order.address = order.customer.name, order.customer.address
        order.state, order.delivered_on = each.state, each.delivered_on
        order.promised_on = order.current_on = each.delivered_on
        order.confirmed_at = each.at(order.ordered_on, 17)
        if each.state != OrderState.DELIVERED:
            order.settled_at = each.at(each.delivered_on + SETTLED_AFTER * DAY, 10)
        if each.state == OrderState.ARCHIVED:
            order.archived_at = each.at(each.delivered_on + ARCHIVED_AFTER * DAY, 10)
    Order.objects.bulk_update(
        [each.order for each in sold],
        ["buyer", "address", "state", "delivered_on", "promised_on", "current_on", "confirmed_at",
         "settled_at", "archived_at"],
        batch_size=500,
    )  # fmt: skip
