"""类别2: 畅, 平, 滞, 绝滞 by how continuously and how much a style sells (MER-28 to MER-31,
formulas 3.8). A person's override stands beside what is computed here, never in its place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from statistics import median

from stock.rules.discount import is_cut
from stock.rules.figures import Figure, Flag, raised, ratio
from stock.rules.terms import DEFAULTS, Terms
from stock.states import StyleClass

WEEK = 7


@dataclass(frozen=True, kw_only=True)
class Week:
    """One completed week on sale: net pairs sold, and whether goods were there on any day."""

    sales: int
    had_stock: bool = True


@dataclass(frozen=True, kw_only=True)
class Classed:
    """A class and what it was told by: `weeks` with goods, the share of them that sold."""

    style_class: StyleClass
    weeks: int
    continuity: Figure
    volume: Figure
    flags: tuple[Flag, ...] = ()


def weeks_on_sale(
    launched_on: date | None, *, as_of: date, season_ends_on: date | None = None
) -> int:
    """The completed weeks from the launch day up to the season's end or as-of, whichever is first.

    The seventh day completes the first. 0 before the launch, and where its day is not known.
    """
    if launched_on is None:
        return 0
    until = min(as_of, season_ends_on) if season_ends_on else as_of
    return max(0, (until - launched_on).days + 1) // WEEK


def main_season_mean(weeks: Sequence[Week], *, terms: Terms = DEFAULTS) -> Figure:
    """The mean net pairs a week in the main season: weeks 3–10 on sale unless set, with goods.

    A style that had no goods in any of them is taken by all its weeks with goods. None, where it
    had no goods at all, OUT_OF_STOCK.
    """
    main = [
        week
        for number, week in enumerate(weeks, start=1)
        if week.had_stock and terms.main_from_week <= number <= terms.main_until_week
    ]
    counted = main or [week for week in weeks if week.had_stock]
    return ratio(sum(week.sales for week in counted), len(counted), reason=Flag.OUT_OF_STOCK)


def relative_volume(own: Figure, *, peers: Iterable[Figure]) -> Figure:
    """销量大小: a style's mean week / the median of its category, season and office.

    `peers` has the means of all of them, its own too; those that cannot be computed are left out.
    None where the median is nothing, NO_PEERS.
    """
    if own.value is None:
        return own
    means = [Fraction(peer.value) for peer in peers if peer.value is not None]
    return ratio(own.value, median(means) if means else 0, reason=Flag.NO_PEERS)


def continuity(weeks: Sequence[Week]) -> Figure:
    """持续性: the share of the weeks with goods in which some were sold net (MER-28).

    A week without goods counts neither way, so that lack of goods does not look like lack of demand
    (MER-27); a week of net returns is one without sales. None without such weeks, OUT_OF_STOCK.
    """
    counted = [week for week in weeks if week.had_stock]
    return ratio(sum(week.sales > 0 for week in counted), len(counted), reason=Flag.OUT_OF_STOCK)


def classify(
    weeks: Sequence[Week], *, volume: Figure, is_promoted: bool, terms: Terms = DEFAULTS
) -> Classed:
    """The class of a style in an office (MER-28 to MER-31); each limit belongs to the better class.

    `weeks` are its completed weeks on sale up to the season's end. With fewer than four that had
    goods it is watched and held against no other (MER-17). Without peers to measure its volume by,
    what sells continuously is steady, NO_PEERS. Dead is what hardly sells although it is promoted,
    or on sale for twelve weeks with goods.
    """
    counted = sum(week.had_stock for week in weeks)
    share = continuity(weeks)
    flags = list(raised((Flag.FEW_WEEKS_IN_STOCK, counted < terms.watch_weeks <= len(weeks))))
    if counted < terms.watch_weeks or share.value is None:
        found = StyleClass.WATCHED
    elif share.value >= terms.steady_from:
        is_much = volume.value is not None and volume.value >= terms.fast_volume_from
        found = StyleClass.FAST if is_much else StyleClass.STEADY
        flags += raised((Flag.NO_PEERS, volume.value is None))
    elif share.value >= terms.slow_from:
        found = StyleClass.SLOW
    else:
        is_dead = is_promoted or counted >= terms.dead_from_weeks
        found = StyleClass.DEAD if is_dead else StyleClass.SLOW
    return Classed(
        style_class=found, weeks=counted, continuity=share, volume=volume, flags=tuple(flags)
    )


def is_promoted(
    prices: Iterable[tuple[date, Decimal]], *, tag: Decimal, as_of: date, terms: Terms = DEFAULTS
) -> bool:
    """Whether the price stood below 0.8 of the tag for two weeks on end, by `as_of`.

    `prices` are the steps of the price's path: from which day which price, yuan; a step holds until
    the next. Before the first step the tag price holds. Of two steps on one day the later given
    holds.
    """
    steps = sorted(dict(prices).items())
    path = [step for step in steps if step[0] <= as_of]
    path.append((as_of + timedelta(days=1), tag))
    run = 0
    for (from_on, price), (next_on, _next) in pairwise(path):
        run = run + (next_on - from_on).days if is_cut(price=price, tag=tag, terms=terms) else 0
        if run >= terms.cut_weeks * WEEK:
            return True
    return False


def is_promoted_by_sales(weeks: Iterable[Figure], *, terms: Terms = DEFAULTS) -> bool:
    """The same told by what was paid, where no price path is known: the weekly average discounts.

    Two weeks or more below 0.8; a week that sold nothing says nothing.
    """
    cut = [week for week in weeks if week.value is not None and week.value < terms.cut_under]
    return len(cut) >= terms.cut_weeks
