"""A refund removes only an unused slot (FIL-25): the count and the book say the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from filings import services
from filings.models import Deal, Policy
from filings.queries import book_of, slots_of
from filings.rules import Clock, month_of
from filings.services import Sale
from tests.filings.leads import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    Policy.objects.update(field_quota=1)
    return House()


def sold(house, filing, *, at):
    sale = Sale(customer=filing.customer, project=filing.project, closer=house.field,
                store=house.team, order_no=f"DD-{at:%H%M%S%f}")  # fmt: skip
    services.settle(sale, by=house.field, now=at)
    return Deal.objects.latest("pk")


def refilled(house, filing, *, at):
    """By how many slots this customer has refilled the month, counted and by the book."""
    clock = Clock(zone=house.team.tzinfo)
    book = book_of(filing.customer).slots(house.field.pk, month_of(at, clock=clock)).deals
    counted = slots_of(house.field, store=house.team, day=house.team.today(at), refill="deal").deals
    assert counted == book
    return counted


@pytest.mark.parametrize("is_used", [True, False])
def test_a_slot_that_was_used_outlives_the_deposit(house, is_used):
    at = timezone.now().replace(day=5)
    minute = timedelta(minutes=1)
    filing = house.filing(house.field, now=at)
    deal = sold(house, filing, at=at + minute)
    if is_used:
        assert house.filing(house.field, now=at + 2 * minute).invalid == ""
    services.undo_deal(deal=deal, reason="退定", by=house.ops, now=at + 3 * minute)
    assert refilled(house, filing, at=at) == is_used
    # Who pays again closes once, in all.
    sold(house, filing, at=at + 4 * minute)
    assert refilled(house, filing, at=at) == 1
