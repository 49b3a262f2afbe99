"""Whom the engine's round is about, in SQL: the table `asked`, one row a course.

Courses that are written are locked; those of products without one are only named, without an id,
and their plan is shared (`ASK_UNENROLLED`).

Temporary tables are analysed as soon as they are filled (`refill`): the planner would otherwise
take a handful of rows for thousands, and read whole tables for one customer.
"""

from staff.leaders import LEADERS

# What may be due, a batch at a time from where the one before ended, by an index.
DUE = """
    SELECT next_due_on, id, customer_id FROM followups_course
     WHERE next_due_on <= %(until)s AND (next_due_on, id) > (%(after_day)s, %(after_course)s)
     ORDER BY next_due_on, id LIMIT %(batch)s
"""

# Work that stands on no task.
UNGROUPED = """
    SELECT id, customer_id FROM followups_obligation
     WHERE state = 'open' AND task_id IS NULL AND id > %(after_obligation)s
     ORDER BY id LIMIT %(batch)s
"""

# The everyday course is a customer's mutex (`holding`); whoever is being served right now is left
# to that act, or the next minute.
ASK_BATCH = """
    SELECT id AS course_id, customer_id, plan_id, product_id FROM followups_course
     WHERE product_id IS NULL AND customer_id = ANY(%(customers)s)
     ORDER BY id FOR UPDATE SKIP LOCKED
"""

ASK_SOME = """
    SELECT id AS course_id, customer_id, plan_id, product_id FROM followups_course
     WHERE product_id IS NULL AND customer_id = ANY(%(customers)s)
     ORDER BY id FOR UPDATE
"""

ASK_PRODUCTS = """
    INSERT INTO asked (course_id, customer_id, plan_id, product_id)
    SELECT course.id, course.customer_id, course.plan_id, course.product_id
      FROM followups_course course
      JOIN asked mutex ON mutex.customer_id = course.customer_id
     WHERE course.product_id IS NOT NULL AND course.next_due_on <= %(until)s
     ORDER BY course.id FOR UPDATE OF course SKIP LOCKED
"""

# Who leads the stores of the asked customers.
LEADING = f"""
    {LEADERS}
     WHERE store.id IN (SELECT customer.store_id FROM asked
                         CROSS JOIN LATERAL (
                              SELECT store_id FROM customers_customer
                               WHERE id = asked.customer_id OFFSET 0) customer)
"""

# Whether anything was ever made for the asked customers, whether any of them was filed, and whether
# an order has a day for any of them. Where nothing was made, nothing can have moved or be left
# over, and nobody looks for it: the first round asks of everybody.
STANDS = """
    SELECT (EXISTS (
           SELECT FROM asked CROSS JOIN LATERAL (
                  SELECT FROM followups_obligation
                   WHERE customer_id = asked.customer_id LIMIT 1) made)
        OR EXISTS (
           SELECT FROM asked CROSS JOIN LATERAL (
                  SELECT FROM followups_task
                   WHERE customer_id = asked.customer_id LIMIT 1) made)),
           EXISTS (
           SELECT FROM asked CROSS JOIN LATERAL (
                  SELECT FROM filings_filing
                   WHERE customer_id = asked.customer_id LIMIT 1) filed),
           EXISTS (
           SELECT FROM asked CROSS JOIN LATERAL (
                  SELECT FROM followups_anchorday
                   WHERE customer_id = asked.customer_id LIMIT 1) ordered)
"""

# A product there of a trade with a plan, without its course.
_WITHOUT_COURSE = """
      JOIN staff_store store ON store.id = product.store_id
      JOIN followups_plan plan ON plan.is_active AND store.trade = ANY(plan.trades)
     WHERE product.gone_on IS NULL AND NOT EXISTS (
           SELECT 1 FROM followups_course course
            WHERE course.product_id = product.id AND course.plan_id = plan.id)
"""

# Those of the asked customers: their courses are written once, on the day they are advanced to. The
# plan holds still until then: whoever changes it sees only what is written, so they wait, and what
# they are changing is skipped and theirs to enrol (`enrol_under`).
ASK_UNENROLLED = f"""
    INSERT INTO asked (course_id, customer_id, plan_id, product_id)
    SELECT NULL, product.customer_id, plan.id, product.id
      FROM (SELECT customer_id FROM asked WHERE product_id IS NULL) mutex
     CROSS JOIN LATERAL (
          SELECT id, customer_id, store_id, gone_on FROM customers_ownedproduct
           WHERE customer_id = mutex.customer_id OFFSET 0) product
    {_WITHOUT_COURSE}
       FOR SHARE OF plan SKIP LOCKED
"""

# Others are given theirs, and a customer the everyday one, due at once; in order, for two who give
# them the same wait for each other's rows. OFFSET 0, here and below: a share of everybody is asked
# each minute, for which the planner would read whole tables.
ENROL_PRODUCTS = f"""
    INSERT INTO followups_course (customer_id, plan_id, product_id, next_due_on)
    SELECT product.customer_id, plan.id, product.id, '2000-01-01'
      FROM (SELECT id, customer_id, store_id, gone_on FROM customers_ownedproduct product
             WHERE {{products}} OFFSET 0) product
    {_WITHOUT_COURSE}
       AND {{plans}}
     ORDER BY product.id, plan.id
    ON CONFLICT DO NOTHING
"""

# Not of a customer whom the round asks anyway: there they get it advanced.
OF_NOBODY_ASKED = """NOT EXISTS (
           SELECT 1 FROM followups_course everyday
            WHERE everyday.customer_id = product.customer_id AND everyday.product_id IS NULL
              AND everyday.next_due_on <= %(until)s)"""

ENROL_CUSTOMERS = """
    INSERT INTO followups_course (customer_id, plan_id, product_id, next_due_on)
    SELECT customer.id, plan.id, NULL, '2000-01-01'
      FROM customers_customer customer
      JOIN followups_plan plan ON plan.code = 'everyday'
     WHERE {some} AND customer.merged_into_id IS NULL AND NOT EXISTS (
           SELECT 1 FROM followups_course course
            WHERE course.customer_id = customer.id AND course.product_id IS NULL
              AND course.plan_id = plan.id OFFSET 0)
    ON CONFLICT DO NOTHING
"""

# The highest ids there are: what a round looks at is counted from them.
HIGHEST = """
    SELECT (SELECT max(id) FROM customers_ownedproduct), (SELECT max(id) FROM customers_customer)
"""

# What the planner knows of what was made; nothing (-1) where nobody has looked yet.
HAS_DOUBLED = """
    SELECT reltuples < %(made)s FROM pg_class WHERE oid = 'followups_obligation'::regclass
"""
