"""What giving a customer up would release."""

from datetime import datetime

from customers.models import Customer
from filings.models import Filing
from filings.queries.shown import holding
from staff.models import Person
from staff.scope import REASSIGNING_ROLES


def whose_filings(*, by: Person, on_behalf_of: Person | None = None) -> Person | None:
    """Whose filings end with a customer's grade D: one's own; None, that is all, for a manager.

    Nobody gives up what a colleague holds, or a rival's protection would end with one tap.
    """
    return None if by.role in REASSIGNING_ROLES else on_behalf_of or by


def filings_given_up(
    customer: Customer, *, by: Person, now: datetime, on_behalf_of: Person | None = None
) -> list[Filing]:
    """The filings that protect now and would be released by grade D, to be said before the tap."""
    found = Filing.objects.filter(holding(now), customer=customer)
    holder = whose_filings(by=by, on_behalf_of=on_behalf_of)
    if holder is not None:
        found = found.filter(holder=holder)
    return list(found.only("submitted_at", "noted_at", "protected_until").order_by("pk"))
