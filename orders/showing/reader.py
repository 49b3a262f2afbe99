"""Who reads an order, and what they may do with it: asked once for a whole page."""

from dataclasses import dataclass

from orders.models import Order
from orders.queries import rights
from staff.scope import Reach


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One reader of one order. `may_change`: writes on it, and it is not closed; `may_move`: its
    goods, and hands them over; `may_close`: settles and archives.
    """

    reach: Reach
    sees_card: bool
    may_change: bool
    may_check: bool
    may_move: bool
    may_close: bool

    @classmethod
    def of(cls, order: Order, reach: Reach) -> "Reader":
        return cls(
            reach=reach,
            sees_card=rights.sees_card(order, reach),
            may_change=rights.may_change(order, reach),
            may_check=rights.may_check(order, reach),
            may_move=rights.may_move(order, reach),
            may_close=rights.may_close(reach),
        )
