"""Customers with everything that a filing needs, and their filings, as the desk makes them."""

from datetime import datetime, timedelta

from django.utils import timezone

from customers.models import Customer, Project
from desk.services import Claim, file_for
from filings.models import Filing
from staff.models import Person
from tests.factories.customers import CustomerFactory

NUMBER = "13800138001"
DOOR = "天润福熙5幢1单元802"


def lead(owner: Person, **more) -> Customer:
    """A customer with everything that a filing needs, not filed."""
    said = {
        "name": "别人的客户", "phone": NUMBER, "owner": owner, "address": DOOR, "need": "沙发",
        "expected_purchase": "month", "now": timezone.now() - timedelta(hours=1),
    }  # fmt: skip
    customer = CustomerFactory(**(said | more))
    if not customer.projects.exists():
        Project.objects.create(customer=customer, address=customer.address, opened_by=owner)
    return customer


def filed(customer: Customer, filer: Person, *, at: datetime | None = None) -> Filing:
    """This customer, filed at this moment and admitted."""
    at = at or timezone.now()
    filing = file_for(customer=customer, claim=Claim(acquired_at=at), filer=filer, by=filer, now=at)
    assert (filing.submitted_at, filing.invalid) == (at, "")
    return filing
