"""The deliveries of a month (月送货统计表): planned, made, not ready (ORD-19, ORD-20)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import (
    Case,
    Count,
    DateField,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from core.calendars import add_months
from orders.models import Delivery, DeliveryLine, Order, OrderLine, Return
from orders.queries.completion import IS_HERE, IS_RUNNING
from orders.queries.ledger import COUNTED, LEDGER_COLUMNS, for_ledger
from orders.rules.completion import check_day
from orders.rules.moves import LAST_LINES
from orders.states import ARRIVED_LINES, RUNNING_ORDERS, LineState
from staff.scope import Reach

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from orders.queries.ledger import LedgerOrder

    class _Delivered(TypedDict):
        handed_over: Decimal
        handed_over_on: date | None
        signed_by: str | None

    MonthsOrder = WithAnnotations[LedgerOrder, _Delivered]
else:
    MonthsOrder = Order

NOTHING = Decimal(0)
MONEY = DecimalField(max_digits=16, decimal_places=2)
# What is lacking for a delivery as it was planned (ORD-19 to ORD-22).
IS_READY = IS_HERE & Q(amount__isnull=False, paid__gte=F("due_before"))


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month by its first day."""

    first: date

    @property
    def last(self) -> date:
        return add_months(self.first, 1) - timedelta(days=1)

    def moved(self, count: int) -> "Month":
        return Month(first=add_months(self.first, count))


def _planned_in(month: Month) -> Q:
    return COUNTED & Q(current_on__range=(month.first, month.last))


def deliveries_between(since: date, until: date) -> QuerySet[Delivery]:
    """Deliveries of an order that stand, made on these days: for a subquery of orders."""
    made = Delivery.objects.filter(order=OuterRef("pk"), voided_at=None)
    return made.filter(delivered_on__range=(since, until))


def handed_over(month: Month) -> QuerySet[DeliveryLine]:
    """Pieces handed over in the month by deliveries that stand."""
    return DeliveryLine.objects.filter(
        delivery__voided_at=None, delivery__delivered_on__range=(month.first, month.last)
    )


def first_delivered_on() -> Case:
    """When all that was promised was delivered: what came in exchange for it later is another
    promise (ORD-37). Null while something of it is left.
    """
    of_order = Return.objects.filter(order=OuterRef("pk"), new_line__isnull=False)
    instead = Return.objects.filter(new_line=OuterRef("pk"))
    lines = OrderLine.objects.filter(~Exists(instead), order=OuterRef("pk"))
    handed = DeliveryLine.objects.filter(
        ~Exists(Return.objects.filter(new_line=OuterRef("line"))),
        line__order=OuterRef("pk"),
        delivery__voided_at=None,
    )
    last = handed.order_by("-delivery__delivered_on").values("delivery__delivered_on")[:1]
    return Case(
        When(~Exists(of_order), then=F("delivered_on")),
        When(Exists(lines.exclude(state__in=LAST_LINES)), then=None),
        default=Subquery(last),
        output_field=DateField(),
    )


def _value() -> Sum:
    return Sum(F("qty") * F("line__agreed_price"), output_field=MONEY)


def of_month(
    orders: QuerySet[Order], month: Month, *, reach: Reach | None, today: date
) -> QuerySet[MonthsOrder]:
    """The orders that are planned for the month, or of which goods were handed over in it, each
    with the value of these goods, the last day and who signed.
    """
    made = deliveries_between(month.first, month.last)
    goods = handed_over(month).filter(delivery__order=OuterRef("pk")).order_by()
    value = goods.values("delivery__order").annotate(value=_value()).values("value")
    latest = made.order_by("-delivered_on", "-pk")
    rows = for_ledger(
        orders.filter(_planned_in(month) | Q(Exists(made))), reach=reach, today=today
    ).annotate(
        handed_over=Coalesce(Subquery(value, output_field=MONEY), NOTHING),
        handed_over_on=Subquery(latest.values("delivered_on")[:1]),
        signed_by=Subquery(latest.values("signed_by")[:1]),
    )
    shown = rows.only(*LEDGER_COLUMNS, "crew", "time_window", "preparation", "customer__owner")
    return shown.order_by(F("current_on").asc(nulls_last=True), "pk")


@dataclass(frozen=True, kw_only=True)
class MonthSums:
    """What a store planned and handed over in a month, in yuan, and what of it is not ready."""

    planned: Decimal = NOTHING
    planned_orders: int = 0
    delivered: Decimal = NOTHING
    not_ready: int = 0


def sums_by_store(orders: QuerySet[Order], month: Month) -> dict[int, MonthSums]:
    """By store; two queries."""
    planned = orders.filter(_planned_in(month)).order_by().values("store")
    rows = planned.annotate(
        amount_planned=Coalesce(Sum("amount"), NOTHING),
        orders_planned=Count("pk"),
        orders_not_ready=Count("pk", filter=IS_RUNNING & ~IS_READY),
    )
    goods = handed_over(month).filter(delivery__order__in=orders.order_by().values("pk"))
    values = goods.order_by().values("delivery__order__store").annotate(value=_value())
    delivered: dict[int, Any] = {row["delivery__order__store"]: row["value"] for row in values}
    found = {
        row["store"]: MonthSums(
            planned=row["amount_planned"],
            planned_orders=row["orders_planned"],
            delivered=delivered.pop(row["store"], NOTHING),
            not_ready=row["orders_not_ready"],
        )
        for row in rows
    }
    return found | {store: MonthSums(delivered=value) for store, value in delivered.items()}


def total_of(sums: Collection[MonthSums]) -> MonthSums:
    """The sum of sums."""
    return MonthSums(
        planned=sum((each.planned for each in sums), NOTHING),
        planned_orders=sum(each.planned_orders for each in sums),
        delivered=sum((each.delivered for each in sums), NOTHING),
        not_ready=sum(each.not_ready for each in sums),
    )


@dataclass(frozen=True, kw_only=True)
class NotReady:
    """An order that is planned and not ready: which lines are lacking, how much is not paid.

    `unpaid` is what is due before delivery and open, `is_checked` whether the day has come on
    which it had to be paid (ORD-20).
    """

    order: Any
    lines: list[OrderLine] = field(default_factory=list)
    unpaid: Decimal = NOTHING
    check_on: date
    is_checked: bool


def paid_by(order: MonthsOrder, planned: date) -> date:
    """The day by which all that is due before a delivery planned for that day is to be paid."""
    return check_day(planned, check_days=order.check_days, ordered_on=order.ordered_on)


def not_ready(rows: Collection[MonthsOrder], month: Month, *, today: date) -> list[NotReady]:
    """Of the month's orders those that are not ready, the next delivery first: one query."""
    lacking = [row for row in rows if _is_lacking(row, month)]
    lines: dict[int, list[OrderLine]] = {row.pk: [] for row in lacking}
    found = OrderLine.objects.filter(order__in=lines).exclude(
        state__in=(*ARRIVED_LINES, LineState.CANCELLED)
    )
    for line in found.order_by("order", "position"):
        lines[line.order_id].append(line)
    told = []
    for row in lacking:
        check_on = paid_by(row, row.current_on or month.last)
        told.append(
            NotReady(
                order=row,
                lines=lines[row.pk],
                unpaid=max(row.due_before - row.paid, NOTHING),
                check_on=check_on,
                is_checked=check_on <= today,
            )
        )
    return told


def _is_lacking(row: MonthsOrder, month: Month) -> bool:
    """The twin of `IS_RUNNING & ~IS_READY` for what is planned for the month."""
    is_planned = row.current_on is not None and month.first <= row.current_on <= month.last
    is_here = 0 < row.lines_all == row.lines_arrived
    is_paid = row.amount is not None and row.paid >= row.due_before
    return is_planned and row.state in RUNNING_ORDERS and not (is_here and is_paid)
