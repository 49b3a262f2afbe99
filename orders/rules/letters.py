"""The confirmation letter (订单确认函): its six items, and which an order lacks (ORD-02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Item(StrEnum):
    """One of the six that a letter must have."""

    NUMBER = "number"
    CUSTOMER = "customer"
    PRODUCTS = "products"
    QUANTITIES = "quantities"
    PRICES = "prices"
    DELIVERY = "delivery"


@dataclass(frozen=True, kw_only=True)
class Written:
    """One line as the letter has it; prices are yuan a piece."""

    product: str
    qty: int
    list_price: Decimal
    agreed_price: Decimal

    @property
    def has_price(self) -> bool:
        """A gift has a list price; what has neither was not priced yet."""
        return bool(self.list_price or self.agreed_price)


def missing_items(
    *, number: str, customer: str, lines: Sequence[Written], delivery_on: date | None
) -> list[Item]:
    """Which of the six items are lacking, in their order on the letter."""
    has = {
        Item.NUMBER: bool(number.strip()),
        Item.CUSTOMER: bool(customer.strip()),
        Item.PRODUCTS: bool(lines) and all(line.product.strip() for line in lines),
        Item.QUANTITIES: bool(lines) and all(line.qty > 0 for line in lines),
        Item.PRICES: bool(lines) and all(line.has_price for line in lines),
        Item.DELIVERY: delivery_on is not None,
    }
    return [item for item in Item if not has[item]]
