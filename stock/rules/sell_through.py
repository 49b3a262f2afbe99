"""售罄率: how much of what could be sold was sold (MER-18, formulas 3.1)."""

from stock.rules.figures import Figure, Flag, raised, ratio
from stock.rules.turnover import Turnover


def sell_through(period: Turnover, *, counts_gifts: bool = False) -> Figure:
    """Net sales / (opening stock + net receipts) of a period; a share, 1/2 is 50 % (MER-18).

    A stock-take changes neither side. No sales is 0; net returns make it negative, NET_RETURN; over
    1, OVER_100, says negative stock or a fault in the data. None where nothing was there to be sold
    (supply ≤ 0), NO_SUPPLY. A negative opening is flagged, in the season view too. With
    `counts_gifts`, gifts and business use are sales (MER-06).
    """
    sales, supply = period.sales(counts_gifts=counts_gifts), period.supply
    flags = raised(
        (Flag.NET_RETURN, sales < 0),
        (Flag.OVER_100, 0 < supply < sales),
        (Flag.NEG_OPENING, period.opening + period.brought < 0),
    )
    return ratio(sales, supply, *flags, reason=Flag.NO_SUPPLY)
