"""Changes of what was ordered: fewer, cheaper, exchanged, gone (ORD-17, forms 2.11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.rules import Blocker
from orders.states import CreditKind, LineState

# What a change of lines may be; a return has its own way, and a cancelled order is whole.
CHANGES = (CreditKind.FEWER, CreditKind.CHEAPER, CreditKind.EXCHANGED, CreditKind.DIFFERENCE)
# Those that leave the number of pieces alone.
OF_PRICE = (CreditKind.CHEAPER, CreditKind.DIFFERENCE)


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One line before and after; `qty` 0 takes it off the order."""

    product: str
    state: LineState | str
    delivered: int
    qty_before: int
    price_before: Decimal
    qty: int
    price: Decimal

    @property
    def is_gone(self) -> bool:
        return self.qty == 0


def change_blockers(
    kind: CreditKind, changed: Sequence[Changed], *, added: int, left: int, reason: str
) -> list[Blocker]:
    """Everything that stops a change; `added` lines come with it, `left` others stay."""
    found = [] if reason.strip() else [Blocker("reason_missing")]
    if kind not in CHANGES:
        found.append(Blocker("not_a_change"))
    for line in changed:
        found += _line_blockers(kind, line)
    if kind == CreditKind.EXCHANGED and not added:
        found.append(Blocker("exchange_missing"))
    if not added and not left and all(line.is_gone for line in changed):
        found.append(Blocker("last_line"))
    return found


def _line_blockers(kind: CreditKind, line: Changed) -> list[Blocker]:
    told = {"product": line.product}
    if line.state == LineState.CANCELLED:
        return [Blocker("gone_already", told)]
    if (line.qty, line.price) == (line.qty_before, line.price_before):
        return [Blocker("nothing_changes", told)]
    if line.price > line.price_before or line.qty > line.qty_before or line.price < 0:
        return [Blocker("more_not_less", told)]
    if kind in OF_PRICE and line.qty != line.qty_before:
        return [Blocker("price_alone", told)]
    if line.qty < line.delivered:
        return [Blocker("delivered", told | {"delivered": line.delivered})]
    if line.qty < line.qty_before and line.state == LineState.SHIPPED:
        return [Blocker("under_way", told)]
    return []
