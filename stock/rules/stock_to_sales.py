"""库销比, and the public 存销比 beside it (MER-22, formulas 3.4)."""

from decimal import Decimal
from fractions import Fraction

from stock.rules.figures import Figure, Flag, raised, ratio


def stock_to_sales(*, opening: int, closing: int, sales: int) -> Figure:
    """The mean of opening and closing stock / net sales of the period, both in pairs (MER-22).

    None without net sales: NO_SALES at 0, NET_RETURN under it; and where the mean is negative,
    NEG_AVERAGE. A negative opening or closing alone is flagged and computed.
    """
    signs = raised((Flag.NEG_OPENING, opening < 0), (Flag.NEG_STOCK, closing < 0))
    average = Fraction(opening + closing, 2)
    if sales > 0 and average < 0:
        return Figure(None, (Flag.NEG_AVERAGE, *signs))
    return ratio(average, sales, *signs, reason=Flag.NET_RETURN if sales < 0 else Flag.NO_SALES)


def opening_to_sales(*, opening_amount: Decimal, tag_sales: Decimal) -> Figure:
    """存销比, an extra column: stock of the month's first / the month's sales, yuan at tag prices.

    None without net sales: NO_SALES at 0, NET_RETURN under it.
    """
    signs = raised((Flag.NEG_OPENING, opening_amount < 0))
    reason = Flag.NET_RETURN if tag_sales < 0 else Flag.NO_SALES
    return ratio(opening_amount, tag_sales, *signs, reason=reason)
