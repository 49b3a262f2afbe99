"""Filings as people make them, for tests of what is shown of them and done with them."""

from datetime import datetime, timedelta
from itertools import count

from django.utils import timezone

from customers.models import Customer
from customers.states import ExpectedPurchase
from filings import services
from filings.models import Filing
from filings.services import Lead
from staff.models import Person
from tests.factories.customers import CustomerFactory

DAY = timedelta(days=1)
_numbers = count(1)


def lead_of(person: Person, *, now: datetime | None = None, **card) -> Customer:
    """A customer of `person`, complete enough to be filed."""
    said = {
        "phone": f"13600{next(_numbers):06}",
        "address": "杭州市余杭区望京花园7幢3单元502室",
        "need": "沙发",
        "expected_purchase": ExpectedPurchase.MONTH,
        **card,
    }
    return CustomerFactory(owner=person, now=now or timezone.now(), **said)


def file(customer: Customer, person: Person, *, now: datetime | None = None, **said) -> Filing:
    """File the customer's first project for `person`, its data just obtained."""
    now = now or timezone.now()
    lead = Lead(project=customer.projects.order_by("pk").first(), acquired_at=now, **said)
    return services.file_lead(customer=customer, lead=lead, filer=person, by=person, now=now)


def filed(person: Person, *, days_ago: int = 0, **card) -> Filing:
    """A new customer of `person`, filed so many days ago and left alone since."""
    at = timezone.now() - days_ago * DAY
    return file(lead_of(person, now=at, **card), person, now=at)


def in_english(person: Person) -> Person:
    """The same person, who reads English."""
    Person.objects.filter(pk=person.pk).update(language="en")
    person.refresh_from_db()
    return person
