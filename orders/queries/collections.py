"""What came in for orders and what had to, day by day (FIN-01, FIN-08)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from orders.models import CreditUse, Due, Order, OrderLine, Payment
from orders.queries.receivables import begin_of, dues_by_order, end_of, owed_of, paid_at
from orders.rules.ageing import overdue_days, what_is_left
from orders.states import CreditUseKind, LineState, OrderState

NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Yuan: what was received and refunded, what fell due, and what of that is open and overdue.

    `overdue` is of receivables alone, as their ageing has it (formulas 3.10); what is to be paid
    before a delivery that was not made is open.
    """

    received: Decimal = NOTHING
    refunded: Decimal = NOTHING
    due: Decimal = NOTHING
    open: Decimal = NOTHING
    overdue: Decimal = NOTHING

    def __add__(self, other: "Flow") -> "Flow":
        return Flow(
            received=self.received + other.received,
            refunded=self.refunded + other.refunded,
            due=self.due + other.due,
            open=self.open + other.open,
            overdue=self.overdue + other.overdue,
        )


@dataclass(frozen=True, kw_only=True)
class OrderFlow:
    """The same of one order on one day."""

    order_id: int
    day: date
    flow: Flow


def _moments(column: str, *, since: date | None, until: date) -> Q:
    asked: dict[str, datetime] = {f"{column}__lt": end_of(until)}
    if since:
        asked[f"{column}__gte"] = begin_of(since)
    return Q(**asked)


def _by_day(rows: QuerySet, *, order: str, at: str) -> QuerySet[Any]:
    rows = rows.order_by().annotate(of=F(order), day=TruncDate(at)).values("of", "day")
    return rows.annotate(total=Sum("amount"))


def received(orders: QuerySet[Order], *, since: date | None, until: date) -> Iterator[OrderFlow]:
    """Payments that stand, by the day on which they were taken."""
    taken = Payment.objects.filter(
        _moments("taken_at", since=since, until=until),
        order__in=orders.order_by().values("pk"), returned_at=None,
    )  # fmt: skip
    for row in _by_day(taken, order="order_id", at="taken_at"):
        yield OrderFlow(order_id=row["of"], day=row["day"], flow=Flow(received=row["total"]))


def refunded(orders: QuerySet[Order], *, since: date | None, until: date) -> Iterator[OrderFlow]:
    """Credits paid out, by the day on which they were."""
    done = CreditUse.objects.filter(
        _moments("done_at", since=since, until=until),
        credit__order__in=orders.order_by().values("pk"), kind=CreditUseKind.REFUND,
    )  # fmt: skip
    for row in _by_day(done, order="credit__order_id", at="done_at"):
        yield OrderFlow(order_id=row["of"], day=row["day"], flow=Flow(refunded=row["total"]))


def fell_due(
    orders: QuerySet[Order], *, since: date | None, until: date, as_of: date, today: date
) -> Iterator[OrderFlow]:
    """What the terms ask for on these days, and what of it is open at the close of `as_of`."""
    of = Due.objects.filter(order=OuterRef("pk"), due_on__lte=until)
    of = of.filter(due_on__gte=since) if since else of
    found = orders.exclude(state=OrderState.CANCELLED).filter(Exists(of), amount__isnull=False)
    dues = dues_by_order(found)
    rows = paid_at(found, as_of=as_of, today=today).order_by("pk")
    for order in rows.values("pk", "delivered_on", "paid_then"):
        owed = owed_of(dues[order["pk"]], delivered_on=order["delivered_on"], as_of=as_of)
        for one, left in what_is_left(owed, paid=order["paid_then"]):
            if one.due_on is None or one.due_on > until or (since and one.due_on < since):
                continue
            is_late = one.is_receivable and overdue_days(one.due_on, as_of=as_of) > 0
            told = Flow(due=one.amount, open=left, overdue=left if is_late else NOTHING)
            yield OrderFlow(order_id=order["pk"], day=one.due_on, flow=told)


def products_of(orders: Collection[int]) -> dict[int, Mapping[str, Decimal]]:
    """Of each order what its pieces that stay cost, by product."""
    lines = OrderLine.objects.filter(order__in=orders).exclude(state=LineState.CANCELLED)
    cost = (F("qty") - F("returned_qty")) * F("agreed_price")
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    rows = lines.order_by().values("order_id", "product").annotate(cost=Sum(cost))
    for row in rows.order_by("order_id", "product"):
        found[row["order_id"]][row["product"]] = row["cost"]
    return dict(found)
