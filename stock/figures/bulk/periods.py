"""What each spot did in the period asked for: turnover, pace, discount, cost, restocking."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stock.figures.bulk.events import (
    COMES_FIRST,
    SIGNS,
    SOLD,
    Bools,
    Days,
    Events,
    Ints,
    weights_of,
)
from stock.rules.turnover import FIELDS

Columns = dict[str, NDArray[Any]]
NO_DAY = 0


@dataclass(frozen=True)
class Span:
    """The days of each spot: its launch (`NO_DAY`: unknown), from when the period is looked at, and
    how many days make the pace; `as_of` for all.
    """

    launched: Ints
    since: Ints
    window: Ints
    as_of: int

    @property
    def on_sale(self) -> Bools:
        """Whether it is on sale by then."""
        return (self.launched != NO_DAY) & (self.launched <= self.as_of)

    @property
    def days_on_sale(self) -> Ints:
        """上市天数, 0 where it is not on sale or nobody knows."""
        return np.where(self.on_sale, self.as_of - self.launched + 1, 0)


def span_of(launched: Ints, *, as_of: int, from_on: int | None, window_days: int) -> Span:
    """The period from `from_on`, or since each launch; the window of `pace_window`."""
    since = launched if from_on is None else np.full(len(launched), from_on, dtype=np.int64)
    days = np.where(launched == NO_DAY, window_days, as_of - launched + 1)
    return Span(launched, since, np.clip(days, 0, window_days), as_of)


def first_received(events: Events, *, spots: int) -> Ints:
    """The day on which the first pair came in; `NO_DAY` where none ever did."""
    comes = np.isin(events.kind, COMES_FIRST) & (events.quantity > 0)
    found = np.full(spots, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(found, events.spot[comes], events.on[comes])
    return np.where(found == np.iinfo(np.int64).max, NO_DAY, found)


def turnover_columns(events: Events, span: Span, *, is_season: bool) -> Columns:
    """The pairs of the period by what moved them, as `stock.rules.turnover` has them."""
    spots = len(span.since)
    is_before = events.on < span.since[events.spot]
    inside = np.where(is_before, 0, events.quantity)
    size = len(SIGNS)
    counts = np.bincount(
        events.spot * size + events.kind, weights=inside, minlength=spots * size
    ).reshape(spots, size)
    before = np.bincount(
        events.spot, weights=np.where(is_before, SIGNS[events.kind] * events.quantity, 0),
        minlength=spots,
    )  # fmt: skip
    found = {name: counts[:, kind].astype(np.int64) for kind, name in FIELDS.items()}
    found["opening"] += before.astype(np.int64)
    nothing = np.zeros(spots, dtype=np.int64)
    found["brought"] = found["opening"] if is_season else nothing
    found["opening"] = nothing if is_season else found["opening"]
    found["closing"] = np.bincount(
        events.spot, weights=SIGNS[events.kind] * events.quantity, minlength=spots
    ).astype(np.int64)
    return found


def pace_columns(days: Days, span: Span, *, year_begins: int) -> Columns:
    """Net sales of the window and of the year, and on how many days of the window there were goods
    (MER-24, MER-27, MER-14).
    """
    everywhere = np.arange(days.spots)
    last = np.full(days.spots, span.as_of, dtype=np.int64)
    first = last - span.window + 1
    return {
        "window_days": span.window,
        "window_sold": days.between(days.sold, everywhere, first, last),
        "window_stocked": days.stocked(first, last),
        "year_sold": days.between(
            days.sold, everywhere, np.full(days.spots, year_begins, dtype=np.int64), last
        ),
    }


def discount_columns(events: Events, span: Span, *, tag: Ints) -> Columns:
    """What was paid for the sales of the period and their tag prices, fen; `tag` fen a spot."""
    is_sale = np.isin(events.kind, list(SOLD)) & (events.on >= span.since[events.spot])
    sales = events.where(is_sale)
    sign, spots = weights_of(SOLD)[sales.kind], len(span.since)

    def summed(values: Ints) -> Ints:
        return np.bincount(sales.spot, weights=values, minlength=spots).astype(np.int64)

    priced: Ints = summed(sign * sales.priced)
    return {
        "paid": summed(sign * sales.amount),
        "tagged": priced * tag,
        "priced": priced,
        "has_unpriced": summed((sales.quantity != sales.priced).astype(np.int64)) > 0,
    }


def fen(part: NDArray[Any], whole: Ints) -> NDArray[Any]:
    """part / whole, rounded half up (away from nothing)."""
    return np.sign(part) * ((2 * np.abs(part) + whole) // np.maximum(1, 2 * whole))


def cost_columns(turnover: Columns, discount: Columns, *, cost: Ints, costed: Ints) -> Columns:
    """Gross margin, opening and closing stock at what the style's receipts cost on average, fen.

    `cost` fen for `costed` pairs by spot; where none is costed, `is_costed` says so.
    """
    return {
        "is_costed": costed > 0,
        "margin": fen(discount["paid"] * costed - discount["priced"] * cost, costed),
        "opening_cost": fen(turnover["opening"] * cost, costed),
        "closing_cost": fen(turnover["closing"] * cost, costed),
    }


def restock_columns(days: Days, span: Span, *, cover: int) -> Columns:
    """Pairs restocked in the period that can be judged, and how many of them sold within `cover`
    days (`stock.rules.rates.restocks`).
    """
    end = days.on + cover
    judged = (
        (days.received > 0)
        & (days.on > span.launched[days.spot])
        & (days.on >= span.since[days.spot])
        & (end <= span.as_of + 1)
    )
    spot, came, on = days.spot[judged], days.received[judged], days.on[judged]
    sold = days.between(days.sold, spot, on, on + cover - 1)
    before = days.stock[judged] - days.change[judged]
    hits = np.maximum(0, np.minimum(came, sold - before))
    return {
        "restocked": np.bincount(spot, weights=came, minlength=days.spots).astype(np.int64),
        "restock_hits": np.bincount(spot, weights=hits, minlength=days.spots).astype(np.int64),
    }
