"""库龄: for how many days each pair has lain there (MER-20, formulas 3.3)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from stock.rules.figures import Figure, Flag, in_order, ratio
from stock.rules.terms import DEFAULTS, Terms


class Layer(NamedTuple):
    """Pairs that came into the region on one day; `source` is the document that brought them."""

    on: date
    quantity: int
    source: str = ""


@dataclass(frozen=True)
class Lying:
    """What lies in one place: net pairs, and the layers (day of receipt, pairs) oldest first.

    `+` makes a region of its offices and of what is on its way between them: layers side by side,
    none set off against another's deficit. Where the net is zero or less, no pair has an age.
    """

    stock: int = 0
    layers: tuple[tuple[date, int], ...] = ()
    flags: tuple[Flag, ...] = ()

    @classmethod
    def of(cls, layers: Iterable[Layer], *, owed: int = 0, flags: Iterable[Flag] = ()) -> "Lying":
        """These layers, a day at a time, less the pairs that left before they came."""
        days: Counter[date] = Counter()
        for layer in layers:
            days[layer.on] += layer.quantity
        return cls(days.total() - owed, tuple(sorted(days.items())), in_order(flags))

    def __add__(self, other: "Lying") -> "Lying":
        days = Counter(dict(self.layers))
        days.update(dict(other.layers))
        flags = in_order((*self.flags, *other.flags))
        return Lying(self.stock + other.stock, tuple(sorted(days.items())), flags)

    @cached_property
    def aged(self) -> tuple[tuple[date, int], ...]:
        """The layers that have an age: all of them, or none where the net is zero or less."""
        return self.layers if self.stock > 0 else ()

    @property
    def pairs(self) -> int:
        """How many pairs have an age."""
        return sum(quantity for _on, quantity in self.aged)

    def pair_days(self, *, as_of: date) -> int:
        """Pairs × days, summed: with `pairs` the two parts of the age, which add up to totals."""
        return sum(quantity * (as_of - on).days for on, quantity in self.aged)


def stock_age(lying: Lying, *, as_of: date) -> Figure:
    """库龄 in days, every pair counting once: Σ pairs × days / Σ pairs (MER-20).

    The day of receipt is 0. None without stock: NO_STOCK at a net of 0, NEG_STOCK under it. What
    was odd in the movements is flagged beside it.
    """
    reason = Flag.NEG_STOCK if lying.stock < 0 else Flag.NO_STOCK
    return ratio(lying.pair_days(as_of=as_of), lying.pairs, *lying.flags, reason=reason)


def mean_age(parts: Iterable[tuple[int, int]]) -> Figure:
    """The age of several styles or regions together, from (pairs, pair days) of each: Σ / Σ.

    What has no age has no pairs and counts for nothing. None where nothing has one, NO_STOCK.
    """
    rows = list(parts)
    return ratio(
        sum(days for _pairs, days in rows), sum(pairs for pairs, _days in rows),
        reason=Flag.NO_STOCK,
    )  # fmt: skip


def bucket_names(limits: Sequence[int] = DEFAULTS.bucket_limits) -> tuple[str, ...]:
    """The buckets' names by their upper limits: 0-30, 31-60, 61-90, 91-180, >180."""
    starts = (0, *(limit + 1 for limit in limits))
    return (*(f"{low}-{high}" for low, high in zip(starts, limits, strict=False)), f">{limits[-1]}")


def age_buckets(lying: Lying, *, as_of: date, terms: Terms = DEFAULTS) -> dict[str, int]:
    """The pairs by age; each bucket is there, at 0 too. All are 0 where nothing has an age."""
    names = bucket_names(terms.bucket_limits)
    found = dict.fromkeys(names, 0)
    for on, quantity in lying.aged:
        days = (as_of - on).days
        at = sum(days > limit for limit in terms.bucket_limits)
        found[names[at]] += quantity
    return found
