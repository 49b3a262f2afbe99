"""The one place that turns parts into figures: board, sheet and reports all ask here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from stock.figures.summing import Parts, told_apart
from stock.rules.discount import average_discount
from stock.rules.figures import Figure, Flag, in_order, raised, ratio
from stock.rules.gmroi import gmroi
from stock.rules.in_to_sales import allotted, in_to_sales
from stock.rules.rates import stock_rate
from stock.rules.sell_through import sell_through
from stock.rules.stock_age import bucket_names, mean_age
from stock.rules.stock_to_sales import stock_to_sales
from stock.rules.supply import daily_pace, days_of_supply, order_before, red_list, supply_ends_on
from stock.rules.terms import Terms
from stock.states import StyleClass

Figures = dict[str, Figure]
# The figures that are reckoned from what goods cost us.
OF_COST = frozenset({"gmroi"})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a row of figures is reckoned by: its day, the terms, and what the report says itself.

    `cover` days to order for (the terms' without it); `counts_gifts`: gifts and business use are
    sales (MER-06).
    """

    as_of: date
    terms: Terms
    cover: int | None = None
    counts_gifts: bool = False

    @property
    def cover_days(self) -> int:
        """For how many days an order has to last."""
        return self.terms.cover_days if self.cover is None else self.cover


def figures_of(parts: Parts, asked: Asked) -> Figures:
    """Every figure of these parts, by its name; each a value or none, with its flags.

    Shares: `sell_through`, `in_to_sales`, `stock_to_sales`, `average_discount`, `stock_rate`,
    `restock_hit_rate`, `fill_rate`, `complete_rate`, `continuity`, `gmroi`, `volume` (times the
    median). Days: `days_on_sale`, `stock_age`, `days_of_supply`. Pairs: `received`, `net_sold`,
    `supply`, `allotted`, `replenish`, `lost_sales`; a day: `daily_pace`, `adjusted_daily_sales`.
    """
    told = told_apart(parts, as_of=asked.as_of, terms=asked.terms, cover=asked.cover)
    return {
        "days_on_sale": told.on_sale(asked.as_of),
        **_of_period(told, asked),
        **_of_pace(told, asked),
        **_of_service(told),
        **_of_class(told),
    }


def _of_period(parts: Parts, asked: Asked) -> Figures:
    period = parts.turnover
    sales = period.sales(counts_gifts=asked.counts_gifts)
    return {
        "received": Figure(period.received),
        "net_sold": Figure(sales),
        "supply": Figure(period.supply),
        "sell_through": sell_through(period, counts_gifts=asked.counts_gifts),
        "stock_to_sales": stock_to_sales(opening=parts.opening, closing=parts.closing, sales=sales),
        "stock_age": _age(parts),
        "stock_rate": stock_rate(closing=parts.closing, supply=period.supply),
        "average_discount": average_discount(
            paid=parts.paid, tag=parts.tagged, has_unpriced=parts.has_unpriced
        ),
        "allotted": Figure(allotted(sales=parts.year_sold, closing=parts.closing)),
        "in_to_sales": in_to_sales(sales=parts.year_sold, closing=parts.closing),
        "gmroi": _gmroi(parts),
    }


def _age(parts: Parts) -> Figure:
    age = mean_age([(parts.aged_pairs, parts.pair_days)])
    is_negative = age.value is None and parts.closing < 0
    return Figure(None, (Flag.NEG_STOCK,)) if is_negative else age


def _gmroi(parts: Parts) -> Figure:
    if parts.margin is None or parts.opening_cost is None or parts.closing_cost is None:
        return Figure(None, (Flag.NO_COST if parts.closing > 0 else Flag.NO_STOCK,))
    return gmroi(margin=parts.margin, opening=parts.opening_cost, closing=parts.closing_cost)


def supply_of(parts: Parts, asked: Asked) -> Figure:
    """Its `days_of_supply` alone."""
    on_sale = parts.on_sale(asked.as_of)
    days = None if on_sale.value is None else int(on_sale.value)
    return days_of_supply(
        stock=parts.closing,
        sold=parts.window_sold,
        days_on_sale=0 if Flag.NOT_ON_SALE in on_sale.flags else days,
        terms=asked.terms,
    )


def _of_pace(parts: Parts, asked: Asked) -> Figures:
    is_early = Flag.NOT_ON_SALE in parts.on_sale(asked.as_of).flags
    return {
        "daily_pace": daily_pace(
            sold=parts.window_sold, window=0 if is_early else parts.window_days
        ),
        "days_of_supply": supply_of(parts, asked),
        "replenish": or_reason(parts.lacking, Flag.NOT_ON_SALE),
        "adjusted_daily_sales": or_reason(
            parts.pace, Flag.OUT_OF_STOCK, *raised((Flag.NET_RETURN, parts.window_sold < 0))
        ),
        "lost_sales": or_reason(parts.missed, Flag.OUT_OF_STOCK),
    }


def _of_service(parts: Parts) -> Figures:
    return {
        "restock_hit_rate": ratio(parts.restock_hits, parts.restocked, reason=Flag.NO_RESTOCK),
        "fill_rate": ratio(parts.served, parts.requested, reason=Flag.NOTHING_REQUESTED),
        "complete_rate": ratio(parts.sizes_in_stock, parts.sizes_in_range, reason=Flag.NO_SIZES),
    }


def _of_class(parts: Parts) -> Figures:
    volume = None if parts.volume is None else Fraction(parts.volume)
    return {
        "continuity": ratio(parts.selling_weeks, parts.weeks, reason=Flag.OUT_OF_STOCK),
        "main_season_mean": ratio(parts.main_sold, parts.main_weeks, reason=Flag.OUT_OF_STOCK),
        "volume": or_reason(volume, Flag.NO_PEERS if parts.main_weeks else Flag.OUT_OF_STOCK),
    }


def or_reason(value: Fraction | int | None, reason: Flag, *flags: Flag) -> Figure:
    """This value, or none for this reason."""
    return Figure(None, (reason, *flags)) if value is None else Figure(value, flags)


def ends_on(figures: Mapping[str, Figure], asked: Asked) -> date | None:
    """The last day that the stock still serves."""
    return supply_ends_on(figures["days_of_supply"], as_of=asked.as_of)


def order_by(figures: Mapping[str, Figure], asked: Asked) -> date | None:
    """The day before which a reorder has to be placed."""
    return order_before(
        figures["days_of_supply"], as_of=asked.as_of, lead_days=asked.terms.lead_days
    )


def red_list_of(figures: Mapping[str, Figure], style_class: str, asked: Asked) -> str:
    """On which red list it stands by this class (a person's, where there is one); "" on none."""
    told = StyleClass(style_class) if style_class else None
    return red_list(figures["days_of_supply"], style_class=told, terms=asked.terms) or ""


def age_buckets_of(parts: Parts, terms: Terms) -> dict[str, int]:
    """The pyramid of ages, pairs by bucket, each there at 0 too."""
    names = bucket_names(terms.bucket_limits)
    return dict(zip(names, parts.buckets or (0,) * len(names), strict=True))


def flags_of(
    parts: Parts, figures: Mapping[str, Figure], names: Iterable[str] | None = None
) -> tuple[Flag, ...]:
    """All that is odd about a row and about its figures (those named, else all), each once."""
    told = figures.values() if names is None else (figures[name] for name in names)
    return in_order((*parts.flags, *(flag for figure in told for flag in figure.flags)))
