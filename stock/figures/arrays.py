"""What bulk reckoning passes on: the rows of the ledger and the ages of goods, as arrays.

Days are ordinals (`date.toordinal`), money is fen, styles, offices and regions are primary keys.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from stock.rules.figures import Flag

if TYPE_CHECKING:
    import numpy as np

# What of a row decides about ages, in the order in which the loop reads it; what else it has.
MOVED = ("style", "on", "rank", "kind", "quantity", "document", "reference", "size", "turn")
COLUMNS = (*MOVED, "office", "position")
MONEY = ("priced", "amount", "costed", "cost")
# In the order of an office's rows; a style's offices by their codes within a day.
IN_ORDER = ("style", "on", "rank", "position")
FLAG_BITS = {flag: 1 << at for at, flag in enumerate(Flag)}
Table = dict[str, "np.ndarray"]  # columns of equal length by name
ON_THE_WAY = 0  # the office of pairs that lie in none
NOWHERE = 0  # the region of pairs that came in and never left


def picked(table: Table, rows: "np.ndarray | slice") -> Table:
    """Those rows of a table alone."""
    return {name: column[rows] for name, column in table.items()}


def bits_of(flags: Iterable[Flag]) -> int:
    """Flags as one number."""
    return reduce(lambda bits, flag: bits | FLAG_BITS[flag], flags, 0)


def flags_in(bits: int) -> tuple[Flag, ...]:
    """The flags of such a number, in the order of the enumeration."""
    return tuple(flag for flag, bit in FLAG_BITS.items() if bits & bit)


@dataclass(frozen=True)
class Places:
    """The offices in the order of their codes, and the region of each."""

    offices: "np.ndarray"
    regions: "np.ndarray"

    @classmethod
    def of(cls, rows: Iterable[tuple[str, int, int]]) -> "Places":
        """From (code, office, region) of each office."""
        import numpy as np

        ordered = [(office, region) for _code, office, region in sorted(rows)]
        both = np.array(ordered, dtype=np.int64).reshape(-1, 2)
        return cls(both[:, 0].copy(), both[:, 1].copy())

    def ranks(self, offices: "np.ndarray") -> "np.ndarray":
        """The place of each of these offices among all by code."""
        import numpy as np

        by_key = np.argsort(self.offices)
        return by_key[np.searchsorted(self.offices, offices, sorter=by_key)]


@dataclass(frozen=True)
class Rows:
    """Rows of `DaySum`, whole styles of them, in order.

    `table` has by name the arrays of `COLUMNS`, and of `MONEY` where that was read. `document`,
    `reference` and `size` are numbers, 0 where there is none, equal where the texts are;
    `is_ranked` where they also stand in the order of the texts. `turn` says in which order offices
    come that on one day take back goods of another's sale.
    """

    table: Table
    places: Places
    is_ranked: bool = False

    def __len__(self) -> int:
        return len(self.table["style"])


@dataclass(frozen=True)
class Found:
    """What the rules found, before it is summed: columns as `OFFICES`, `LAYERS`, `CROSSINGS`.

    Offices here are ranks, of layers on the way -1.
    """

    offices: "np.ndarray"
    layers: "np.ndarray"
    crossings: "np.ndarray"


OFFICES = ("style", "rank", "owed", "flags")
LAYERS = ("style", "rank", "region", "on", "quantity")
CROSSINGS = ("style", "on", "rank", "origin", "quantity")


@dataclass(frozen=True)
class Ages:
    """What lies where, of many styles: arrays of named columns, int64, sorted by the first ones.

    Of `offices`, `transit` (on the way inside a region) and `regions` (both together): `stock` is
    net pairs; `aged_pairs`, `pair_days` and `buckets` are 0 where it is zero or less, as in
    `stock.rules.stock_age.Lying`; `flags` are bits. `layers` have office 0 on the way. `crossings`
    are transfers that came in over a region's border, `origin` 0 where they left nowhere.
    """

    offices: "np.ndarray"
    transit: "np.ndarray"
    regions: "np.ndarray"
    layers: "np.ndarray"
    crossings: "np.ndarray"


def joined(parts: Iterable[Ages]) -> Ages:
    """The ages of several lots of styles together."""
    import numpy as np

    lots = list(parts)
    names = ("offices", "transit", "regions", "layers", "crossings")
    return Ages(*(np.concatenate([getattr(lot, name) for lot in lots]) for name in names))
