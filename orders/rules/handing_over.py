"""Handing goods over: what may be, and what then stands on the customer's card (forms 2.5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from core.rules import Blocker
from orders.rules.checklists import unchecked
from orders.rules.moves import may_line_move
from orders.states import LineState, Supply
from staff.states import Trade

BETWEEN = "、"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """So many pieces of one line, as somebody says that they were handed over."""

    line_id: int
    product: str
    qty: int
    left: int
    state: LineState | str
    supply: Supply | str
    serial: str = ""
    is_accessory: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is said of a delivery as a whole."""

    delivered_on: date
    delivered_at: datetime | None
    signed_by: str
    checked: Sequence[str] = field(default_factory=tuple)


def handing_over_blockers(
    *,
    trade: Trade | str,
    pieces: Sequence[Piece],
    said: Said,
    ordered_on: date,
    today: date,
    now: datetime,
) -> list[Blocker]:
    """Everything that stops these goods from being handed over as told."""
    blockers = day_blockers(
        on=said.delivered_on, at=said.delivered_at, ordered_on=ordered_on, today=today, now=now
    )
    if not pieces:
        blockers.append(Blocker("no_lines"))
    if not said.signed_by.strip():
        blockers.append(Blocker("signed_by_missing"))
    for piece in pieces:
        blockers += _of_piece(piece, is_car=trade == Trade.CARS and not piece.is_accessory)
    if missing := unchecked(trade, said.checked):
        blockers.append(Blocker("not_checked", {"items": " ".join(missing)}))
    return blockers


def _of_piece(piece: Piece, *, is_car: bool) -> list[Blocker]:
    product = {"product": piece.product}
    if not may_line_move(piece.state, LineState.DELIVERED, supply=piece.supply):
        return [Blocker("not_here", product)]
    if not 0 < piece.qty <= piece.left:
        return [Blocker("too_many", product | {"left": piece.left})]
    if is_car and piece.qty > 1:
        return [Blocker("one_car_at_a_time", product)]
    if is_car and not piece.serial.strip():
        return [Blocker("vin_missing", product)]
    return []


def day_blockers(
    *, on: date, at: datetime | None, ordered_on: date, today: date, now: datetime
) -> list[Blocker]:
    """A day on which goods were handed over: since the order, and not ahead."""
    if on > today or (at is not None and at > now):
        return [Blocker("in_future")]
    return [Blocker("before_order")] if on < ordered_on else []


def summary(goods: Sequence[tuple[str, int]], *, longest: int) -> str:
    """What one delivery is called on the customer's card: 三人沙发、餐椅×6; as much as fits."""
    names = [product if qty == 1 else f"{product}×{qty}" for product, qty in goods]
    for shown in range(len(names), 0, -1):
        more = f" +{len(names) - shown}" if shown < len(names) else ""
        text = BETWEEN.join(names[:shown]) + more
        if len(text) <= longest:
            return text
    return text[:longest]
