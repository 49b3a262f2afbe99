"""补货满足度 and sales understated for lack of goods (MER-27, formulas 3.6, decision 23)."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from stock.rules.figures import Figure, Flag, raised, ratio


def fill_rate(lines: Iterable[tuple[int, int]]) -> Figure:
    """Σ min(shipped, requested) / Σ requested over lines of (requested, shipped), in pairs.

    What is shipped beyond a request makes up for no other line. None where nothing was requested.
    """
    rows = list(lines)
    shipped = sum(min(shipped, requested) for requested, shipped in rows)
    requested = sum(requested for requested, _shipped in rows)
    return ratio(shipped, requested, reason=Flag.NOTHING_REQUESTED)


def is_in_stock(*, closing: int, sold: int) -> bool:
    """Whether a day counts as one with goods: pairs lay there at its close, or some were sold net
    on it. The day that sells the last pair had goods; a day that only saw them pass had none.
    """
    return closing > 0 or sold > 0


def days_in_stock(days: Iterable[tuple[int, int]]) -> int:
    """How many of these days (stock at close, net pairs sold) had goods; one entry a day."""
    return sum(is_in_stock(closing=closing, sold=sold) for closing, sold in days)


def weekly_stocked(days: Sequence[tuple[int, int]]) -> list[bool]:
    """By completed week whether it had goods on any day; the days (as above) from the launch on."""
    return [days_in_stock(days[at : at + 7]) > 0 for at in range(0, len(days) - 6, 7)]


def adjusted_daily_sales(*, sold: int, in_stock: int) -> Figure:
    """Net pairs sold a day that had goods: what the store can really sell (shown first, MER-27).

    `sold` over the window, `in_stock` of its days. None where no day had goods, OUT_OF_STOCK.
    """
    return ratio(sold, in_stock, *raised((Flag.NET_RETURN, sold < 0)), reason=Flag.OUT_OF_STOCK)


def lost_sales(*, sold: int, in_stock: int, window: int) -> Figure:
    """An estimate of the pairs not sold for lack of goods: adjusted pace × window − sold.

    None where no day had goods, OUT_OF_STOCK; 0 where every day had. Not rounded.
    """
    pace = adjusted_daily_sales(sold=sold, in_stock=in_stock)
    if pace.value is None:
        return pace
    return Figure(Fraction(pace.value * window - sold), pace.flags)
