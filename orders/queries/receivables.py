"""What customers owe on a day: open receivables by order, from dues and what was paid by then."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from customers.models import Customer
from orders.models import Credit, CreditUse, Due, Order, Payment
from orders.rules.ageing import Open, Owed, holds_shipments, still_open
from orders.states import DueKind, OrderState

NOTHING = Decimal(0)
MONEY = DecimalField(max_digits=14, decimal_places=2)


@dataclass(frozen=True, kw_only=True)
class OwingOrder:
    """One order of which something is open: whose, sold where and by whom, and what; `buyer` is
    the customer as the seller was told.
    """

    order_id: int
    number: str
    customer_id: int
    store_id: int
    seller_id: int
    buyer: str
    open: tuple[Open, ...]


def owed_of(
    dues: Iterable[Mapping[str, object]], *, delivered_on: date | None, as_of: date
) -> list[Owed]:
    """The dues of one order as its ageing reads them (formulas 3.10).

    A receivable arises from the delivery or from the day of an instalment; what is due before a
    delivery that was not made is an advance.
    """
    is_delivered = delivered_on is not None and delivered_on <= as_of
    return [
        Owed(
            due_on=due["due_on"],  # type: ignore[arg-type]
            amount=due["amount"],  # type: ignore[arg-type]
            is_disputed=due["disputed_at"] is not None,
            is_receivable=is_delivered or due["kind"] == DueKind.ON_DAY,
            key=due["pk"],  # type: ignore[arg-type]
        )
        for due in dues
    ]


def begin_of(day: date) -> datetime:
    """The first moment of a business day."""
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


def end_of(day: date) -> datetime:
    """The end of a business day: the first moment of the next."""
    return begin_of(day + timedelta(days=1))


def _sum(rows: QuerySet) -> Coalesce:
    total = rows.order_by().values("order").annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(total, output_field=MONEY), NOTHING, output_field=MONEY)


def _paid_by(orders: QuerySet[Order], *, as_of: date) -> QuerySet[Order]:
    """The orders with `paid_then`: what had been paid by the close of a day that is over."""
    end = end_of(as_of)
    own = {"order": OuterRef("pk")}
    standing = Q(returned_at=None) | Q(returned_at__gte=end)
    offset = Q(refused_at=None) | Q(refused_at__gte=end)
    return orders.annotate(
        paid_then=_sum(Payment.objects.filter(standing, taken_at__lt=end, **own))
        - _sum(Credit.objects.filter(changed_on__lte=as_of, **own))
        + _sum(CreditUse.objects.filter(offset, asked_at__lt=end, **own))
    )


def paid_at(orders: QuerySet[Order], *, as_of: date, today: date) -> QuerySet[Any]:
    """The orders with `paid_then`: what had been paid at the close of a day."""
    if as_of >= today:
        return orders.annotate(paid_then=F("paid"))
    return _paid_by(orders, as_of=as_of)


def dues_by_order(orders: QuerySet[Order]) -> dict[int, list[Mapping[str, object]]]:
    """What the terms of each of these orders ask for, in the order of its terms: one query."""
    dues: dict[int, list[Mapping[str, object]]] = defaultdict(list)
    of = Due.objects.filter(order__in=orders.order_by().values("pk"))
    asked = of.values("pk", "order_id", "kind", "amount", "due_on", "disputed_at", "position")
    for due in asked.order_by("order_id", "position"):
        dues[due["order_id"]].append(due)
    return dues


def owing_orders(orders: QuerySet[Order], *, as_of: date, today: date) -> list[OwingOrder]:
    """Of `orders` those of which something is open at the close of `as_of`: two queries.

    Of a day that is over, what was paid is reckoned from its rows; terms are those of today.
    """
    found = orders.exclude(state=OrderState.CANCELLED).filter(
        amount__isnull=False, ordered_on__lte=as_of
    )
    found = paid_at(found, as_of=as_of, today=today)
    if as_of >= today:
        found = found.filter(paid__lt=F("amount"))
    columns = ("pk", "number", "customer_id", "store_id", "seller_id", "buyer", "delivered_on",
               "paid_then")  # fmt: skip
    rows = list(found.order_by("pk").values(*columns))
    dues = dues_by_order(found)
    owing = []
    for row in rows:
        owed = owed_of(dues[row["pk"]], delivered_on=row["delivered_on"], as_of=as_of)
        if is_open := still_open(owed, paid=row["paid_then"]):
            owing.append(
                OwingOrder(
                    order_id=row["pk"],
                    number=row["number"],
                    customer_id=row["customer_id"],
                    store_id=row["store_id"],
                    seller_id=row["seller_id"],
                    buyer=row["buyer"],
                    open=tuple(is_open),
                )
            )
    return owing


def kept_for_customers(credits: QuerySet[Credit], *, as_of: date) -> dict[int, Decimal]:
    """What is kept for each customer from changed orders at the close of a day: their credit. A
    refund that is only asked for is kept still.
    """
    gone = Q(uses__done_at__lt=end_of(as_of))
    rows = (
        credits.filter(changed_on__lte=as_of)
        .order_by()
        .annotate(gone=Coalesce(Sum("uses__amount", filter=gone),
                                NOTHING, output_field=MONEY))
        .values_list("customer_id", "amount", "gone")
    )  # fmt: skip
    kept: dict[int, Decimal] = defaultdict(Decimal)
    for customer, amount, used in rows:
        if amount > used:
            kept[customer] += amount - used
    return dict(kept)


def is_overdue_long(customer: Customer, *, today: date, hold_after_days: int) -> bool:
    """Whether an undisputed receivable of any order of theirs is overdue so long that nothing more
    is delivered to them (formulas 3.10).
    """
    owing = owing_orders(Order.objects.filter(customer=customer), as_of=today, today=today)
    return holds_shipments(
        (one for order in owing for one in order.open),
        as_of=today,
        hold_after_days=hold_after_days,
    )


def sum_owed(orders: QuerySet[Order], *, today: date) -> Decimal:
    """What is open of receivables of these orders, due or not."""
    owing = owing_orders(orders, as_of=today, today=today)
    return sum((one.amount for order in owing for one in order.open), NOTHING)
