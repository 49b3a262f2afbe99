"""`report replenishment_fill`: what offices can really sell, what they lost for lack of goods, and
how far their requests were served (MER-27, formulas 3.6). The corrected pace comes first
(decision 23).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from reports.asking.parameters import Parameter, ReportNotMade, days_of, read_day
from reports.figures.goods import (
    GROUPED_BY,
    NARROWING,
    OFFICE,
    STYLE,
    Row,
    day_asked,
    grouped,
    narrowed,
    number,
)
from staff.scope import Reach
from stock.figures.of_row import Asked, figures_of, flags_of
from stock.figures.question import Question
from stock.figures.summing import Parts, parts_of, total
from stock.models import Request
from stock.queries.terms import terms_on
from stock.services.figure_reading import figure_rows
from stock.states import FigureLevel

PARAMETERS = (
    Parameter(name="from", hint="YYYY-MM-DD", read=read_day,
              about="the first day; two weeks up to the last without it"),
    Parameter(name="to", hint="YYYY-MM-DD", read=read_day, about="the last day; today without it"),
    GROUPED_BY,
    *NARROWING,
)  # fmt: skip
FIGURES = ("adjusted_daily_sales", "lost_sales", "fill_rate")
COLUMNS = (
    "style", "office", "region", "brand", "season", "adjusted_daily_sales", "lost_sales", "sold",
    "days", "days_in_stock", "days_on_sale", "requested", "shipped", "fill_rate", "flags",
)  # fmt: skip
Shipped = Mapping[tuple[int, int], int]


def replenishment_fill(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """A row each group of styles in offices. Raises ReportNotMade. `reach` None sees everything."""
    days_of(params)
    until = day_asked(params, "to", today=timezone.localdate(now))
    terms = terms_on(until)
    since = params.get("from") or until - timedelta(days=terms.window_days - 1)
    if since > until:
        raise ReportNotMade.because("ends_before_it_begins")
    terms = replace(terms, window_days=(until - since).days + 1)
    asked = Asked(as_of=until, terms=terms)
    by: Sequence[str] = params.get("by", (STYLE, OFFICE))
    of = narrowed(params, reach=reach)
    question = Question(as_of=until, terms=terms, from_on=since, counts_gifts=terms.counts_gifts)
    styles = None if of.styles is None else sorted(of.styles)
    kept = [
        row
        for row in figure_rows(question, levels={FigureLevel.OFFICE}, styles=styles)
        if of.holds(row)
    ]
    shipped = _shipped(since, until)
    rows = [
        {**group, **_told(_together(own, asked), asked, _sum(own, shipped))}
        for group, own in grouped(kept, by=by)
    ]
    everything = _told(_together(kept, asked), asked, _sum(kept, shipped))
    return rows, everything, _notes(since, until)


def _shipped(since: date, until: date) -> Shipped:
    """By style and office the pairs shipped for requests of these days, those beyond too."""
    rows = Request.objects.filter(on__range=(since, until)).values_list("style", "office")
    told = rows.annotate(pairs=Sum("shipped")).order_by()
    return {(style, office): pairs for style, office, pairs in told}


def _sum(rows: Iterable[Row], shipped: Shipped) -> int:
    return sum(shipped.get((row["style_id"], row["office_id"]), 0) for row in rows)


def _together(rows: Iterable[Row], asked: Asked) -> Parts:
    return total(map(parts_of, rows), as_of=asked.as_of, terms=asked.terms)


def _told(parts: Parts, asked: Asked, shipped: int) -> dict[str, object]:
    figures = figures_of(parts, asked)
    return {
        "adjusted_daily_sales": number(figures["adjusted_daily_sales"]),
        "lost_sales": number(figures["lost_sales"]),
        "sold": parts.window_sold,
        "days": parts.window_days,
        "days_in_stock": parts.window_stocked if parts.members == 1 else None,
        "days_on_sale": number(figures["days_on_sale"]),
        "requested": parts.requested,
        "shipped": shipped,
        "fill_rate": number(figures["fill_rate"]),
        "flags": [str(flag) for flag in flags_of(parts, figures, FIGURES)],
    }


def _notes(since: date, until: date) -> list[str]:
    return [
        f"from {since} to {until}, both days counted, in Asia/Shanghai",
        "adjusted_daily_sales is sold / days in stock of each style in each office, added up;"
        " lost_sales what they would have sold more with goods on every day",
        "fill_rate counts of each request no more than was requested; shipped is all that was sent",
    ]
