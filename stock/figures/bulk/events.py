"""The movements of many styles by place, as arrays: what all parts are summed from.

A spot is one style in one place: an office, a region, or the company. Days are ordinals, money is
fen; sums are whole numbers throughout.
"""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stock.figures.arrays import MONEY, Table, picked
from stock.states import GIFTS, OUTFLOWS, Kind

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Keys of two numbers in one: a style with a place, a spot with a day.
_PLACES = 1 << 31
_DAYS = 1 << 22
_KINDS = max(Kind) + 1

SIGNS = np.array(
    [0, *(-1 if kind in OUTFLOWS else 1 for kind in sorted(Kind))], dtype=np.int64
)  # by kind
RECEIVED = {
    Kind.PURCHASE: 1, Kind.PURCHASE_RETURN: -1, Kind.TRANSFER_IN: 1, Kind.TRANSFER_OUT: -1,
}  # fmt: skip
SOLD = {Kind.SALE: 1, Kind.SALE_RETURN: -1}
COMES_FIRST = (Kind.OPENING, Kind.PURCHASE, Kind.TRANSFER_IN, Kind.GAIN)


def weights_of(signs: dict[Kind, int]) -> Ints:
    """By kind with which sign it counts; 0 what is not named."""
    found = np.zeros(_KINDS, dtype=np.int64)
    for kind, sign in signs.items():
        found[kind] = sign
    return found


def sales_signs(*, counts_gifts: bool) -> Ints:
    """Net sales by kind; gifts and business use among them where they count as sales (MER-06)."""
    return weights_of(SOLD | dict.fromkeys(GIFTS, 1) if counts_gifts else SOLD)


@dataclass(frozen=True)
class Spots:
    """One style in one place each, sorted by style and place; `place` is a primary key, 0 for the
    company.
    """

    style: Ints
    place: Ints

    @classmethod
    def of(cls, style: Ints, place: Ints) -> "Spots":
        """Each pair once."""
        keys = np.unique(style * _PLACES + place)
        return cls(keys // _PLACES, keys % _PLACES)

    def __len__(self) -> int:
        return len(self.style)

    @cached_property
    def _keys(self) -> Ints:
        return self.style * _PLACES + self.place

    def at(self, style: Ints, place: Ints) -> Ints:
        """Where each of these pairs stands; -1 where it is no spot."""
        keys = style * _PLACES + place
        found = np.searchsorted(self._keys, keys)
        found = np.minimum(found, max(0, len(self) - 1))
        is_there = self._keys[found] == keys if len(self) else np.zeros(len(keys), dtype=bool)
        return np.where(is_there, found, -1)

    def summed(self, spot: Ints, values: NDArray[Any]) -> Ints:
        """The sum of `values` by spot."""
        return np.bincount(spot, weights=values, minlength=len(self)).astype(np.int64)


@dataclass(frozen=True)
class Events:
    """Movements by spot and day, in that order: pairs, and fen for the priced and costed ones."""

    spot: Ints
    on: Ints
    kind: Ints
    quantity: Ints
    priced: Ints
    amount: Ints
    costed: Ints
    cost: Ints

    @classmethod
    def sorted(cls, **columns: Ints) -> "Events":
        """These rows in their order; what is no spot's (-1) is left out."""
        kept = np.flatnonzero(columns["spot"] >= 0)
        order = kept[np.lexsort((columns["on"][kept], columns["spot"][kept]))]
        return cls(**{name: values[order].astype(np.int64) for name, values in columns.items()})

    def where(self, rows: Bools) -> "Events":
        """Those rows alone."""
        return Events(*(getattr(self, field.name)[rows] for field in fields(self)))


def events_of_offices(table: Table, spots: Spots) -> Events:
    """The rows of the kept sums, by style and office; transfers count in each office."""
    return Events.sorted(
        spot=spots.at(table["style"], table["office"]),
        **{name: table[name] for name in ("on", "kind", "quantity", *MONEY)},
    )


def events_of_places(
    table: Table, crossings: NDArray[np.void], spots: Spots, *, region_of: Ints | None
) -> Events:
    """The same by region (`region_of` each row), or of the company without it.

    Transfers are those over the border alone, on the day they came in (MER-18).
    """
    own = np.flatnonzero(~np.isin(table["kind"], [Kind.TRANSFER_IN, Kind.TRANSFER_OUT]))
    rows = picked(table, own)
    if region_of is None:
        come = crossings[crossings["origin"] == 0]
        gone = crossings[:0]
        place, came_to, left = (np.zeros(len(each), np.int64) for each in (own, come, gone))
    else:
        come, gone = crossings, crossings[crossings["origin"] != 0]
        place, came_to, left = region_of[own], come["region"], gone["origin"]
    moved = (rows, come, gone)
    kinds = (rows["kind"], *(np.full(len(each), kind) for each, kind in (
        (come, Kind.TRANSFER_IN), (gone, Kind.TRANSFER_OUT))))  # fmt: skip
    nothing = np.zeros(len(come) + len(gone), dtype=np.int64)
    return Events.sorted(
        spot=spots.at(
            np.concatenate([each["style"] for each in moved]),
            np.concatenate([place, came_to, left]),
        ),
        on=np.concatenate([each["on"] for each in moved]),
        kind=np.concatenate(kinds),
        quantity=np.concatenate([each["quantity"] for each in moved]),
        **{name: np.concatenate([rows[name], nothing]) for name in MONEY},
    )


@dataclass(frozen=True)
class Days:
    """One entry a spot and day that saw a movement, in order: net pairs received and sold, what the
    ledger began with, all it changed by, and what lay there at its close.
    """

    spot: Ints
    on: Ints
    received: Ints
    opened: Ints
    sold: Ints
    change: Ints
    stock: Ints
    spots: int

    @classmethod
    def of(cls, events: Events, *, spots: int, sales: Ints) -> "Days":
        """`sales` says by kind what counts as sold (`sales_signs`)."""
        keys = events.spot * _DAYS + events.on
        starts = np.flatnonzero(np.diff(keys, prepend=-1))

        def a_day(signs: Ints) -> Ints:
            if not len(starts):
                return np.zeros(0, dtype=np.int64)
            return np.add.reduceat(signs[events.kind] * events.quantity, starts)

        spot, change = events.spot[starts], a_day(SIGNS)
        running = np.cumsum(change)
        first = np.searchsorted(spot, np.arange(spots))
        before = np.concatenate([[0], running])[first]
        return cls(
            spot, events.on[starts], a_day(weights_of(RECEIVED)),
            a_day(weights_of({Kind.OPENING: 1})), a_day(sales), change,
            running - before[spot] if len(spot) else running, spots,
        )  # fmt: skip

    @cached_property
    def _keys(self) -> Ints:
        return self.spot * _DAYS + self.on

    @cached_property
    def next_on(self) -> Ints:
        """The day of the spot's next entry; far off for its last."""
        far = np.full(len(self.on), _DAYS - 1, dtype=np.int64)
        if len(far) > 1:
            goes_on = self.spot[1:] == self.spot[:-1]
            far[:-1] = np.where(goes_on, self.on[1:], far[:-1])
        return far

    def between(self, values: Ints, spot: Ints, first: Ints, last: Ints) -> Ints:
        """The sum of an entry's `values` over the days from `first` to `last`, both included."""
        running = np.concatenate([[0], np.cumsum(values)])
        low = np.searchsorted(self._keys, spot * _DAYS + np.maximum(first, 0))
        high = np.searchsorted(self._keys, spot * _DAYS + np.maximum(last, -1) + 1)
        return np.where(high > low, running[high] - running[low], 0)

    def stock_on(self, on: Ints) -> Ints:
        """What lay in each spot at the close of its day `on`."""
        everywhere = np.arange(self.spots)
        return self.between(self.change, everywhere, np.zeros(self.spots, np.int64), on)

    def stocked(self, first: Ints, last: Ints) -> Ints:
        """On how many days from `first` to `last` each spot had goods: pairs at the close, or sold
        net (`stock.rules.fill.is_in_stock`).
        """
        begins = np.maximum(self.on, first[self.spot])
        ends = np.minimum(self.next_on - 1, last[self.spot])
        lying = np.where(self.stock > 0, np.maximum(0, ends - begins + 1), 0)
        is_inside = (self.on >= first[self.spot]) & (self.on <= last[self.spot])
        passing = (self.stock <= 0) & (self.sold > 0) & is_inside
        return np.bincount(self.spot, weights=lying + passing, minlength=self.spots).astype(
            np.int64
        )
