"""Whether every filing that protects is followed up by its holder, and no other (FIL-13)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings

from core.verification import Difference, rows_of
from followups.services.filing_duty import OPEN

# What an act of filing or the clock has just changed, the engine's next round brings to the lists.
A_ROUND = timedelta(minutes=2)

_STANDING = """filing.submitted_at IS NOT NULL AND filing.invalid = '' AND filing.withdrawn = ''
       AND filing.ended = '' AND customer.grade <> 'D' AND NOT EXISTS (
           SELECT FROM filings_deal deal
            WHERE deal.project_id = filing.project_id AND deal.undone_at IS NULL)"""
_SETTLED = """NOT EXISTS (
           SELECT FROM filings_filingevent event
            WHERE event.customer_id = filing.customer_id AND event.at > %(lately)s)"""

_MISSING = f"""
    SELECT filing.id, filing.customer_id, filing.update_due_at
      FROM filings_filing filing
      JOIN customers_customer customer ON customer.id = filing.customer_id
      JOIN followups_step step ON step.anchor = 'filing' AND step.is_active
      JOIN followups_plan plan ON plan.id = step.plan_id AND plan.is_active
     WHERE {_STANDING} AND {_SETTLED} AND {OPEN} AND filing.protected_until > %(now)s
       AND filing.update_due_at < %(until)s
       AND NOT EXISTS (
           SELECT FROM followups_obligation known
            WHERE known.step_id = step.id AND known.subject_id = filing.id
              AND known.due_at = filing.update_due_at
              AND (known.cause = '' OR known.cause = 'silence'))
     ORDER BY filing.id
"""

_OFF_THEIR_FILING = f"""
    SELECT obligation.id, filing.id, filing.customer_id, obligation.due_at, filing.update_due_at
      FROM followups_step step
      JOIN followups_obligation obligation
        ON obligation.step_id = step.id AND obligation.state = 'open'
      JOIN filings_filing filing ON filing.id = obligation.subject_id
      JOIN customers_customer customer ON customer.id = filing.customer_id
      LEFT JOIN staff_person holder ON holder.id = filing.holder_id AND holder.is_active
     WHERE step.anchor = 'filing' AND {_SETTLED}
       AND NOT COALESCE({_STANDING} AND filing.protected_until > %(lately)s
                        AND obligation.customer_id = filing.customer_id
                        AND obligation.due_at = filing.update_due_at
                        AND (obligation.is_given OR holder.id IS NULL
                             OR obligation.assignee_id = holder.id), false)
     ORDER BY obligation.id
"""


def duty_differences(*, now: datetime) -> Iterator[Difference]:
    """Each filing that protects has its one duty, due when its row says, on its holder's list."""
    params = {
        "now": now,
        "lately": now - A_ROUND,
        "until": now + timedelta(days=settings.FOLLOW_UP_HORIZON_DAYS),
    }
    for filing, customer, due_at in rows_of(_MISSING, params):
        where = {"customer": customer, "filing": filing}
        yield Difference(check="duty_missing", where=where, expected=due_at)
    for obligation, filing, customer, stored, expected in rows_of(_OFF_THEIR_FILING, params):
        where = {"customer": customer, "filing": filing, "obligation": obligation}
        yield Difference(check="duty_off_its_filing", where=where, stored=stored, expected=expected)
