"""The class of every spot, held against its like (MER-28 to MER-31, `stock.rules.classes`)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stock.figures.bulk.events import Bools, Ints
from stock.rules.terms import Terms
from stock.states import StyleClass


@dataclass(frozen=True)
class Measured:
    """What classes are told by, a row a spot. `peers` numbers the category, season and place that
    a row belongs to; `weeks` are its completed weeks on sale with goods.
    """

    peers: Ints
    main_sold: Ints
    main_weeks: Ints
    weeks: Ints
    selling_weeks: Ints
    is_promoted: Bools


@dataclass(frozen=True)
class Told:
    """The class of each row, its volume (times the median, NaN where there is none), and whether it
    has nothing to be held against.
    """

    style_class: NDArray[np.str_]
    volume: NDArray[np.float64]
    has_no_peers: Bools


def medians(rows: Measured) -> tuple[Ints, Ints]:
    """The median mean week of each row's peers as a fraction: (part, whole); 0 / 1 of none.

    Exact: means are ordered as floats, which tell any two of them apart.
    """
    part, whole = np.zeros(len(rows.peers), np.int64), np.ones(len(rows.peers), np.int64)
    told = np.flatnonzero(rows.main_weeks > 0)
    if not len(told):
        return part, whole
    sold, weeks, peers = rows.main_sold[told], rows.main_weeks[told], rows.peers[told]
    order = np.lexsort((sold / weeks, peers))
    starts = np.flatnonzero(np.diff(peers[order], prepend=-1))
    sizes = np.diff(starts, append=len(order))
    low, high = order[starts + (sizes - 1) // 2], order[starts + sizes // 2]
    group = np.repeat(np.arange(len(starts)), sizes)
    part[told[order]] = (sold[low] * weeks[high] + sold[high] * weeks[low])[group]
    whole[told[order]] = (2 * weeks[low] * weeks[high])[group]
    return part, whole


def classes_of(rows: Measured, *, terms: Terms) -> Told:
    """The class of each; every limit is held exactly and belongs to the better class."""
    part, whole = medians(rows)
    has_volume = (rows.main_weeks > 0) & (part > 0)
    fast, steady, slow = terms.fast_volume_from, terms.steady_from, terms.slow_from
    is_much = has_volume & (
        rows.main_sold * whole * fast.denominator >= fast.numerator * part * rows.main_weeks
    )
    is_watched = rows.weeks < terms.watch_weeks
    is_steady = rows.selling_weeks * steady.denominator >= steady.numerator * rows.weeks
    is_slow = rows.selling_weeks * slow.denominator >= slow.numerator * rows.weeks
    is_dead = rows.is_promoted | (rows.weeks >= terms.dead_from_weeks)
    own = rows.main_sold / np.maximum(1, rows.main_weeks)
    return Told(
        style_class=np.select(
            [is_watched, is_steady & is_much, is_steady, is_slow, is_dead],
            [StyleClass.WATCHED.value, StyleClass.FAST.value, StyleClass.STEADY.value,
             StyleClass.SLOW.value, StyleClass.DEAD.value],
            StyleClass.SLOW.value,
        ),
        volume=np.where(has_volume, own * whole / np.maximum(1, part), np.nan),
        has_no_peers=~is_watched & is_steady & ~has_volume,
    )  # fmt: skip
