"""GMROI: gross margin on the stock it took (formulas 3.7)."""

from decimal import Decimal
from fractions import Fraction

from stock.rules.figures import Figure, Flag, raised, ratio

YEAR = 365


def gmroi(*, margin: Decimal, opening: Decimal, closing: Decimal) -> Figure:
    """Gross margin of a period / mean of opening and closing stock at cost, all in yuan.

    Says its period beside it. Negative with a loss. None where the mean is nothing (≤ 0): NO_STOCK
    at 0, NEG_AVERAGE under it.
    """
    average = (Fraction(opening) + Fraction(closing)) / 2
    flags = raised((Flag.NEG_OPENING, opening < 0), (Flag.NEG_STOCK, closing < 0))
    reason = Flag.NEG_AVERAGE if average < 0 else Flag.NO_STOCK
    return ratio(margin, average, *flags, reason=reason)


def annualised(figure: Figure, *, days: int) -> Figure:
    """The same for a year of 365 days; `days` of the period, from 1, both ends counted.

    Raises ValueError for a period of no days.
    """
    if days < 1:
        raise ValueError("a period has a day at least")
    if figure.value is None:
        return figure
    return Figure(Fraction(figure.value) * YEAR / days, figure.flags)
