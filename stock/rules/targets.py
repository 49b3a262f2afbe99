"""The target curve of a season's sell-through, and who is behind it (formulas 3.1)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

from core.rules import Blocker
from stock.rules.figures import Figure
from stock.rules.terms import DEFAULTS, Terms


class SeasonEnd(StrEnum):
    """What the sell-through at a season's end says, while goods sold at full price."""

    LEFT_OVER = "left_over"
    HEALTHY = "healthy"
    BOUGHT_TOO_LITTLE = "bought_too_little"


def target_share(*, week: int, season_weeks: int, terms: Terms = DEFAULTS) -> Fraction:
    """What share should be sold by the end of this week on sale, the first being 1.

    The curve of an eight-week cycle keeps its shares and is stretched over the season's weeks,
    straight between its points; 0 before the first week, flat after its last point.
    Raises ValueError for a season of no weeks.
    """
    if season_weeks < 1:
        raise ValueError("a season has a week at least")
    points = (Fraction(0), *terms.curve)
    at = Fraction(max(0, week) * terms.cycle_weeks, season_weeks)
    before = int(at)
    if before >= len(terms.curve):
        return points[-1]
    return points[before] + (points[before + 1] - points[before]) * (at - before)


def target_curve(*, season_weeks: int, terms: Terms = DEFAULTS) -> list[Fraction]:
    """The targets of all weeks of a season, in order: what a season's own table starts from."""
    weeks = range(1, season_weeks + 1)
    return [target_share(week=week, season_weeks=season_weeks, terms=terms) for week in weeks]


def drawn_curve(points: Mapping[int, Fraction], *, season_weeks: int) -> list[Fraction]:
    """The targets of all weeks by a season's own table, week → share sold by its end.

    Weeks that the table leaves out lie straight between their neighbours, the first of them from 0;
    after the last it is flat.
    """
    known = {0: Fraction(0)} | dict(points)
    found = []
    for week in range(1, season_weeks + 1):
        before = max(each for each in known if each <= week)
        after = min((each for each in known if each > week), default=before)
        rise = known[after] - known[before]
        found.append(known[before] + rise * Fraction(week - before, max(after - before, 1)))
    return found


def targets_blockers(points: Mapping[int, Fraction]) -> list[Blocker]:
    """What stops a season's own table, week → share sold by its end: it never falls, above 0 and up
    to 1.
    """
    shares = [points[week] for week in sorted(points)]
    is_whole = shares == sorted(shares) and all(0 < share <= 1 for share in shares)
    return [] if is_whole else [Blocker("targets_fall")]


def markdown_weeks(*, season_weeks: int, terms: Terms = DEFAULTS) -> tuple[int, int]:
    """In which weeks of the season the first and the second markdown come: 7 and 8 of 8, stretched
    and rounded up.
    """
    first, second = (-(-week * season_weeks // terms.cycle_weeks) for week in terms.markdown_weeks)
    return first, second


def weeks_behind(shares: Sequence[Figure], targets: Sequence[Fraction]) -> int:
    """For how many weeks running, up to the last, the sell-through stood below its target.

    Week by week in order; meeting the target is not behind. A week whose share cannot be computed
    neither counts nor breaks the run; weeks beyond the targets are held against the last one.
    """
    behind = 0
    for at in reversed(range(len(shares))):
        share = shares[at].value
        if share is None:
            continue
        if not targets or share >= targets[min(at, len(targets) - 1)]:
            break
        behind += 1
    return behind


def is_behind(weeks: int, *, terms: Terms = DEFAULTS) -> bool:
    """Whether a style that is behind for so many weeks running belongs on the promotion list."""
    return weeks >= terms.behind_weeks


def season_end(share: Figure, *, terms: Terms = DEFAULTS) -> SeasonEnd | None:
    """How a season ended: 65 % to 80 % is healthy, both included. None without a share."""
    if share.value is None:
        return None
    if share.value < terms.healthy_from:
        return SeasonEnd.LEFT_OVER
    return SeasonEnd.HEALTHY if share.value <= terms.healthy_until else SeasonEnd.BOUGHT_TOO_LITTLE
