"""Ageing (账龄) of what is owed: overdue days, buckets, what is held (formulas 3.10, FIN-05)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

NOT_DUE = "not_due"
# Overdue by at most so many days, in order; what is overdue longer is in the last bucket.
LIMITS = ((30, "1-30"), (60, "31-60"), (90, "61-90"), (180, "91-180"))
OLDEST = ">180"
BUCKETS = (NOT_DUE, *(name for _limit, name in LIMITS), OLDEST)
NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Owed:
    """One amount due on a day, in yuan; `is_disputed` rests its dunning, not its ageing.

    What is due before a delivery that was not made yet is no receivable: it is an advance, which
    what is paid settles all the same. Without a day, nothing is due yet. `key` is whoever asks's.
    """

    due_on: date | None
    amount: Decimal
    is_disputed: bool = False
    is_receivable: bool = True
    key: int = 0


@dataclass(frozen=True, kw_only=True)
class Ageing:
    """What is open by bucket, and what was paid beyond what is owed: never a negative bucket."""

    buckets: dict[str, Decimal] = field(default_factory=dict)
    credit: Decimal = NOTHING

    @property
    def total(self) -> Decimal:
        return sum(self.buckets.values(), NOTHING)

    def __getitem__(self, bucket: str) -> Decimal:
        return self.buckets.get(bucket, NOTHING)


def overdue_days(due_on: date, *, as_of: date) -> int:
    """Calendar days since the day it was due; that day itself is 0 and not overdue."""
    return max((as_of - due_on).days, 0)


def bucket_of(due_on: date, *, as_of: date) -> str:
    """Into which bucket an amount falls on a day."""
    days = overdue_days(due_on, as_of=as_of)
    if days == 0:
        return NOT_DUE
    return next((name for limit, name in LIMITS if days <= limit), OLDEST)


@dataclass(frozen=True, kw_only=True)
class Open:
    """What is open of one receivable, and since when it is due."""

    owed: Owed
    due_on: date
    amount: Decimal


def what_is_left(owed: Iterable[Owed], *, paid: Decimal) -> list[tuple[Owed, Decimal]]:
    """Of each amount what is open: what was paid without naming one settles the oldest first."""
    left, found = paid, []
    for one in sorted(owed, key=lambda one: one.due_on or date.max):
        settled = max(min(left, one.amount), NOTHING)
        left -= settled
        found.append((one, one.amount - settled))
    return found


def still_open(owed: Iterable[Owed], *, paid: Decimal) -> list[Open]:
    """The receivables that are open."""
    return [
        Open(owed=one, due_on=one.due_on, amount=left)
        for one, left in what_is_left(owed, paid=paid)
        if left > 0 and one.due_on is not None and one.is_receivable
    ]


def ageing(owed: Sequence[Owed], *, paid: Decimal, as_of: date) -> Ageing:
    """The ageing of one customer's amounts after all that was paid (AR1 to AR3)."""
    buckets: dict[str, Decimal] = {}
    for one in still_open(owed, paid=paid):
        bucket = bucket_of(one.due_on, as_of=as_of)
        buckets[bucket] = buckets.get(bucket, NOTHING) + one.amount
    billed = sum((one.amount for one in owed), NOTHING)
    return Ageing(buckets=buckets, credit=max(paid - billed, NOTHING))


def holds_shipments(is_open: Iterable[Open], *, as_of: date, hold_after_days: int) -> bool:
    """Whether something undisputed is overdue so long that nothing more is delivered (D+31)."""
    return any(
        not one.owed.is_disputed and overdue_days(one.due_on, as_of=as_of) >= hold_after_days
        for one in is_open
    )
