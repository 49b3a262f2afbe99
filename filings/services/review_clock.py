"""Reviews that nobody made in time go one level up; nothing is ever approved by itself (FIL-28)."""

from datetime import datetime

from django.db import transaction

from filings.models import Filing
from filings.queries.deciders import with_rivals
from filings.services.decision_news import tell_proofs_late, tell_reviews_late
from filings.states import UNREVIEWED, ReviewState

AT_ONCE = 200


@transaction.atomic
def escalate_reviews(*, now: datetime) -> int:
    """Report each filing whose review, or proof, is past its time up, once; answers with how many.

    Rows that somebody is reviewing this moment are passed over until the next minute.
    """
    late = with_rivals(Filing.objects.all()).filter(
        review_state__in=UNREVIEWED,
        review_due_at__lte=now,
        escalated_at=None,
        withdrawn="",
    )
    rows = list(late.order_by("review_due_at", "pk").select_for_update(skip_locked=True)[:AT_ONCE])
    if not rows:
        return 0
    Filing.objects.filter(pk__in=[row.pk for row in rows]).update(escalated_at=now)
    tell_reviews_late([row for row in rows if row.review_state == ReviewState.PENDING], now=now)
    tell_proofs_late([row for row in rows if row.review_state == ReviewState.PROOF], now=now)
    return len(rows)
