"""`report collections`: what came in, what had to, what is overdue of it (FIN-08)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from orders.models import Order
from orders.queries.collections import (
    Flow,
    fell_due,
    products_of,
    received,
    refunded,
)
from orders.queries.visible import orders_for
from orders.rules.sharing import spread
from reports.asking.parameters import OF_STORE, Parameter, days_of, read_day, read_some_of
from reports.figures.groupings import (
    PERSON,
    PRODUCT,
    STORE,
    WEEK,
    Key,
    columns_of_order,
    grouping_keys,
    in_order,
    key_of,
    week_of,
)
from reports.rules.values import money, ratio
from staff.scope import Reach

BY = (PERSON, STORE, PRODUCT, WEEK)
PARAMETERS = (
    Parameter(name="from", hint="YYYY-MM-DD", about="received or due on this day or later",
              read=read_day),
    Parameter(name="to", hint="YYYY-MM-DD",
              about="received or due on this day or earlier; until today without it",
              read=read_day),
    Parameter(name="by", hint="|".join(BY), about="one row for each of these; person without it",
              read=read_some_of(BY)),
    OF_STORE,
)  # fmt: skip
COLUMNS = (*BY, "received", "refunded", "due", "open", "overdue", "collected_share", "flags")
NOT_WRITTEN_DOWN: Mapping[str | None, Decimal] = {None: Decimal(1)}


@dataclass(frozen=True, kw_only=True)
class Days:
    """From which day (None: the first there is) until which, and what is known at which close."""

    begins: date | None
    ends: date
    today: date

    @property
    def as_of(self) -> date:
        return min(self.ends, self.today)


def collections_of(
    orders: QuerySet[Order], days: Days, *, by: Sequence[str]
) -> tuple[dict[Key, Flow], Flow]:
    """What came in and had to for these orders, by these groups and in all: six queries."""
    since, until = days.begins, days.ends
    flows = list(
        chain(
            received(orders, since=since, until=days.as_of),
            refunded(orders, since=since, until=days.as_of),
            fell_due(orders, since=since, until=until, as_of=days.as_of, today=days.today),
        )
    )
    sums: dict[tuple[int, date | None], Flow] = {}
    for each in flows:
        at = (each.order_id, week_of(each.day) if WEEK in by else None)
        sums[at] = sums.get(at, Flow()) + each.flow
    ids = {order for order, _week in sums}
    facts = Order.objects.filter(pk__in=ids).order_by().values("pk", **columns_of_order(by))
    of_order: dict[int, Mapping[str, Any]] = {row["pk"]: row for row in facts}
    products = products_of(ids) if PRODUCT in by else {}
    by_key: dict[Key, Flow] = {}
    for (order, week), flow in sums.items():
        costs = products.get(order) or NOT_WRITTEN_DOWN
        for product, part in _by_product(flow, costs):
            key = key_of(by, {**of_order[order], PRODUCT: product, WEEK: week})
            by_key[key] = by_key.get(key, Flow()) + part
    return by_key, summed(sums.values())


def summed(flows: Iterable[Flow]) -> Flow:
    """All of them together."""
    return sum(flows, Flow())


def _by_product(flow: Flow, costs: Mapping[Any, Decimal]) -> Iterator[tuple[str | None, Flow]]:
    """Money of an order is for all of its goods: each product has its part by what it costs."""
    names = [field.name for field in fields(Flow)]
    parts = {name: spread(getattr(flow, name), list(costs.values())) for name in names}
    for index, product in enumerate(costs):
        yield product, Flow(**{name: parts[name][index] for name in names})


def collections(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """A row each group for which something came in or had to. `reach` None sees everybody."""
    begins, ends = days_of(params)
    today = timezone.localdate(now)
    by = params.get("by") or (PERSON,)
    orders = orders_for(reach, today=today)
    if params.get("store"):
        orders = orders.filter(store__code=params["store"])
    days = Days(begins=begins, ends=ends or today, today=today)
    found, total = collections_of(orders, days, by=by)
    largest = {key: flow.received for key, flow in found.items()}
    rows = [
        {**grouping_keys(BY, by, key), **_row(found[key])}
        for key in in_order(list(found), by, largest=largest)
    ]
    notes = [
        "received are payments taken on these days that were not given back, refunded the credits"
        " paid out on them; due is what terms ask for on these days, open and overdue are of that",
        f"open and overdue are at the close of {days.as_of.isoformat()}; overdue counts"
        " receivables, as the ageing does: what is due before a delivery that was not made is open",
        "money is of the order's seller and store; a product has its part by what its pieces cost",
    ]
    return rows, _row(total), notes


def _row(flow: Flow) -> dict[str, object]:
    return {
        **{field.name: money(getattr(flow, field.name)) for field in fields(flow)},
        "collected_share": ratio(flow.due - flow.open, flow.due),
        "flags": [] if flow.due else ["NOTHING_DUE"],
    }
