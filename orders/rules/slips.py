"""Remittance slips (汇款水单) held against what an order asks for (ORD-30, ORD-31)."""

from decimal import Decimal

from orders.states import SlipResult


def compare(*, slip: Decimal, asked: Decimal, band: Decimal) -> SlipResult:
    """Whether a slip says enough: at least what is asked for, or less by at most the tolerance."""
    if slip >= asked:
        return SlipResult.PASSED
    return SlipResult.WITHIN_BAND if asked - slip <= band else SlipResult.SHORT
