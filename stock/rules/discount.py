"""平均销售折扣: promotion or normal sale (MER-23, formulas 3.7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from stock.rules.figures import Figure, Flag, raised, ratio
from stock.rules.terms import DEFAULTS, Terms
from stock.states import DiscountLevel

NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Sold:
    """Pairs of one sale, or of one customer's return with a negative quantity; yuan a pair.

    `paid` is what was paid for each, of a return what was paid back; None where the row does not
    say. Gifts and business use are no sales here, whatever a report counts.
    """

    quantity: int
    paid: Decimal | None
    tag: Decimal


def average_discount(*, paid: Decimal, tag: Decimal, has_unpriced: bool = False) -> Figure:
    """Σ paid / Σ tag price over net pairs, two sums in yuan; a share, 0.85 is 8.5 折 (MER-23).

    None where the pairs' tag prices come to nothing: NO_SALES at 0, NET_RETURN under it. Rows that
    do not say what was paid are in neither sum, NO_PRICE.
    """
    flags = raised((Flag.NET_RETURN, paid < 0), (Flag.NO_PRICE, has_unpriced))
    return ratio(paid, tag, *flags, reason=Flag.NET_RETURN if tag < 0 else Flag.NO_SALES)


def discount_of(lines: Iterable[Sold]) -> Figure:
    """The average discount of these sales and returns, each at its own paid price."""
    rows = list(lines)
    priced = [(row.quantity, row.paid, row.tag) for row in rows if row.paid is not None]
    return average_discount(
        paid=sum((quantity * paid for quantity, paid, _tag in priced), NOTHING),
        tag=sum((quantity * tag for quantity, _paid, tag in priced), NOTHING),
        has_unpriced=len(priced) < len(rows),
    )


def discount_level(average: Figure, *, terms: Terms = DEFAULTS) -> DiscountLevel | None:
    """正价 from 0.95 on, 轻促 from 0.8 on, 促销 below; None where there is no average."""
    if average.value is None:
        return None
    if average.value >= terms.full_price_from:
        return DiscountLevel.FULL
    return DiscountLevel.LIGHT if average.value >= terms.light_from else DiscountLevel.PROMOTED


def is_cut(*, price: Decimal, tag: Decimal, terms: Terms = DEFAULTS) -> bool:
    """Whether a price is cut as a promotion cuts it: below 0.8 of the tag price (formulas 3.8)."""
    return Fraction(price) < terms.cut_under * Fraction(tag)
