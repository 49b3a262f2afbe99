"""What one group of goods did in one period, in pairs: the parts that figures are made of."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date

from stock.states import Kind

FIELDS = {
    Kind.OPENING: "opening",
    Kind.PURCHASE: "purchased",
    Kind.PURCHASE_RETURN: "purchase_returned",
    Kind.SALE: "sold",
    Kind.SALE_RETURN: "returned",
    Kind.BUSINESS_USE: "business_use",
    Kind.GIFT: "given",
    Kind.TRANSFER_IN: "transferred_in",
    Kind.TRANSFER_OUT: "transferred_out",
    Kind.GAIN: "gained",
    Kind.LOSS: "lost",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """The pairs of one period by what moved them.

    Transfers are those across the border of the group: of one office all, of a region only those
    from and to other regions (MER-18: inside the region they net to nothing). `brought` is what lay
    there before the launch, where the season view counts it as received.
    """

    opening: int = 0
    brought: int = 0
    purchased: int = 0
    purchase_returned: int = 0
    transferred_in: int = 0
    transferred_out: int = 0
    sold: int = 0
    returned: int = 0
    business_use: int = 0
    given: int = 0
    gained: int = 0
    lost: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Turnover(Moved):
    """What moved, and what follows from it; it adds up, so that a total is Σ / Σ."""

    def __add__(self, other: "Turnover") -> "Turnover":
        names = [field.name for field in fields(self)]
        return Turnover(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def received(self) -> int:
        """Pairs that came in, less those that went back or on: a stock-take brings none."""
        bought = self.brought + self.purchased - self.purchase_returned
        return bought + self.transferred_in - self.transferred_out

    @property
    def supply(self) -> int:
        """All that could be sold: opening and received (MER-18)."""
        return self.opening + self.received

    def sales(self, *, counts_gifts: bool = False) -> int:
        """Net sales; gifts and business use among them only where the report says so (MER-06)."""
        gifts = self.business_use + self.given if counts_gifts else 0
        return self.sold - self.returned + gifts

    @property
    def closing(self) -> int:
        """What lies there at the end: every pair that came and did not leave."""
        return self.supply - self.sales(counts_gifts=True) + self.gained - self.lost


def turnover(rows: Iterable[tuple[date, Kind, int]], *, since: date, until: date) -> Turnover:
    """The turnover of these movements (day, kind, pairs) from `since` to `until`, both included.

    All before `since` is the opening stock. An opening row inside the period is opening stock too:
    the ledger begins there. What is later than `until` is not looked at.
    """
    before, inside = dict.fromkeys(FIELDS.values(), 0), dict.fromkeys(FIELDS.values(), 0)
    for on, kind, quantity in rows:
        if on <= until:
            (before if on < since else inside)[FIELDS[kind]] += quantity
    inside["opening"] += Turnover(**before).closing
    return Turnover(**inside)


def season_view(period: Turnover) -> Turnover:
    """The same period as a season's: it opens with nothing, what lay there was received.

    `period` begins on the launch day. Pairs sold before it are gone before the season began.
    """
    return replace(period, opening=0, brought=period.brought + period.opening)


def total(parts: Iterable[Turnover]) -> Turnover:
    """The turnover of several groups together."""
    return sum(parts, Turnover())
