"""Rows of figures for one level of places: offices, regions, the company, each for many styles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from stock.figures.arrays import bits_of
from stock.figures.bulk import classing, periods, ranges, weeks
from stock.figures.bulk.events import Bools, Days, Events, Ints, Spots, sales_signs
from stock.figures.bulk.goods import Goods, OfOffices
from stock.figures.bulk.periods import NO_DAY, Columns
from stock.figures.bulk.weeks import SeasonWeeks
from stock.figures.question import Question
from stock.rules.figures import Flag
from stock.rules.terms import Terms
from stock.states import Category, FigureLevel

BUCKET = "bucket"


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What is the same for the places of a batch of styles on every level.

    `cost` fen for `costed` pairs are of all receipts of each style of `goods`; `seasons` say what
    holds for the styles, `season` which of them each style follows.
    """

    question: Question
    goods: Goods
    seasons: Sequence[SeasonWeeks]
    season: Ints
    cost: Ints
    costed: Ints


@dataclass(frozen=True, kw_only=True)
class Level:
    """The places of one level: what moved there, since when it is on sale (`NO_DAY`: unknown, a
    launch that nobody said is flagged by `is_unsaid`), ages and flags of the ledger by spot.
    """

    level: FigureLevel
    spots: Spots
    region: Ints
    events: Events
    launched: Ints
    is_unsaid: Bools
    ages: "np.ndarray"
    is_priced: Bools
    is_promoted: Bools
    sizes: pd.DataFrame
    core: pd.DataFrame
    due: Ints
    requests: "Requests"


@dataclass(frozen=True)
class Requests:
    """Requests by spot and day: pairs requested, and served of them."""

    spot: Ints
    on: Ints
    requested: Ints
    served: Ints

    @classmethod
    def of(cls, rows: OfOffices, spot: Ints) -> "Requests":
        """The same rows by the spot that each belongs to."""
        return cls(spot, rows.on, rows.value, rows.other)

    def columns(self, spots: Spots, since: Ints) -> Columns:
        """Those of the period, summed by spot."""
        inside = self.on >= since[self.spot]
        spot = self.spot[inside]
        return {
            "requested": spots.summed(spot, self.requested[inside]),
            "served": spots.summed(spot, self.served[inside]),
        }


def ages_at(spots: Spots, table: "np.ndarray", *, place: str | None) -> "np.ndarray":
    """The rows of `table` (of `stock.figures.arrays.Ages`) by spot, added up; 0 where none is.

    `place` names the column of its place; without it all places of a style are the company's.
    """
    found = np.zeros(len(spots), dtype=table.dtype)
    places = table[place] if place else np.zeros(len(table), dtype=np.int64)
    at = spots.at(table["style"], places)
    for name in ("aged_pairs", "pair_days", "buckets"):
        np.add.at(found[name], at, table[name])
    np.bitwise_or.at(found["flags"], at, table["flags"])
    return found


def frame_of(level: Level, batch: Batch) -> pd.DataFrame:
    """The rows of one level, with what classes are told by; money in fen, days as numbers."""
    asked = batch.question
    style = batch.goods.at(level.spots.style)
    sales = sales_signs(counts_gifts=asked.counts_gifts)
    days = Days.of(level.events, spots=len(level.spots), sales=sales)
    span = periods.span_of(
        level.launched,
        as_of=asked.day,
        from_on=asked.from_on.toordinal() if asked.from_on else None,
        window_days=asked.terms.window_days,
    )
    turnover = periods.turnover_columns(level.events, span, is_season=asked.from_on is None)
    discount = periods.discount_columns(level.events, span, tag=batch.goods.tag[style])
    year_begins = date(asked.as_of.year, 1, 1).toordinal()
    of_weeks = _weeks(level, batch, days, style)
    few = np.where(of_weeks.pop("has_few_weeks"), bits_of([Flag.FEW_WEEKS_IN_STOCK]), 0)
    unsaid = np.where(level.is_unsaid, bits_of([Flag.NO_LAUNCH]), 0)
    columns: dict[str, Any] = {
        "level": np.full(len(style), int(level.level)),
        "style": level.spots.style,
        "place": level.spots.place,
        "region": level.region,
        "launched": level.launched,
        "days_on_sale": span.days_on_sale,
        **turnover,
        **periods.pace_columns(days, span, year_begins=year_begins),
        **_ages(level.ages),
        **discount,
        **periods.cost_columns(
            turnover, discount, cost=batch.cost[style], costed=batch.costed[style]
        ),
        **periods.restock_columns(days, span, cover=asked.cover_days),
        **level.requests.columns(level.spots, span.since),
        **of_weeks,
        "in_transit": level.due,
        "category": _categories(level.launched, batch.goods.ends[style], asked),
        "season": batch.goods.season[style],
        "flags": level.ages["flags"] | unsaid | few,
    }
    return _with_sizes(pd.DataFrame(columns), level)


def _ages(ages: "np.ndarray") -> Mapping[str, Ints]:
    buckets = ages["buckets"]
    return {
        "aged_pairs": ages["aged_pairs"],
        "pair_days": ages["pair_days"],
        **{f"{BUCKET}{at}": buckets[:, at] for at in range(buckets.shape[1])},
    }


def _weeks(level: Level, batch: Batch, days: Days, style: Ints) -> Columns:
    goods, asked = batch.goods, batch.question
    completed = weeks.completed_weeks(level.launched, goods.ends[style], as_of=asked.day)
    counted = weeks.Counted(
        level.launched, completed, batch.season[style], goods.tag[style], batch.seasons, asked.day
    )
    found = weeks.week_columns(level.events, days, counted, terms=asked.terms)
    is_cut = found.pop("is_cut")
    promoted = np.where(level.is_priced, level.is_promoted, is_cut)
    watch = asked.terms.watch_weeks
    is_short = (found["weeks"] < watch) & (watch <= completed)
    return {**found, "is_promoted": promoted, "has_few_weeks": is_short}


CATEGORIES = ("", Category.NEW.value, Category.CONTINUED.value, Category.PAST.value)


def _categories(launched: Ints, ends: Ints, asked: Question) -> Ints:
    """`stock.rules.launch.category` of each, as its number among `CATEGORIES`."""
    days = asked.day - launched + 1
    is_over = (ends != NO_DAY) & (asked.day > ends)
    is_unknown = launched == NO_DAY
    is_long = (ends == NO_DAY) & (days > asked.terms.past_after_days)
    return np.select(
        [is_over, is_unknown & (ends != NO_DAY), is_unknown, days <= asked.terms.new_days, is_long],
        [3, 2, 0, 1, 3],
        2,
    )


def _with_sizes(frame: pd.DataFrame, level: Level) -> pd.DataFrame:
    found = ranges.over_colours(ranges.gaps(level.sizes, level.core))
    frame = frame.merge(found, on=["style", "place"], how="left")
    for name in ("sizes_in_stock", "sizes_in_range"):
        frame[name] = frame[name].fillna(0).astype("int64")
    frame["is_broken"] = frame["is_broken"].eq(True)
    is_negative = frame.pop("is_negative").eq(True)
    frame["flags"] |= np.where(is_negative, bits_of([Flag.NEG_SIZE]), 0)
    frame["missing_core"] = [
        each if isinstance(each, list) else [] for each in frame["missing_core"]
    ]
    return frame


PEERS = ["level", "place", "season", "category"]
MEASURES = ("main_sold", "main_weeks", "weeks", "selling_weeks", "is_promoted")


def classed(frame: pd.DataFrame, *, terms: Terms) -> pd.DataFrame:
    """The same with `style_class` and `volume`, each row held against its like in `frame`."""
    peers = frame.groupby(PEERS, sort=False).ngroup().to_numpy()
    told = classing.classes_of(
        classing.Measured(peers, *(frame[name].to_numpy() for name in MEASURES)), terms=terms
    )
    lonely = np.where(told.has_no_peers, bits_of([Flag.NO_PEERS]), 0)
    return frame.assign(
        style_class=told.style_class, volume=told.volume, flags=frame["flags"] | lonely
    )
