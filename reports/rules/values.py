"""Values as reports write them: money with two decimals, dates as ISO, ratios as fractions."""

from datetime import date
from decimal import Decimal


def money(amount: Decimal | None) -> str | None:
    """8600.00; None stays None."""
    return None if amount is None else f"{amount:.2f}"


def day(on: date | None) -> str | None:
    """2026-03-05; None stays None."""
    return on.isoformat() if on else None


def ratio(part: Decimal | int, whole: Decimal | int | None) -> float | None:
    """A fraction, unrounded; None of nothing, which is no failure."""
    return float(Decimal(part) / Decimal(whole)) if whole else None
