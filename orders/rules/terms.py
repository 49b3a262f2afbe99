"""Terms of payment: how much of an order is due on which day, and what is paid of it (FIN-01).

Amounts are yuan to the cent; the dues of an order add up to its amount, always.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.rules import Blocker
from orders.rules.ageing import Owed, what_is_left
from orders.rules.completion import check_day
from orders.states import DueKind, Terms

NOTHING = Decimal(0)
# More rows are typing, not terms.
MOST_INSTALMENTS = 24
# When that is due which is left after a deposit; instalments name their days themselves.
REST = {
    Terms.PREPAID: DueKind.BEFORE_DELIVERY,
    Terms.ON_DELIVERY: DueKind.ON_DELIVERY,
    Terms.MONTHLY: DueKind.MONTH_END,
}
# Terms that may ask for a deposit with the order.
WITH_DEPOSIT = (Terms.PREPAID, Terms.ON_DELIVERY)


@dataclass(frozen=True, kw_only=True)
class Instalment:
    """So much on a day."""

    amount: Decimal
    on: date


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One amount that terms ask for; `on` where its kind names a day itself."""

    kind: DueKind
    amount: Decimal
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Days:
    """The days of an order on which dues hang; `delivery_on` is the actual one, else the planned.

    All is paid `check_days` before it (ORD-20); monthly terms run `monthly_days` past the month.
    """

    ordered_on: date
    delivery_on: date | None
    check_days: int
    monthly_days: int


def terms_blockers(
    *,
    terms: Terms,
    amount: Decimal,
    deposit: Decimal,
    instalments: Sequence[Instalment],
    ordered_on: date,
    is_monthly: bool,
) -> list[Blocker]:
    """Everything that stops these terms for an order of this amount."""
    found = []
    if terms == Terms.MONTHLY and not is_monthly:
        found.append(Blocker("not_monthly"))
    if deposit and terms not in WITH_DEPOSIT:
        found.append(Blocker("deposit_elsewhere"))
    elif not NOTHING <= deposit <= amount:
        found.append(Blocker("deposit_too_large"))
    if terms != Terms.INSTALMENTS:
        return found
    days = [row.on for row in instalments]
    if not instalments:
        found.append(Blocker("instalments_missing"))
    elif len(instalments) > MOST_INSTALMENTS:
        found.append(Blocker("instalments_many", {"most": MOST_INSTALMENTS}))
    elif any(row.amount <= 0 for row in instalments):
        found.append(Blocker("instalment_empty"))
    elif days != sorted(set(days)) or days[0] < ordered_on:
        found.append(Blocker("instalment_days"))
    elif (said := sum((row.amount for row in instalments), NOTHING)) != amount:
        found.append(Blocker("instalments_differ", {"difference": f"{abs(amount - said):,.2f}"}))
    return found


def asked_for(
    *,
    terms: Terms,
    amount: Decimal,
    deposit: Decimal = NOTHING,
    instalments: Sequence[Instalment] = (),
) -> list[Asked]:
    """What terms without blockers ask for, in order; nothing of an order that costs nothing."""
    if terms == Terms.INSTALMENTS:
        return [Asked(kind=DueKind.ON_DAY, amount=row.amount, on=row.on) for row in instalments]
    parts = [
        Asked(kind=DueKind.ORDERED, amount=deposit),
        Asked(kind=REST[terms], amount=amount - deposit),
    ]
    return [part for part in parts if part.amount > 0]


def fitted(amounts: Sequence[Decimal], total: Decimal) -> list[Decimal]:
    """The same amounts for an order that costs something else now: the last takes the difference,
    and where it is used up those before it; what falls to 0 is left out by the caller.
    """
    found, left = [], total
    for amount in amounts:
        found.append(min(amount, left))
        left -= found[-1]
    if found:
        found[-1] += left
    return found


def due_day(kind: DueKind, *, days: Days, on: date | None = None) -> date | None:
    """On which day an amount is due, never before the order; None while the delivery has no day."""
    if kind == DueKind.ORDERED:
        return days.ordered_on
    if kind == DueKind.ON_DAY:
        return on
    delivery = days.delivery_on
    if delivery is None:
        return None
    if kind == DueKind.BEFORE_DELIVERY:
        return check_day(delivery, check_days=days.check_days, ordered_on=days.ordered_on)
    if kind == DueKind.MONTH_END:
        last = monthrange(delivery.year, delivery.month)[1]
        return delivery.replace(day=last) + timedelta(days=days.monthly_days)
    return delivery


def is_before_delivery(
    kind: DueKind, *, due_on: date | None, delivery_on: date | None
) -> bool:  # fmt: skip
    """Whether an amount must be paid before the goods go out (decision 16); the database's sum
    `due_before` of an order is the twin of this.
    """
    if kind in (DueKind.ORDERED, DueKind.BEFORE_DELIVERY):
        return True
    is_dated = kind == DueKind.ON_DAY and due_on is not None and delivery_on is not None
    return is_dated and due_on <= delivery_on  # type: ignore[operator]  # both are days by now


def asked_by(owed: Sequence[Owed], paid: Decimal, *, on: date) -> Decimal:
    """What is to be paid by a day: all open dues whose day has come, else the next open one."""
    left = what_is_left(owed, paid=paid)
    open_ones = [(one.due_on or date.max, rest) for one, rest in left if rest > 0]
    due = sum((rest for day, rest in open_ones if day <= on), NOTHING)
    return due or (min(open_ones, key=lambda one: one[0])[1] if open_ones else NOTHING)
