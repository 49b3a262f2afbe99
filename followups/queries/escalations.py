"""What was reported up, to whom, and whether it was seen."""

from django.db.models import Prefetch, Q, QuerySet

from followups.models import Escalation, Obligation
from staff.scope import Reach


def reported(reach: Reach) -> QuerySet[Escalation]:
    """What was reported to this person or those they act for, and in the stores they lead."""
    if reach.sees_all:
        return Escalation.objects.all()
    led = Q(obligation__customer__store__in=reach.store_ids)
    return Escalation.objects.filter(Q(to__in=reach.acts_for) | led)


def unseen(reach: Reach) -> QuerySet[Escalation]:
    """What still waits for somebody to say that they have dealt with it."""
    return reported(reach).filter(seen_at=None)


def with_rows(rows: QuerySet[Escalation]) -> QuerySet[Escalation]:
    """All that a line of the list says, the newest first."""
    obligations = Obligation.objects.select_related("step", "customer__store", "assignee")
    return (
        rows.select_related("to", "seen_by")
        .prefetch_related(Prefetch("obligation", obligations))
        .order_by("-at", "-pk")
    )
