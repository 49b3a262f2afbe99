"""The order ledger (订单管理台帐): what a row of it shows, and its sums by day (ORD-09…13)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from core.queries import is_any
from core.searching import sought
from customers.models import CustomerPhone
from customers.queries import IsAmong, matching, visible
from orders.models import DateChange, Incident, Milestone, Order, OrderLine
from orders.queries.completion import with_facts
from orders.states import DateKind, LineState, MilestoneKind, OrderState, Supply
from staff.scope import Reach

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Shown(TypedDict):
        check_days: int
        owes_overdue: bool
        is_card_seen: bool
        phone: str | None
        goods: str | None
        cause: str | None
        is_floor_sample: bool
        incident: str | None

    class _Arrived(TypedDict):
        arrived_on: date | None

    LedgerOrder = WithAnnotations[Order, _Shown]
    LedgerLine = WithAnnotations[OrderLine, _Arrived]
else:
    LedgerOrder, LedgerLine = Order, OrderLine

NOTHING = Decimal(0)
LEDGER_COLUMNS = (
    "number", "ordered_on", "state", "buyer", "address", "terms", "promised_on", "wished_on",
    "current_on", "delivered_on", "remark", "amount", "paid", "due_before", "lines_all",
    "lines_submitted", "lines_arrived", "lines_delivered", "customer__name", "customer__title",
    "store__code", "store__name", "seller__name", "seller__username", "designer__name",
)  # fmt: skip
COUNTED = ~Q(state=OrderState.CANCELLED)


def floor_samples() -> QuerySet[OrderLine]:
    """The floor samples among the goods of an order (ORD-23)."""
    lines = OrderLine.objects.filter(order=OuterRef("pk"), supply=Supply.FLOOR_SAMPLE)
    return lines.exclude(state=LineState.CANCELLED)


def open_incidents() -> QuerySet[Incident]:
    """What went wrong with an order and is not mended, the newest first (ORD-36)."""
    return Incident.objects.filter(order=OuterRef("pk"), solved_at=None).order_by("-pk")


def _is_card_seen(reach: Reach | None) -> Value | Exists:
    """Selling to somebody opens no card (decision 4): its name and number are then not shown."""
    if reach is None or reach.sees_all:
        return Value(True, output_field=BooleanField())
    return Exists(visible(reach).filter(pk=OuterRef("customer")))


@cache
def _shown_of_each() -> dict[str, Any]:
    """What a row shows whoever reads it, put together once: a query copies what it is given."""
    phones = CustomerPhone.objects.filter(customer=OuterRef("customer"), retired_at=None)
    lines = OrderLine.objects.filter(order=OuterRef("pk")).exclude(state=LineState.CANCELLED)
    moved = DateChange.objects.filter(order=OuterRef("pk"), line=None, which=DateKind.CURRENT)
    return {
        "phone": Subquery(phones.order_by("-is_primary", "pk").values("masked")[:1]),
        "goods": Subquery(lines.order_by("position").values("product")[:1]),
        "cause": Subquery(moved.order_by("-at", "-pk").values("cause")[:1]),
        "is_floor_sample": ExpressionWrapper(is_any(floor_samples()), output_field=BooleanField()),
        "incident": Subquery(open_incidents().values("kind")[:1]),
    }


def for_ledger(
    orders: QuerySet[Order], *, reach: Reach | None, today: date
) -> QuerySet[LedgerOrder]:
    """Each order with all that its row shows, in one query whatever the number of rows.

    `reach` None is the machine itself, which sees every card.
    """
    shown = _shown_of_each()
    rows = with_facts(orders, today=today).annotate(
        is_card_seen=_is_card_seen(reach),
        phone=shown["phone"],
        goods=shown["goods"],
        cause=shown["cause"],
        is_floor_sample=shown["is_floor_sample"],
        incident=shown["incident"],
    )
    named = rows.select_related("customer", "store", "seller", "designer")
    return named.only(*LEDGER_COLUMNS)


def found_by(orders: QuerySet[Order], text: str, *, reach: Reach) -> QuerySet[Order]:
    """Those that a text finds: the beginning of the order number, or its customer, as the
    customer list finds them; of a customer whose card is not seen, the name on the order.
    """
    text = " ".join(sought(text).split())[:40]
    if not text:
        return orders
    customers = matching(visible(reach), text).values("pk")
    named = Q(number__istartswith=text) | Q(IsAmong("customer", customers))
    return orders.filter(named | Q(buyer__contains=text))


@dataclass(frozen=True, kw_only=True)
class DaySums:
    """One day of the ledger, and the month up to it: cancelled orders are listed, not counted."""

    day: date
    orders: int = 0
    amount: Decimal = NOTHING
    paid: Decimal = NOTHING
    balance: Decimal = NOTHING
    month_orders: int = 0
    month_amount: Decimal = NOTHING
    month_paid: Decimal = NOTHING
    month_balance: Decimal = NOTHING


# Their details are still to be written: without an amount.
UNWRITTEN = COUNTED & Q(amount=None, paid__gt=0)
SUMMED = ("orders", "amount", "paid", "balance")


def totals() -> dict[str, Any]:
    """How many orders, their amounts, what of them is paid and open: cancelled ones left out.

    An order whose details are still to be written has no amount, and nothing is open of it.
    """
    return {
        "sum_orders": Count("pk", filter=COUNTED),
        "sum_amount": Coalesce(Sum("amount", filter=COUNTED), NOTHING),
        "sum_paid": Coalesce(Sum("paid", filter=COUNTED), NOTHING),
        "sum_balance": Coalesce(Sum(F("amount") - F("paid"), filter=COUNTED), NOTHING),
    }


def _by_day(orders: QuerySet[Order]) -> QuerySet[Any]:
    """What each day counts, oldest first."""
    return orders.order_by().values("ordered_on").annotate(**totals()).order_by("ordered_on")


def sums_of_days(orders: QuerySet[Order], days: Iterable[date]) -> dict[date, DaySums]:
    """The subtotal of each of these days and its month to date, over all of `orders` (ORD-10).

    One query, over the months of the days alone.
    """
    wanted = sorted(set(days))
    if not wanted:
        return {}
    since = wanted[0].replace(day=1)
    rows = _by_day(orders.filter(ordered_on__gte=since, ordered_on__lte=wanted[-1]))
    found = {each.day: each for each in running(rows)}
    return {day: found[day] for day in wanted if day in found}


def running(rows: Iterable[Mapping[str, Any]]) -> Iterator[DaySums]:
    """Each day with what its month has come to by then."""
    for _month, days in groupby(rows, key=lambda row: row["ordered_on"].replace(day=1)):
        month: dict[str, Any] = dict.fromkeys(SUMMED, 0)
        for row in days:
            own = {name: row[f"sum_{name}"] for name in SUMMED}
            month = {name: month[name] + value for name, value in own.items()}
            so_far = {f"month_{name}": value for name, value in month.items()}
            yield DaySums(day=row["ordered_on"], **own, **so_far)


def lines_of(orders: Collection[int]) -> QuerySet[LedgerLine]:
    """The lines of these orders in their places, each with the day on which its goods came."""
    came = Milestone.objects.filter(line=OuterRef("pk"), kind=MilestoneKind.ARRIVED)
    lines = OrderLine.objects.filter(order__in=orders).annotate(
        arrived_on=Subquery(came.values("reached_on")[:1])
    )
    found = lines.select_related("order__seller", "special_price__application")
    return found.order_by("order", "position")
