"""Shares as every report says them."""

from decimal import ROUND_HALF_UP, Decimal

NOTHING = "—"
_TENTH = Decimal("0.1")


def percent_text(share: float | Decimal | None) -> str:
    """81.3 %, 80 %: a tenth of a percent, half of one up; a dash for a share of nothing."""
    if share is None:
        return NOTHING
    # Of a fraction of whole numbers a dozen places are true; those of a float behind them are not.
    exact = Decimal(f"{share:.12f}") * 100
    return f"{exact.quantize(_TENTH, ROUND_HALF_UP)}".removesuffix(".0") + " %"
