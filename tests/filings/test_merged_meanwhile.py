"""Whoever waits for a customer whose card is merged meanwhile acts on the card that stands."""

import pytest
from django.utils import timezone

from customers.models import Project
from filings import services
from filings.models import Filing, FilingEvent
from filings.services.reviews import reject
from filings.states import EventKind, Lost, Withdrawn
from tests.factories.customers import CustomerFactory
from tests.filings.held import filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def read_before(company):
    """A filing as its page read it, just before its card went into another one."""
    filing = filed(company.sales_store)
    other = CustomerFactory(store=company.store, owner=company.sales_store)
    for rows in (Project, FilingEvent, Filing):
        rows.objects.filter(customer=filing.customer_id).update(customer=other.pk)
    return filing, other


def test_a_release_reaches_the_filing_on_the_card_that_stands(read_before, company):
    filing, other = read_before
    services.release(filing=filing, by=company.sales_store, is_manager=False, now=timezone.now())
    fresh = Filing.objects.get(pk=filing.pk)
    assert (fresh.ended, fresh.customer_id) == (Lost.RELEASED_D, other.pk)
    assert FilingEvent.objects.get(kind=EventKind.RELEASED).customer_id == other.pk


def test_a_rejection_reaches_it_too(read_before, company):
    filing, other = read_before
    reject(filing=filing, note="非本地客户", by=company.store_manager, now=timezone.now())
    assert Filing.objects.get(pk=filing.pk).withdrawn == Withdrawn.REJECTED
    assert FilingEvent.objects.get(kind=EventKind.REVIEWED).customer_id == other.pk
