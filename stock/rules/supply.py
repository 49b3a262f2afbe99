"""可维持天数 and 补货量: how long stock lasts at the pace of the last two weeks, what to order
(MER-24 to MER-26, formulas 3.5).
"""

from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from stock.rules.figures import Figure, Flag, raised
from stock.rules.terms import DEFAULTS, Terms
from stock.states import StyleClass


class Red(StrEnum):
    """The two red lists of the board."""

    REORDER = "reorder"  # fast, and soon sold out
    MARK_DOWN = "mark_down"  # slow, and lying for long


def pace_window(days_on_sale: int | None, *, terms: Terms = DEFAULTS) -> int:
    """Over how many days the pace is taken, ending at as-of: two weeks, or all since the launch.

    Without a known launch the full window; 0 where it is not on sale yet. Of a group, the window of
    the one that is on sale for longest.
    """
    if days_on_sale is None:
        return terms.window_days
    return max(0, min(terms.window_days, days_on_sale))


def daily_pace(*, sold: int, window: int) -> Figure:
    """Net pairs a day over the window; None for a window of no days, NOT_ON_SALE."""
    if window <= 0:
        return Figure(None, (Flag.NOT_ON_SALE,))
    return Figure(Fraction(sold, window), raised((Flag.NET_RETURN, sold < 0)))


def days_of_supply(
    *, stock: int, sold: int, days_on_sale: int | None, terms: Terms = DEFAULTS
) -> Figure:
    """可维持天数: for how many days `stock` pairs last at the pace of the last two weeks (MER-24).

    `sold` is net of returns over `pace_window(days_on_sale)`; stock × window / sold, exact (shown
    as whole days, rounded down). Nothing in stock is 0 days, under nothing NEG_STOCK. None where
    nothing was sold net, NO_SALES (with NET_RETURN under 0), and before the launch, NOT_ON_SALE.
    A launch inside the window is flagged SHORT_ON_SALE, an unknown one NO_LAUNCH, a little that is
    left RUNNING_OUT.
    """
    window = pace_window(days_on_sale, terms=terms)
    if window == 0:
        return Figure(None, (Flag.NOT_ON_SALE,))
    launch = raised(
        (Flag.SHORT_ON_SALE, window < terms.window_days), (Flag.NO_LAUNCH, days_on_sale is None)
    )
    if stock <= 0:
        return Figure(0, (*raised((Flag.NEG_STOCK, stock < 0)), *launch))
    if sold <= 0:
        return Figure(None, (Flag.NO_SALES, *raised((Flag.NET_RETURN, sold < 0)), *launch))
    days = Fraction(stock * window, sold)
    return Figure(days, (*raised((Flag.RUNNING_OUT, days < terms.warn_under_days)), *launch))


def supply_ends_on(days: Figure, *, as_of: date) -> date | None:
    """The last day that the stock of `as_of` still serves (28 days from 04-01: 04-29).

    `as_of` itself where nothing is left; None where the days cannot be told, or end after all time.
    """
    if days.value is None or days.value > (date.max - as_of).days:
        return None
    return as_of + timedelta(days=int(days.value))


def order_before(days: Figure, *, as_of: date, lead_days: int) -> date | None:
    """The day before which an order that takes `lead_days` has to be placed; may be past."""
    ends_on = supply_ends_on(days, as_of=as_of)
    if ends_on is None or (ends_on - date.min).days < lead_days:
        return None
    return ends_on - timedelta(days=lead_days)


def days_left(*, season_ends_on: date, as_of: date) -> int:
    """The days of the season after `as_of`, its last day among them; 0 when it is over."""
    return max(0, (season_ends_on - as_of).days)


def replenish_quantity(
    *, stock: int, in_transit: int, sold: int, window: int, cover: int
) -> Figure:
    """补货量: the pairs to order so that stock and what is on its way last `cover` days (MER-26).

    ⌈(sold × cover − (stock + in transit) × window) / window⌉ in integers, never under 0; `sold` is
    net over `window` days. Negative stock is made up too. None for a window of no days.
    """
    if window <= 0:
        return Figure(None, (Flag.NOT_ON_SALE,))
    lacking = sold * cover - (stock + in_transit) * window
    return Figure(max(0, -(-lacking // window)))


def red_list(
    days: Figure, *, style_class: StyleClass | None, terms: Terms = DEFAULTS
) -> Red | None:
    """On which red list a style stands: fast with less than two weeks of supply, or slow (or dead)
    with more than 90 days or with stock that does not sell at all; else on none.
    """
    if style_class == StyleClass.FAST:
        is_short = days.value is not None and days.value < terms.red_under_days
        return Red.REORDER if is_short else None
    if style_class not in (StyleClass.SLOW, StyleClass.DEAD):
        return None
    lasts = Flag.NO_SALES in days.flags if days.value is None else days.value > terms.red_over_days
    return Red.MARK_DOWN if lasts else None
