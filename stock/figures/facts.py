"""The facts on which something is proposed, as they are kept with it and shown again later."""

from decimal import Decimal
from typing import Any

from stock.figures.of_row import Asked, figures_of
from stock.figures.summing import parts_of
from stock.models import Figure
from stock.rules.figures import Figure as Told

RATIO = Decimal("0.000001")
DAYS = Decimal("0.0001")


def _number(figure: Told, places: Decimal) -> str | None:
    if figure.value is None:
        return None
    exact = Decimal(figure.value.numerator) / Decimal(figure.value.denominator)
    return str(exact.quantize(places))


def facts_of(row: Figure, asked: Asked) -> dict[str, Any]:
    """Pairs, days of supply (four places), sell-through (a share) and the computed class of a row.

    What cannot be told is null.
    """
    told = figures_of(parts_of(row), asked)
    on_sale = told["days_on_sale"].value
    return {
        "stock": row.closing,
        "in_transit": row.in_transit,
        "window_sold": row.window_sold,
        "window_days": row.window_days,
        "days_of_supply": _number(told["days_of_supply"], DAYS),
        "sell_through": _number(told["sell_through"], RATIO),
        "days_on_sale": None if on_sale is None else int(on_sale),
        "style_class": row.style_class,
    }
