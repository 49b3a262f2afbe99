"""What each figure is called, and how it is worked out, in one sentence (G16)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Formula:
    """A figure's name, its formula in words, and the clause it comes from."""

    name: Promise
    formula: Promise
    clause: str = ""


FORMULAS: dict[str, Formula] = {
    "days_on_sale": Formula(
        _("Days on sale"), _("as-of day − launch day + 1: the launch day is day 1"), "MER-16"
    ),
    "closing": Formula(
        _("Stock"),
        _("opening stock + received − sold − given away ± stock-take, at close of business"),
    ),
    "net_sold": Formula(
        pgettext_lazy("pairs", "Sold"), _("sales − returns by customers"), "MER-06"
    ),
    "sell_through": Formula(
        _("Sell-through"),
        _("net sales ÷ (opening stock + receipts); transfers count below the region"),
        "MER-18",
    ),
    "target": Formula(
        _("Target of the week"),
        _("what should be sold by the end of the last completed week, by the season's curve"),
    ),
    "daily_pace": Formula(
        _("Last 2 weeks"), _("net sales of the last 14 days, or since the launch"), "MER-24"
    ),
    "days_of_supply": Formula(
        _("Days of supply"),
        _("stock × days ÷ net sales of those days: at the pace of the last two weeks"),
        "MER-24",
    ),
    "replenish": Formula(
        _("To reorder"),
        _("(sales of the window × days to cover − (stock + on its way) × days of the window)"
          " ÷ days of the window, rounded up, never under 0"),
        "MER-26",
    ),
    "stock_age": Formula(
        _("Stock age"),
        _("Σ pairs × days since their receipt ÷ Σ pairs; first in, first out, transfers keep"
          " their day"),
        "MER-20",
    ),
    "stock_to_sales": Formula(
        _("Stock to sales"), _("(opening + closing) ÷ 2 ÷ net sales of the period"), "MER-22"
    ),
    "average_discount": Formula(
        _("Average discount"), _("Σ paid ÷ Σ tag price of the same pairs"), "MER-23"
    ),
    "allotted": Formula(
        _("Allotted this year"), _("closing stock + net sales since the first of the year"),
        "MER-14",
    ),
    "in_to_sales": Formula(
        _("Sold of allotted"),
        _("net sales since the first of the year ÷ (closing stock + these sales)"),
        "MER-14",
    ),
    "stock_rate": Formula(_("Stock rate"), _("closing stock ÷ (opening stock + receipts)")),
    "restock_hit_rate": Formula(
        _("Restock hits"), _("restocked pairs sold within the days to cover ÷ restocked pairs"),
        "MER-21",
    ),
    "fill_rate": Formula(
        _("Requests filled"), _("Σ min(shipped, requested) ÷ Σ requested"), "MER-27"
    ),
    "adjusted_daily_sales": Formula(
        _("Selling power a day"), _("net sales of the window ÷ its days with goods"), "MER-27"
    ),
    "complete_rate": Formula(
        _("Sizes complete"), _("sizes in stock ÷ sizes of the range; broken: a core size lacks")
    ),
    "continuity": Formula(
        pgettext_lazy("of a class", "Continuity"),
        _("weeks with net sales ÷ weeks with goods since the launch"), "MER-28",
    ),
    "volume": Formula(
        pgettext_lazy("of a class", "Volume"),
        _("mean week in the main season ÷ median of the same category, season and office"),
        "MER-28",
    ),
    "gmroi": Formula(
        _("GMROI"), _("gross margin of the period ÷ ((opening + closing stock at cost) ÷ 2)")
    ),
}  # fmt: skip


def anchor(key: str) -> str:
    """Where a figure stands on the page that explains it; short, a board names hundreds."""
    return f"f{_ANCHORS[key]}"


_ANCHORS = {key: at for at, key in enumerate(FORMULAS)}
