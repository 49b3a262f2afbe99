"""进销比 of one style in one store, from the first of the year (MER-14, formulas 3.2)."""

from stock.rules.figures import Figure, Flag, raised, ratio


def allotted(*, sales: int, closing: int) -> int:
    """累计配货, pairs: what lies there and what was sold since the first of the year."""
    return closing + sales


def in_to_sales(*, sales: int, closing: int) -> Figure:
    """Net sales of the year to date / all that was allotted; a share (MER-14, decision 22).

    Over 1 only with negative stock, NEG_STOCK. None where nothing was allotted (≤ 0), NO_SUPPLY.
    """
    flags = raised((Flag.NEG_STOCK, closing < 0), (Flag.NET_RETURN, sales < 0))
    return ratio(sales, allotted(sales=sales, closing=closing), *flags, reason=Flag.NO_SUPPLY)
