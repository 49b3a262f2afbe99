"""Whoever was refused hears that the customer is free: no queue, nobody is promoted (FIL-12)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.urls import reverse

from customers.models import Customer
from filings.models import Filing
from staff.services.notices import Telling, tell_many
from staff.states import NoticeKind

# Filings refused because of another's, on projects which nobody protects or has sold by now; where
# only a deposit ends what has gone silent (decision 13), a silent filing still keeps others out.
# Who has held the project since is refused no more, and has their own notices.
FREE = """
    SELECT refused.id, filer.is_active AND NOT EXISTS (
               SELECT FROM filings_filing later
                WHERE later.project_id = refused.project_id AND later.invalid = ''
                  AND later.submitted_at >= refused.submitted_at
                  AND refused.filer_id IN (later.filer_id, later.holder_id)) AS is_to_hear
      FROM filings_filing refused
      JOIN staff_person filer ON filer.id = refused.filer_id
     WHERE refused.customer_id = ANY(%(customers)s)
       AND refused.invalid = 'LATER_FILER' AND refused.told_free_at IS NULL
       AND NOT EXISTS (
           SELECT FROM filings_protection stretch
            WHERE stretch.project_id = refused.project_id AND NOT stretch.withdrawn
              AND stretch.during @> %(now)s::timestamptz)
       AND NOT EXISTS (
           SELECT FROM filings_deal deal
            WHERE deal.project_id = refused.project_id AND deal.undone_at IS NULL)
       AND NOT EXISTS (
           SELECT FROM filings_filing silent
             JOIN filings_policy policy ON policy.id = silent.policy_id
            WHERE silent.project_id = refused.project_id AND policy.lapse_by = 'deposit'
              AND silent.submitted_at IS NOT NULL AND silent.invalid = ''
              AND silent.withdrawn = '' AND silent.ended = ''
              AND (silent.limit_at IS NULL OR silent.measured_at IS NOT NULL
                   OR silent.limit_at > %(now)s))
     ORDER BY refused.id
"""


def tell_free(*, customer: Customer, now: datetime) -> int:
    """Tell whom this customer was refused to that they can file again; how many heard.

    Called after what made the customer free; where somebody still protects them, nothing happens.
    """
    return tell_free_of([customer.pk], now=now)


def tell_free_of(customers: Sequence[int], *, now: datetime) -> int:
    """The same for several customers, whom the caller holds: each refused filing is told once.

    The notice names the refused filing alone: neither whose the customer was nor since when.
    """
    with connection.cursor() as cursor:
        cursor.execute(FREE, {"customers": list(customers), "now": now})
        found = dict(cursor.fetchall())
    if not found:
        return 0
    Filing.objects.filter(pk__in=found, told_free_at=None).update(told_free_at=now)
    rows = Filing.objects.filter(pk__in=[pk for pk, is_to_hear in found.items() if is_to_hear])
    return tell_many(
        [
            Telling(
                person_id=filing.filer_id,
                kind=NoticeKind.FILING_FREE,
                key=f"filing_free:{filing.pk}",
                params={"number": filing.number},
                path=reverse("filings:detail", args=[filing.pk]),
            )
            for filing in rows.order_by("pk")
        ],
        now=now,
    )
