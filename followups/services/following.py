"""Work that goes with whose it is, in SQL: with who leads the store, with who sold the product."""

from followups.services.doers import doer, people
from followups.services.occurrences import CARE, among
from followups.states import (
    BIRTHDAY_ANCHORS,
    LEADING,
    ORDER_ANCHORS,
    PRODUCT_ANCHORS,
    Anchor,
    Assignee,
)
from staff.leaders import LEADERS

# What plans ask for by themselves; what people agree on is whose they say.
_PLANNED = among((*PRODUCT_ANCHORS, *BIRTHDAY_ANCHORS, *ORDER_ANCHORS, Anchor.CADENCE))
_LEADING = among(LEADING)
_FOLLOWING = among((*LEADING, Assignee.SELLER))

# Open calls of those who lead that are not with who leads the store today: a duty has begun or
# ended, a manager has gone to another store. Looked for in every round, among the open calls of
# a few steps; OFFSET 0 has the customers of these looked up, however many others there are.
STRAYED = f"""
    WITH leader AS MATERIALIZED ({LEADERS})
    SELECT call.id, call.customer_id
      FROM followups_step step
     CROSS JOIN LATERAL (
          SELECT id, customer_id, assignee_id FROM followups_obligation
           WHERE step_id = step.id AND state = 'open' AND NOT is_given
             AND id > %(after_call)s OFFSET 0) call
     CROSS JOIN LATERAL (
          SELECT store_id FROM customers_customer WHERE id = call.customer_id OFFSET 0) customer
      JOIN leader ON leader.store_id = customer.store_id
     WHERE step.assignee IN ({_LEADING}) AND step.anchor IN ({_PLANNED})
       AND call.assignee_id IS DISTINCT FROM
           CASE step.assignee WHEN 'service_lead' THEN leader.service_id ELSE leader.sales_id END
     ORDER BY call.id LIMIT %(batch)s
"""

# Such work of the asked customers goes to whose it is: another leader, another seller. What a
# manager gave to somebody stays there, and what was sold by whoever has left, with whom it is.
FOLLOW = f"""
    WITH named AS (
        SELECT waiting.id, step.assignee, {doer("step.assignee")} AS person_id
          FROM (SELECT DISTINCT customer_id FROM asked) whose
         CROSS JOIN LATERAL (
              SELECT id, step_id, subject_id, assignee_id FROM followups_obligation
               WHERE customer_id = whose.customer_id AND state = 'open' AND NOT is_given
              OFFSET 0) waiting
          JOIN followups_step step ON step.id = waiting.step_id
           AND step.assignee IN ({_FOLLOWING}) AND step.anchor IN ({_PLANNED})
          JOIN customers_customer customer ON customer.id = whose.customer_id
          LEFT JOIN customers_ownedproduct product
            ON product.id = waiting.subject_id AND step.anchor IN ({CARE})
          LEFT JOIN followups_anchorday day
            ON day.anchor = step.anchor AND day.subject_id = waiting.subject_id
          {people("COALESCE(product.sold_by_id, day.assignee_id)")})
    UPDATE followups_obligation obligation
       SET assignee_id = named.person_id, task_id = NULL
      FROM named
     WHERE obligation.id = named.id AND obligation.assignee_id IS DISTINCT FROM named.person_id
       AND (named.person_id IS NOT NULL OR named.assignee IN ({_LEADING}))
"""
