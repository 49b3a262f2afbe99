"""Obligations into tasks, in SQL: what a person sees of a customer and a day (decision 9).

Works on the customers in the table `asked`.
"""

from followups.services.occurrences import among
from followups.states import APART_WAYS, ORDER_ANCHORS, PRODUCT_ANCHORS

# Letters and greetings stand on tasks of their own (decision 19).
APART = among(APART_WAYS)
# What comes after a sale, and what an order needs, ranks behind calls to A (decision 17).
CARE = among((*PRODUCT_ANCHORS, *ORDER_ANCHORS))

# What stands on no task, whether it is written already or about to be: grouped into what a person
# sees, on the day to which somebody has put it or else when it falls due. OFFSET 0 keeps the
# planner to the asked customers, however fast the tables grow.
LOOSE = f"""
    SELECT owed.id, owed.customer_id, owed.assignee_id, owed.due_at, owed.is_timed,
           COALESCE(owed.planned_on, owed.due_on) AS day,
           COALESCE(owed.planned_on, owed.shown_on) AS shown_on,
           CASE WHEN step.way IN ({APART}) THEN step.id END AS letter_id,
           step.unit = 'hours' AND step.anchor <> 'next_step' AS has_hour_limit,
           step.anchor IN ({CARE}) AS is_care
      FROM (SELECT obligation.* FROM (SELECT DISTINCT customer_id FROM asked) whose
             CROSS JOIN LATERAL (
                 SELECT id, step_id, customer_id, assignee_id, due_on, due_at, shown_on, is_timed,
                        planned_on
                   FROM followups_obligation
                  WHERE customer_id = whose.customer_id AND state = 'open' AND task_id IS NULL
                 OFFSET 0) obligation
             UNION ALL
            SELECT NULL, step_id, customer_id, assignee_id, due_on, due_at, shown_on, false, NULL
              FROM fresh WHERE state = 'open') owed
      JOIN followups_step step ON step.id = owed.step_id
"""

GROUP_INTO_TASKS = """
    INSERT INTO followups_task AS task
           (customer_id, assignee_id, letter_id, day, shown_on, due_at, is_timed, has_hour_limit,
            is_care, state, moved_reason, skip_reason)
    SELECT customer_id, assignee_id, letter_id, day, min(shown_on), min(due_at),
           bool_or(is_timed), bool_or(has_hour_limit), bool_or(is_care), 'open', '', ''
      FROM loose
     GROUP BY customer_id, assignee_id, letter_id, day
     ORDER BY customer_id, assignee_id, letter_id, day
    ON CONFLICT (customer_id, assignee_id, day, letter_id) WHERE state = 'open'
    DO UPDATE SET shown_on = LEAST(task.shown_on, excluded.shown_on),
                  due_at = LEAST(task.due_at, excluded.due_at),
                  is_timed = task.is_timed OR excluded.is_timed,
                  has_hour_limit = task.has_hour_limit OR excluded.has_hour_limit,
                  is_care = task.is_care OR excluded.is_care
"""

ATTACH = """
    UPDATE followups_obligation obligation SET task_id = task.id
      FROM loose
     CROSS JOIN LATERAL (
          SELECT id FROM followups_task
           WHERE customer_id = loose.customer_id AND state = 'open' AND day = loose.day
             AND assignee_id IS NOT DISTINCT FROM loose.assignee_id
             AND letter_id IS NOT DISTINCT FROM loose.letter_id OFFSET 0) task
     WHERE obligation.id = loose.id AND obligation.state = 'open'
"""

# The obligations themselves, each on its task at once: written a single time.
WRITE_FRESH = f"""
    INSERT INTO followups_obligation AS obligation
           (step_id, subject_id, occurrence, customer_id, assignee_id, due_on, due_at, shown_on,
            is_timed, way, text, state, cause, task_id)
    SELECT fresh.step_id, fresh.subject_id, fresh.occurrence, fresh.customer_id,
           fresh.assignee_id, fresh.due_on, fresh.due_at, fresh.shown_on, false, '', '',
           fresh.state, '', task.id
      FROM fresh
      JOIN followups_step step ON step.id = fresh.step_id
      LEFT JOIN LATERAL (
          SELECT id FROM followups_task
           WHERE customer_id = fresh.customer_id AND state = 'open' AND day = fresh.due_on
             AND assignee_id IS NOT DISTINCT FROM fresh.assignee_id
             AND letter_id IS NOT DISTINCT FROM
                 CASE WHEN step.way IN ({APART}) THEN step.id END OFFSET 0) task
        ON fresh.state = 'open'
    ON CONFLICT (step_id, subject_id, occurrence) DO UPDATE
       SET state = excluded.state, cause = '', closed_at = NULL, task_id = excluded.task_id,
           planned_on = NULL,
           assignee_id = excluded.assignee_id, due_on = excluded.due_on,
           due_at = excluded.due_at, shown_on = excluded.shown_on
     WHERE obligation.state = 'cancelled' AND obligation.cause = 'left_over'
"""

# A task from which everything has moved away, or was cancelled, is no work any more.
CLOSE_EMPTY_TASKS = """
    UPDATE followups_task task SET state = 'cancelled', closed_at = %(now)s
      FROM (SELECT DISTINCT customer_id FROM asked) whose
     CROSS JOIN LATERAL (
          SELECT id FROM followups_task
           WHERE customer_id = whose.customer_id AND state = 'open' OFFSET 0) waiting
      LEFT JOIN LATERAL (
          SELECT true AS is_there FROM followups_obligation
           WHERE task_id = waiting.id AND state = 'open' LIMIT 1) work ON true
     WHERE task.id = waiting.id AND work.is_there IS NULL
"""

# What was agreed may have been taken back from a task that stays: it says what it still holds.
REFRESH_TASKS = f"""
    UPDATE followups_task task
       SET due_at = held.due_at, is_timed = held.is_timed,
           has_hour_limit = held.has_hour_limit, is_care = held.is_care
      FROM (SELECT obligation.task_id, min(obligation.due_at) AS due_at,
                   bool_or(obligation.is_timed) AS is_timed,
                   bool_or(step.unit = 'hours' AND step.anchor <> 'next_step') AS has_hour_limit,
                   bool_or(step.anchor IN ({CARE})) AS is_care
              FROM (SELECT DISTINCT customer_id FROM asked) whose
             CROSS JOIN LATERAL (
                 SELECT task_id, due_at, is_timed, step_id FROM followups_obligation
                  WHERE customer_id = whose.customer_id AND state = 'open' OFFSET 0) obligation
              JOIN followups_step step ON step.id = obligation.step_id
             GROUP BY obligation.task_id) held
     WHERE task.id = held.task_id AND task.state = 'open'
       AND (task.due_at, task.is_timed, task.has_hour_limit, task.is_care) IS DISTINCT FROM
           (held.due_at, held.is_timed, held.has_hour_limit, held.is_care)
"""

_SET_NEXT_CONTACT = """
    UPDATE customers_customer customer SET next_contact_on = ahead.day
      FROM ({ahead}) ahead
     WHERE customer.id = ahead.customer_id
       AND customer.next_contact_on IS DISTINCT FROM ahead.day
"""

REFRESH_NEXT_CONTACT = _SET_NEXT_CONTACT.format(
    ahead="""
      SELECT touched.customer_id, earliest.day
        FROM (SELECT DISTINCT customer_id FROM asked) touched
       CROSS JOIN LATERAL (
             SELECT min(day) AS day FROM followups_task
              WHERE customer_id = touched.customer_id AND state = 'open'
                AND letter_id IS NULL) earliest
"""
)

# Where nothing stood, all the tasks there are have been made from what was loose.
SET_FIRST_CONTACT = _SET_NEXT_CONTACT.format(
    ahead="""
      SELECT customer_id, min(day) FILTER (WHERE letter_id IS NULL) AS day
        FROM asked LEFT JOIN loose USING (customer_id) GROUP BY customer_id
       ORDER BY customer_id
"""
)
