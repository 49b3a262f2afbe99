"""What the days of orders owe, in SQL: the set-based twin of `followups.rules.order_days`.

Works on the everyday courses in the table `asked`. What an order needs is asked for whatever the
customer wishes or is graded (decision 15), and stands beside the grade's cadence.
"""

from typing import Any

from core.services.temporary import refill
from followups.services.doers import doer, people
from followups.services.occurrences import IS_LEFT_OVER, WEEK, among, planned_after, shifted
from followups.states import ORDER_ANCHORS

ORDERS = among(ORDER_ANCHORS)

# Each time of each step of the days that stand. What falls due before `earliest` was long past when
# the day was noted or its step began to ask, or fell due while it was paused.
_TIMES = f"""
    SELECT asked.course_id, asked.customer_id, step.id AS step_id, step.assignee AS assignee_role,
           step.unit, step.ahead_days, store.zone, day."on" AS day, day.subject_id,
           day.assignee_id AS seller_id, k AS occurrence,
           CASE WHEN step.is_before THEN -step."offset"
                ELSE step."offset" + (k - 1) * step.every END AS after,
           GREATEST((day.noted_at AT TIME ZONE store.zone)::date - {WEEK},
                    step.asks_from - {WEEK}, day.asks_from) AS earliest
      FROM asked
     CROSS JOIN LATERAL (
          SELECT * FROM followups_anchorday
           WHERE customer_id = asked.customer_id AND ended_at IS NULL AND paused_from IS NULL
          OFFSET 0) day
     CROSS JOIN LATERAL (
          SELECT store_id FROM customers_customer WHERE id = asked.customer_id OFFSET 0) customer
      JOIN staff_store store ON store.id = customer.store_id
      JOIN followups_step step ON step.anchor = day.anchor AND step.is_active
      JOIN followups_plan plan ON plan.id = step.plan_id AND plan.is_active
     CROSS JOIN LATERAL generate_series(1, step.times::integer) AS k
     WHERE asked.product_id IS NULL
    OFFSET 0
"""
OF_ORDERS = f"""
    SELECT course_id, customer_id, step_id, assignee_role, subject_id, seller_id, occurrence,
           earliest, due_on, (due_on + 1)::timestamp AT TIME ZONE zone AS due_at,
           due_on - ahead_days AS shown_on
      FROM (SELECT times.*, {shifted("times.day", "times.after", "times.unit")} AS due_on
              FROM ({_TIMES}) times OFFSET 0) due
"""

# Paid, told, paused, moved to another customer, or a step out of use: what is open is not owed.
# OFFSET 0 keeps the planner to the few customers: it would read all that is open.
CANCEL = f"""
    UPDATE followups_obligation obligation
       SET state = 'cancelled', closed_at = %(now)s,
           cause = CASE WHEN gone.is_ended THEN 'answered' ELSE 'left_over' END
      FROM (SELECT waiting.id, day.ended_at IS NOT NULL AS is_ended
              FROM asked
             CROSS JOIN LATERAL (
                  SELECT id, step_id, subject_id, occurrence FROM followups_obligation
                   WHERE customer_id = asked.customer_id AND state = 'open' OFFSET 0) waiting
              JOIN followups_step step
                ON step.id = waiting.step_id AND step.anchor IN ({ORDERS})
              LEFT JOIN followups_anchorday day
                ON day.anchor = step.anchor AND day.subject_id = waiting.subject_id
             WHERE asked.product_id IS NULL AND NOT EXISTS (
                   SELECT FROM of_orders owed
                    WHERE owed.step_id = waiting.step_id
                      AND owed.subject_id = waiting.subject_id
                      AND owed.occurrence = waiting.occurrence)) gone
     WHERE obligation.id = gone.id
"""

# The day was moved, or is another customer's: what is open goes along, what is done stays.
MOVE = f"""
    UPDATE followups_obligation obligation
       SET customer_id = owed.customer_id, due_on = owed.due_on, due_at = owed.due_at,
           shown_on = owed.shown_on, task_id = NULL, state = 'open',
           planned_on = {planned_after("waiting", "owed.due_on")}
      FROM of_orders owed
     CROSS JOIN LATERAL (
          SELECT id, customer_id, due_on, due_at, shown_on, planned_on, state
            FROM followups_obligation
           WHERE step_id = owed.step_id AND subject_id = owed.subject_id
             AND occurrence = owed.occurrence AND state IN ('open', 'suspended')
          OFFSET 0) waiting
     WHERE obligation.id = waiting.id
       AND (waiting.customer_id, waiting.due_on, waiting.due_at, waiting.shown_on, waiting.state)
           IS DISTINCT FROM
           (owed.customer_id, owed.due_on, owed.due_at, owed.shown_on, 'open')
"""

FRESH = f"""
    INSERT INTO fresh
    SELECT owed.step_id, owed.subject_id, owed.occurrence, owed.customer_id,
           {doer("owed.assignee_role")} AS assignee_id,
           owed.due_on, owed.due_at, owed.shown_on, 'open'
      FROM (SELECT * FROM of_orders
             WHERE due_on BETWEEN earliest AND %(until)s OFFSET 0) owed
      LEFT JOIN LATERAL (
          SELECT {IS_LEFT_OVER} FROM followups_obligation
           WHERE step_id = owed.step_id AND subject_id = owed.subject_id
             AND occurrence = owed.occurrence OFFSET 0) before ON true
      JOIN customers_customer customer ON customer.id = owed.customer_id
      {people("owed.seller_id")}
     WHERE before.is_left_over IS DISTINCT FROM false
"""

# The everyday course is looked at again when the next of it comes within the horizon: no round
# looks for days of orders anywhere else.
ADVANCE = """
    UPDATE followups_course course SET next_due_on = LEAST(course.next_due_on, ahead.due_on)
      FROM (SELECT course_id, min(due_on) AS due_on FROM of_orders
             WHERE due_on > %(until)s GROUP BY course_id) ahead
     WHERE course.id = ahead.course_id
"""


def make(cursor, params: dict[str, Any]) -> tuple[int, int, int]:
    """What is owed for orders, where any of those who are asked of has one: how many into `fresh`,
    how many others moved, were cancelled.
    """
    if not params["orders"]:
        return (0, 0, 0)
    refill(cursor, "of_orders", OF_ORDERS, params)
    changed = {CANCEL: 0, MOVE: 0}
    for statement in changed if params["stands"] else ():
        cursor.execute(statement, params)
        changed[statement] = cursor.rowcount
    cursor.execute(FRESH, params)
    return cursor.rowcount, changed[MOVE], changed[CANCEL]


def advance(cursor, params: dict[str, Any]) -> None:
    """When these customers are to be asked of again; said after their cadence has said it."""
    if params["orders"]:
        cursor.execute(ADVANCE, params)
