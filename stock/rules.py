"""Prices of styles (formulas 3.9)."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
YUAN = Decimal(1)


def floor_price(
    *, cost: Decimal, freight: Decimal, commission: Decimal, expense: Decimal
) -> Decimal:
    """The break-even price (单款盈亏平衡价) of one piece, yuan to the cent (formulas 3.9, MER-12).

    `freight` is a share of the cost, `commission` of the mall and selling `expense` are shares of
    the price: 0.25 is 25 %. Raises ValueError where the shares leave nothing of the price.
    """
    kept = 1 - commission - expense
    if kept <= 0:
        raise ValueError("commission and expense leave nothing of the price")
    return (cost * (1 + freight) / kept).quantize(CENT, ROUND_HALF_UP)


def check_price(floor: Decimal) -> Decimal:
    """The floor as a price is held against it: rounded up to 1 yuan (3.9: 253.97 → 254)."""
    return floor.quantize(YUAN, ROUND_CEILING)
