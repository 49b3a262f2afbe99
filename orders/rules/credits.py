"""Credits (挂帐): when one is refunded, how it stands, and how much arises (ORD-17)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from orders.states import CreditStanding

NOTHING = Decimal(0)


def refund_day(changed_on: date, *, credit_days: int = 28) -> date:
    """From this day on a credit is refunded: four weeks after the change of the order."""
    return changed_on + timedelta(days=credit_days)


def is_refundable(refundable_from: date, *, today: date) -> bool:
    """Whether its day has come."""
    return today >= refundable_from


def is_overdue(refundable_from: date, *, today: date) -> bool:
    """The day itself is in time; from the day after, what is left is overdue."""
    return today > refundable_from


def left_over(*, paid: Decimal, new_amount: Decimal) -> Decimal:
    """How much is paid beyond what an order costs now: the credit that its change makes."""
    return max(paid - new_amount, NOTHING)


def standing(
    *,
    amount: Decimal,
    offset: Decimal,
    refunded: Decimal,
    refundable_from: date,
    today: date,
) -> CreditStanding:
    """How a credit stands: what is left of it decides, else by which way most of it went."""
    if offset + refunded < amount:
        is_late = is_overdue(refundable_from, today=today)
        return CreditStanding.OVERDUE if is_late else CreditStanding.OPEN
    return CreditStanding.REFUNDED if refunded >= offset else CreditStanding.OFFSET


def withdrawn(*, credits: Decimal, paid_in: Decimal, amount: Decimal) -> Decimal:
    """How much of an order's credits stands on money that never came.

    `credits` is what its changes made, `paid_in` what is paid without the money that is rejected,
    `amount` what the order costs.
    """
    return max(credits - left_over(paid=paid_in, new_amount=amount), NOTHING)


def sources(order: int, moved: Iterable[tuple[int | None, int]]) -> set[int]:
    """The order, and every order whose credit came into it, straight or through others.

    `moved` says of each offset into which order it went, and from which.
    """
    origins = defaultdict(set)
    for into, origin in moved:
        origins[into].add(origin)
    found, waiting = {order}, [order]
    while waiting:
        fresh = origins[waiting.pop()] - found
        found |= fresh
        waiting += fresh
    return found
