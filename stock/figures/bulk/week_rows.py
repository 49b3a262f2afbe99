"""The weeks of a set, which charts draw: pairs by office, brand and season, set-based."""

from datetime import timedelta
from typing import Any

from django.db import connection

from stock.figures.bulk.events import RECEIVED, SOLD
from stock.models import FigureSet
from stock.states import GIFTS, OUTFLOWS, Kind

WEEKS_BACK = 53


def _sum(signs: dict[Kind, int]) -> str:
    """The pairs of these kinds, each with its sign."""
    plus = ", ".join(str(int(kind)) for kind, sign in signs.items() if sign > 0)
    minus = ", ".join(str(int(kind)) for kind, sign in signs.items() if sign < 0) or "0"
    return (
        f"sum(CASE WHEN kind IN ({plus}) THEN quantity"
        f" WHEN kind IN ({minus}) THEN -quantity ELSE 0 END)"
    )


# Every group has each of its weeks, also those in which nothing moved; the first opens with what
# lay there before.
_WEEKS = """
    WITH moved AS (
        SELECT sums.office_id, style.brand_id, style.season_id,
               date_trunc('week', greatest("on", %(first)s - 7))::date AS monday,
               {received} AS received, {opened} AS opened, {sold} AS sold, {change} AS change
          FROM stock_daysum sums JOIN stock_style style ON style.id = sums.style_id
         WHERE "on" <= %(as_of)s
         GROUP BY 1, 2, 3, 4),
    groups AS (
        SELECT office_id, brand_id, season_id, greatest(min(monday), %(first)s) AS since
          FROM moved GROUP BY 1, 2, 3),
    weeks AS (
        SELECT groups.*, monday::date AS monday FROM groups,
               generate_series(since::timestamp, %(as_of)s::timestamp, '7 days') monday),
    opening AS (
        SELECT office_id, brand_id, season_id, sum(change) AS lay FROM moved
         WHERE monday < %(first)s GROUP BY 1, 2, 3)
    SELECT weeks.office_id, weeks.brand_id, weeks.season_id, weeks.monday,
           COALESCE(moved.received, 0) AS received, COALESCE(moved.sold, 0) AS sold,
           COALESCE(opening.lay, 0) + sum(COALESCE(moved.received + moved.opened, 0)) OVER place
               AS supply,
           COALESCE(opening.lay, 0) + sum(COALESCE(moved.change, 0)) OVER place AS closing
      FROM weeks
      LEFT JOIN moved ON moved.office_id = weeks.office_id AND moved.brand_id = weeks.brand_id
           AND moved.season_id IS NOT DISTINCT FROM weeks.season_id
           AND moved.monday = weeks.monday
      LEFT JOIN opening ON opening.office_id = weeks.office_id
           AND opening.brand_id = weeks.brand_id
           AND opening.season_id IS NOT DISTINCT FROM weeks.season_id
    WINDOW place AS (
        PARTITION BY weeks.office_id, weeks.brand_id, weeks.season_id ORDER BY weeks.monday)
"""


_WRITE = """
    INSERT INTO stock_weekfigure
           (set_id, office_id, brand_id, season_id, monday, received, sold, supply, closing)
    SELECT %(set)s, told.* FROM ({told}) told
"""


def weeks_told(figures: FigureSet) -> tuple[str, dict[str, Any]]:
    """The statement, with its parameters, for the rows of the last 53 weeks up to the set's day,
    the running one too: office_id, brand_id, season_id, monday, received, sold, supply, closing.
    """
    sales = SOLD | dict.fromkeys(GIFTS, 1) if figures.counts_gifts else SOLD
    change = {kind: -1 if kind in OUTFLOWS else 1 for kind in Kind}
    monday = figures.as_of - timedelta(days=figures.as_of.weekday())
    query = _WEEKS.format(
        received=_sum(RECEIVED), opened=_sum({Kind.OPENING: 1}), sold=_sum(sales),
        change=_sum(change),
    )  # fmt: skip
    return query, {
        "set": figures.pk,
        "as_of": figures.as_of,
        "first": monday - timedelta(weeks=WEEKS_BACK - 1),
    }


def write_weeks(figures: FigureSet) -> None:
    """Keep the weeks of a set."""
    told, params = weeks_told(figures)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(told=told), params)
