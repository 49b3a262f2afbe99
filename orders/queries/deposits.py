"""Reads of payments, and of whose the credit of an order is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from filings.models import Deal, Ruling
from orders.models import Payment
from staff.models import Person
from staff.scope import Reach
from staff.states import Role


def visible_payments(reach: Reach) -> QuerySet[Payment]:
    """Payments taken by this person, for what they sold or in their stores; finance and operations
    see all.
    """
    found = Payment.objects.all()
    if reach.sees_all or reach.role == Role.FINANCE:
        return found
    own = Q(taken_by__in=reach.acts_for) | Q(order__seller__in=reach.acts_for)
    return found.filter(own | Q(order__store__in=reach.store_ids))


@dataclass(frozen=True, kw_only=True)
class Credit:
    """Whose the sale of an order is by the last ruling; no deal where too little was paid."""

    deal: Deal | None
    ruling: Ruling | None
    shares: Sequence[tuple[Person, int]] = ()


def credit_of(order_no: str) -> Credit:
    """Whose the sale is: the order's last deal, and the last that was ruled on it."""
    deals = Deal.objects.select_related("closer", "store", "region", "filing")
    deal = deals.filter(order_no=order_no).order_by("-pk").first()
    if deal is None:
        return Credit(deal=None, ruling=None)
    rulings = Ruling.objects.filter(deal=deal).select_related("credited_to__store")
    ruling = rulings.order_by("-pk").first()
    said = ruling.shares if ruling else []
    people = Person.objects.in_bulk([share["person"] for share in said]) if said else {}
    shares = [(people[share["person"]], share["percent"]) for share in said]
    return Credit(deal=deal, ruling=ruling, shares=shares)
