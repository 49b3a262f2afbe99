"""What every figure answers with: a value, or none and why (formulas 3, general conventions)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

Number = int | Decimal | Fraction


class Flag(StrEnum):
    """Why a figure has no value, or what is odd about the one it has; worded at the edge."""

    NO_SUPPLY = "NO_SUPPLY"  # nothing was there to be sold
    NO_SALES = "NO_SALES"  # 无销售, 无动销
    NO_STOCK = "NO_STOCK"  # nothing lies there
    NET_RETURN = "NET_RETURN"  # more came back than was sold
    OVER_100 = "OVER_100"
    NEG_OPENING = "NEG_OPENING"
    NEG_STOCK = "NEG_STOCK"
    NEG_AVERAGE = "NEG_AVERAGE"
    NEG_SIZE = "NEG_SIZE"
    WENT_NEGATIVE = "WENT_NEGATIVE"  # more left than lay there, later made up or not
    SHORT_ON_SALE = "SHORT_ON_SALE"  # 上市不足14天
    RUNNING_OUT = "RUNNING_OUT"  # 断货预警
    NOT_ON_SALE = "NOT_ON_SALE"  # launched later
    NO_LAUNCH = "NO_LAUNCH"  # nobody says since when it is on sale
    OUT_OF_STOCK = "OUT_OF_STOCK"  # 断货
    FEW_WEEKS_IN_STOCK = "FEW_WEEKS_IN_STOCK"  # long on sale, mostly without goods
    NO_PEERS = "NO_PEERS"  # nothing to hold its volume against
    NO_PRICE = "NO_PRICE"  # a sale that says not what was paid
    NO_COST = "NO_COST"  # no receipt says what it cost
    NO_SIZES = "NO_SIZES"
    NO_CORE = "NO_CORE"  # no run of core sizes fits its range
    NOTHING_REQUESTED = "NOTHING_REQUESTED"
    NO_RESTOCK = "NO_RESTOCK"  # nothing was replenished long enough ago
    UNMATCHED_TRANSFER = "UNMATCHED_TRANSFER"  # more came in than left
    EARLY_TRANSFER = "EARLY_TRANSFER"  # came in on a day before it left
    UNKNOWN_REFERENCE = "UNKNOWN_REFERENCE"  # a document that is not there, or not so much of it
    RETURN_OVER_SOLD = "RETURN_OVER_SOLD"  # a customer's return of more than was sold


@dataclass(frozen=True)
class Figure:
    """A value, exact; or None, never 0 and never infinite, with at least one flag that says why."""

    value: Fraction | int | None
    flags: tuple[Flag, ...] = ()

    def __post_init__(self) -> None:
        if self.value is None and not self.flags:
            raise ValueError("a figure without a value says why")


def raised(*flags: tuple[Flag, bool]) -> tuple[Flag, ...]:
    """The flags that hold, in the order given."""
    return tuple(flag for flag, holds in flags if holds)


def in_order(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Each flag once, as the enumeration has them: however many rows raised it."""
    found = set(flags)
    return tuple(flag for flag in Flag if flag in found) if found else ()


def ratio(part: Number, whole: Number, *flags: Flag, reason: Flag) -> Figure:
    """`part` / `whole`, exact; None for `reason` where the whole is zero or less.

    A total is the ratio of two sums, Σ part / Σ whole, never a mean of ratios.
    """
    if whole <= 0:
        return Figure(None, (reason, *(flag for flag in flags if flag != reason)))
    if isinstance(part, int) and isinstance(whole, int):
        return Figure(Fraction(part, whole), flags)
    return Figure(Fraction(part) / Fraction(whole), flags)
