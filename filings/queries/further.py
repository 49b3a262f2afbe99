"""Further projects of somebody else's customer (FIL-33), until operations have looked at them."""

from datetime import date

from customers.models import Customer
from customers.queries import visible
from filings.models import Dispute, Filing
from filings.states import OPEN_DISPUTES, DisputeKind
from staff.models import Person
from staff.scope import reach_of


def waits_for_finding(filing: Filing) -> bool:
    """Whether operations have still to say that what is filed is another project."""
    asked = Dispute.objects.filter(
        project=filing.project_id, kind=DisputeKind.NEW_PROJECT, state__in=OPEN_DISPUTES
    )
    return filing.is_new_project and asked.exists()


def stays_closed(filing: Filing, *, customer: Customer, person: Person, today: date) -> bool:
    """Whether this filing opens the card to nobody yet: else any reason typed beside a number
    would open whomever a colleague protects (decision 4).
    """
    if not waits_for_finding(filing):
        return False
    return not visible(reach_of(person, today=today)).filter(pk=customer.pk).exists()
