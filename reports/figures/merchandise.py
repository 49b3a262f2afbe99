"""`report merchandise`: how goods sell and lie, by style, office, region, brand or season
(MER-13 to MER-31, formulas 3.1 to 3.8).

Groups are made of rows of offices where they are grouped or narrowed by offices, of regions
likewise, else of the company: what goes from one office to another counts for the offices alone,
what is on the way inside a region for the region and the company. A total is Σ / Σ of its rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from reports.asking.parameters import Parameter, ReportNotMade, read_day
from reports.figures.goods import (
    AS_OF,
    GROUPED_BY,
    NARROWING,
    OFFICE,
    STYLE,
    Row,
    day_asked,
    grouped,
    narrowed,
    number,
    read_number,
    read_yes_or_no,
)
from reports.rules.values import day
from staff.scope import COST_ROLES, Reach
from stock.figures.of_row import OF_COST, Asked, age_buckets_of, ends_on, figures_of, flags_of
from stock.figures.question import Question
from stock.figures.summing import Parts, parts_of, total
from stock.queries.overrides import Overrides, overrides_of
from stock.queries.terms import terms_on
from stock.services.figure_reading import figure_rows
from stock.states import FigureLevel
from stock.wording.sheet_words import category_word, class_word

GIFTS = "count_gifts_as_sales"
PARAMETERS = (
    AS_OF,
    Parameter(name="from", hint="YYYY-MM-DD", read=read_day,
              about="the period's first day; without it each style since its launch"),
    GROUPED_BY,
    Parameter(name="cover", hint="DAYS", read=read_number,
              about="for how many days an order has to last"),
    Parameter(name=GIFTS, hint="yes|no", read=read_yes_or_no,
              about="whether gifts and business use are sales"),
    *NARROWING,
)  # fmt: skip
# What a row says, and the figure that it is.
FIGURES = {
    "days_on_sale": "days_on_sale", "received": "received", "sold": "net_sold",
    "sell_through": "sell_through", "stock_age_days": "stock_age",
    "stock_to_sales": "stock_to_sales", "average_discount": "average_discount",
    "days_of_supply": "days_of_supply", "replenish_qty": "replenish", "in_to_sales": "in_to_sales",
    "stock_rate": "stock_rate", "restock_hit_rate": "restock_hit_rate", "gmroi": "gmroi",
}  # fmt: skip
OF_TODAY = (
    "in_transit and replenish_qty go by what the shop's system has on the way today: it tells no"
    " past; classes given by people, and all else, are those of the day"
)
NO_COST = "gmroi, of what goods cost, is told to merchandisers, operations and finance"
COLUMNS = (
    "style", "office", "region", "brand", "season", "days_on_sale", "opening", "received", "sold",
    "closing", "in_transit", "sold_14d", "sell_through", "stock_age_days", "age_buckets",
    "stock_to_sales", "average_discount", "days_of_supply", "supply_ends_on", "class",
    "given_class", "replenish_qty", "in_to_sales", "category", "stock_rate", "restock_hit_rate",
    "gmroi", "flags",
)  # fmt: skip


def merchandise(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """A row each group, told from the ledger as it stands. Raises ReportNotMade.

    `reach` None sees everything; whoever reads the stock of the own store sees that alone.
    """
    today = timezone.localdate(now)
    asked, from_on = _asked(params, today=today)
    is_past = asked.as_of < today
    tells_cost = reach is None or reach.has_role(COST_ROLES)
    by: Sequence[str] = params.get("by", (STYLE, OFFICE))
    kept = _rows(params, asked, from_on, by=by, reach=reach)
    styles = {row["style_id"] for row in kept}
    given = overrides_of(styles, on=asked.as_of if is_past else None)
    groups = [
        (group, _together(map(parts_of, rows), asked), _given(given, rows, by=by))
        for group, rows in grouped(kept, by=by)
    ]
    rows = [
        {**group, **told(parts, asked, tells_cost=tells_cost), **_classes(parts, override, by=by)}
        for group, parts, override in groups
    ]
    together = _together((parts for _group, parts, _given in groups), asked)
    everything = told(together, asked, tells_cost=tells_cost)
    notes = _notes(asked, from_on)
    if is_past:
        notes.append(OF_TODAY)
    if not tells_cost:
        notes.append(NO_COST)
    return rows, everything, notes


def _asked(params: Mapping[str, Any], *, today: date) -> tuple[Asked, date | None]:
    as_of, from_on = day_asked(params, "as_of", today=today), params.get("from")
    if from_on and from_on > as_of:
        raise ReportNotMade.because("begins_after_the_day")
    terms = terms_on(as_of)
    asked = Asked(
        as_of=as_of,
        terms=terms,
        cover=params.get("cover"),
        counts_gifts=params.get(GIFTS, terms.counts_gifts),
    )
    return asked, from_on


def _rows(
    params: Mapping[str, Any], asked: Asked, from_on: date | None, *, by: Sequence[str],
    reach: Reach | None,
) -> list[Row]:  # fmt: skip
    """The rows of figures of what is asked for. A style that never lay anywhere has but the row of
    the company, which stands in for one of an office where none is asked for.
    """
    told = narrowed(params, reach=reach)
    question = Question(
        as_of=asked.as_of, terms=asked.terms, from_on=from_on,
        counts_gifts=asked.counts_gifts, cover=asked.cover,
    )  # fmt: skip
    level = told.level(by)
    levels = {level, FigureLevel.COMPANY} if STYLE in by else {level}
    found = figure_rows(question, levels=levels, styles=told.peers())
    rows: list[Row] = [row for row in found if row["level"] == level and told.holds(row)]
    if STYLE in by and told.offices is None and told.regions is None:
        somewhere = {row["style_id"] for row in rows}
        rows += [row for row in found if row["style_id"] not in somewhere and told.holds(row)]
    return rows


def _together(parts: Iterable[Parts], asked: Asked) -> Parts:
    return total(parts, as_of=asked.as_of, terms=asked.terms, cover=asked.cover)


def told(parts: Parts, asked: Asked, *, tells_cost: bool = True) -> dict[str, object]:
    """What a row says of these parts, but of classes; what is reckoned from cost to whom it may."""
    figures = figures_of(parts, asked)
    named = {name: key for name, key in FIGURES.items() if tells_cost or key not in OF_COST}
    return {
        **{name: number(figures[key]) if name in named else None for name, key in FIGURES.items()},
        "opening": parts.opening,
        "closing": parts.closing,
        "in_transit": parts.in_transit,
        "sold_14d": parts.window_sold,
        "age_buckets": age_buckets_of(parts, asked.terms),
        "supply_ends_on": day(ends_on(figures, asked)),
        "flags": [str(flag) for flag in flags_of(parts, figures, named.values())],
    }


def _given(given: Overrides, rows: Sequence[Row], *, by: Sequence[str]) -> str | None:
    """The class that a person gave the style of a row; None where there is none."""
    if STYLE not in by:
        return None
    style, office = rows[0]["style_id"], rows[0]["office_id"]
    override = given.of(style, office if OFFICE in by else None)
    return override.style_class if override else None


def _classes(parts: Parts, given: str | None, *, by: Sequence[str]) -> dict[str, object]:
    """The class computed and the one given, and the category: of one style alone."""
    of_one = parts if STYLE in by else replace(parts, style_class="", category="")
    return {
        "class": class_word(of_one.style_class),
        "given_class": class_word(given) if given else None,
        "category": category_word(of_one.category),
    }


def _notes(asked: Asked, from_on: date | None) -> list[str]:
    terms = asked.terms
    since = f"from {from_on} to {asked.as_of}" if from_on else f"since each launch to {asked.as_of}"
    gifts = "are sales" if asked.counts_gifts else "are no sales"
    return [
        f"{since}, both days counted, in Asia/Shanghai",
        f"gifts and business use {gifts}",
        f"the pace is that of the last {terms.window_days} days; an order lasts"
        f" {asked.cover_days} days, within which restocked pairs should sell",
        "in_to_sales is since the first of January: sold / (lying + sold)",
        "a total is the ratio of sums; pairs to order are told row by row and added",
        "groups are made of rows of offices where they are grouped or narrowed by offices, of"
        " regions likewise, else of the company: what is on the way inside a region lies in the"
        " region, in none of its offices",
    ]
