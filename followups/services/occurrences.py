"""The engine's questions in SQL: the set-based twin of `followups.rules`.

Every statement works on the courses listed in the temporary table `asked` (course, customer).
Temporary tables are analysed as soon as they are filled (`engine`): the planner would otherwise
take a handful of rows for thousands, and read whole tables for one customer.
"""

# One row for each occurrence of each product step of the asked courses; a product that is gone has
# none. The twin of `rules.due_after`: months clamp (PostgreSQL's interval does), working days are
# counted by the ordinals of `core_businessday`, hours are exact where the hour of the anchor is
# known.
OCCURRENCES = """
    CREATE TEMPORARY TABLE occurrence ON COMMIT DROP AS
    SELECT course.id AS course_id, course.customer_id, course.product_id, step.id AS step_id,
           step.assignee AS assignee_role, number.k AS occurrence, anchored.noted_on,
           due.due_on, product.sold_by_id,
           CASE WHEN exact.at IS NOT NULL THEN exact.at
                ELSE (due.due_on + 1)::timestamp AT TIME ZONE store.zone END AS due_at,
           due.due_on - step.ahead_days AS shown_on
      FROM asked
      JOIN followups_course course ON course.id = asked.course_id
      JOIN customers_ownedproduct product
        ON product.id = course.product_id AND product.gone_on IS NULL
      JOIN staff_store store ON store.id = product.store_id
      JOIN followups_plan plan ON plan.id = course.plan_id AND plan.is_active
      JOIN followups_step step ON step.plan_id = plan.id AND step.is_active
      CROSS JOIN LATERAL generate_series(1, step.times) AS number(k)
      CROSS JOIN LATERAL (
          SELECT step."offset" + (number.k - 1) * step.every AS n,
                 CASE step.anchor WHEN 'delivery' THEN product.delivered_on
                                  WHEN 'purchase' THEN product.purchased_on END AS day,
                 CASE step.anchor WHEN 'delivery' THEN product.delivered_at END AS at,
                 (CASE step.anchor WHEN 'delivery' THEN product.delivered_noted_at
                                   WHEN 'purchase' THEN product.purchased_noted_at
                  END AT TIME ZONE store.zone)::date AS noted_on
      ) anchored
      CROSS JOIN LATERAL (
          SELECT CASE WHEN step.unit = 'hours' THEN anchored.at + make_interval(hours => anchored.n)
                 END AS at
      ) exact
      CROSS JOIN LATERAL (
          SELECT CASE
              WHEN exact.at IS NOT NULL THEN (exact.at AT TIME ZONE store.zone)::date
              WHEN step.unit = 'months'
                  THEN (anchored.day + make_interval(months => anchored.n))::date
              WHEN step.unit = 'hours' THEN anchored.day + ((anchored.n + 23) / 24)
              WHEN step.unit = 'working_days' THEN (
                  SELECT later.day FROM core_businessday anchor_day
                    JOIN core_businessday later
                      ON later.is_working AND later.ordinal = anchor_day.ordinal + anchored.n
                   WHERE anchor_day.day = anchored.day)
              ELSE anchored.day + anchored.n
          END AS due_on
      ) due
     WHERE anchored.day IS NOT NULL
"""

# Who leads each store: the sales manager by duty, else the store's own manager (ORG-12).
LEADERS = """
    SELECT store.id AS store_id, COALESCE(
        (SELECT duty.person_id FROM staff_duty duty
           JOIN staff_person person ON person.id = duty.person_id AND person.is_active
          WHERE duty.kind = 'sales_manager' AND duty.starts_on <= %(today)s
            AND (duty.ends_on IS NULL OR duty.ends_on >= %(today)s)
            AND (duty.store_id = store.id OR duty.region_id = store.region_id
                 OR (duty.store_id IS NULL AND duty.region_id IS NULL))
          ORDER BY duty.store_id NULLS LAST, duty.region_id NULLS LAST, duty.id LIMIT 1),
        (SELECT person.id FROM staff_person person
          WHERE person.store_id = store.id AND person.is_active
            AND person.role IN ('store_manager', 'field_supervisor')
          ORDER BY person.id LIMIT 1)) AS person_id
      FROM staff_store store
"""

# Customers with something that may be due, or with work that stands on no task, a batch at a time.
# The everyday course is a customer's mutex (`holding`); whoever is being served right now is left
# to that act, or the next minute.
ASK_BATCH = """
    CREATE TEMPORARY TABLE asked ON COMMIT DROP AS
    WITH due AS (
        (SELECT customer_id FROM followups_course WHERE next_due_on <= %(until)s
          ORDER BY next_due_on, id LIMIT %(batch)s)
        UNION
        (SELECT customer_id FROM followups_obligation
          WHERE state = 'open' AND task_id IS NULL LIMIT %(batch)s))
    SELECT id AS course_id, customer_id FROM followups_course
     WHERE product_id IS NULL AND customer_id IN (SELECT customer_id FROM due)
     ORDER BY id FOR UPDATE SKIP LOCKED
"""

ASK_SOME = """
    CREATE TEMPORARY TABLE asked ON COMMIT DROP AS
    SELECT id AS course_id, customer_id FROM followups_course
     WHERE product_id IS NULL AND customer_id = ANY(%(customers)s)
     ORDER BY id FOR UPDATE
"""

ASK_PRODUCTS = """
    INSERT INTO asked (course_id, customer_id)
    SELECT course.id, course.customer_id FROM followups_course course
      JOIN asked mutex ON mutex.customer_id = course.customer_id
     WHERE course.product_id IS NOT NULL AND course.next_due_on <= %(until)s
     ORDER BY course.id FOR UPDATE OF course SKIP LOCKED
"""

# A product there of a trade with a plan, or a customer, without its course: given one, due at once.
ENROL_PRODUCTS = """
    INSERT INTO followups_course (customer_id, plan_id, product_id, next_due_on)
    SELECT product.customer_id, plan.id, product.id, '2000-01-01'
      FROM customers_ownedproduct product
      JOIN staff_store store ON store.id = product.store_id
      JOIN followups_plan plan ON plan.is_active AND store.trade = ANY(plan.trades)
     WHERE {some} AND product.gone_on IS NULL AND NOT EXISTS (
           SELECT 1 FROM followups_course course
            WHERE course.product_id = product.id AND course.plan_id = plan.id)
    ON CONFLICT DO NOTHING
"""

ENROL_CUSTOMERS = """
    INSERT INTO followups_course (customer_id, plan_id, product_id, next_due_on)
    SELECT customer.id, plan.id, NULL, '2000-01-01'
      FROM customers_customer customer
      JOIN followups_plan plan ON plan.code = 'everyday'
     WHERE {some} AND customer.merged_into_id IS NULL AND NOT EXISTS (
           SELECT 1 FROM followups_course course
            WHERE course.customer_id = customer.id AND course.product_id IS NULL
              AND course.plan_id = plan.id)
    ON CONFLICT DO NOTHING
"""

# What was cancelled because its step or anchor was gone comes back with it; nothing else does.
MAKE_PRODUCT_OBLIGATIONS = f"""
    WITH leader AS ({LEADERS})
    INSERT INTO followups_obligation AS obligation
           (step_id, subject_id, occurrence, customer_id, assignee_id, due_on, due_at, shown_on,
            is_timed, way, text, state, cause)
    SELECT occurrence.step_id, occurrence.product_id, occurrence.occurrence,
           occurrence.customer_id,
           CASE occurrence.assignee_role
               WHEN 'sales_manager' THEN leader.person_id
               WHEN 'seller' THEN COALESCE(seller.id, keeper.id)
               ELSE keeper.id END,
           occurrence.due_on, occurrence.due_at, occurrence.shown_on, false, '', '',
           CASE WHEN customer.quiet = 'all' THEN 'suspended' ELSE 'open' END, ''
      FROM occurrence
      JOIN customers_customer customer ON customer.id = occurrence.customer_id
      JOIN leader ON leader.store_id = customer.store_id
      LEFT JOIN staff_person keeper ON keeper.id = customer.owner_id AND keeper.is_active
      LEFT JOIN staff_person seller ON seller.id = occurrence.sold_by_id AND seller.is_active
     WHERE occurrence.due_on <= %(until)s AND occurrence.due_on >= occurrence.noted_on - 7
    ON CONFLICT (step_id, subject_id, occurrence) DO UPDATE
       SET state = excluded.state, cause = '', closed_at = NULL, task_id = NULL,
           assignee_id = excluded.assignee_id, due_on = excluded.due_on,
           due_at = excluded.due_at, shown_on = excluded.shown_on
     WHERE obligation.state = 'cancelled' AND obligation.cause = 'left_over'
"""

# An anchor was corrected, or a plan was changed: what is open moves, what is done stays.
MOVE_PRODUCT_OBLIGATIONS = """
    UPDATE followups_obligation obligation
       SET due_on = occurrence.due_on, due_at = occurrence.due_at,
           shown_on = occurrence.shown_on, task_id = NULL
      FROM occurrence
     WHERE obligation.step_id = occurrence.step_id
       AND obligation.subject_id = occurrence.product_id
       AND obligation.occurrence = occurrence.occurrence
       AND obligation.state IN ('open', 'suspended')
       AND (obligation.due_on, obligation.due_at, obligation.shown_on) IS DISTINCT FROM
           (occurrence.due_on, occurrence.due_at, occurrence.shown_on)
"""

# A manager's call goes with the store's leader of today: another store, another leader; one that
# was given to somebody stays there.
FOLLOW_LEADERS = f"""
    WITH leader AS ({LEADERS})
    UPDATE followups_obligation obligation
       SET assignee_id = leader.person_id, task_id = NULL
      FROM occurrence
      JOIN customers_customer customer ON customer.id = occurrence.customer_id
      JOIN leader ON leader.store_id = customer.store_id
     WHERE occurrence.assignee_role = 'sales_manager' AND NOT obligation.is_given
       AND obligation.step_id = occurrence.step_id
       AND obligation.subject_id = occurrence.product_id
       AND obligation.occurrence = occurrence.occurrence
       AND obligation.state IN ('open', 'suspended')
       AND obligation.assignee_id IS DISTINCT FROM leader.person_id
"""

CANCEL_LEFT_OVER = """
    UPDATE followups_obligation obligation
       SET state = 'cancelled', cause = 'left_over', closed_at = %(now)s
      FROM asked
      JOIN followups_course course ON course.id = asked.course_id AND course.product_id IS NOT NULL
      JOIN followups_step step ON step.plan_id = course.plan_id
     WHERE obligation.step_id = step.id AND obligation.subject_id = course.product_id
       AND obligation.state IN ('open', 'suspended')
       AND NOT EXISTS (SELECT 1 FROM occurrence
                        WHERE occurrence.step_id = obligation.step_id
                          AND occurrence.product_id = obligation.subject_id
                          AND occurrence.occurrence = obligation.occurrence)
"""

ADVANCE_PRODUCT_COURSES = """
    WITH ahead AS (
        SELECT asked.course_id, max(due_on) AS ends_on,
               min(due_on) FILTER (WHERE due_on > %(until)s) AS next_due_on
          FROM asked LEFT JOIN occurrence USING (course_id) GROUP BY asked.course_id)
    UPDATE followups_course course
       SET next_due_on = ahead.next_due_on, ends_on = ahead.ends_on
      FROM ahead
     WHERE course.id = ahead.course_id AND course.product_id IS NOT NULL
"""

# The twin of `rules.cadence`, for the asked everyday courses; that of a merged card rests.
WANTED_CADENCE = """
    CREATE TEMPORARY TABLE wanted ON COMMIT DROP AS
    SELECT asked.course_id, customer.id AS customer_id, step.id AS step_id, store.zone,
           keeper.id AS assignee_id, gap.due_on
      FROM asked
      JOIN followups_course course ON course.id = asked.course_id AND course.product_id IS NULL
      JOIN customers_customer customer ON customer.id = asked.customer_id
      JOIN staff_store store ON store.id = customer.store_id
      LEFT JOIN staff_person keeper ON keeper.id = customer.owner_id AND keeper.is_active
      JOIN followups_plan plan ON plan.id = course.plan_id
      LEFT JOIN followups_step step ON step.anchor = 'cadence' AND step.is_active
           AND plan.is_active
           AND step.grade = CASE customer.grade WHEN 'B2' THEN 'C1' ELSE customer.grade END
      CROSS JOIN LATERAL (
          SELECT (SELECT max(other.ends_on) FROM followups_course other
                   WHERE other.customer_id = customer.id AND other.product_id IS NOT NULL
                 ) AS runs_until,
                 (SELECT min(obligation.due_on) FROM followups_obligation obligation
                    JOIN followups_step agreed ON agreed.id = obligation.step_id
                   WHERE obligation.customer_id = customer.id AND obligation.state = 'open'
                     AND agreed.anchor IN ('next_step', 'appointment', 'lead')
                 ) AS next_step_on,
                 GREATEST((customer.registered_at AT TIME ZONE store.zone)::date,
                          (customer.last_contact_at AT TIME ZONE store.zone)::date,
                          (SELECT max((obligation.closed_at AT TIME ZONE store.zone)::date)
                             FROM followups_obligation obligation
                             JOIN followups_step care ON care.id = obligation.step_id
                            WHERE obligation.subject_id = customer.id
                              AND care.anchor = 'cadence'
                              AND obligation.state IN ('done', 'skipped'))) + step."offset" AS plain
      ) fact
      CROSS JOIN LATERAL (
          SELECT CASE WHEN fact.plain <= fact.runs_until THEN fact.runs_until + step."offset"
                      ELSE fact.plain END AS due_on
      ) shifted
      CROSS JOIN LATERAL (
          SELECT CASE WHEN customer.quiet = 'all' OR customer.merged_into_id IS NOT NULL
                        OR fact.next_step_on <= shifted.due_on
                      THEN NULL ELSE shifted.due_on END AS due_on
      ) gap
"""

CANCEL_CADENCE = """
    UPDATE followups_obligation obligation
       SET state = 'cancelled', cause = 'replaced', closed_at = %(now)s
      FROM wanted, followups_step step
     WHERE obligation.subject_id = wanted.customer_id AND step.id = obligation.step_id
       AND step.anchor = 'cadence' AND obligation.state = 'open'
       AND (wanted.due_on IS NULL OR wanted.due_on > %(until)s
            OR wanted.step_id <> obligation.step_id)
"""

MOVE_CADENCE = """
    UPDATE followups_obligation obligation
       SET due_on = wanted.due_on, shown_on = wanted.due_on, task_id = NULL,
           due_at = (wanted.due_on + 1)::timestamp AT TIME ZONE wanted.zone
      FROM wanted
     WHERE obligation.step_id = wanted.step_id AND obligation.subject_id = wanted.customer_id
       AND obligation.state = 'open' AND obligation.due_on <> wanted.due_on
       AND wanted.due_on <= %(until)s
"""

MAKE_CADENCE = """
    INSERT INTO followups_obligation
           (step_id, subject_id, occurrence, customer_id, assignee_id, due_on, due_at, shown_on,
            is_timed, way, text, state, cause)
    SELECT wanted.step_id, wanted.customer_id, COALESCE(before.last, 0) + 1, wanted.customer_id,
           wanted.assignee_id, wanted.due_on,
           (wanted.due_on + 1)::timestamp AT TIME ZONE wanted.zone, wanted.due_on,
           false, '', '', 'open', ''
      FROM wanted
      LEFT JOIN LATERAL (
          SELECT max(obligation.occurrence) AS last, bool_or(obligation.state = 'open') AS is_open
            FROM followups_obligation obligation
           WHERE obligation.step_id = wanted.step_id
             AND obligation.subject_id = wanted.customer_id) before ON true
     WHERE wanted.due_on <= %(until)s AND before.is_open IS NOT TRUE
    ON CONFLICT (step_id, subject_id, occurrence) DO NOTHING
"""

ADVANCE_EVERYDAY_COURSES = """
    UPDATE followups_course course
       SET next_due_on = CASE WHEN wanted.due_on > %(until)s THEN wanted.due_on END
      FROM wanted WHERE course.id = wanted.course_id
"""

# Open obligations of the asked customers that stand on no task: grouped into what a person sees.
LOOSE = """
    CREATE TEMPORARY TABLE loose ON COMMIT DROP AS
    SELECT obligation.id, obligation.customer_id, obligation.assignee_id, obligation.due_on,
           obligation.due_at, obligation.shown_on, obligation.is_timed,
           CASE WHEN step.way = 'letter' THEN step.id END AS letter_id,
           step.unit = 'hours' AND step.anchor <> 'next_step' AS has_hour_limit,
           step.anchor IN ('delivery', 'purchase') AS is_care
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
REFRESH_TASKS = """
    UPDATE followups_task task
       SET due_at = held.due_at, is_timed = held.is_timed,
           has_hour_limit = held.has_hour_limit, is_care = held.is_care
      FROM (SELECT obligation.task_id, min(obligation.due_at) AS due_at,
                   bool_or(obligation.is_timed) AS is_timed,
                   bool_or(step.unit = 'hours' AND step.anchor <> 'next_step') AS has_hour_limit,
                   bool_or(step.anchor IN ('delivery', 'purchase')) AS is_care
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
