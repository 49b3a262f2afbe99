"""Data to complete: the rule, its twin in SQL, and the list."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import queries
from customers.models import Customer, Interest, OwnedProduct
from customers.queries.completing import ANYTHING, lacking, missing_on, with_missing
from customers.rules import fields_to_complete
from customers.states import Grade, Source, ToComplete
from staff.states import Trade
from tests.factories.customers import CustomerFactory
from tests.factories.staff import StoreFactory

WHOLE = {
    "has_phone": True, "address": "7-502", "need": "沙发", "expected": "week",
    "source": Source.WALK_IN, "contact_time": "晚上",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({}, []),
        ({"has_phone": False, "contact_time": ""}, ["phone", "contact_time"]),
        ({"address": ""}, ["address"]),
        ({"address": "", "trade": Trade.SHOES}, []),
        ({"expected": ""}, ["expected"]),
        ({"expected": "", "grade": Grade.B2}, []),
        ({"source": Source.DESIGNER}, ["referrer"]),
        ({"source": Source.OWNER_REFERRAL, "referrer": "李老师"}, []),
        ({"source": Source.FRIEND}, []),
        ({"has_keeper": False}, ["keeper"]),
        ({"has_bare_product": True}, []),
        ({"has_bare_product": True, "trade": Trade.CARS}, ["serial"]),
        ({"has_phone": False, "need": "", "grade": Grade.D}, []),
    ],
)
def test_what_a_card_is_still_without(said, missing):
    assert fields_to_complete(**WHOLE | said) == missing


def test_the_rule_and_its_twin_agree_over_random_cards(company):
    dice = random.Random(20261122)
    shops = [StoreFactory(region=company.region, trade=trade) for trade in Trade]
    for n in range(120):
        customer = CustomerFactory(
            phone=dice.choice(["", f"1370000{n:04}"]), wechat="w", owner=company.sales_store,
            store=dice.choice(shops), grade=dice.choice(list(Grade)),
            address=dice.choice(["", "7-502"]), need=dice.choice(["", "沙发"]),
            contact_time=dice.choice(["", "晚上"]), source=dice.choice(["", *Source.values]),
            referrer_text=dice.choice(["", "李老师"]),
            expected_purchase=dice.choice(["", "week"]),
        )  # fmt: skip
        if dice.random() < 0.3:
            Customer.objects.filter(pk=customer.pk).update(owner=None)
        if dice.random() < 0.3:
            customer.phones.update(is_primary=False, retired_at=timezone.now())
        if dice.random() < 0.3:
            Interest.objects.create(customer=customer, text="床", noted_by=company.sales_store)
        if dice.random() < 0.5:
            OwnedProduct.objects.create(
                customer=customer, store=customer.store, product="x",
                serial=dice.choice(["", f"S{n}"]),
            )  # fmt: skip
    rows = queries.with_masked_phone(Customer.objects.all()).select_related("store")
    by_sql = {row.pk: row.missing for row in with_missing(Customer.objects.all())}
    by_rule = {row.pk: missing_on(row) for row in rows}
    assert by_sql == by_rule
    for field in ToComplete.values:
        found = set(Customer.objects.filter(lacking(field)).values_list("pk", flat=True))
        assert found == {pk for pk, fields in by_rule.items() if field in fields}
        assert found, field
    anything = set(Customer.objects.filter(lacking(ANYTHING)).values_list("pk", flat=True))
    assert anything == {pk for pk, fields in by_rule.items() if fields}


# the list

URL = "/customers/to-complete/"


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 200), ("store_manager", 200), ("ops_manager", 200), ("admin", 403),
     ("marketing_manager", 403), ("finance", 403), ("merchandiser", 403)],
)  # fmt: skip
def test_who_may_open_the_list(company, as_, role, status):
    assert as_(getattr(company, role)).get(URL).status_code == status


def test_a_card_without_its_contact_time_stands_on_the_list_until_it_has_one(company, as_):
    known = {"need": "沙发", "address": "7-502", "source": "walk_in", "expected_purchase": "week"}
    mine = CustomerFactory(name="许文博", owner=company.sales_store, **known)
    CustomerFactory(name="梁静", owner=company.sales_store, contact_time="19:00", **known)
    CustomerFactory(name="陌生人", owner=company.stranger)
    browser = as_(company.sales_store)
    page = browser.get(URL).content.decode()
    assert "许文博" in page
    assert "梁静" not in page
    assert "陌生人" not in page
    assert browser.get(f"{URL}?missing=phone").context["list"].total == 0
    assert browser.get("/customers/?missing=contact_time").context["list"].total == 1
    Customer.objects.filter(pk=mine.pk).update(contact_time="19:00–20:00")
    assert browser.get(URL).context["list"].total == 0


@pytest.mark.parametrize("query", ["missing=x", "missing=%00", "sort=missing", "y=1"])
def test_an_address_that_means_nothing_breaks_nothing(company, as_, query):
    assert as_(company.sales_store).get(f"{URL}?{query}").status_code in (200, 400)


def test_twelve_cards_take_the_queries_of_one(company, as_):
    browser, counts = as_(company.store_manager), []
    for more in (1, 11):
        for _n in range(more):
            CustomerFactory(owner=company.sales_store)
        browser.get(URL)
        with CaptureQueriesContext(connection) as ran:
            browser.get(URL)
        counts.append(len(ran))
    assert counts[0] == counts[1]
