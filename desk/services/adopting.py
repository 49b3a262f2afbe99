"""Who keeps the customer of a lead once nobody else does (decision 1, ADJ-06)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from customers.models import Customer
from filings.models import Protection
from followups import services as followups
from staff.models import Person
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
    first: dict[int, int] = {}
    for customer, holder in standing.values_list("filing__customer", "filing__holder"):
        first.setdefault(customer, holder)
    holders = Person.objects.in_bulk(set(first.values()))
    return sum(_give(pk, holders[holder], now=now) for pk, holder in sorted(first.items()))


@transaction.atomic
def _give(customer: int, holder: Person, *, now: datetime) -> bool:
    """Unless somebody took the customer meanwhile."""
    followups.hold([customer])
    if not Customer.objects.filter(_KEPT_BY_NOBODY, pk=customer).exists():
        return False
    followups.reassign(customers=[customer], keeper=holder, by=system_account(), now=now)
    return True
