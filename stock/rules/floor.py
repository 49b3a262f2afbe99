"""The break-even price of one style, and what may be sold below it (formulas 3.9)."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from core.rules import Blocker
from stock.states import StyleClass

CENT = Decimal("0.01")
YUAN = Decimal(1)


def floor_price(
    *, cost: Decimal, freight: Decimal, commission: Decimal, expense: Decimal
) -> Decimal:
    """The break-even price (单款盈亏平衡价) of one piece, yuan to the cent (formulas 3.9, MER-10).

    cost × (1 + freight) / (1 − commission − expense). `freight` is a share of the cost; the mall's
    `commission` and the selling `expense` are shares of the price: 0.25 is 25 %. Raises ValueError
    where the shares leave nothing of the price.
    """
    kept = 1 - commission - expense
    if kept <= 0:
        raise ValueError("commission and expense leave nothing of the price")
    return (cost * (1 + freight) / kept).quantize(CENT, ROUND_HALF_UP)


def check_price(floor: Decimal) -> Decimal:
    """The floor as a price is held against it: rounded up to 1 yuan (3.9: 253.97 → 254)."""
    return floor.quantize(YUAN, ROUND_CEILING)


def floor_blockers(
    *,
    price: Decimal,
    floor: Decimal | None,
    style_class: StyleClass | None,
    was_marked_down: bool,
    is_approved: bool = False,
) -> list[Blocker]:
    """What stops a counter price, yuan a piece (MER-10, decision 22).

    Under the floor in whole yuan only an approved special price goes, or a dead style of which a
    markdown has been tried. A floor that nobody knows stops nothing.
    """
    if floor is None or price >= check_price(floor):
        return []
    if is_approved or (style_class == StyleClass.DEAD and was_marked_down):
        return []
    return [Blocker("under_floor", {"floor": f"{check_price(floor):,.0f}"})]


def floor_lowering_blockers(
    *, before: Decimal | None, after: Decimal | None, may_lower: bool
) -> list[Blocker]:
    """What stops another floor, yuan: only operations lower one (MER-10), or take it away."""
    if may_lower or before is None or (after is not None and after >= before):
        return []
    return [Blocker("floor_lowered", {"floor": f"{check_price(before):,.0f}"})]
