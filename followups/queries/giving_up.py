"""What giving a customer up would release."""

from datetime import datetime

from core.rules import Blocker
from customers.models import Customer
from filings.models import Filing
from filings.queries.shown import holding
from staff.models import Person
from staff.scope import REASSIGNING_ROLES, reach_of


def whose_filings(*, by: Person, on_behalf_of: Person | None = None) -> Person | None:
    """Whose filings end with a customer's grade D: one's own; None, that is all, for a manager.

    Nobody gives up what a colleague holds, or a rival's protection would end with one tap.
    """
    return None if by.role in REASSIGNING_ROLES else on_behalf_of or by


def giving_up_blockers(
    customer: Customer, *, by: Person, now: datetime, on_behalf_of: Person | None = None
) -> list[Blocker]:
    """Why this person may not give the customer up: somebody else keeps them, and somebody else's
    filing protects them. D would take the work away from both (FIL-34).
    """
    if by.role in REASSIGNING_ROLES:
        return []
    acting = {*reach_of(by, today=customer.store.today(now)).acts_for}
    if on_behalf_of is not None:
        acting.add(on_behalf_of.pk)
    if customer.owner_id in acting:
        return []
    others = Filing.objects.filter(holding(now), customer=customer).exclude(holder__in=acting)
    return [Blocker("held_by_another", {})] if others.exists() else []


def filings_given_up(
    customer: Customer, *, by: Person, now: datetime, on_behalf_of: Person | None = None
) -> list[Filing]:
    """The filings that protect now and would be released by grade D, to be said before the tap."""
    found = Filing.objects.filter(holding(now), customer=customer)
    holder = whose_filings(by=by, on_behalf_of=on_behalf_of)
    if holder is not None:
        found = found.filter(holder=holder)
    return list(found.only("submitted_at", "noted_at", "protected_until").order_by("pk"))
