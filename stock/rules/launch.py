"""上市天数 and how new a style is (MER-07, MER-16)."""

from datetime import date

from stock.rules.figures import Figure, Flag
from stock.rules.terms import DEFAULTS, Terms
from stock.states import Category


def launch_day(
    *, office: date | None, style: date | None, first_received: date | None
) -> tuple[date | None, tuple[Flag, ...]]:
    """Since when a style is on sale in an office: its own day there, else the style's.

    Where nobody says, the day its first pair came in, flagged NO_LAUNCH; None if none ever did.
    """
    said = office or style
    return (said, ()) if said else (first_received, (Flag.NO_LAUNCH,))


def days_on_sale(launched_on: date | None, *, as_of: date) -> Figure:
    """上市天数, whole days, the launch day being day 1 (MER-16: 03-01 to 04-01 is 32).

    None before the launch, NOT_ON_SALE, and where its day is not known, NO_LAUNCH.
    """
    if launched_on is None:
        return Figure(None, (Flag.NO_LAUNCH,))
    if launched_on > as_of:
        return Figure(None, (Flag.NOT_ON_SALE,))
    return Figure((as_of - launched_on).days + 1)


def category(
    *,
    launched_on: date | None,
    season_ends_on: date | None,
    as_of: date,
    terms: Terms = DEFAULTS,
) -> Category | None:
    """类别1 on a day (MER-07): new, then continued, then past, without anybody typing.

    New for the first `new_days` on sale and before them; past from the day after the season's last,
    or, where no season end is known, when it is on sale for more than `past_after_days`; between,
    continued. None where neither day is known.
    """
    if season_ends_on and as_of > season_ends_on:
        return Category.PAST
    if launched_on is None:
        return Category.CONTINUED if season_ends_on else None
    days = (as_of - launched_on).days + 1
    if days <= terms.new_days:
        return Category.NEW
    is_past = season_ends_on is None and days > terms.past_after_days
    return Category.PAST if is_past else Category.CONTINUED
