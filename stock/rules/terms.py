"""The limits of the figures: parameters, never constants; a version is a row of the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from core.rules import Blocker


def percent(*values: int) -> tuple[Fraction, ...]:
    """Whole per cents as shares."""
    return tuple(Fraction(value, 100) for value in values)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the documents leave open, with the defaults; shares are fractions of 1.

    Days of supply: `window_days` of sales make the pace (MER-24), an order covers `cover_days` and
    arrives after `lead_days`, a warning under `warn_under_days`, red lists under and over.
    Age: the upper limits of the buckets, in days. Discount: from where on a price is full or light.
    Classes: see `stock.rules.classes`. Season: see `stock.rules.targets` and `stock.rules.launch`.
    Floor: freight is a share of the cost, commission and expense of the price.
    """

    window_days: int = 14
    cover_days: int = 35
    lead_days: int = 14
    warn_under_days: int = 7
    red_under_days: int = 14
    red_over_days: int = 90
    bucket_limits: tuple[int, ...] = (30, 60, 90, 180)
    full_price_from: Fraction = Fraction(95, 100)
    light_from: Fraction = Fraction(80, 100)
    watch_weeks: int = 4
    steady_from: Fraction = Fraction(3, 4)
    slow_from: Fraction = Fraction(1, 4)
    fast_volume_from: Fraction = Fraction(3, 2)
    dead_from_weeks: int = 12
    cut_under: Fraction = Fraction(80, 100)
    cut_weeks: int = 2
    main_from_week: int = 3
    main_until_week: int = 10
    new_days: int = 28
    past_after_days: int = 365
    curve: tuple[Fraction, ...] = percent(20, 30, 40, 50, 60, 75)
    cycle_weeks: int = 8
    behind_weeks: int = 2
    markdown_weeks: tuple[int, int] = (7, 8)
    healthy_from: Fraction = Fraction(65, 100)
    healthy_until: Fraction = Fraction(80, 100)
    counts_gifts: bool = False
    freight: Decimal = Decimal("0.03")
    commission: Decimal = Decimal("0.25")
    expense: Decimal = Decimal("0.02")


DEFAULTS = Terms()
# No span of days or weeks is longer, and no fast style sells more times the median.
LONGEST, MOST_TIMES = 3650, 100


def rises(values: Sequence[Fraction | int]) -> bool:
    """Whether each value is over the one before it."""
    return all(low < high for low, high in pairwise(values))


def terms_blockers(terms: Terms) -> list[Blocker]:
    """Everything that stops such limits from being kept: the code is the field that is wrong."""
    shares_kept = 1 - terms.commission - terms.expense
    weeks = (terms.main_from_week, terms.main_until_week)
    wrong = {
        "window_days": not 1 <= terms.window_days <= LONGEST,
        "cover_days": not 1 <= terms.cover_days <= LONGEST,
        "lead_days": not 0 <= terms.lead_days <= LONGEST,
        "warn_under_days": not 0 <= terms.warn_under_days <= LONGEST,
        "red_over_days": not 0 <= terms.red_under_days < terms.red_over_days <= LONGEST,
        "bucket_limits": not terms.bucket_limits
        or not 0 <= terms.bucket_limits[0] <= terms.bucket_limits[-1] <= LONGEST
        or not rises(terms.bucket_limits),
        "full_price_from": not 0 < terms.light_from < terms.full_price_from <= 1,
        "watch_weeks": not 1 <= terms.watch_weeks <= LONGEST,
        "steady_from": not 0 < terms.slow_from < terms.steady_from <= 1,
        "fast_volume_from": not 0 < terms.fast_volume_from <= MOST_TIMES,
        "dead_from_weeks": not terms.watch_weeks <= terms.dead_from_weeks <= LONGEST,
        "cut_under": not 0 < terms.cut_under <= 1 or not 1 <= terms.cut_weeks <= LONGEST,
        "main_until_week": not 1 <= weeks[0] <= weeks[1] <= LONGEST,
        "past_after_days": not 0 < terms.new_days < terms.past_after_days <= LONGEST,
        "curve": not 0 < len(terms.curve) <= terms.cycle_weeks <= LONGEST
        or not rises((Fraction(0), *terms.curve))
        or terms.curve[-1] > 1,
        "behind_weeks": not 1 <= terms.behind_weeks <= LONGEST,
        "markdown_weeks": not 1 <= terms.markdown_weeks[0] < terms.markdown_weeks[1] <= LONGEST,
        "healthy_until": not 0 < terms.healthy_from < terms.healthy_until <= 1,
        "freight": not 0 <= terms.freight <= 1,
        "commission": terms.commission < 0 or terms.expense < 0 or shares_kept <= 0,
    }
    return [Blocker(field) for field, is_wrong in wrong.items() if is_wrong]
