"""How an amount is spread over several: to the cent, by their weights."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def spread(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`amount` in parts that go as `weights` (none negative) and add up to it to the cent.

    Each part is what is due by then less what was given before, so that no cent is lost; where all
    weigh nothing, they share alike.
    """
    if not any(weights):
        weights = [Decimal(1)] * len(weights)
    whole, so_far, given, parts = sum(weights), Decimal(0), Decimal(0), []
    for weight in weights:
        so_far += weight
        due = (amount * so_far / whole).quantize(CENT, ROUND_HALF_UP)
        parts.append(due - given)
        given = due
    return parts
