"""The limits of the figures in words: what each is, what it does, how it is said."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stock.wording.counts import days_words

DAYS, WEEKS, WEEK, SHARE, TIMES, TRUTH = "days", "weeks", "week", "share", "times", "truth"
WEEK_LIST, DAY_LIST, SHARE_LIST = "week list", "day list", "share list"

# By group: of each limit what it is, what it does, and in what it is said.
GROUPS: Sequence[tuple[Any, dict[str, tuple[Any, Any, str]]]] = (
    (
        gettext_lazy("Days of supply and orders"),
        {
            "window_days": (
                gettext_lazy("Pace of sale, last days"),
                gettext_lazy("Days of supply are reckoned by what was sold in these days."),
                DAYS,
            ),
            "cover_days": (
                gettext_lazy("Days that an order covers"),
                gettext_lazy("A proposal to reorder fills the stock for so many days."),
                DAYS,
            ),
            "lead_days": (
                gettext_lazy("Lead time"),
                gettext_lazy("From the order until the goods are there."),
                DAYS,
            ),
            "warn_under_days": (
                gettext_lazy("Running out under"),
                gettext_lazy("Stock for fewer days is flagged."),
                DAYS,
            ),
            "red_under_days": (
                gettext_lazy("Red list, to reorder: under"),
                gettext_lazy("Fast styles with stock for fewer days stand on the red list."),
                DAYS,
            ),
            "red_over_days": (
                gettext_lazy("Red list, to mark down: over"),
                gettext_lazy("Slow styles with stock for more days stand on the red list."),
                DAYS,
            ),
        },
    ),
    (
        gettext_lazy("Stock age and discounts"),
        {
            "bucket_limits": (
                gettext_lazy("Age groups, up to day"),
                gettext_lazy("The last day of each group; what is older is the last group."),
                DAY_LIST,
            ),
            "full_price_from": (
                gettext_lazy("Full price from"),
                gettext_lazy("Average discount, as a share of the tag price."),
                SHARE,
            ),
            "light_from": (
                gettext_lazy("Light promotion from"),
                gettext_lazy("Below it goods are sold on promotion."),
                SHARE,
            ),
        },
    ),
    (
        gettext_lazy("Classes of styles"),
        {
            "watch_weeks": (
                gettext_lazy("New styles are watched"),
                gettext_lazy("With fewer weeks that had goods a style is held against no other."),
                WEEKS,
            ),
            "steady_from": (
                gettext_lazy("Sells continuously from"),
                gettext_lazy("Share of the weeks with goods in which some were sold."),
                SHARE,
            ),
            "slow_from": (
                gettext_lazy("Slow from"),
                gettext_lazy("Below it a style hardly sells."),
                SHARE,
            ),
            "fast_volume_from": (
                gettext_lazy("Fast from"),
                gettext_lazy("Times the middle volume of its like in the main season."),
                TIMES,
            ),
            "dead_from_weeks": (
                gettext_lazy("Dead after"),
                gettext_lazy("What hardly sells, without a markdown."),
                WEEKS,
            ),
            "cut_under": (
                gettext_lazy("Marked down is a price under"),
                gettext_lazy("Share of the tag price."),
                SHARE,
            ),
            "cut_weeks": (
                gettext_lazy("Marked down for"),
                gettext_lazy("So long a markdown has to last to count as tried."),
                WEEKS,
            ),
            "new_days": (
                gettext_lazy("Category new, days on sale"),
                gettext_lazy("After that a style is continued until its season ends."),
                DAYS,
            ),
            "past_after_days": (
                gettext_lazy("Past season after"),
                gettext_lazy("Where no season end is known."),
                DAYS,
            ),
        },
    ),
    (
        gettext_lazy("Season and targets"),
        {
            "main_from_week": (
                gettext_lazy("Main season from week"),
                gettext_lazy("For styles without a season; each season has its own weeks."),
                WEEK,
            ),
            "main_until_week": (
                gettext_lazy("Main season until week"),
                "",
                WEEK,
            ),
            "curve": (
                gettext_lazy("Target curve"),
                gettext_lazy("Sold by the end of each week of a cycle; stretched over a season."),
                SHARE_LIST,
            ),
            "cycle_weeks": (gettext_lazy("Weeks of a cycle"), "", WEEKS),
            "behind_weeks": (
                gettext_lazy("To be promoted when behind for"),
                gettext_lazy("So long a style is under its target before it is promoted."),
                WEEKS,
            ),
            "markdown_weeks": (
                gettext_lazy("First and second markdown, week"),
                gettext_lazy("Weeks of a cycle, stretched over a season."),
                WEEK_LIST,
            ),
            "healthy_from": (gettext_lazy("Healthy season end from"), "", SHARE),
            "healthy_until": (
                gettext_lazy("Healthy season end until"),
                gettext_lazy("Less is left over, more was bought too little."),
                SHARE,
            ),
        },
    ),
    (
        gettext_lazy("Counting and floor price"),
        {
            "counts_gifts": (
                gettext_lazy("Gifts and business use count as sales"),
                gettext_lazy("In sell-through and turnover; they are outflows in any case."),
                TRUTH,
            ),
            "freight": (gettext_lazy("Freight"), gettext_lazy("Share of the cost."), SHARE),
            "commission": (
                gettext_lazy("Commission of the mall"),
                gettext_lazy("Share of the price."),
                SHARE,
            ),
            "expense": (
                gettext_lazy("Selling expense"),
                gettext_lazy("Share of the price."),
                SHARE,
            ),
        },
    ),
)  # fmt: skip
FIELDS = {name: said for _title, fields in GROUPS for name, said in fields.items()}


def percent_text(share: Fraction | Decimal) -> str:
    """A share as its per cents: 75, 66.67."""
    return f"{round(float(share) * 100, 2):g}"


def written(name: str, value: Any) -> str:
    """A limit as somebody types it: 14 · 75 · 30, 60, 90, 180."""
    kind = FIELDS[name][2]
    values = value if isinstance(value, tuple) else (value,)
    if kind in (SHARE, SHARE_LIST):
        return ", ".join(percent_text(each) for each in values)
    if kind == TIMES:
        return f"{round(float(value), 2):g}"
    return ", ".join(str(each) for each in values)


def limit_text(name: str, value: Any) -> str:
    """A limit as it is read: 14 days, 75 %, 20 · 30 · 40 %."""
    kind, text = FIELDS[name][2], written(name, value).replace(", ", " · ")
    if kind == TRUTH:
        return _("yes") if value else _("no")
    if kind in (SHARE, SHARE_LIST):
        return f"{text} %"
    if kind == DAYS:
        return days_words(value)
    if kind == WEEKS:
        return ngettext("%(weeks)s week", "%(weeks)s weeks", value) % {"weeks": value}
    if kind == TIMES:
        return _("%(number)s times") % {"number": text}
    return text
