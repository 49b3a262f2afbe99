"""`report commission`: the commission list of a month (设计师佣金表, ORD-18, forms 2.12)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.phones import mask_in_text
from orders.queries.commission_rows import Days, Row, account_of, rows_in
from orders.states import CommissionState
from reports.asking.parameters import Parameter
from reports.asking.periods import Period, period_around, read_period
from reports.rules.values import day, money
from staff.scope import Reach

PARAMETERS = (
    Parameter(name="month", hint="YYYY-MM", about="of this month; YYYY-Q1 and YYYY work, too",
              read=read_period),
)  # fmt: skip
COLUMNS = (
    "designer_id", "designer", "company", "phone", "agreement_no", "signed_on", "valid_until",
    "furniture_rate", "accessories_rate", "customer", "introduced_on", "order_no", "ordered_on",
    "order_amount", "delivered_furniture", "delivered_accessories", "delivered_amount",
    "completed", "commission_due", "paid", "paid_on", "voucher", "clawed_back", "payable", "state",
    "flags",
)  # fmt: skip


def _row(row: Row) -> dict[str, object]:
    of, order, told = row.designer, row.order, row.commission
    reckoned = told.reckoned if told else None
    return {
        "designer_id": of.pk,
        "designer": mask_in_text(of.name),
        "company": mask_in_text(of.company),
        "phone": of.masked or None,
        "agreement_no": mask_in_text(of.agreement_no) or None,
        "signed_on": day(of.signed_on),
        "valid_until": day(of.valid_until),
        # Of a percentage: 0.1 is 10 %.
        "furniture_rate": float(row.rates.furniture / 100),
        "accessories_rate": float(row.rates.accessories / 100),
        "customer": row.customer or None,
        "introduced_on": day(row.introduced_on),
        "order_no": order.number if order else None,
        "ordered_on": day(order.ordered_on) if order else None,
        "order_amount": money(order.amount) if order else None,
        "delivered_furniture": money(told.furniture) if told else None,
        "delivered_accessories": money(told.accessories) if told else None,
        "delivered_amount": money(told.delivered) if told else None,
        "completed": reckoned.is_completed if reckoned else None,
        "commission_due": money(reckoned.due) if reckoned else None,
        "paid": money(reckoned.paid) if reckoned else None,
        "paid_on": day(row.paid_on),
        "voucher": " / ".join(row.vouchers) or None,
        "clawed_back": money(reckoned.clawed_back) if reckoned else None,
        "payable": money(told.payable) if told else None,
        "state": row.state.value,
        "flags": _flags(row),
    }


def _flags(row: Row) -> list[str]:
    """Why a figure is not there."""
    if row.state == CommissionState.SIGNED:
        return ["NOBODY_INTRODUCED"]
    if row.order is None:
        return ["NOT_ORDERED"]
    told = row.commission
    return ["NOT_COMPLETED"] if told and not told.reckoned.is_completed else []


def rows_of_month(period: Period, *, reach: Reach | None, now: datetime) -> list[Row]:
    """The rows of a month as the page and the report have them."""
    days = Days(begins=period.begins, ends=period.ends)
    return rows_in(days, reach=reach, today=timezone.localdate(now))


def total_of(rows: Sequence[Row]) -> dict[str, object]:
    """What the rows add up to; payable and owed once for each designer, of all their orders."""
    told = [row.commission for row in rows if row.commission]
    account = account_of(rows)
    due = [each.reckoned.due for each in told if each.reckoned.due is not None]
    return {
        "rows": len(rows),
        "orders": len(told),
        "delivered_amount": money(sum((each.delivered for each in told), Decimal(0))),
        "commission_due": money(sum(due, Decimal(0))),
        "paid": money(sum((each.reckoned.paid for each in told), Decimal(0))),
        "clawed_back": money(sum((each.reckoned.clawed_back for each in told), Decimal(0))),
        "payable": money(account.payable),
        "owed": money(account.owed),
    }


def commission(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """A row each order of a designer in the month, each introduction without an order, each fresh
    agreement without anybody. `reach` None sees everybody.
    """
    period = params.get("month") or period_around(timezone.localdate(now), months=1)
    rows = rows_of_month(period, reach=reach, now=now)
    notes = [
        "an order is of the month in which it was placed, delivered, paid for or clawed back;"
        " its figures are those of today",
        "commission is due once an order is completed, delivered whole and paid; payable is less"
        " what the designer owes for other orders",
    ]
    return [_row(row) for row in rows], total_of(rows), notes
