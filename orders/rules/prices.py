"""Prices of lines: computed amounts, the floor, and the difference from the customer's original."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.rules import Blocker
from stock.rules import check_price

CENT = Decimal("0.01")
# What the columns hold; together the lines of a page are no dearer than an order can be.
MOST_PIECES = 9999
HIGHEST_PRICE = Decimal("9999999999.99")


@dataclass(frozen=True, kw_only=True)
class Priced:
    """So many pieces at a price, yuan a piece; `floor_price` None where it is not known."""

    product: str
    qty: int
    list_price: Decimal | None
    agreed_price: Decimal
    floor_price: Decimal | None = None
    special_no: str = ""
    remark: str = ""
    is_corrected: bool = False

    @property
    def amount(self) -> Decimal:
        """Computed, never typed (ORD-27)."""
        return (self.qty * self.agreed_price).quantize(CENT, ROUND_HALF_UP)


def amount_of(lines: Iterable[Priced]) -> Decimal:
    """What the lines cost together."""
    return sum((line.amount for line in lines), Decimal("0.00"))


def is_under_floor(*, agreed_price: Decimal, floor_price: Decimal | None) -> bool:
    """Whether a price needs an approved special price (FIL-38); held against whole yuan, rounded
    up (formulas 3.9).
    """
    return floor_price is not None and agreed_price < check_price(floor_price)


def line_blockers(line: Priced) -> list[Blocker]:
    """Everything that stops a line (ORD-26, ORD-27, FIL-38); whether the number carries the price
    is asked of the special prices themselves.
    """
    found = []
    told = {"product": line.product}
    if not line.product.strip():
        found.append(Blocker("product_missing"))
    if not 1 <= line.qty <= MOST_PIECES:
        found.append(Blocker("qty_wrong", told | {"most": MOST_PIECES}))
    if line.list_price is None:
        found.append(Blocker("list_price_missing", told))
    if not 0 <= line.agreed_price <= HIGHEST_PRICE:
        found.append(Blocker("price_wrong", told))
    elif line.amount > HIGHEST_PRICE:
        found.append(Blocker("amount_too_large", told))
    is_under = is_under_floor(agreed_price=line.agreed_price, floor_price=line.floor_price)
    if is_under and line.floor_price is not None and not line.special_no.strip():
        found.append(
            Blocker("under_floor", told | {"floor": f"{check_price(line.floor_price):,.0f}"})
        )
    if line.is_corrected and not line.remark.strip():
        found.append(Blocker("remark_missing", told))
    return found


def difference(*, computed: Decimal | None, original: Decimal | None) -> Decimal | None:
    """By how much the customer's own order says more than ours; None where one is not known."""
    if computed is None or original is None:
        return None
    return original - computed


def original_blockers(
    *, computed: Decimal | None, original: Decimal | None, reason: str
) -> list[Blocker]:
    """A difference from the customer's original needs its reason (ORD-27)."""
    found = difference(computed=computed, original=original)
    if not found or reason.strip():
        return []
    return [Blocker("difference_unexplained", {"difference": f"{abs(found):,.2f}"})]
