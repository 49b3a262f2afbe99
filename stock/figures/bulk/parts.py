"""From the kept sums to the parts of every figure: of all styles, by office, region and company.

`stock.rules` is the definition; here the same is said of many places at once, in whole numbers.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import Count

from stock.figures import ageing, frames
from stock.figures.arrays import Ages, Places, Rows, flags_in
from stock.figures.bulk import events, ranges
from stock.figures.bulk.events import Bools, Ints, Spots
from stock.figures.bulk.goods import Goods, Said, is_among, size_frame
from stock.figures.bulk.periods import NO_DAY, first_received
from stock.figures.bulk.places import (
    BUCKET,
    CATEGORIES,
    Batch,
    Level,
    Requests,
    ages_at,
    classed,
    frame_of,
)
from stock.figures.bulk.weeks import SeasonWeeks
from stock.figures.question import Question
from stock.figures.sizes_of import core_runs
from stock.models import DaySum, Style
from stock.queries.seasons import season_terms
from stock.states import FigureLevel

LOT = 300_000
MOST_STYLES = 500
FAR = np.iinfo(np.int64).max


def reckon(question: Question, *, styles: Sequence[int] | None = None) -> pd.DataFrame:
    """The parts of all figures, a row a style and place (`frame_of`), classes told.

    With `styles` of those alone: a class is told among the styles given.
    """
    found = [reckon_lot(question, lot) for lot in lots(styles)]
    return classed(pd.concat(found, ignore_index=True), terms=question.terms) if found else (
        pd.DataFrame()
    )  # fmt: skip


def lots(styles: Sequence[int] | None = None, *, size: int = LOT) -> list[list[int]]:
    """All styles, or these, in batches of so many rows of the kept sums at most; what has more is
    a batch by itself, for a style is reckoned as one.
    """
    chosen = Style.objects.all() if styles is None else Style.objects.filter(pk__in=styles)
    sums = DaySum.objects.all() if styles is None else DaySum.objects.filter(style__in=styles)
    rows = dict(sums.order_by().values_list("style").annotate(rows=Count("pk")))
    found: list[list[int]] = []
    held = 0
    for style in chosen.order_by("pk").values_list("pk", flat=True):
        count = rows.get(style, 0)
        if not found or held + count > size or len(found[-1]) >= MOST_STYLES:
            found.append([])
            held = 0
        found[-1].append(style)
        held += count
    return found


def reckon_lot(question: Question, styles: Sequence[int]) -> pd.DataFrame:
    """The rows of a batch of styles on all levels, without their classes."""
    places = frames.places()
    rows = frames.read(styles, places=places, until=question.as_of, money=True)
    ages = ageing.lying(rows, as_of=question.as_of, limits=question.terms.bucket_limits)
    goods = Goods.of(styles)
    said = Said.of(goods, as_of=question.as_of, terms=question.terms)
    batch = _batch(question, goods, rows)
    sizes = size_frame(styles, as_of=question.as_of)
    core = ranges.core_rows(sizes, core_runs())
    offices = _offices(rows, ages, batch, said, sizes, core)
    levels = [
        offices,
        _wider(FigureLevel.REGION, offices, rows, ages, said, places, goods),
        _wider(FigureLevel.COMPANY, offices, rows, ages, said, places, goods),
    ]
    return pd.concat([frame_of(level, batch) for level in levels], ignore_index=True)


def _batch(question: Question, goods: Goods, rows: Rows) -> Batch:
    table, of_style = rows.table, season_terms(question.terms)
    keys = [key or 0 for key in of_style]
    seasons = [
        SeasonWeeks(each.terms.main_from_week, each.terms.main_until_week, each.targets)
        for each in of_style.values()
    ]
    number = {key: at for at, key in enumerate(keys)}
    style = goods.at(table["style"])
    count = len(goods.style)
    return Batch(
        question=question,
        goods=goods,
        seasons=seasons,
        season=np.array([number[key] for key in goods.season.tolist()], dtype=np.int64),
        cost=np.bincount(style, weights=table["cost"], minlength=count).astype(np.int64),
        costed=np.bincount(style, weights=table["costed"], minlength=count).astype(np.int64),
    )


def _offices(
    rows: Rows, ages: Ages, batch: Batch, said: Said, sizes: pd.DataFrame, core: pd.DataFrame
) -> Level:
    """Every style in every office that anything is known of."""
    table, goods, places = rows.table, batch.goods, rows.places
    spots = said.spots((table["style"], table["office"]))
    moved = events.events_of_offices(table, spots)
    own = np.full(len(spots), NO_DAY, dtype=np.int64)
    own[spots.at(said.launches.style, said.launches.office)] = said.launches.on
    told = np.where(own != NO_DAY, own, goods.launched[goods.at(spots.style)])
    first = first_received(moved, spots=len(spots))
    return Level(
        level=FigureLevel.OFFICE,
        spots=spots,
        region=places.regions[places.ranks(spots.place)],
        events=moved,
        launched=np.where(told != NO_DAY, told, first),
        is_unsaid=told == NO_DAY,
        ages=ages_at(spots, ages.offices, place="office"),
        is_priced=is_among(spots, said.priced),
        is_promoted=is_among(spots, said.promoted),
        sizes=sizes,
        core=core,
        due=spots.summed(spots.at(said.due.style, said.due.office), said.due.value),
        requests=Requests.of(said.requests, spots.at(said.requests.style, said.requests.office)),
    )


def _wider(
    level: FigureLevel, offices: Level, rows: Rows, ages: Ages, said: Said, places: Places,
    goods: Goods,
) -> Level:  # fmt: skip
    """Regions, or the company: what their offices are together, and what is on the way in them.

    On sale since the first of the offices for which somebody said so (a warehouse's first receipt
    is no launch), else since the first pair came; promoted where one of them is. A style that is in
    no office is a row of the company's all the same.
    """
    is_region = level == FigureLevel.REGION

    def place_of(office: Ints) -> Ints:
        if not is_region:
            return np.zeros(len(office), dtype=np.int64)
        return places.regions[places.ranks(office)]

    of_office = place_of(offices.spots.place)
    style = offices.spots.style if is_region else np.concatenate([offices.spots.style, goods.style])
    place = of_office if is_region else np.zeros(len(style), dtype=np.int64)
    spots = Spots.of(style, place)
    at = spots.at(offices.spots.style, of_office)
    region_of = place_of(rows.table["office"].astype(np.int64)) if is_region else None
    launched, is_unsaid = _first_launch(offices, at, spots, goods)
    office_at = pd.Series(place_of(offices.sizes["place"].to_numpy()), offices.sizes.index)
    return Level(
        level=level,
        spots=spots,
        region=spots.place,
        events=events.events_of_places(rows.table, ages.crossings, spots, region_of=region_of),
        launched=launched,
        is_unsaid=is_unsaid,
        ages=ages_at(spots, ages.regions, place="region" if is_region else None),
        is_priced=spots.summed(at, offices.is_priced) > 0,
        is_promoted=spots.summed(at, offices.is_promoted) > 0,
        sizes=ranges.over_places(offices.sizes, office_at),
        core=offices.core,
        due=spots.summed(at, offices.due),
        requests=Requests(
            at[offices.requests.spot], offices.requests.on,
            offices.requests.requested, offices.requests.served,
        ),
    )  # fmt: skip


def _first_launch(offices: Level, at: Ints, spots: Spots, goods: Goods) -> tuple[Ints, Bools]:
    """Since when each wider place has the style on sale, and whether nobody said so."""

    def first(known: Bools) -> Ints:
        found = np.full(len(spots), FAR, dtype=np.int64)
        np.minimum.at(found, at[known], offices.launched[known])
        return found

    said = first(~offices.is_unsaid)
    unsaid = said == FAR
    launched = np.where(unsaid, first(offices.launched != NO_DAY), said)
    of_style = goods.launched[goods.at(spots.style)]
    is_alone = np.bincount(at, minlength=len(spots)) == 0
    launched = np.where(is_alone, of_style, np.where(launched == FAR, NO_DAY, launched))
    return launched, np.where(is_alone, of_style == NO_DAY, unsaid)


NUMBERS = (
    "opening", "brought", "purchased", "purchase_returned", "transferred_in", "transferred_out",
    "sold", "returned", "business_use", "given", "gained", "lost", "closing", "in_transit",
    "window_days", "window_sold", "window_stocked", "year_sold", "aged_pairs", "pair_days", "weeks",
    "selling_weeks", "main_sold", "main_weeks", "weeks_behind", "restocked", "restock_hits",
    "requested", "served", "sizes_in_stock", "sizes_in_range",
)  # fmt: skip
YES_OR_NO = ("has_unpriced", "is_promoted", "is_broken")
AT_COST = ("margin", "opening_cost", "closing_cost")


def columns_of(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """The same as columns of `stock.models.Figure`, in the types of Python: yuan, days, texts."""
    flags = {bits: [str(flag) for flag in flags_in(bits)] for bits in set(frame["flags"])}
    is_office = (frame["level"] == FigureLevel.OFFICE).tolist()
    is_company = (frame["level"] == FigureLevel.COMPANY).tolist()
    buckets = [name for name in frame.columns if name.startswith(BUCKET)]
    place = frame["place"].tolist()
    return {
        "level": frame["level"].tolist(),
        "style_id": frame["style"].tolist(),
        "office_id": [key if own else None for key, own in zip(place, is_office, strict=True)],
        "region_id": [
            None if everywhere else key
            for key, everywhere in zip(frame["region"].tolist(), is_company, strict=True)
        ],
        "launched_on": [date.fromordinal(on) if on else None for on in frame["launched"].tolist()],
        "days_on_sale": [days or None for days in frame["days_on_sale"].tolist()],
        **{name: frame[name].tolist() for name in (*NUMBERS, *YES_OR_NO)},
        "buckets": frame[buckets].to_numpy().tolist(),
        "paid": list(map(yuan, frame["paid"].tolist())),
        "tagged": list(map(yuan, frame["tagged"].tolist())),
        **{name: _at_cost(frame, name) for name in AT_COST},
        "style_class": list(map(str, frame["style_class"])),
        "category": [CATEGORIES[at] for at in frame["category"].tolist()],
        "volume": [None if volume != volume else volume for volume in frame["volume"].tolist()],
        "missing_core": frame["missing_core"].tolist(),
        "flags": [flags[bits] for bits in frame["flags"].tolist()],
    }


def yuan(fen: int) -> Decimal:
    """Fen as yuan with two decimals."""
    return Decimal(fen).scaleb(-2)


def _at_cost(frame: pd.DataFrame, name: str) -> list[Decimal | None]:
    pairs = zip(frame[name].tolist(), frame["is_costed"].tolist(), strict=True)
    return [yuan(fen) if is_costed else None for fen, is_costed in pairs]


def rows_of(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Row by row, a mapping of the columns of `stock.models.Figure` each."""
    columns = columns_of(frame) if len(frame) else {}
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))
