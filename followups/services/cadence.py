"""The grade's cadence in SQL: one open occurrence a customer, grown overdue and not repeated.

The twin of `followups.rules.cadence`; works on the everyday courses in the table `asked`.
"""

from followups.rules import UNGREETED_GRADES, UNGREETED_WISHES
from followups.services.occurrences import among, planned_after

# The twin of `rules.cadence`, for the asked everyday courses; that of a merged card rests. With it
# what greetings are reckoned from (`birthdays`): customers are read once. OFFSET 0 has each fact
# looked up once, not wherever it is named.
WANTED_CADENCE = f"""
    SELECT asked.course_id, customer.id AS customer_id, step.id AS step_id, store.zone,
           keeper.id AS assignee_id, gap.due_on, customer.merged_into_id IS NOT NULL AS is_merged,
           customer.grade IN ({among(UNGREETED_GRADES)})
               OR customer.quiet IN ({among(UNGREETED_WISHES)}) AS is_not_greeted,
           customer.birth_month, customer.birth_day, customer.birth_is_lunar,
           customer.birth_is_leap_month, customer.birthday_noted_at
      FROM asked
      CROSS JOIN LATERAL (
          SELECT * FROM customers_customer WHERE id = asked.customer_id OFFSET 0) customer
      JOIN staff_store store ON store.id = customer.store_id
      LEFT JOIN staff_person keeper ON keeper.id = customer.owner_id AND keeper.is_active
      JOIN followups_plan plan ON plan.id = asked.plan_id
      LEFT JOIN followups_step step ON step.anchor = 'cadence' AND step.is_active
           AND plan.is_active
           AND step.grade = CASE customer.grade WHEN 'B2' THEN 'C1' ELSE customer.grade END
      CROSS JOIN LATERAL (
          SELECT (SELECT max(other.ends_on) FROM followups_course other
                   WHERE other.customer_id = customer.id AND other.product_id IS NOT NULL
                 ) AS runs_until,
                 (SELECT min(obligation.due_on) FROM followups_obligation obligation
                    JOIN followups_step agreed ON agreed.id = obligation.step_id
                   WHERE %(stands)s
                     AND obligation.customer_id = customer.id AND obligation.state = 'open'
                     AND agreed.anchor IN ('next_step', 'appointment', 'lead')
                 ) AS next_step_on,
                 GREATEST((customer.registered_at AT TIME ZONE store.zone)::date,
                          (customer.last_contact_at AT TIME ZONE store.zone)::date,
                          (SELECT max((obligation.closed_at AT TIME ZONE store.zone)::date)
                             FROM followups_obligation obligation
                             JOIN followups_step care ON care.id = obligation.step_id
                            WHERE %(stands)s AND obligation.subject_id = customer.id
                              AND care.anchor = 'cadence'
                              AND obligation.state IN ('done', 'skipped')),
                          (SELECT max((wish.at AT TIME ZONE store.zone)::date)
                             FROM customers_quietchange wish
                            WHERE wish.customer_id = customer.id
                              AND wish.before = 'all' AND wish.after <> 'all'),
                          (SELECT max((change.at AT TIME ZONE store.zone)::date)
                             FROM customers_gradechange change
                            WHERE change.customer_id = customer.id AND change.before = 'D')
                         ) + step."offset" AS plain
          OFFSET 0
      ) fact
      CROSS JOIN LATERAL (
          SELECT CASE WHEN fact.plain <= fact.runs_until THEN fact.runs_until + step."offset"
                      ELSE fact.plain END AS due_on
      ) shifted
      CROSS JOIN LATERAL (
          SELECT CASE WHEN customer.quiet = 'all' OR customer.merged_into_id IS NOT NULL
                        OR fact.next_step_on <= shifted.due_on
                      THEN NULL ELSE shifted.due_on END AS due_on OFFSET 0
      ) gap
     WHERE asked.product_id IS NULL
"""

# OFFSET 0 keeps the planner to the few customers: it would read all that is open.
CANCEL_CADENCE = """
    UPDATE followups_obligation obligation
       SET state = 'cancelled', cause = 'replaced', closed_at = %(now)s
      FROM wanted, followups_step step,
           LATERAL (SELECT id FROM followups_obligation
                     WHERE step_id = step.id AND subject_id = wanted.customer_id
                       AND state = 'open' OFFSET 0) waiting
     WHERE obligation.id = waiting.id AND step.anchor = 'cadence'
       AND (wanted.due_on IS NULL OR wanted.due_on > %(until)s OR wanted.step_id <> step.id)
"""

MOVE_CADENCE = f"""
    UPDATE followups_obligation obligation
       SET due_on = wanted.due_on, shown_on = wanted.due_on, task_id = NULL,
           due_at = (wanted.due_on + 1)::timestamp AT TIME ZONE wanted.zone,
           planned_on = {planned_after("waiting", "wanted.due_on")}
      FROM wanted,
           LATERAL (SELECT id, due_on, planned_on FROM followups_obligation
                     WHERE step_id = wanted.step_id AND subject_id = wanted.customer_id
                       AND state = 'open' OFFSET 0) waiting
     WHERE obligation.id = waiting.id AND waiting.due_on <> wanted.due_on
       AND wanted.due_on <= %(until)s
"""

FRESH_CADENCE = """
    INSERT INTO fresh
    SELECT wanted.step_id, wanted.customer_id, COALESCE(before.last, 0) + 1, wanted.customer_id,
           wanted.assignee_id, wanted.due_on,
           (wanted.due_on + 1)::timestamp AT TIME ZONE wanted.zone, wanted.due_on, 'open'
      FROM wanted
      LEFT JOIN LATERAL (
          SELECT max(obligation.occurrence) AS last, bool_or(obligation.state = 'open') AS is_open
            FROM followups_obligation obligation
           WHERE %(stands)s AND obligation.step_id = wanted.step_id
             AND obligation.subject_id = wanted.customer_id) before ON true
     WHERE wanted.due_on <= %(until)s AND before.is_open IS NOT TRUE
"""

ADVANCE_EVERYDAY_COURSES = """
    WITH ahead AS (
        SELECT course_id, min(due_on) AS due_on FROM greeting
         WHERE due_on > %(until)s GROUP BY course_id)
    UPDATE followups_course course
       SET next_due_on = LEAST(CASE WHEN wanted.due_on > %(until)s THEN wanted.due_on END,
                               ahead.due_on)
      FROM wanted LEFT JOIN ahead USING (course_id)
     WHERE course.id = wanted.course_id
"""
