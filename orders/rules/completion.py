"""How far an order is, as one of five colours that have their words (ORD-11).

Grey 未付全款: what must be paid by now is not. Blue 待到货: paid as agreed, goods awaited. Orange
可送货: the goods are here. Green 已完结: delivered and paid in full. Red 逾期: something is late.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from orders.states import Completion, LateWith, OrderState, PayState

DELIVERED = (OrderState.DELIVERED, OrderState.SETTLED, OrderState.ARCHIVED)
# Days before a delivery on which all that is due before it is paid, unless terms say otherwise.
CHECK_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What of an order its colour is made of; amounts in yuan.

    `amount` None: what is ordered is still to be written. `due_before` is what the terms ask for
    before delivery (decision 16), `owes_overdue` whether a receivable is past its day (3.10).
    """

    state: OrderState
    amount: Decimal | None
    paid: Decimal
    due_before: Decimal
    lines_all: int
    lines_arrived: int
    current_on: date | None
    check_days: int = CHECK_DAYS
    owes_overdue: bool = False


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The colour of an order on a day, and with what it is late where it is red."""

    completion: Completion
    late_with: tuple[LateWith, ...] = ()


def check_day(delivery: date, *, check_days: int = CHECK_DAYS, ordered_on: date = date.min) -> date:
    """The day on which all that is due before a delivery is to be paid (ORD-20); of an order that
    is delivered sooner than that the day on which it was placed.
    """
    return max(delivery - timedelta(days=check_days), ordered_on)


def late_with(order: Progress, *, today: date) -> tuple[LateWith, ...]:
    """What is late about an order that is neither cancelled nor done."""
    found = []
    planned = None if order.state in DELIVERED else order.current_on
    if planned is not None and planned < today:
        found.append(LateWith.DELIVERY)
    if (
        planned is not None
        and check_day(planned, check_days=order.check_days) <= today
        and order.paid < order.due_before
    ):
        found.append(LateWith.PAYMENT)
    if order.owes_overdue:
        found.append(LateWith.RECEIVABLE)
    return tuple(found)


def standing(order: Progress, *, today: date) -> Standing:
    """The colour of an order on a day (ORD-11), and why it is red.

    Its twin in SQL is `orders.queries.completion.with_completion`.
    """
    is_delivered = order.state in DELIVERED
    if order.state == OrderState.CANCELLED:
        return Standing(completion=Completion.CANCELLED)
    if is_delivered and order.paid == order.amount:
        return Standing(completion=Completion.DONE)
    late = late_with(order, today=today)
    if late:
        return Standing(completion=Completion.OVERDUE, late_with=late)
    if is_delivered or order.amount is None or order.paid < order.due_before:
        return Standing(completion=Completion.UNPAID)
    if 0 < order.lines_all == order.lines_arrived:
        return Standing(completion=Completion.DELIVERABLE)
    return Standing(completion=Completion.AWAITED)


def pay_state(*, amount: Decimal | None, paid: Decimal, due_before: Decimal) -> PayState:
    """How far an order is paid: in full, what is due before delivery, a part, nothing.

    Its twin in SQL is `orders.queries.completion.is_paid`.
    """
    if amount is not None and paid == amount:
        return PayState.FULL
    if not paid:
        return PayState.NOTHING
    return PayState.AS_DUE if paid >= due_before > 0 else PayState.PART
