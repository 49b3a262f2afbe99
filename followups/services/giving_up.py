"""Grade D gives a customer up: what is filed of them is released, unless it is to lapse itself."""

from datetime import datetime

from customers.models import Contact, Customer
from filings import services as filings
from followups.queries.giving_up import whose_filings
from followups.services import next_steps
from staff.models import Person


def release_filings(
    *,
    customer: Customer,
    by: Person,
    now: datetime,
    on_behalf_of: Person | None = None,
    keeps: bool = False,
) -> None:
    """Release what is filed (FIL-34): one's own, by a manager all; nothing where it is kept until
    it lapses (decision 14). The caller holds the customer.
    """
    if keeps:
        return
    holder = whose_filings(by=by, on_behalf_of=on_behalf_of)
    filings.release_all(customer=customer, holder=holder, by=by, now=now)


def give_up(*, contact: Contact, keeps_filing: bool, by: Person, now: datetime) -> None:
    """What a contact that gave grade D ends: the work to win the customer, and what is filed."""
    customer = contact.customer
    next_steps.drop_prospect_work(customer=customer, by=by, now=now)
    release_filings(
        customer=customer,
        by=by,
        on_behalf_of=contact.on_behalf_of,
        now=now,
        keeps=keeps_filing,
    )
