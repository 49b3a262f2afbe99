"""The chances of the stages, reckoned from our own history once a night."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from customers.models import Stage
from customers.rules.opportunities import history_since
from customers.states import StageKind

# How far each lately closed one came: the furthest stage it was ever in, moves and all; a loss is
# where a sale ends, not how far it came. Whoever skipped a stage has been beyond it.
RECKON = """
    WITH closed AS (
        SELECT opportunity.id, stage.stage_set_id, opportunity.state = 'won' AS is_won,
               CASE WHEN stage.kind <> 'lost' THEN stage.position END AS position
          FROM customers_opportunity opportunity
          JOIN customers_stage stage ON stage.id = opportunity.stage_id
         WHERE opportunity.state <> 'open'
           AND opportunity.closed_at >= %(since)s AND opportunity.closed_at <= %(now)s
    ), reached AS (
        SELECT closed.id, closed.stage_set_id, closed.is_won,
               GREATEST(closed.position, MAX(stage.position)) AS position
          FROM closed
          LEFT JOIN customers_stagemove move ON move.opportunity_id = closed.id
          LEFT JOIN customers_stage stage
                 ON stage.id = move.after_id AND stage.kind <> 'lost'
                AND stage.stage_set_id = closed.stage_set_id
         GROUP BY closed.id, closed.stage_set_id, closed.is_won, closed.position
    ), share AS (
        SELECT stage.id, COUNT(reached.id) AS closed,
               AVG(reached.is_won::int) AS won
          FROM customers_stage stage
          LEFT JOIN reached ON reached.stage_set_id = stage.stage_set_id
                           AND reached.position >= stage.position
         WHERE stage.kind = 'open'
         GROUP BY stage.id
    )
    UPDATE customers_stage stage
       SET won_share = share.won, reckoned_from = share.closed, reckoned_at = %(now)s
      FROM share
     WHERE share.id = stage.id
"""


@transaction.atomic
def reckon_chances(*, now: datetime) -> int:
    """Write on each open stage the share that was won of those that came so far (KPI-16).

    Counts what was closed in the last 24 months; answers with the number of stages. Twice is once.
    """
    with connection.cursor() as cursor:
        cursor.execute(RECKON, {"now": now, "since": history_since(now)})
        return cursor.rowcount


def reckon_chances_of_today(*, now: datetime) -> int:
    """The same, unless it was done today: asked each hour, because some machines sleep at night."""
    today = timezone.localdate(now)
    stale = Stage.objects.filter(kind=StageKind.OPEN).exclude(reckoned_at__date__gte=today)
    return reckon_chances(now=now) if stale.exists() else 0
