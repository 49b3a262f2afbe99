"""`report deliveries`: the deliveries of a month (月送货统计表, forms 2.13, ORD-19, ORD-20)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.phones import mask_in_text
from orders.queries.deliveries import (
    Month,
    MonthsOrder,
    NotReady,
    not_ready,
    of_month,
    paid_by,
    sums_by_store,
    total_of,
)
from orders.queries.visible import order_stores, orders_for
from orders.rules.completion import pay_state
from orders.showing.rows import told_name
from orders.states import PayState
from reports.asking.parameters import OF_STORE, Parameter
from reports.asking.periods import read_month
from reports.rules.values import day, money, ratio
from staff.models import Store
from staff.queries_of_targets import store_targets
from staff.scope import Reach
from staff.states import TargetKind

PARAMETERS = (
    Parameter(name="month", hint="YYYY-MM", about="of this month", read=read_month),
    OF_STORE,
)
COLUMNS = (
    "month", "order_no", "state", "store", "customer", "address", "planned_on", "amount",
    "paid_in_full", "payment_state", "check_on", "all_submitted", "all_arrived", "preparation",
    "crew", "time_window", "delivered_on", "delivered_amount", "signed_by", "exception", "ready",
    "lacking", "flags",
)  # fmt: skip


def deliveries(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """A row each order planned for the month or handed over in it. `reach` None sees everybody."""
    today = timezone.localdate(now)
    period = params.get("month")
    month = Month(first=period.begins if period else today.replace(day=1))
    orders = orders_for(reach, today=today)
    stores = Store.objects.all() if reach is None else order_stores(reach, today=today)
    if params.get("store"):
        orders = orders.filter(store__code=params["store"])
        stores = stores.filter(code=params["store"])
    listed = list(of_month(orders, month, reach=reach, today=today))
    lacking = {each.order.pk: each for each in not_ready(listed, month, today=today)}
    sums = total_of(sums_by_store(orders, month).values())
    places = list(stores.values_list("pk", flat=True))
    targets = store_targets(month.first, kind=TargetKind.DELIVERIES, stores=places)
    target = sum(targets.values(), Decimal(0)) if targets else None
    total: dict[str, object] = {
        "rows": len(listed), "planned_orders": sums.planned_orders,
        "planned_amount": money(sums.planned), "delivered_amount": money(sums.delivered),
        "target": money(target), "achievement": ratio(sums.delivered, target),
        "not_ready": [_not_ready(each) for each in lacking.values()],
        "flags": [] if target else ["NO_TARGET"],
    }  # fmt: skip
    notes = [
        "planned_amount counts the orders planned for the month, delivered_amount the agreed prices"
        " of the pieces handed over in it; cancelled orders are left out of what is planned",
        "check_on is the day by which all that is due before the delivery is paid",
    ]
    rows = [_row(row, month, lacking.get(row.pk)) for row in listed]
    return rows, total, notes


def _row(row: MonthsOrder, month: Month, lacking: NotReady | None) -> dict[str, object]:
    paid = pay_state(amount=row.amount, paid=row.paid, due_before=row.due_before)
    planned = row.current_on
    return {
        "month": f"{month.first:%Y-%m}",
        "order_no": row.number,
        "state": row.state,
        "store": row.store.code,
        "customer": told_name(row) or None,
        "address": mask_in_text(row.address) or None,
        "planned_on": day(planned),
        "amount": money(row.amount),
        "paid_in_full": paid == PayState.FULL,
        "payment_state": paid.value,
        "check_on": day(paid_by(row, planned)) if planned else None,
        "all_submitted": 0 < row.lines_all == row.lines_submitted,
        "all_arrived": 0 < row.lines_all == row.lines_arrived,
        "preparation": list(row.preparation),
        "crew": mask_in_text(row.crew) or None,
        "time_window": row.time_window or None,
        "delivered_on": day(row.handed_over_on),
        "delivered_amount": money(row.handed_over),
        "signed_by": mask_in_text(row.signed_by or "") or None,
        "exception": row.incident,
        "ready": lacking is None,
        "lacking": _lacking(row, lacking) if lacking else [],
        "flags": ([] if row.lines_all else ["NO_LINES"]) + ([] if planned else ["NOT_PLANNED"]),
    }


def _lacking(row: MonthsOrder, found: NotReady) -> list[str]:
    """What an order that is planned and not ready waits for."""
    goods = ["goods"] if found.lines or not row.lines_all else []
    return goods + (["payment"] if found.unpaid or row.amount is None else [])


def _not_ready(found: NotReady) -> dict[str, object]:
    return {
        "order_no": found.order.number,
        "planned_on": day(found.order.current_on),
        "lines": [
            {"product": mask_in_text(line.product), "state": line.state} for line in found.lines
        ],
        "unpaid": money(found.unpaid),
        "check_on": day(found.check_on),
    }
