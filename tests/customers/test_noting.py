"""Every service that writes a birthday, or a day ahead of a product, says since when we know it."""

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from customers import services
from customers.models import Customer, HouseholdMember, OwnedProduct
from customers.services import Happening, ProductDetails, people
from customers.services.bulk import CardFacts, ProductFacts, add_customers, change_customers
from customers.services.products import version_of_product
from customers.services.returns import write_cards
from customers.states import GoneReason, ProductEventKind
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 12, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = NOW + timedelta(days=3)
TODAY = NOW.date()
BORN = {"birth_month": 8, "birth_day": 15, "birth_is_lunar": True}


def noted(row) -> datetime | None:
    row.refresh_from_db()
    return row.terms_noted_at if isinstance(row, OwnedProduct) else row.birthday_noted_at


def test_a_card_registered_and_changed():
    who = CustomerFactory(now=NOW, **BORN)
    assert noted(who) == NOW
    services.update_customer(customer=who, by=who.owner, now=LATER, birth_year=1985, note="x")
    assert noted(who) == NOW, "the year makes it no other day"
    services.update_customer(customer=who, by=who.owner, now=LATER, birth_day=16)
    assert noted(who) == LATER
    services.update_customer(
        customer=who, by=who.owner, now=LATER, birth_day=None, birth_month=None
    )
    assert noted(who) is None
    assert noted(CustomerFactory(now=NOW)) is None


def test_a_card_written_by_a_sheet_that_came_back():
    who = CustomerFactory(now=NOW)
    for when, values in ((LATER, BORN), (LATER + timedelta(days=1), {**BORN, "note": "x"})):
        card = Customer.objects.get(pk=who.pk)
        write_cards(cards=[card], changes={who.pk: values}, new_phones={}, by=who.owner, now=when)
        assert noted(who) == LATER


def test_people_of_a_household():
    who = CustomerFactory(now=NOW)
    by = {"by": who.owner, "now": NOW}
    wife = people.add_member(customer=who, key=uuid4(), relation="spouse", **BORN, **by)
    boss = people.add_key_person(customer=who, key=uuid4(), name="陈总", **by)
    assert (noted(wife), noted(boss)) == (NOW, None)
    for told, expected in (({"note": "x"}, NOW), ({"birth_day": 3}, LATER)):
        wife = HouseholdMember.objects.get(pk=wife.pk)
        people.change_somebody(
            somebody=wife, seen=people.version_of(wife), by=who.owner, now=LATER, **told
        )
        assert noted(wife) == expected


def _product(who, **told):
    return services.record_product(
        customer=who, product="S1", delivered_on=date(2026, 3, 1), by=who.owner, now=NOW,
        today=TODAY, **told,
    )  # fmt: skip


def test_a_product_recorded_and_changed():
    who = CustomerFactory(now=NOW)
    assert noted(_product(who)) is None
    assert noted(_product(who, details=ProductDetails(first_service_on=TODAY))) == NOW
    car = _product(who, insurance_until=date(2027, 3, 1))
    assert noted(car) == NOW

    def change(until, colour):
        row = OwnedProduct.objects.get(pk=car.pk)
        services.change_product(
            product=row, seen=version_of_product(row), name="S1", serial="", sold_by=who.owner,
            purchased_on=None, delivered_on=row.delivered_on, delivered_at=None,
            insurance_until=until, details=ProductDetails(colour=colour), by=who.owner, now=LATER,
            today=LATER.date(),
        )  # fmt: skip
        return noted(car)

    assert change(date(2027, 3, 1), "白") == NOW
    assert change(date(2027, 3, 2), "白") == LATER
    assert change(None, "白") is None


def test_a_renewal_is_news_and_so_is_that_there_was_none():
    who = CustomerFactory(now=NOW)
    car = _product(who, insurance_until=date(2026, 4, 1))
    renewed = Happening(
        kind=ProductEventKind.RENEWAL, on=LATER.date(), insured_until=date(2027, 4, 1)
    )
    event = services.record_event(
        product=car, told=renewed, by=who.owner, now=LATER, today=LATER.date()
    )
    assert noted(car) == LATER
    later_still = LATER + timedelta(minutes=5)
    services.void_event(event=event, reason="错", by=who.owner, now=later_still)
    assert noted(car) == later_still


def test_a_product_handed_over_brings_its_warranty():
    who, other = CustomerFactory(now=NOW), CustomerFactory(now=NOW)
    car = _product(who, details=ProductDetails(warranty_until=date(2028, 1, 1)))
    there = services.end_product(
        product=car, gone_on=TODAY, because=GoneReason.SOLD, note="", by=who.owner, now=LATER,
        today=LATER.date(), to=other,
    )  # fmt: skip
    assert noted(there) == LATER


def _facts(who, *, card, product, **more):
    return CardFacts(
        name="王芳", store_id=who.store_id, owner_id=who.owner_id, grade=who.grade, card=card,
        products=[product], **more,
    )  # fmt: skip


def test_cards_and_products_that_an_import_brings_and_corrects():
    model = CustomerFactory(now=NOW)
    told = ProductFacts(product="S1", delivered_on=TODAY, insurance_until=date(2027, 3, 1))
    how = {"by": model.owner, "origin": {}}
    (pk,) = add_customers([_facts(model, card=BORN, product=told)], now=NOW, **how)
    who = Customer.objects.get(pk=pk)
    car = who.products.get()
    assert (noted(who), noted(car)) == (NOW, NOW)

    for until, card, expected in (
        (date(2027, 3, 1), BORN, NOW),
        (date(2027, 3, 2), BORN | {"birth_day": 16}, LATER),
        (None, {}, None),
    ):
        same = ProductFacts(id=car.pk, product="S1", delivered_on=TODAY, insurance_until=until)
        facts = _facts(model, card=card, product=same, id=pk)
        change_customers([facts], now=LATER, **how)
        assert (noted(who), noted(car)) == (expected, expected)


def test_an_import_that_knows_no_first_service_leaves_it_noted():
    who = CustomerFactory(now=NOW)
    details = ProductDetails(first_service_on=TODAY)
    car = _product(who, details=details)
    same = ProductFacts(id=car.pk, product="S1", delivered_on=car.delivered_on)
    facts = _facts(who, card={}, product=same, id=who.pk)
    change_customers([facts], now=LATER, by=who.owner, origin={})
    assert noted(car) == NOW
