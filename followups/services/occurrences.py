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


# One row for each occurrence of each product step of the asked courses; a product that is gone has
# none. Hours are exact where the hour of the anchor is known; a first service that was held is
# nothing to remind of; an insurance and a warranty are numbered by the year in which they end
# (`rules.number_of_term`). What falls due before `earliest` was past when it was noted.
# OFFSET 0 has each day reckoned once, not wherever it is named.
OCCURRENCES = f"""
    SELECT course.id AS course_id, course.customer_id, course.product_id, step.id AS step_id,
           step.assignee AS assignee_role, due.due_on, product.sold_by_id,
           step.anchor IN ({PLANNED}) AS is_planned, step.anchor IN ({TERMS}) AS is_term,
           anchored.noted_on - {WEEK} AS noted_from,
           GREATEST(anchored.noted_on, step.asks_from) - {WEEK} AS earliest,
           CASE step.anchor
               WHEN 'insurance' THEN EXTRACT(year FROM anchored.day)::bigint + {ANOTHER_END} * (
                   SELECT count(*) FROM customers_productevent event
                    WHERE event.product_id = product.id AND event.kind = 'renewal'
                      AND event.voided_at IS NULL
                      AND EXTRACT(year FROM event.insured_before_until)
                          = EXTRACT(year FROM anchored.day))
               WHEN 'warranty' THEN EXTRACT(year FROM anchored.day)::bigint
               ELSE number.k END AS occurrence,
           CASE WHEN exact.at IS NOT NULL THEN exact.at
                ELSE (due.due_on + 1)::timestamp AT TIME ZONE store.zone END AS due_at,
           due.due_on - step.ahead_days AS shown_on
      FROM asked
      CROSS JOIN LATERAL (
          SELECT id, customer_id, plan_id, product_id FROM followups_course
           WHERE id = asked.course_id AND product_id IS NOT NULL OFFSET 0) course
      CROSS JOIN LATERAL (
          SELECT * FROM customers_ownedproduct
           WHERE id = course.product_id AND gone_on IS NULL OFFSET 0) product
      JOIN staff_store store ON store.id = product.store_id
      JOIN followups_plan plan ON plan.id = course.plan_id AND plan.is_active
      JOIN followups_step step ON step.plan_id = plan.id AND step.is_active
           AND step.anchor IN ({CARE})
      CROSS JOIN LATERAL (
          SELECT CASE step.anchor
                     WHEN 'delivery' THEN product.delivered_on
                     WHEN 'purchase' THEN product.purchased_on
                     WHEN 'insurance' THEN product.insurance_until
                     WHEN 'warranty' THEN product.warranty_until
                     WHEN 'first_service' THEN CASE WHEN NOT EXISTS (
                         SELECT 1 FROM customers_productevent event
                          WHERE event.product_id = product.id AND event.kind = 'first_service'
                            AND event.voided_at IS NULL) THEN product.first_service_on END
                 END AS day,
                 CASE step.anchor WHEN 'delivery' THEN product.delivered_at END AS at,
                 (CASE step.anchor WHEN 'delivery' THEN product.delivered_noted_at
                                   WHEN 'purchase' THEN product.purchased_noted_at
                                   ELSE product.terms_noted_at
                  END AT TIME ZONE store.zone)::date AS noted_on OFFSET 0
      ) anchored
      CROSS JOIN LATERAL generate_series(
          1, CASE WHEN step.anchor IN ({YEARLY}) THEN 1 ELSE step.times END) AS number(k)
      CROSS JOIN LATERAL (
          SELECT (step."offset" + (number.k - 1) * step.every)
                 * CASE WHEN step.is_before THEN -1 ELSE 1 END AS n
      ) counted
      CROSS JOIN LATERAL (
          SELECT CASE WHEN step.unit = 'hours' THEN anchored.at + make_interval(hours => counted.n)
                 END AS at
      ) exact
      CROSS JOIN LATERAL (
          SELECT CASE WHEN exact.at IS NOT NULL
                      THEN (exact.at AT TIME ZONE store.zone)::date
                      ELSE {shifted("anchored.day", "counted.n")} END AS due_on OFFSET 0
      ) due
     WHERE anchored.day IS NOT NULL
"""


# What is open of the asked courses. OFFSET 0 keeps the planner to single look-ups, here and below,
# whatever it believes of tables that grow while it works.
STANDING = """
    SELECT waiting.*, step.id AS step_id, course.product_id
      FROM asked
      JOIN followups_course course ON course.id = asked.course_id AND course.product_id IS NOT NULL
      JOIN followups_step step ON step.plan_id = course.plan_id
     CROSS JOIN LATERAL (
          SELECT id, occurrence, due_on, due_at, shown_on, planned_on
            FROM followups_obligation
           WHERE step_id = step.id AND subject_id = course.product_id
             AND state IN ('open', 'suspended') OFFSET 0) waiting
"""

# What falls due and does not stand yet, of all plans: obligations are written once their tasks are
# there (`grouping.WRITE_FRESH`). What was cancelled because its step or anchor was gone comes back
# with it; nothing else does. The end of an insurance is noted anew with each correction: what was
# owed for it once, is owed.
FRESH_CARE = f"""
    SELECT due.step_id, due.product_id AS subject_id, due.occurrence,
           due.customer_id,
           {doer("due.assignee_role")} AS assignee_id,
           due.due_on, due.due_at, due.shown_on,
           CASE WHEN customer.quiet = 'all' THEN 'suspended' ELSE 'open' END AS state
      FROM (SELECT * FROM occurrence
             WHERE due_on <= %(until)s AND (is_term OR due_on >= noted_from) OFFSET 0) due
      LEFT JOIN LATERAL (
          SELECT state, cause FROM followups_obligation
           WHERE %(stands)s AND step_id = due.step_id AND subject_id = due.product_id
             AND occurrence = due.occurrence OFFSET 0) before ON true
      JOIN customers_customer customer ON customer.id = due.customer_id
      {people("due.sold_by_id")}
     WHERE (due.due_on >= due.earliest OR before.state IS NOT NULL)
       AND (before.state IS NULL OR before.state = 'cancelled' AND before.cause = 'left_over')
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

ADVANCE_PRODUCT_COURSES = """
    WITH ahead AS (
        SELECT asked.course_id, max(due_on) FILTER (WHERE is_planned) AS ends_on,
               min(due_on) FILTER (WHERE due_on > %(until)s) AS next_due_on
          FROM asked LEFT JOIN occurrence USING (course_id) GROUP BY asked.course_id)
    UPDATE followups_course course
       SET next_due_on = ahead.next_due_on, ends_on = ahead.ends_on
      FROM ahead
     WHERE course.id = ahead.course_id AND course.product_id IS NOT NULL
"""
