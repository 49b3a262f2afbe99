"""Obligations into tasks, in SQL: what a person sees of a customer and a day (decision 9).

Works on the customers in the table `asked`.
"""

from followups.services.occurrences import CARE, among
from followups.states import APART_WAYS

# Letters and greetings stand on tasks of their own (decision 19).
APART = among(APART_WAYS)

# Open obligations of the asked customers that stand on no task: grouped into what a person sees.
LOOSE = f"""
    CREATE TEMPORARY TABLE loose ON COMMIT DROP AS
    SELECT obligation.id, obligation.customer_id, obligation.assignee_id, obligation.due_on,
           obligation.due_at, obligation.shown_on, obligation.is_timed,
           CASE WHEN step.way IN ({APART}) THEN step.id END AS letter_id,
           step.unit = 'hours' AND step.anchor <> 'next_step' AS has_hour_limit,
           step.anchor IN ({CARE}) AS is_care
      FROM followups_obligation obligation
      JOIN followups_step step ON step.id = obligation.step_id
     WHERE obligation.state = 'open' AND obligation.task_id IS NULL
       AND obligation.customer_id IN (SELECT customer_id FROM asked)
"""

GROUP_INTO_TASKS = """
    INSERT INTO followups_task AS task
           (customer_id, assignee_id, letter_id, day, shown_on, due_at, is_timed, has_hour_limit,
            is_care, state, moved_reason, skip_reason)
    SELECT customer_id, assignee_id, letter_id, due_on, min(shown_on), min(due_at),
           bool_or(is_timed), bool_or(has_hour_limit), bool_or(is_care), 'open', '', ''
      FROM loose
     GROUP BY customer_id, assignee_id, letter_id, due_on
     ORDER BY customer_id, assignee_id, letter_id, due_on
    ON CONFLICT (customer_id, assignee_id, day, letter_id) WHERE state = 'open'
    DO UPDATE SET shown_on = LEAST(task.shown_on, excluded.shown_on),
                  due_at = LEAST(task.due_at, excluded.due_at),
                  is_timed = task.is_timed OR excluded.is_timed,
                  has_hour_limit = task.has_hour_limit OR excluded.has_hour_limit,
                  is_care = task.is_care OR excluded.is_care
"""

ATTACH = """
    UPDATE followups_obligation obligation SET task_id = task.id
      FROM loose JOIN followups_task task
        ON task.customer_id = loose.customer_id AND task.state = 'open'
       AND task.assignee_id IS NOT DISTINCT FROM loose.assignee_id
       AND task.letter_id IS NOT DISTINCT FROM loose.letter_id AND task.day = loose.due_on
     WHERE obligation.id = loose.id AND obligation.state = 'open'
"""

# A task from which everything has moved away, or was cancelled, is no work any more.
CLOSE_EMPTY_TASKS = """
    UPDATE followups_task task SET state = 'cancelled', closed_at = %(now)s
     WHERE task.state = 'open' AND task.customer_id IN (SELECT customer_id FROM asked)
       AND NOT EXISTS (SELECT 1 FROM followups_obligation obligation
                        WHERE obligation.task_id = task.id AND obligation.state = 'open')
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
              FROM followups_obligation obligation
              JOIN followups_step step ON step.id = obligation.step_id
             WHERE obligation.state = 'open'
               AND obligation.customer_id IN (SELECT customer_id FROM asked)
             GROUP BY obligation.task_id) held
     WHERE task.id = held.task_id AND task.state = 'open'
       AND (task.due_at, task.is_timed, task.has_hour_limit, task.is_care) IS DISTINCT FROM
           (held.due_at, held.is_timed, held.has_hour_limit, held.is_care)
"""

REFRESH_NEXT_CONTACT = """
    UPDATE customers_customer customer SET next_contact_on = ahead.day
      FROM (SELECT touched.customer_id, min(task.day) AS day
              FROM (SELECT DISTINCT customer_id FROM asked) touched
              LEFT JOIN followups_task task
                ON task.customer_id = touched.customer_id AND task.state = 'open'
               AND task.letter_id IS NULL
             GROUP BY touched.customer_id) ahead
     WHERE customer.id = ahead.customer_id
       AND customer.next_contact_on IS DISTINCT FROM ahead.day
"""
