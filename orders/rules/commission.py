"""A designer's commission: what is due, payable and taken back (ORD-18, FIN-11, formulas 3.13).

Rates are percent, amounts yuan; each share is rounded to the cent, half up, before any sum.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.rules import Blocker
from orders.states import CommissionState

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Percent of what is delivered of furniture and of accessories."""

    furniture: Decimal
    accessories: Decimal

    def of(self, *, is_accessory: bool) -> Decimal:
        return self.accessories if is_accessory else self.furniture


# Where an agreement names none (FIN-11).
USUAL_RATES = Rates(furniture=Decimal(10), accessories=Decimal(20))


def agreed_rates(*, furniture: Decimal | None, accessories: Decimal | None) -> Rates:
    """The rates of an agreement, the usual ones where it names none; 0 is a rate."""
    return Rates(
        furniture=USUAL_RATES.furniture if furniture is None else furniture,
        accessories=USUAL_RATES.accessories if accessories is None else accessories,
    )


def share_of(amount: Decimal, *, percent: Decimal) -> Decimal:
    """So many percent of an amount, to the cent."""
    return (amount * percent / HUNDRED).quantize(CENT, ROUND_HALF_UP)


def claw_back_on(amount: Decimal, *, rate: Decimal, percent: int) -> Decimal:
    """What a designer gives back for goods that their customer returned at will.

    12,000 at 10 %, of which 90 % are taken back: 1,080.00.
    """
    return (amount * rate * percent / HUNDRED / HUNDRED).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """The commission of one order: earned by what is delivered, paid out, clawed back."""

    earned: Decimal
    paid: Decimal = NOTHING
    clawed_back: Decimal = NOTHING
    is_completed: bool = False

    @property
    def due(self) -> Decimal | None:
        """What is due; None before the order is completed (ORD-18)."""
        return self.earned if self.is_completed else None

    @property
    def open(self) -> Decimal:
        """What is still to be paid; below 0, what the designer owes.

        Before completion nothing is to be paid, and what was paid in an earlier completion is owed
        only as far as deliveries do not cover it any more.
        """
        left = self.earned - self.clawed_back - self.paid
        return left if self.is_completed else min(left, NOTHING)


def payable(reckoned: Reckoned, *, open_in_all: Decimal) -> Decimal:
    """What may be paid for an order now; `open_in_all` is what is open of all the designer's
    orders, so that what they owe for one is deducted from what is payable for the next.
    """
    return max(min(reckoned.open, open_in_all), NOTHING)


def state_of(reckoned: Reckoned, *, open_in_all: Decimal) -> CommissionState:
    """Where the commission of an order stands (forms 2.12)."""
    if not reckoned.is_completed:
        return CommissionState.ORDERED
    if payable(reckoned, open_in_all=open_in_all) > 0:
        return CommissionState.DONE
    if reckoned.clawed_back:
        return CommissionState.CLAWED_BACK
    return CommissionState.PAID if reckoned.paid else CommissionState.DONE


def introduction_blockers(
    *,
    on: date,
    today: date,
    signed_on: date | None,
    valid_until: date | None,
    is_active: bool,
) -> list[Blocker]:
    """What stops a designer from introducing a customer on a day: the agreement holds that day."""
    if not is_active:
        return [Blocker("designer_is_gone")]
    if on > today:
        return [Blocker("introduced_in_future")]
    if signed_on is None:
        return [Blocker("no_agreement")]
    if on < signed_on:
        return [Blocker("before_agreement", {"on": signed_on.isoformat()})]
    if valid_until is not None and on > valid_until:
        return [Blocker("after_agreement", {"on": valid_until.isoformat()})]
    return []


def pay_blockers(
    amount: Decimal, *, reckoned: Reckoned, open_in_all: Decimal, voucher: str
) -> list[Blocker]:
    """What stops a payment of commission: never before completion, never more than payable."""
    blockers = [] if voucher else [Blocker("voucher_missing")]
    if not reckoned.is_completed:
        return [*blockers, Blocker("not_completed")]
    most = payable(reckoned, open_in_all=open_in_all)
    if most <= 0:
        return [*blockers, Blocker("nothing_payable")]
    if amount <= 0:
        return [*blockers, Blocker("amount_missing")]
    if amount > most:
        return [*blockers, Blocker("more_than_payable", {"most": f"{most:.2f}"})]
    return blockers
