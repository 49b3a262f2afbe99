"""Special prices (特价申请): what may be asked for, who may go how low (FIL-38)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.rules import Blocker
from filings.rules.deciders import Matter
from filings.states import SpecialPriceState

# How far under the floor store managers, field supervisors and sales managers may go; what lies
# lower is for operations. The scheme names no figure (docs/decisions/special-prices.md).
MANAGERS_BELOW_FLOOR_PERCENT = Decimal(0)
# So long an approved price may be quoted at most.
MOST_DAYS = 180


@dataclass(frozen=True, kw_only=True)
class PriceLine:
    """One product with its list, floor and wished price; an unknown floor is the list price."""

    product: str
    list_price: Decimal
    wished_price: Decimal
    floor_price: Decimal | None = None

    @property
    def is_below_floor(self) -> bool:
        """Lower than a manager may go; where no floor is known, every price is."""
        if self.floor_price is None:
            return True
        lowest = self.floor_price * (100 - MANAGERS_BELOW_FLOOR_PERCENT) / 100
        return self.wished_price < lowest


def matter_of(lines: Iterable[PriceLine]) -> Matter:
    """Who decides an application: one line under the floor makes it one for operations."""
    is_below = any(line.is_below_floor for line in lines)
    return Matter.PRICE_BELOW_FLOOR if is_below else Matter.PRICE


def asking_blockers(
    *, lines: Sequence[PriceLine], reason: str, valid_until: date, today: date
) -> list[Blocker]:
    """Everything that stops an application."""
    found = []
    if not lines:
        found.append(Blocker("no_lines"))
    if len({line.product.casefold() for line in lines}) < len(lines):
        found.append(Blocker("product_twice"))
    for line in lines:
        if not 0 < line.wished_price < line.list_price:
            found.append(Blocker("not_under_list", {"product": line.product}))
        elif line.floor_price is not None and line.floor_price > line.list_price:
            found.append(Blocker("floor_over_list", {"product": line.product}))
    if not reason.strip():
        found.append(Blocker("reason_missing"))
    if valid_until < today:
        found.append(Blocker("valid_until_is_past"))
    elif (valid_until - today).days > MOST_DAYS:
        found.append(Blocker("valid_until_is_far", {"days": MOST_DAYS}))
    return found


def using_blockers(
    *,
    state: SpecialPriceState | str,
    is_customers: bool,
    approved: Decimal | None,
    valid_until: date,
    on: date,
    price: Decimal | None,
) -> list[Blocker]:
    """Why a number does not carry a quote: the first thing that is wrong.

    `approved` is the price approved for the product quoted, None where it is not in the
    application; `price` is what is quoted.
    """
    if not is_customers:
        return [Blocker("other_customer")]
    if state != SpecialPriceState.APPROVED:
        return [Blocker("refused" if state == SpecialPriceState.REFUSED else "not_approved")]
    if approved is None:
        return [Blocker("other_product")]
    if on > valid_until:
        return [Blocker("expired", {"until": valid_until.isoformat()})]
    if price is not None and price < approved:
        return [Blocker("under_approved", {"approved": f"{approved:,.2f}"})]
    return []
