"""The duty to follow up filed customers (FIL-13, decision 9): one open obligation a filing.

It says what the filing's row says: due when its next update is, of its holder, gone with its
protection, at rest while a deal stands. A contact that counts for the filing moves or ends it;
any other leaves it standing, and so does putting it off beyond its day.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Subquery

from core.services.temporary import refill
from customers.models import Contact
from filings.models import Filing
from followups.models import Obligation, Task
from followups.services.booked_work import set_apart
from followups.services.occurrences import planned_after
from followups.states import Anchor, State

# Protecting at `now`, and no deal stands on its project.
_STANDING = """filing.submitted_at IS NOT NULL AND filing.invalid = '' AND filing.withdrawn = ''
       AND filing.ended = '' AND filing.protected_until > %(now)s"""
_UNDEALT = """NOT EXISTS (
           SELECT FROM filings_deal deal
            WHERE deal.project_id = filing.project_id AND deal.undone_at IS NULL OFFSET 0)"""
# Whoever filed a further project of somebody else's customer sees no card, and owes nothing, until
# operations have looked (FIL-33, decision 4).
OPEN = """(NOT filing.is_new_project OR customer.owner_id = filing.holder_id OR EXISTS (
           SELECT FROM customers_access opened
            WHERE opened.customer_id = filing.customer_id
              AND opened.person_id = filing.holder_id OFFSET 0) OR NOT EXISTS (
           SELECT FROM filings_dispute asked_of
            WHERE asked_of.project_id = filing.project_id AND asked_of.kind = 'new_project'
              AND asked_of.state IN ('open', 'proof') OFFSET 0))"""
_STEP = """
    SELECT step.id FROM followups_step step
      JOIN followups_plan plan ON plan.id = step.plan_id AND plan.is_active
     WHERE step.anchor = 'filing' AND step.is_active
"""

# What the filings of the asked customers owe. Whoever was given up has no tasks (GRD-08). A limit
# at 24:00 belongs to the day that ends; whose holder works here no more is the keeper's.
DUTIES = f"""
    SELECT filing.id AS filing_id, asked.customer_id, step.id AS step_id,
           COALESCE(holder.id, keeper.id) AS assignee_id, filing.update_due_at AS due_at,
           ((filing.update_due_at - interval '1 microsecond') AT TIME ZONE store.zone)::date
               AS due_on,
           CASE WHEN customer.quiet = 'all' THEN 'suspended' ELSE 'open' END AS state
      FROM asked
     CROSS JOIN ({_STEP}) step
     CROSS JOIN LATERAL (
          SELECT * FROM filings_filing filing
           WHERE filing.customer_id = asked.customer_id AND {_STANDING} AND {_UNDEALT}
          OFFSET 0) filing
      JOIN customers_customer customer ON customer.id = asked.customer_id AND customer.grade <> 'D'
      JOIN staff_store store ON store.id = filing.store_id
      LEFT JOIN staff_person holder ON holder.id = filing.holder_id AND holder.is_active
      LEFT JOIN staff_person keeper ON keeper.id = customer.owner_id AND keeper.is_active
     WHERE asked.product_id IS NULL AND {OPEN}
"""

CANCEL_DUTIES = """
    UPDATE followups_obligation obligation
       SET state = 'cancelled', cause = 'left_over', closed_at = %(now)s
      FROM asked
     CROSS JOIN LATERAL (
          SELECT id FROM filings_filing WHERE customer_id = asked.customer_id OFFSET 0) filing
      JOIN followups_step step ON step.anchor = 'filing'
     CROSS JOIN LATERAL (
          SELECT id FROM followups_obligation
           WHERE step_id = step.id AND subject_id = filing.id
             AND state IN ('open', 'suspended') OFFSET 0) waiting
     WHERE asked.product_id IS NULL AND obligation.id = waiting.id
       AND NOT EXISTS (SELECT FROM duty WHERE duty.filing_id = filing.id)
"""

# Of this customer and of the holder, whoever had it before; what a manager gave to somebody stays
# there until it falls due anew.
MOVE_DUTIES = f"""
    UPDATE followups_obligation obligation
       SET customer_id = duty.customer_id, due_on = duty.due_on, due_at = duty.due_at,
           shown_on = duty.due_on, task_id = NULL, assignee_id = waiting.now_of,
           is_given = waiting.stays_given,
           planned_on = {planned_after("waiting", "duty.due_on")}
      FROM duty
     CROSS JOIN LATERAL (
          SELECT id, due_on, planned_on, customer_id, assignee_id, known.due_at,
                 is_given AND known.due_at = duty.due_at AS stays_given,
                 CASE WHEN is_given AND known.due_at = duty.due_at THEN assignee_id
                      ELSE duty.assignee_id END AS now_of
            FROM followups_obligation known
           WHERE step_id = duty.step_id AND subject_id = duty.filing_id
             AND known.state IN ('open', 'suspended') OFFSET 0) waiting
     WHERE obligation.id = waiting.id
       AND (waiting.due_at, waiting.customer_id, waiting.assignee_id) IS DISTINCT FROM
           (duty.due_at, duty.customer_id, waiting.now_of)
"""

# One is open; what was seen to, or fell due in a silence, is not asked for again.
FRESH_DUTIES = """
    INSERT INTO fresh
    SELECT duty.step_id, duty.filing_id, COALESCE(before.last, 0) + 1, duty.customer_id,
           duty.assignee_id, duty.due_on, duty.due_at, duty.due_on, duty.state
      FROM duty
      LEFT JOIN LATERAL (
          SELECT max(occurrence) AS last,
                 bool_or(state IN ('open', 'suspended') OR known.due_at = duty.due_at
                         AND (state IN ('done', 'skipped') OR cause = 'silence')) AS is_there
            FROM followups_obligation known
           WHERE step_id = duty.step_id AND subject_id = duty.filing_id) before ON true
     WHERE duty.due_on <= %(until)s AND before.is_there IS NOT TRUE
"""

# Filings whose row and whose duty differ: what ended by the clock, and what an act of filing has
# changed since its customer was asked of. Looked for in every round, among what stands; OFFSET 0
# has the few looked up by their indexes, however many others there are.
STRAYED = f"""
    WITH step AS MATERIALIZED ({_STEP})
    SELECT id, customer_id FROM (
        SELECT filing.id, filing.customer_id
          FROM filings_filing filing CROSS JOIN step
         WHERE {_STANDING} AND filing.lapse_noted_at IS NULL AND {_UNDEALT}
           AND filing.id > %(after_filing)s
           AND filing.update_due_at < %(until)s::date + 1
           AND NOT EXISTS (
               SELECT FROM followups_obligation known
                WHERE known.step_id = step.id AND known.subject_id = filing.id
                  AND known.due_at = filing.update_due_at
                  AND (known.cause = '' OR known.cause = 'silence') OFFSET 0)
           AND EXISTS (SELECT FROM customers_customer customer
                        WHERE customer.id = filing.customer_id AND customer.grade <> 'D'
                          AND {OPEN})
         UNION
        SELECT filing.id, filing.customer_id
          FROM step
         CROSS JOIN LATERAL (
              SELECT subject_id, due_at, assignee_id, is_given FROM followups_obligation
               WHERE step_id = step.id AND state = 'open' OFFSET 0) waiting
          JOIN filings_filing filing ON filing.id = waiting.subject_id
          LEFT JOIN staff_person holder ON holder.id = filing.holder_id AND holder.is_active
         WHERE filing.id > %(after_filing)s
           AND NOT COALESCE({_STANDING} AND {_UNDEALT}
                            AND waiting.due_at = filing.update_due_at
                            AND (waiting.is_given OR holder.id IS NULL
                                 OR waiting.assignee_id = holder.id), false)
        ) strayed
     ORDER BY id LIMIT %(batch)s
"""


def make(cursor, params: dict[str, Any]) -> tuple[int, int, int]:
    """What is owed for filings, where any of those who are asked of was ever filed: how many into
    `fresh`, how many others moved, were cancelled.
    """
    if not params["filed"]:
        return (0, 0, 0)
    refill(cursor, "duty", DUTIES, params)
    changed = {CANCEL_DUTIES: 0, MOVE_DUTIES: 0}
    for statement in changed if params["stands"] else ():
        cursor.execute(statement, params)
        changed[statement] = cursor.rowcount
    cursor.execute(FRESH_DUTIES, params)
    return cursor.rowcount, changed[MOVE_DUTIES], changed[CANCEL_DUTIES]


def settle(tasks: Sequence[Task], *, contact: Contact, retry_on: date | None) -> list[Task]:
    """What a contact leaves of the duties at hand: those whose filing it did not extend (FIL-29,
    FIL-30), and after an attempt those that fall due before the day to try again.

    Answers with the tasks that are still to be closed or put off.
    """
    due = Filing.objects.filter(pk=OuterRef("subject_id")).values("update_due_at")
    rows = Obligation.objects.filter(
        task__in=[task.pk for task in tasks], step__anchor=Anchor.FILING, state=State.OPEN
    )
    if contact.reached:
        rows = rows.annotate(owed_at=Subquery(due)).filter(due_at__gte=F("owed_at"))
    elif retry_on is not None:
        today = contact.customer.store.today(contact.logged_at)
        rows = rows.filter(due_on__gte=today, due_on__lt=retry_on)
    staying = list(rows)
    return set_apart(staying, tasks) if staying else list(tasks)
