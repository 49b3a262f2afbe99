"""What the days of a sheet say of an order and its goods (files.md, Orders)."""

from collections.abc import Collection
from decimal import Decimal

from orders.states import LineState, OrderState, Supply

# Goods that somebody has to send us.
ORDERED_IN = (Supply.PURCHASE, Supply.PRODUCTION)


def line_state(
    *, supply: Supply | str, is_awaited: bool, is_arrived: bool, is_delivered: bool
) -> LineState:
    """How far goods are by the days that are told; what is awaited was submitted before."""
    if is_delivered:
        return LineState.DELIVERED
    if is_arrived:
        return LineState.ARRIVED
    if is_awaited and supply in ORDERED_IN:
        return LineState.SUBMITTED
    return LineState.OPEN


def order_state(lines: Collection[LineState | str], *, has_promise: bool) -> OrderState:
    """How far an order is that the shop's system took on: checked there, and confirmed where a day
    was promised; delivered with the last of its lines.
    """
    going = [line for line in lines if line != LineState.CANCELLED]
    if going and all(line == LineState.DELIVERED for line in going):
        return OrderState.DELIVERED
    return OrderState.CONFIRMED if has_promise else OrderState.CHECKED


def paid_more(*, told: Decimal, known: Decimal) -> Decimal:
    """What a sheet says beyond what is known to be paid; it never takes anything away."""
    return max(told - known, Decimal(0))
