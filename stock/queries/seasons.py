"""What holds for the styles of each season: its length, its main weeks, its target curve."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from stock.models import Season, SeasonTarget
from stock.rules.targets import drawn_curve, target_curve
from stock.rules.terms import Terms

# The length of a season that a style does not name.
USUAL_WEEKS = Season._meta.get_field("weeks").get_default()


@dataclass(frozen=True, kw_only=True)
class SeasonTerms:
    """The limits with the season's own main weeks, and what should be sold by the end of each week
    from the first on, shares of 1; `is_own_curve` where the season has a table of its own.
    """

    weeks: int
    terms: Terms
    targets: tuple[Fraction, ...]
    is_own_curve: bool = False


def season_terms(terms: Terms) -> dict[int | None, SeasonTerms]:
    """By season what holds for its styles; under None for those without one. Two queries."""
    points: dict[int, dict[int, Fraction]] = {}
    for season, week, share in SeasonTarget.objects.values_list("season", "week", "share"):
        points.setdefault(season, {})[week] = Fraction(share)
    found: dict[int | None, SeasonTerms] = {None: _without_season(terms)}
    for row in Season.objects.all():
        found[row.pk] = terms_of_season(row, points.get(row.pk, {}), terms)
    return found


def terms_of_season(season: Season, points: Mapping[int, Fraction], terms: Terms) -> SeasonTerms:
    """What holds in one season, by the rows of its own table (week → share), where it has one."""
    own = replace(
        terms, main_from_week=season.main_from_week, main_until_week=season.main_until_week
    )
    targets = (
        drawn_curve(points, season_weeks=season.weeks)
        if points
        else target_curve(season_weeks=season.weeks, terms=terms)
    )
    return SeasonTerms(
        weeks=season.weeks, terms=own, targets=tuple(targets), is_own_curve=bool(points)
    )


def _without_season(terms: Terms) -> SeasonTerms:
    targets = target_curve(season_weeks=USUAL_WEEKS, terms=terms)
    return SeasonTerms(weeks=USUAL_WEEKS, terms=terms, targets=tuple(targets))
