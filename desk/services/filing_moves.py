"""A filing handed to another person, and the customer with it (ADJ-06)."""

from django.db import transaction

from core.clock import database_now
from customers.services.keeping import give_access
from filings import services as filings
from filings.models import Filing
from filings.queries.further import stays_closed
from followups import services as followups
from followups.services.holding import hold_one
from staff.models import Person


@transaction.atomic
def hand_over_filing(*, filing: Filing, holder: Person, reason: str, by: Person) -> Filing:
    """Another person holds the filing, its priority kept; they serve the customer from now on.

    Whom the former holder kept goes along with the open tasks; a customer of a third person is
    opened to the new holder, unless operations have to look first. Raises FilingNotChanged.
    """
    customer = hold_one(filing.customer)
    at, before = database_now(), filing.holder_id
    handed = filings.hand_over(filing=filing, holder=holder, reason=reason, by=by, now=at)
    today = customer.store.today(at)
    if customer.owner_id != before and stays_closed(
        handed, customer=customer, person=holder, today=today
    ):
        return handed
    if customer.owner_id in (None, before):
        followups.reassign(customers=[customer.pk], keeper=holder, by=by, now=at, reason=reason)
    else:
        give_access(customer=customer, person=holder)
    return handed
