"""Care of what customers own, in SQL: the set-based twin of `followups.rules.occurrences`.

Works on the product courses in the table `asked`.
"""

from collections.abc import Sequence

from django.db.models import TextChoices

from followups.rules import ANOTHER_END, LOOK_BACK
from followups.services.doers import doer, people
from followups.states import PLANNED_ANCHORS, PRODUCT_ANCHORS, TERM_ANCHORS, YEARLY_ANCHORS


def among(words: Sequence[TextChoices]) -> str:
    """The words as a list of SQL; they are our own."""
    return ", ".join(f"'{word.value}'" for word in words)


CARE = among(PRODUCT_ANCHORS)
TERMS = among(TERM_ANCHORS)
YEARLY = among(YEARLY_ANCHORS)
# The ends of insurances and warranties come for years, and stretch no plan.
PLANNED = among(PLANNED_ANCHORS)
WEEK = LOOK_BACK.days


def shifted(day: str, by: str, unit: str = "step.unit") -> str:
    """The day so many units after `day`, before it where `by` is negative.

    Months clamp (PostgreSQL's interval does); working days are counted by the ordinals of
    `core_businessday`: a day off has the ordinal of the working day before it.
    """
    return f"""CASE
              WHEN {unit} = 'months' THEN ({day} + make_interval(months => {by}))::date
              WHEN {unit} = 'hours' THEN {day} + ceil({by} / 24.0)::integer
              WHEN {unit} = 'working_days' AND {by} <> 0 THEN (
                  SELECT other.day FROM core_businessday known
                    JOIN core_businessday other
                      ON other.is_working AND other.ordinal = known.ordinal + {by}
                       + CASE WHEN {by} < 0 AND NOT known.is_working THEN 1 ELSE 0 END
                   WHERE known.day = {day})
              WHEN {unit} = 'working_days' THEN {day}
              ELSE {day} + {by} END"""


# One row for each product step of the asked courses, with the day it counts from; of a product that
# is gone, none. A first service that was held is nothing to remind of. An hour counts where the
# step does so. OFFSET 0, here and below, has each value reckoned once, not wherever it is named.
_ANCHORED = f"""
    SELECT asked.customer_id, asked.plan_id, asked.product_id, product.sold_by_id, store.zone,
           step.id AS step_id, step.assignee AS assignee_role, step.anchor, step.unit, step.every,
           CASE WHEN step.anchor IN ({YEARLY}) THEN 1 ELSE step.times END AS times,
           CASE WHEN step.is_before THEN -step."offset" ELSE step."offset" END AS after,
           step.ahead_days, step.asks_from - {WEEK} AS asks_from,
           CASE step.anchor
               WHEN 'delivery' THEN product.delivered_on
               WHEN 'purchase' THEN product.purchased_on
               WHEN 'insurance' THEN product.insurance_until
               WHEN 'warranty' THEN product.warranty_until
               WHEN 'first_service' THEN CASE WHEN NOT EXISTS (
                   SELECT 1 FROM customers_productevent event
                    WHERE event.product_id = product.id AND event.kind = 'first_service'
                      AND event.voided_at IS NULL) THEN product.first_service_on END
           END AS day,
           CASE WHEN step.anchor = 'delivery' AND step.unit = 'hours'
                THEN product.delivered_at END AS at,
           (CASE step.anchor WHEN 'delivery' THEN product.delivered_noted_at
                             WHEN 'purchase' THEN product.purchased_noted_at
                             ELSE product.terms_noted_at
            END AT TIME ZONE store.zone)::date - {WEEK} AS noted_from
      FROM asked
     CROSS JOIN LATERAL (
          SELECT * FROM customers_ownedproduct
           WHERE id = asked.product_id AND gone_on IS NULL OFFSET 0) product
      JOIN staff_store store ON store.id = product.store_id
      JOIN followups_plan plan ON plan.id = asked.plan_id AND plan.is_active
      JOIN followups_step step ON step.plan_id = plan.id AND step.is_active
       AND step.anchor IN ({CARE})
    OFFSET 0
"""


def _months_until(day: str) -> str:
    """How many months after that of the anchor the month of `day` is."""
    years = f"date_part('year', {day}) - date_part('year', anchored.day)"
    months = f"date_part('month', {day}) - date_part('month', anchored.day)"
    return f"(12 * ({years}) + {months})::integer"


# Which occurrences of a step are looked at: all where anything stands, which may be any of them.
# Else, where it comes again each few months, from the first that may be owed to the first beyond
# the horizon, `next`; and the last in place of the one after it, for so long does the plan run.
_NUMBERED = f"""
    SELECT *, generate_series(first, LEAST(next + 1, times)) AS number
      FROM (SELECT anchored.*, ahead.next, CASE WHEN near.is_so THEN
                   GREATEST(1, LEAST(times, ahead.next,
                                     ({_months_until("anchored.noted_from")} - after) / every + 1))
                   ELSE 1 END AS first
              FROM ({_ANCHORED}) anchored
             CROSS JOIN LATERAL (
                  SELECT NOT %(stands)s AND times > 1 AND unit = 'months' AS is_so) near
             CROSS JOIN LATERAL (
                  SELECT CASE WHEN near.is_so THEN GREATEST(
                      1, ({_months_until("%(until)s::date")} - after) / every + 2)
                  ELSE times END AS next) ahead
             WHERE anchored.day IS NOT NULL OFFSET 0) numbered
"""

# One row for each occurrence. Hours are exact where the hour of the anchor is known; an insurance
# and a warranty are numbered by the year in which they end (`rules.number_of_term`). What falls due
# before `earliest` was past when it was noted.
OCCURRENCES = f"""
    SELECT customer_id, plan_id, product_id, step_id, assignee_role, due_on, sold_by_id,
           anchor IN ({PLANNED}) AS is_planned, anchor IN ({TERMS}) AS is_term, noted_from,
           GREATEST(noted_from, asks_from) AS earliest,
           CASE anchor
               WHEN 'insurance' THEN EXTRACT(year FROM day)::bigint + {ANOTHER_END} * (
                   SELECT count(*) FROM customers_productevent event
                    WHERE event.product_id = due.product_id AND event.kind = 'renewal'
                      AND event.voided_at IS NULL
                      AND EXTRACT(year FROM event.insured_before_until) = EXTRACT(year FROM day))
               WHEN 'warranty' THEN EXTRACT(year FROM day)::bigint
               ELSE k END AS occurrence,
           CASE WHEN exact_at IS NOT NULL THEN exact_at
                ELSE (due_on + 1)::timestamp AT TIME ZONE zone END AS due_at,
           due_on - ahead_days AS shown_on
      FROM (SELECT counted.*,
                   CASE WHEN exact_at IS NOT NULL THEN (exact_at AT TIME ZONE zone)::date
                        ELSE {shifted("counted.day", "n", "unit")} END AS due_on
              FROM (SELECT *, at + make_interval(hours => n) AS exact_at
                      FROM (SELECT *, after + (k - 1) * every AS n
                              FROM (SELECT *, CASE WHEN number > next THEN times ELSE number
                                              END AS k
                                      FROM ({_NUMBERED}) numbered OFFSET 0) numbered
                            OFFSET 0) counted
                    OFFSET 0) counted
            OFFSET 0) due
"""


# What is open of the asked courses. OFFSET 0 keeps the planner to single look-ups, here and below,
# whatever it believes of tables that grow while it works.
STANDING = """
    SELECT waiting.*, step.id AS step_id, asked.product_id
      FROM asked
      JOIN followups_step step ON step.plan_id = asked.plan_id
     CROSS JOIN LATERAL (
          SELECT id, occurrence, due_on, due_at, shown_on, planned_on
            FROM followups_obligation
           WHERE step_id = step.id AND subject_id = asked.product_id
             AND state IN ('open', 'suspended') OFFSET 0) waiting
"""

# What is about to be written: nothing yet.
NOTHING_FRESH = """
    SELECT step_id, subject_id, occurrence, customer_id, assignee_id, due_on, due_at, shown_on,
           state
      FROM followups_obligation WHERE false
"""

# What was cancelled because its step or anchor was gone comes back with it; nothing else does.
IS_LEFT_OVER = "state = 'cancelled' AND cause = 'left_over' AS is_left_over"

# What falls due and does not stand yet, of all plans: obligations are written once their tasks are
# there (`grouping.WRITE_FRESH`). The end of an insurance is noted anew with each correction: what
# was owed for it once, is owed.
FRESH_CARE = f"""
    INSERT INTO fresh
    SELECT due.step_id, due.product_id AS subject_id, due.occurrence,
           due.customer_id,
           {doer("due.assignee_role")} AS assignee_id,
           due.due_on, due.due_at, due.shown_on,
           CASE WHEN customer.quiet = 'all' THEN 'suspended' ELSE 'open' END AS state
      FROM (SELECT * FROM occurrence
             WHERE due_on <= %(until)s AND (is_term OR due_on >= noted_from) OFFSET 0) due
      LEFT JOIN LATERAL (
          SELECT {IS_LEFT_OVER} FROM followups_obligation
           WHERE %(stands)s AND step_id = due.step_id AND subject_id = due.product_id
             AND occurrence = due.occurrence OFFSET 0) before ON true
      JOIN customers_customer customer ON customer.id = due.customer_id
      {people("due.sold_by_id")}
     WHERE COALESCE(before.is_left_over, due.due_on >= due.earliest)
"""


def planned_after(waiting: str, due_on: str) -> str:
    """The day to which somebody has put the work, in SQL; none where it was put off, and falls due
    later than that by now. The twin of `rules.planned_after`.
    """
    return f"""CASE WHEN {waiting}.planned_on BETWEEN {waiting}.due_on AND {due_on} - 1 THEN NULL
                    ELSE {waiting}.planned_on END"""


# An anchor was corrected, or a plan was changed: what is open moves, what is done stays, and so
# does the day that was agreed on.
MOVE_PRODUCT_OBLIGATIONS = f"""
    UPDATE followups_obligation obligation
       SET due_on = occurrence.due_on, due_at = occurrence.due_at,
           shown_on = occurrence.shown_on, task_id = NULL,
           planned_on = {planned_after("standing", "occurrence.due_on")}
      FROM standing
      JOIN occurrence USING (step_id, product_id, occurrence)
     WHERE obligation.id = standing.id
       AND (standing.due_on, standing.due_at, standing.shown_on) IS DISTINCT FROM
           (occurrence.due_on, occurrence.due_at, occurrence.shown_on)
"""

CANCEL_LEFT_OVER = """
    UPDATE followups_obligation obligation
       SET state = 'cancelled', cause = 'left_over', closed_at = %(now)s
      FROM standing
     WHERE obligation.id = standing.id
       AND NOT EXISTS (SELECT 1 FROM occurrence
                        WHERE occurrence.step_id = standing.step_id
                          AND occurrence.product_id = standing.product_id
                          AND occurrence.occurrence = standing.occurrence)
"""

# Courses go on to the next day that is not made yet; those that are not written yet, are.
ADVANCE_PRODUCT_COURSES = """
    WITH ahead AS (
        SELECT asked.course_id, asked.customer_id, asked.plan_id, asked.product_id,
               max(due_on) FILTER (WHERE is_planned) AS ends_on,
               min(due_on) FILTER (WHERE due_on > %(until)s) AS next_due_on
          FROM asked LEFT JOIN occurrence USING (plan_id, product_id)
         WHERE asked.product_id IS NOT NULL
         GROUP BY asked.course_id, asked.customer_id, asked.plan_id, asked.product_id),
    advanced AS (
        UPDATE followups_course course
           SET next_due_on = ahead.next_due_on, ends_on = ahead.ends_on
          FROM ahead WHERE course.id = ahead.course_id)
    INSERT INTO followups_course (customer_id, plan_id, product_id, next_due_on, ends_on)
    SELECT customer_id, plan_id, product_id, next_due_on, ends_on
      FROM ahead WHERE course_id IS NULL
     ORDER BY product_id, plan_id
    ON CONFLICT DO NOTHING
"""
