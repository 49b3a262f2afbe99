"""`report order_ledger` and `report order_register`: the two books of orders (forms 2.9, 2.10)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.phones import mask_in_text
from orders.models import Order
from orders.queries.completion import standing_of
from orders.queries.ledger import (
    DaySums,
    LedgerLine,
    LedgerOrder,
    for_ledger,
    lines_of,
    sums_of_days,
)
from orders.queries.register import RegisteredOrder, month_sums, registered, sums_by
from orders.queries.visible import orders_for
from orders.rules.completion import pay_state
from orders.showing.rows import told_name
from orders.states import SUBMITTED_LINES, LineState, OrderState
from reports.asking.parameters import OF_STORE, Parameter, days_of, read_day
from reports.rules.values import day, money, ratio
from staff.queries_of_targets import targets_by_month
from staff.scope import Reach
from staff.states import TargetKind

NOTHING = Decimal(0)
PARAMETERS = (
    OF_STORE,
    Parameter(name="from", hint="YYYY-MM-DD", about="ordered on this day or later", read=read_day),
    Parameter(name="to", hint="YYYY-MM-DD", about="ordered on this day or earlier", read=read_day),
)
LEDGER = (
    "order_no", "ordered_on", "state", "store", "consultant", "customer", "phone", "address",
    "amount", "paid", "balance", "payment_state", "terms", "promised_on", "wished_on",
    "current_on", "change_reason", "delivered_on", "submitted_rate", "arrived_rate",
    "floor_sample", "designer", "completion", "late_with", "exception", "remarks", "day_amount",
    "month_amount", "flags",
)  # fmt: skip
REGISTER = (
    "date", "order_no", "state", "store", "consultant", "customer", "products", "amount",
    "deposit", "today_total", "month_total", "month_target", "achievement", "deliverable_amount",
    "lines", "flags",
)  # fmt: skip
Rows = list[dict[str, object]]


def _of_store(params: Mapping[str, Any], *, reach: Reach | None, today: date) -> QuerySet[Order]:
    orders = orders_for(reach, today=today)
    return orders.filter(store__code=params["store"]) if params.get("store") else orders


def order_ledger(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[Rows, dict[str, object], list[str]]:
    """A row each order, oldest first, with its day and its month until then (订单管理台帐)."""
    begins, ends = days_of(params)
    today = timezone.localdate(now)
    base = _of_store(params, reach=reach, today=today)
    orders = base.filter(**({"ordered_on__gte": begins} if begins else {}))
    orders = orders.filter(**({"ordered_on__lte": ends} if ends else {}))
    listed = list(for_ledger(orders, reach=reach, today=today).order_by("ordered_on", "pk"))
    days = sums_of_days(base, {order.ordered_on for order in listed})
    counted = [order for order in listed if order.state != OrderState.CANCELLED]
    amount = sum((order.amount or NOTHING for order in counted), NOTHING)
    paid = sum((order.paid for order in counted if order.amount is not None), NOTHING)
    total: dict[str, object] = {
        "rows": len(listed), "orders": len(counted), "amount": money(amount),
        "paid": money(sum((order.paid for order in counted), NOTHING)),
        "balance": money(amount - paid),
    }  # fmt: skip
    notes = [
        "cancelled orders are listed and not counted; the balance is that of the orders that are"
        " written down",
        "day_amount and month_amount are the amounts of the day, and of its month until then, of"
        " the stores that are asked for",
    ]
    return (
        [_ledger_row(order, days[order.ordered_on], today=today) for order in listed],
        total,
        notes,
    )


def _ledger_row(order: LedgerOrder, sums: DaySums, *, today: date) -> dict[str, object]:
    found = standing_of(order, today=today)
    paid = pay_state(amount=order.amount, paid=order.paid, due_before=order.due_before)
    return {
        "order_no": order.number,
        "ordered_on": day(order.ordered_on),
        "state": order.state,
        "store": order.store.code,
        "consultant": order.seller.username,
        "customer": told_name(order) or None,
        "phone": order.phone if order.is_card_seen else None,
        "address": mask_in_text(order.address) or None,
        "amount": money(order.amount),
        "paid": money(order.paid),
        "balance": None if order.amount is None else money(order.amount - order.paid),
        "payment_state": paid.value,
        "terms": order.terms,
        "promised_on": day(order.promised_on),
        "wished_on": day(order.wished_on),
        "current_on": day(order.current_on),
        "change_reason": order.cause,
        "delivered_on": day(order.delivered_on),
        "submitted_rate": ratio(order.lines_submitted, order.lines_all),
        "arrived_rate": ratio(order.lines_arrived, order.lines_all),
        "floor_sample": order.is_floor_sample,
        "designer": mask_in_text(order.designer.name) if order.designer else None,
        "completion": found.completion.value,
        "late_with": [each.value for each in found.late_with],
        "exception": order.incident,
        "remarks": mask_in_text(order.remark) or None,
        "day_amount": money(sums.amount),
        "month_amount": money(sums.month_amount),
        "flags": [] if order.lines_all else ["NO_LINES"],
    }


def order_register(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[Rows, dict[str, object], list[str]]:
    """A row each order, oldest first: its store's day, month and task then (订单登记表, ORD-16)."""
    begins, ends = days_of(params)
    today = timezone.localdate(now)
    base = _of_store(params, reach=reach, today=today)
    listed = registered(
        base, since=begins or date.min, until=ends or date.max, reach=reach, today=today
    )
    lines = defaultdict(list)
    for line in lines_of([order.pk for order in listed]):
        lines[line.order_id].append(line)
    books = _Books(base, listed, today=today)
    rows = [books.row(order, lines[order.pk]) for order in listed]
    counted = [order for order in listed if order.state != OrderState.CANCELLED]
    total: dict[str, object] = {
        "rows": len(rows), "orders": len(counted),
        "amount": money(sum((order.amount or NOTHING for order in counted), NOTHING)),
        "deposit": money(sum((order.deposit for order in counted), NOTHING)),
        "deliverable_amount": money(sum(books.deliverable.values(), NOTHING)),
    }  # fmt: skip
    notes = [
        "today_total, month_total, month_target and achievement are those of the order's store, on"
        " the order's day; cancelled orders are listed and not counted",
        "deliverable_amount is that of the order's store, as of now",
    ]
    return rows, total, notes


class _Books:
    """What the stores of some orders came to on their days: three queries for all of them."""

    def __init__(
        self, base: QuerySet[Order], listed: list[RegisteredOrder], *, today: date
    ) -> None:
        days = [order.ordered_on for order in listed]
        self.deliverable = {
            store: sums.deliverable for store, sums in sums_by(base, day=today, by="store").items()
        }
        self.sums: dict[tuple[int, date], tuple[Decimal, Decimal]] = {}
        self.targets: dict[tuple[int, date], Decimal] = {}
        if days:
            self.sums = month_sums(base, since=days[0], until=days[-1])
            self.targets = targets_by_month(
                TargetKind.ORDERS, since=days[0].replace(day=1), until=days[-1]
            )

    def row(self, order: RegisteredOrder, lines: list[LedgerLine]) -> dict[str, object]:
        store, on = order.store_id, order.ordered_on
        # A day of which all orders are cancelled has no sums of its own.
        own = self.sums.get((store, on))
        target = self.targets.get((store, on.replace(day=1)))
        standing = [line for line in lines if line.state != LineState.CANCELLED]
        today_total, month_total = own or (NOTHING, self._month_until(store, on))
        flags = ([] if lines else ["NO_LINES"]) + ([] if target else ["NO_TARGET"])
        return {
            "date": day(on),
            "order_no": order.number,
            "state": order.state,
            "store": order.store.code,
            "consultant": order.seller.username,
            "customer": told_name(order) or None,
            "products": [f"{mask_in_text(line.product)} × {line.qty}" for line in standing],
            "amount": money(order.amount),
            "deposit": money(order.deposit),
            "today_total": money(today_total),
            "month_total": money(month_total),
            "month_target": money(target),
            "achievement": ratio(month_total, target),
            "deliverable_amount": money(self.deliverable.get(store, NOTHING)),
            "lines": [_line(line) for line in lines],
            "flags": flags,
        }

    def _month_until(self, store: int, on: date) -> Decimal:
        """What the month had come to on a day that counts no order itself."""
        first = on.replace(day=1)
        days = [each for of, each in self.sums if of == store and first <= each < on]
        return self.sums[store, max(days)][1] if days else NOTHING


def _line(line: LedgerLine) -> dict[str, object]:
    """One line of an order, as forms 2.10 has it."""
    return {
        "line": line.position,
        "product": mask_in_text(line.product),
        "spec": mask_in_text(line.spec) or None,
        "colour": line.colour or None,
        "qty": line.qty,
        "list_price": money(line.list_price),
        "agreed_price": money(line.agreed_price),
        "discount": ratio(line.agreed_price, line.list_price),
        "special_price_no": line.special_price.application.number if line.special_price else None,
        "amount": money(line.amount),
        "supply": line.supply,
        "po_no": line.po_no or None,
        "eta": day(line.arrives_on),
        "arrived_on": day(line.arrived_on),
        "submitted": line.state in SUBMITTED_LINES,
        "delivered_qty": line.delivered_qty,
        "state": line.state,
    }
