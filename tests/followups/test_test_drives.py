"""For cars a test drive that took place ends the limit of a field filing (decision 6, FIL-17)."""

from datetime import timedelta

import pytest

from customers.states import Channel, ExpectedPurchase, Outcome
from filings.services import Lead, file_lead
from staff.states import Role, Trade
from tests.factories.staff import PersonFactory
from tests.followups.build import customer, shop
from tests.followups.test_services_appointments import NOW, book, log, work

pytestmark = pytest.mark.django_db
HOME = "郑州市金水区绿城百合7幢1单元101室"


def filed(trade: Trade):
    """A field salesperson's customer of this trade, filed the day before."""
    place = shop(trade)
    seller = PersonFactory(role=Role.SALES_FIELD, store=place.store)
    who = customer(
        place, now=NOW - timedelta(days=1), owner=seller, need="远山X5", address=HOME,
        expected_purchase=ExpectedPurchase.MONTH,
    )  # fmt: skip
    who.phones.update(is_placeholder=False)  # numbers of these tests are of the kind one makes up
    lead = Lead(project=who.projects.get(), acquired_at=NOW - timedelta(days=1))
    filing = file_lead(
        customer=who, lead=lead, filer=seller, by=seller, now=NOW - timedelta(hours=20)
    )
    assert filing.limit_at
    return who, filing


def driven(who, filing, *, outcome=Outcome.MET):
    row = book(who, begins="2026-03-12 09:40", now=NOW - timedelta(hours=2))
    log(who, channel=Channel.STORE_VISIT, outcome=outcome, task=work(row).task)
    filing.refresh_from_db()
    return filing


def test_a_test_drive_that_took_place_ends_the_limit_of_a_car_filing():
    assert driven(*filed(Trade.CARS)).measured_at == NOW


def test_one_that_did_not_take_place_ends_nothing():
    assert driven(*filed(Trade.CARS), outcome=Outcome.NOT_MET).measured_at is None


def test_homes_are_measured_and_not_driven():
    assert driven(*filed(Trade.FURNITURE)).measured_at is None
