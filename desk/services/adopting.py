"""Who keeps the customer of a lead once nobody else does (decision 1, ADJ-06)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from customers.models import Customer
from filings.models import Filing, Protection
from filings.queries.further import stays_closed
from followups import services as followups
from staff.services.system import system_account

_KEPT_BY_NOBODY = Q(owner=None) | Q(owner__is_active=False)


def give_to_holders(*, now: datetime) -> int:
    """Each minute: a customer without an active keeper goes to whoever is protected for them.

    A lead changes hands on the bench and by a late approval, below this room; the keeper follows
    here. Who has several homes filed goes to the first. Answers with how many were given.
    """
    left = Customer.objects.filter(_KEPT_BY_NOBODY, merged_into=None)
    standing = Protection.objects.filter(
        withdrawn=False, during__contains=now, filing__holder__is_active=True,
        filing__customer__in=left,
    ).order_by("filing__submitted_at", "filing")  # fmt: skip
    first: dict[int, Filing] = {}
    for row in standing.select_related("filing__holder"):
        first.setdefault(row.filing.customer_id, row.filing)
    return sum(_give(filing, now=now) for _pk, filing in sorted(first.items()))


@transaction.atomic
def _give(filing: Filing, *, now: datetime) -> bool:
    """Unless somebody took the customer meanwhile, or operations have to look first (FIL-33)."""
    [customer] = followups.hold([filing.customer_id])
    today = customer.store.today(now)
    if customer.owner is not None and customer.owner.is_active:
        return False
    if stays_closed(filing, customer=customer, person=filing.holder, today=today):
        return False
    followups.reassign(customers=[customer.pk], keeper=filing.holder, by=system_account(), now=now)
    return True
