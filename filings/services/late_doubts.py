"""Doubts that come after the deal: perhaps the buyer is somebody else's filed customer (FIL-32).

Whichever page wrote what raised them, the deal comes before a person while it can be contested.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Suspicion
from customers.queries import suspected_to_be
from customers.states import SuspicionState
from filings.models import Deal, Dispute
from filings.queries.standing import is_held_elsewhere
from filings.services.contesting import claim_ends
from filings.services.disputing import open_dispute
from filings.services.entering import hold_customer
from filings.states import OPEN_DISPUTES, DisputeKind

# No policy lets a deal be contested for longer: older ones are not looked at.
LONGEST_CLAIM = timedelta(days=62)


def open_late_doubts(*, now: datetime) -> int:
    """Open a question for each fresh deal whose customer came to be suspected after it.

    Asked each minute; a deal that was asked about once is not asked about again, nor is a further
    one of a project that waits. Answers with how many were opened.
    """
    opened = 0
    for deal in _doubted(now=now):
        if now >= claim_ends(deal, deal.filing) or not _has_rival(deal):
            continue
        with transaction.atomic():
            hold_customer(deal.customer_id)
            # The deposit has gone back, the card was merged, or another deposit of the project
            # has been asked about a moment ago.
            if not _doubted(now=now).filter(pk=deal.pk, customer=deal.customer_id).exists():
                continue
            open_dispute(kind=DisputeKind.SAME_PERSON, by=None, at=now, deal=deal)
        opened += 1
    return opened


def _doubted(*, now: datetime) -> QuerySet[Deal]:
    """Fresh deals whose customer came to be suspected since; whose project waits is asked about."""
    later = Suspicion.objects.filter(
        Q(first=OuterRef("customer")) | Q(second=OuterRef("customer")),
        state=SuspicionState.OPEN, raised_at__gt=OuterRef("at"),
        first__merged_into=None, second__merged_into=None,
    )  # fmt: skip
    asked = Dispute.objects.filter(
        Q(deal=OuterRef("pk")) | Q(project=OuterRef("project"), state__in=OPEN_DISPUTES),
        kind=DisputeKind.SAME_PERSON,
    )
    fresh = Deal.objects.filter(Exists(later), ~Exists(asked), at__gt=now - LONGEST_CLAIM)
    standing = fresh.filter(undone_at=None, is_doubted=False)
    others = ("customer", "project", "store", "filing__policy")
    return standing.select_related(*others).order_by("customer", "pk")


def _has_rival(deal: Deal) -> bool:
    """Somebody who does not have the credit protected the other card's lead at the deal."""
    credited = deal.credited_to_id or deal.closer_id
    return is_held_elsewhere(suspected_to_be(deal.customer_id), at=deal.at, besides=credited)
