"""The weeks on sale of each spot: continuity, the main season's volume, promotion, the target."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from stock.figures.bulk.events import SOLD, Bools, Days, Events, Ints, weights_of
from stock.figures.bulk.periods import NO_DAY, Columns
from stock.rules.classes import WEEK
from stock.rules.terms import Terms

# How many weeks of spots are laid out at once: some hundred megabytes at most.
CELLS = 2_000_000

Grid = NDArray[np.int64]


@dataclass(frozen=True)
class SeasonWeeks:
    """What holds for the spots of a season: its main weeks, and the shares to be sold by week."""

    main_from: int
    main_until: int
    targets: tuple[Fraction, ...]


@dataclass(frozen=True)
class Counted:
    """Spots whose weeks are counted: `launched` (`NO_DAY`: unknown), how many completed `weeks`
    up to the season's end, their `season` (index into `seasons`), and the tag price in fen.
    """

    launched: Ints
    weeks: Ints
    season: Ints
    tag: Ints
    seasons: Sequence[SeasonWeeks]
    as_of: int


def completed_weeks(launched: Ints, ends: Ints, *, as_of: int) -> Ints:
    """`stock.rules.classes.weeks_on_sale` of each; `NO_DAY` where a day is unknown."""
    until = np.where(ends == NO_DAY, as_of, np.minimum(ends, as_of))
    weeks = np.maximum(0, until - launched + 1) // WEEK
    return np.where(launched == NO_DAY, 0, weeks)


def week_columns(events: Events, days: Days, counted: Counted, *, terms: Terms) -> Columns:
    """Weeks with goods and those that sold, the main season's, weeks behind the target, and
    whether two weeks sold at a cut price.
    """
    spots = len(counted.weeks)
    step = max(1, CELLS // max(1, int(counted.weeks.max(initial=0))))
    found = [
        _some(events, days, counted, terms, low, min(spots, low + step))
        for low in range(0, spots, step)
    ]
    names = found[0] if found else _some(events, days, counted, terms, 0, 0)
    return {name: np.concatenate([each[name] for each in found or [names]]) for name in names}


def _some(
    events: Events, days: Days, counted: Counted, terms: Terms, low: int, high: int
) -> Columns:
    """The same for the spots from `low` to before `high`."""
    laid = _Laid(counted, low, high)
    sold = laid.by_day(days, days.sold)
    received = laid.by_day(days, days.received + days.opened)
    stocked = laid.stocked(days)
    own = stocked & laid.counts
    return {
        "weeks": own.sum(1),
        "selling_weeks": (own & (sold > 0)).sum(1),
        **laid.main_season(sold, own),
        "weeks_behind": laid.behind(sold, received, brought=laid.brought(days)),
        "is_cut": laid.cut_weeks(events, terms) >= terms.cut_weeks,
    }


class _Laid:
    """Some spots laid out week by week: one row a spot, one column a week on sale."""

    def __init__(self, counted: Counted, low: int, high: int) -> None:
        self.low, self.high, self.counted = low, high, counted
        self.launched = counted.launched[low:high]
        self.weeks = counted.weeks[low:high]
        self.season = counted.season[low:high]
        self.width = max(1, int(self.weeks.max(initial=0)))
        self.counts: Bools = np.arange(self.width)[None, :] < self.weeks[:, None]

    def _cells(self, spot: Ints, on: Ints) -> tuple[Bools, Ints]:
        """Which of these days lie in a week that counts, and the cell of each that does."""
        mine = (spot >= self.low) & (spot < self.high)
        at = np.where(mine, spot - self.low, 0)
        if not len(self.weeks):
            return mine, at[mine]
        week = (on - self.launched[at]) // WEEK
        inside = mine & (on >= self.launched[at]) & (week < self.weeks[at])
        return inside, (at * self.width + week)[inside]

    def _grid(self, cells: Ints, values: Ints) -> Grid:
        size = len(self.weeks) * self.width
        laid = np.bincount(cells, weights=values, minlength=size)[:size]
        return laid.reshape(len(self.weeks), self.width).astype(np.int64)

    def by_day(self, days: Days, values: Ints) -> Grid:
        """The sums of an entry's `values` by week."""
        inside, cells = self._cells(days.spot, days.on)
        return self._grid(cells, values[inside])

    def stocked(self, days: Days) -> Bools:
        """Whether a week had goods on any day: they lay there at a close, or some sold net."""
        passing = self._cells_with(days, days.sold > 0)
        return passing | self._lying(days)

    def _cells_with(self, days: Days, rows: Bools) -> Bools:
        return self.by_day(days, rows.astype(np.int64)) > 0

    def _lying(self, days: Days) -> Bools:
        own = (days.spot >= self.low) & (days.spot < self.high) & (days.stock > 0)
        at = days.spot[own] - self.low
        launched, weeks = self.launched[at], self.weeks[at]
        first = np.maximum(days.on[own], launched)
        last = np.minimum(days.next_on[own] - 1, launched + weeks * WEEK - 1)
        some = (last >= first) & (weeks > 0)
        at, launched = at[some], launched[some]
        wide = self.width + 1
        edges = np.zeros(len(self.weeks) * wide, dtype=np.int64)
        np.add.at(edges, at * wide + (first[some] - launched) // WEEK, 1)
        np.add.at(edges, at * wide + (last[some] - launched) // WEEK + 1, -1)
        laid = edges.reshape(len(self.weeks), wide).cumsum(axis=1)[:, : self.width]
        return np.asarray(laid > 0)

    def main_season(self, sold: Grid, own: Bools) -> Columns:
        """Pairs and weeks of the main season with goods; of all weeks with goods where none was."""
        first = np.array([each.main_from for each in self.counted.seasons], dtype=np.int64)
        last = np.array([each.main_until for each in self.counted.seasons], dtype=np.int64)
        number = np.arange(1, self.width + 1)[None, :]
        main = own & (number >= first[self.season][:, None])
        main &= number <= last[self.season][:, None]
        has_main: Bools = np.asarray(main.any(axis=1))
        chosen = np.where(has_main[:, None], main, own)
        return {"main_sold": (sold * chosen).sum(1), "main_weeks": chosen.sum(1)}

    def brought(self, days: Days) -> Ints:
        """What lay there before the launch."""
        since = np.zeros(days.spots, dtype=np.int64)
        since[self.low : self.high] = self.launched
        return days.stock_on(since - 1)[self.low : self.high]

    def behind(self, sold: Grid, received: Grid, *, brought: Ints) -> Ints:
        """For how many weeks running the sell-through stood below its target
        (`stock.rules.targets.weeks_behind`).
        """
        supply = brought[:, None] + received.cumsum(axis=1)
        sales = sold.cumsum(axis=1)
        part, whole = self._targets()
        is_told = self.counts & (supply > 0)
        is_below = is_told & (sales * whole[self.season] < part[self.season] * supply)
        is_met = is_told & ~is_below
        at = np.arange(self.width)[None, :]
        last_met = np.where(is_met, at, -1).max(axis=1, initial=-1)
        return (is_below & (at > last_met[:, None])).sum(1)

    def _targets(self) -> tuple[Grid, Grid]:
        """By season the shares of all weeks as one fraction a season, the last one held on."""
        seasons = self.counted.seasons
        part = np.zeros((len(seasons), self.width), dtype=np.int64)
        whole = np.ones((len(seasons), 1), dtype=np.int64)
        for at, season in enumerate(seasons):
            if season.targets:
                shares = [season.targets[min(week, len(season.targets) - 1)]
                          for week in range(self.width)]  # fmt: skip
                whole[at] = lcm(*(share.denominator for share in season.targets))
                part[at] = [int(share * int(whole[at, 0])) for share in shares]
        return part, whole

    def cut_weeks(self, events: Events, terms: Terms) -> Ints:
        """How many weeks sold on average below the cut's share of the tag price."""
        sales = events.where(np.isin(events.kind, list(SOLD)))
        inside, cells = self._cells(sales.spot, sales.on)
        sign = weights_of(SOLD)[sales.kind]
        tags = self.counted.tag[sales.spot] * sales.priced
        paid = self._grid(cells, (sign * sales.amount)[inside])
        tagged = self._grid(cells, (sign * tags)[inside])
        limit = terms.cut_under
        return ((tagged > 0) & (paid * limit.denominator < limit.numerator * tagged)).sum(1)
