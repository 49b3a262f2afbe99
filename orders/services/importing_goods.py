"""Deliveries that a sheet tells of: the goods on the customers' cards, many at once.

What stands on a card already for that day and those goods (an import of customers told it, or
somebody by hand) is that delivery's, not a second product with a second plan.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Protocol
from uuid import uuid4

from django.db.models import Exists, OuterRef

from core.services.copying import copy_rows, take_ids
from customers.models import OwnedProduct
from customers.services.products import tie_to_orders
from customers.services.value import recount_value
from orders.models import Delivery, DeliveryLine, Order
from orders.rules.handing_over import summary
from staff.models import Person

DELIVERIES, PIECES = "orders_delivery", "orders_deliveryline"
PRODUCTS = "customers_ownedproduct"
LONGEST_NAME = OwnedProduct._meta.get_field("product").max_length or 0
# Dearer than this is not kept on a card.
MOST = Decimal("9999999999.99")


class Sold(Protocol):
    """Whose the goods are, as the order tells it."""

    @property
    def customer_id(self) -> int: ...
    @property
    def store_id(self) -> int: ...
    @property
    def carer_id(self) -> int | None: ...
    @property
    def ordered_on(self) -> date: ...
    @property
    def buyer(self) -> str: ...
    @property
    def is_cars(self) -> bool: ...


class Goods(Protocol):
    """The pieces of one line that were handed over."""

    @property
    def position(self) -> int: ...
    @property
    def product(self) -> str: ...
    @property
    def colour(self) -> str: ...
    @property
    def qty(self) -> int: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def delivered_on(self) -> date | None: ...
    @property
    def delivered_at(self) -> datetime | None: ...


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What of one order was handed over at one time, with the ids of its lines."""

    order_id: int
    sold: Sold
    on: date
    at: datetime | None
    goods: Sequence[Goods]
    lines: Sequence[int]

    def names(self) -> list[list[int]]:
        """The goods that are one product each: every car by itself, else all that came together."""
        each = range(len(self.goods))
        return [[at] for at in each] if self.sold.is_cars else [list(each)]


def parcels_of(
    order_id: int, sold: Sold, goods: Iterable[Goods], lines: Mapping[int, int]
) -> Iterator[Parcel]:
    """The deliveries of one order that these lines tell of; `lines`: position → id."""
    handed = [one for one in goods if one.delivered_on]
    handed.sort(key=_when)
    for _key, group in groupby(handed, key=_when):
        together = list(group)
        on = together[0].delivered_on
        if on is not None:
            yield Parcel(
                order_id=order_id,
                sold=sold,
                on=on,
                at=together[0].delivered_at,
                goods=together,
                lines=[lines[one.position] for one in together],
            )


def _when(goods: Goods) -> tuple[str, str]:
    return (str(goods.delivered_on), str(goods.delivered_at or ""))


@dataclass(kw_only=True)
class _Card:
    """One product of a parcel, as it shall stand on the customer's card."""

    parcel: Parcel
    goods: Sequence[Goods]
    name: str
    id: int = 0
    is_known: bool = False


def add_parcels(parcels: Sequence[Parcel], *, by: Person, now: datetime) -> list[int]:
    """Write these deliveries, and what they brought on the cards; returns the deliveries' ids.

    The lines themselves are the caller's, and so is asking the engine.
    """
    if not parcels:
        return []
    cards = [[_card(parcel, places) for places in parcel.names()] for parcel in parcels]
    flat = [card for of_parcel in cards for card in of_parcel]
    _find_known(flat)
    new = [card for card in flat if not card.is_known]
    for card, pk in zip(new, take_ids(PRODUCTS, len(new)), strict=True):
        card.id = pk
    _write_products(new, now)
    ids = take_ids(DELIVERIES, len(parcels))
    _write_deliveries(ids, parcels, cards, by=by, now=now)
    orders = Order.objects.filter(pk__in=[parcel.order_id for parcel in parcels])
    numbers = dict(orders.values_list("pk", "number"))
    tie_to_orders({card.id: numbers[card.parcel.order_id] for card in flat})
    recount_value(sorted({parcel.sold.customer_id for parcel in parcels}))
    return ids


def _card(parcel: Parcel, places: Sequence[int]) -> _Card:
    goods = [parcel.goods[at] for at in places]
    name = summary([(one.product, one.qty) for one in goods], longest=LONGEST_NAME)
    return _Card(parcel=parcel, goods=goods, name=goods[0].product if len(goods) == 1 else name)


def _find_known(cards: Sequence[_Card]) -> None:
    """Give each card the product of that customer and day that no delivery has brought yet."""
    customers = {card.parcel.sold.customer_id for card in cards}
    free = OwnedProduct.objects.filter(
        ~Exists(Delivery.objects.filter(product=OuterRef("pk"))),
        ~Exists(DeliveryLine.objects.filter(product=OuterRef("pk"))),
        customer__in=customers,
        delivered_on__isnull=False,
        gone_on=None,
    ).order_by("pk")
    standing: dict[tuple[int, date | None], list[tuple[int, str]]] = defaultdict(list)
    for pk, customer, on, name in free.values_list("pk", "customer", "delivered_on", "product"):
        standing[customer, on].append((pk, _plain(name)))
    for card in cards:
        same_day = standing.get((card.parcel.sold.customer_id, card.parcel.on), [])
        names = {_plain(card.name), *(_plain(one.product) for one in card.goods)}
        found = next((one for one in same_day if one[1] in names), None)
        if found is not None:
            same_day.remove(found)
            card.id, card.is_known = found[0], True


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _write_products(cards: Sequence[_Card], now: datetime) -> None:
    copy_rows(
        PRODUCTS,
        ("id", "customer_id", "store_id", "product", "serial", "sold_by_id", "purchased_on",
         "purchased_noted_at", "delivered_on", "delivered_at", "delivered_noted_at", "colour",
         "price", "added_at"),
        (
            (
                card.id, card.parcel.sold.customer_id, card.parcel.sold.store_id, card.name, "",
                card.parcel.sold.carer_id, card.parcel.sold.ordered_on, now, card.parcel.on,
                card.parcel.at, now, card.goods[0].colour if len(card.goods) == 1 else "",
                min(sum((one.amount for one in card.goods), Decimal(0)), MOST) or None, now,
            )
            for card in cards
        ),
    )  # fmt: skip


def _write_deliveries(
    ids: Sequence[int],
    parcels: Sequence[Parcel],
    cards: Sequence[Sequence[_Card]],
    *,
    by: Person,
    now: datetime,
) -> None:
    told = list(zip(ids, parcels, cards, strict=True))
    copy_rows(
        DELIVERIES,
        ("id", "order_id", "delivered_on", "delivered_at", "signed_by", "checked", "note",
         "product_id", "noted_at", "noted_by_id", "void_reason", "key"),
        (
            (
                pk, parcel.order_id, parcel.on, parcel.at, parcel.sold.buyer, "{}", "",
                None if parcel.sold.is_cars else of_parcel[0].id, now, by.pk, "", str(uuid4()),
            )
            for pk, parcel, of_parcel in told
        ),
    )  # fmt: skip
    copy_rows(
        PIECES,
        ("delivery_id", "line_id", "qty", "serial", "product_id"),
        (
            (pk, line, one.qty, "", of_parcel[at].id if parcel.sold.is_cars else None)
            for pk, parcel, of_parcel in told
            for at, (line, one) in enumerate(zip(parcel.lines, parcel.goods, strict=True))
        ),
    )
