"""The order register (订单登记表): a day's orders of a store, its month, its task (ORD-16)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import DecimalField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from orders.models import Order, Payment
from orders.queries.completion import is_complete_to_deliver
from orders.queries.ledger import COUNTED, for_ledger
from orders.states import PaymentKind
from staff.scope import Reach

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from orders.queries.ledger import LedgerOrder

    class _Deposit(TypedDict):
        deposit: Decimal

    RegisteredOrder = WithAnnotations[LedgerOrder, _Deposit]
else:
    RegisteredOrder = Order

NOTHING = Decimal(0)
MONEY = DecimalField(max_digits=14, decimal_places=2)


def registered(
    orders: QuerySet[Order], *, since: date, until: date, reach: Reach | None, today: date
) -> list[RegisteredOrder]:
    """The orders of these days, oldest first, each with its deposit: one query."""
    deposits = Payment.objects.filter(
        order=OuterRef("pk"), kind=PaymentKind.DEPOSIT, returned_at=None
    ).order_by()
    total = deposits.values("order").annotate(total=Sum("amount")).values("total")
    rows = for_ledger(orders.filter(ordered_on__range=(since, until)), reach=reach, today=today)
    rows = rows.annotate(deposit=Coalesce(Subquery(total, output_field=MONEY), NOTHING))
    return list(rows.order_by("ordered_on", "pk"))


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What a day, and its month until then, come to.

    `deliverable` (可完结送货) is as of now, whatever the day: of a day that is over no row tells
    which lines an order had and what they cost.
    """

    day: Decimal = NOTHING
    month: Decimal = NOTHING
    deliverable: Decimal = NOTHING


def _amounts(day: date) -> dict[str, Any]:
    """Aggregates: cancelled orders are registered, and not counted."""
    until = COUNTED & Q(ordered_on__gte=day.replace(day=1), ordered_on__lte=day)
    return {
        "day": Coalesce(Sum("amount", filter=until & Q(ordered_on=day)), NOTHING),
        "month": Coalesce(Sum("amount", filter=until), NOTHING),
        "deliverable": Coalesce(Sum("amount", filter=is_complete_to_deliver()), NOTHING),
    }


def sums_by(orders: QuerySet[Order], *, day: date, by: str) -> dict[int, Sums]:
    """The sums by `store` or `seller`, of all who have an order in the month or to deliver."""
    return {
        row[by]: Sums(day=row["day"], month=row["month"], deliverable=row["deliverable"])
        for row in _of_interest(orders, day).values(by).annotate(**_amounts(day))
    }


def _of_interest(orders: QuerySet[Order], day: date) -> QuerySet[Order]:
    """No more than these can count: the month's, and what could be completed by its delivery."""
    month = Q(ordered_on__gte=day.replace(day=1), ordered_on__lte=day)
    return orders.filter(month | is_complete_to_deliver()).order_by()


def total_of(sums: Iterable[Sums]) -> Sums:
    """The sum of sums."""
    found = list(sums)
    return Sums(
        day=sum((each.day for each in found), NOTHING),
        month=sum((each.month for each in found), NOTHING),
        deliverable=sum((each.deliverable for each in found), NOTHING),
    )


def month_sums(
    orders: QuerySet[Order], *, since: date, until: date
) -> dict[tuple[int, date], tuple[Decimal, Decimal]]:
    """By store and day what the day and its month until then come to: one query."""
    rows = orders.filter(COUNTED, ordered_on__range=(since.replace(day=1), until)).order_by()
    amounts = rows.values("store", "ordered_on").annotate(total=Coalesce(Sum("amount"), NOTHING))
    found: dict[tuple[int, date], tuple[Decimal, Decimal]] = {}
    months: dict[tuple[int, date], Decimal] = {}
    for row in amounts.order_by("store", "ordered_on"):
        key = (row["store"], row["ordered_on"].replace(day=1))
        months[key] = months.get(key, NOTHING) + row["total"]
        found[row["store"], row["ordered_on"]] = (row["total"], months[key])
    return found


def share(part: Decimal, whole: Decimal | None) -> Decimal | None:
    """A share as a fraction; None of nothing, which is no failure."""
    return part / whole if whole else None
