"""库存率 and 补中率: the share that still lies there, and the share of restocking that sold."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from stock.rules.figures import Figure, Flag, raised, ratio


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of one style in one office, pairs: net receipts, net sales, and all it changed by."""

    on: date
    received: int = 0
    sold: int = 0
    change: int = 0


@dataclass(frozen=True, kw_only=True)
class Restock:
    """Pairs that arrived on a day after the launch, what lay there before them, and the net sales
    of the `cover` days from that day on.
    """

    on: date
    quantity: int
    stock_before: int
    sold: int

    @property
    def hits(self) -> int:
        """How many of the pairs sold in time: those before them go first (the oldest sells)."""
        return max(0, min(self.quantity, self.sold - self.stock_before))


def stock_rate(*, closing: int, supply: int) -> Figure:
    """库存率: closing stock / (opening stock + net receipts), a share.

    With sell-through it makes 1, but for stock-takes and gifts. None where the supply is nothing
    (≤ 0), NO_SUPPLY.
    """
    return ratio(closing, supply, *raised((Flag.NEG_STOCK, closing < 0)), reason=Flag.NO_SUPPLY)


def restocks(
    days: Sequence[Day], *, opening: int, launched_on: date | None, cover: int, as_of: date
) -> list[Restock]:
    """The restockings that can be judged by `as_of`, from the days of one style in one office.

    `days` have each day once, in order; `opening` lay there before the first. What arrives up to
    the launch day, or first of all where that is not known, is the first allotment and no
    restocking. A restocking younger than `cover` days is left out: it still has time.
    """
    days = [day for day in days if day.on <= as_of]
    if launched_on is None:
        launched_on = next((day.on for day in days if day.received > 0), as_of)
    dates, stock, sold = [day.on for day in days], [opening], [0]
    for day in days:
        stock.append(stock[-1] + day.change)
        sold.append(sold[-1] + day.sold)
    found = []
    for at, day in enumerate(days):
        end = day.on + timedelta(days=cover)
        if day.received <= 0 or day.on <= launched_on or end > as_of + timedelta(days=1):
            continue
        sold_in_time = sold[bisect_left(dates, end)] - sold[at]
        found.append(
            Restock(on=day.on, quantity=day.received, stock_before=stock[at], sold=sold_in_time)
        )
    return found


def restock_hit_rate(restocked: Iterable[Restock]) -> Figure:
    """补中率: the share of restocked pairs that sold within `cover` days, the day of arrival being
    the first (MER-21). None where nothing can be judged yet, NO_RESTOCK.
    """
    rows = list(restocked)
    hits = sum(row.hits for row in rows)
    return ratio(hits, sum(row.quantity for row in rows), reason=Flag.NO_RESTOCK)
