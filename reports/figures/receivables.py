"""`report ageing`: what customers owe on a day, by how long it is overdue (FIN-05)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.phones import mask_in_text
from customers.models import Customer
from customers.queries import with_masked_phone
from orders.models import Credit
from orders.queries.receivables import OwingOrder, kept_for_customers, owing_orders
from orders.queries.rights import accounts_seen
from orders.queries.visible import orders_for
from orders.rules.ageing import BUCKETS, NOT_DUE, NOTHING, bucket_of
from reports.asking.parameters import Parameter, read_day
from reports.rules.values import day, money
from staff.scope import Reach

PARAMETERS = (
    Parameter(name="as_of", hint="YYYY-MM-DD", about="at the close of this business day",
              read=read_day),
)  # fmt: skip
COLUMNS = (
    "customer_id", "name", "phone", "keeper", "store", "orders", *BUCKETS, "disputed", "credit",
    "total", "oldest_due_on", "flags",
)  # fmt: skip


@dataclass(kw_only=True)
class Owing:
    """What one customer owes: orders that have something open, by bucket, and what is kept."""

    orders: list[OwingOrder] = field(default_factory=list)
    buckets: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    disputed: Decimal = NOTHING
    credit: Decimal = NOTHING
    oldest_due_on: date | None = None

    @property
    def total(self) -> Decimal:
        return sum(self.buckets.values(), NOTHING)

    @property
    def buyer(self) -> str:
        """The customer as the seller of the newest order was told; empty where none is open."""
        return mask_in_text(self.orders[-1].buyer) if self.orders else ""

    @property
    def overdue(self) -> Decimal:
        return self.total - self.buckets.get(NOT_DUE, NOTHING)

    def add(self, order: OwingOrder, *, as_of: date) -> None:
        """Count what is open of one more order."""
        self.orders.append(order)
        for one in order.open:
            self.buckets[bucket_of(one.due_on, as_of=as_of)] += one.amount
            self.disputed += one.amount if one.owed.is_disputed else NOTHING
            self.oldest_due_on = min(self.oldest_due_on or one.due_on, one.due_on)


def owing_by_customer(reach: Reach | None, *, as_of: date, today: date) -> dict[int, Owing]:
    """Who owes something or has something kept, on a day; `reach` None sees everybody."""
    owing: dict[int, Owing] = defaultdict(Owing)
    orders = orders_for(reach, today=today)
    for order in owing_orders(orders, as_of=as_of, today=today):
        owing[order.customer_id].add(order, as_of=as_of)
    credits = Credit.objects.filter(order__in=orders.order_by().values("pk"))
    for customer, kept in kept_for_customers(credits, as_of=as_of).items():
        owing[customer].credit = kept
    return dict(owing)


def summed(rows: Iterable[Owing]) -> dict[str, Decimal]:
    """The columns of money added up."""
    total = dict.fromkeys((*BUCKETS, "disputed", "credit", "total"), NOTHING)
    for row in rows:
        for bucket, amount in row.buckets.items():
            total[bucket] += amount
        total["disputed"] += row.disputed
        total["credit"] += row.credit
        total["total"] += row.total
    return total


def ageing(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """A row each customer who owes something or has a credit; what is overdue longest first."""
    today = timezone.localdate(now)
    as_of = params.get("as_of") or today
    owing = owing_by_customer(reach, as_of=as_of, today=today)
    found = with_masked_phone(Customer.objects.filter(pk__in=list(owing)))
    people = found.select_related("owner", "store").in_bulk()
    in_order = sorted(owing, key=lambda pk: (owing[pk].oldest_due_on or date.max, pk))
    seen = accounts_seen(owing, reach)
    rows: list[dict[str, object]] = [
        {
            "customer_id": pk,
            "name": mask_in_text(people[pk].name) if pk in seen else owing[pk].buyer,
            "phone": people[pk].phone if pk in seen else None,
            "keeper": keeper.username if pk in seen and (keeper := people[pk].owner) else None,
            "store": people[pk].store.code if pk in seen else None,
            "orders": len(owing[pk].orders),
            **{bucket: money(owing[pk].buckets.get(bucket, NOTHING)) for bucket in BUCKETS},
            "disputed": money(owing[pk].disputed),
            "credit": money(owing[pk].credit),
            "total": money(owing[pk].total),
            "oldest_due_on": day(owing[pk].oldest_due_on),
            "flags": ["DISPUTED"] if owing[pk].disputed else [],
        }
        for pk in in_order
    ]
    notes = ["disputed is within the buckets: a dispute rests the dunning, not the ageing"]
    if as_of < today:
        notes.append("what was paid is reckoned as of that day; the terms are those of today")
    total = {name: money(amount) for name, amount in summed(owing.values()).items()}
    return rows, {"customers": len(rows), **total}, notes
