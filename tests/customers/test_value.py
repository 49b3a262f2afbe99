"""What customers have bought, added up on their cards, and verify, which adds it up anew."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer, OwnedProduct
from customers.services import ProductDetails, record_product, recount_value
from customers.states import GoneReason
from customers.verification import value_differences
from tests.factories.customers import NOW, CustomerFactory

pytestmark = pytest.mark.django_db


def bought(who, price, *, on=date(2026, 3, 1), **told):
    return record_product(
        customer=who, product="沙发", purchased_on=on, by=who.owner, now=NOW,
        today=date(2026, 3, 12), details=ProductDetails(price=price and Decimal(price)), **told,
    )  # fmt: skip


def value(who):
    who.refresh_from_db()
    return who.bought_total, who.bought_count, who.last_bought_on


def test_what_was_bought_is_added_up_and_what_came_back_is_not():
    who = CustomerFactory()
    assert value(who) == (0, 0, None)
    bought(who, "12800.50", on=date(2025, 5, 1))
    bought(who, None, on=date(2026, 1, 2))
    assert value(who) == (Decimal("12800.50"), 2, date(2026, 1, 2))
    OwnedProduct.objects.filter(price=None).update(
        gone_on=date(2026, 2, 1), gone_reason=GoneReason.RETURNED
    )
    recount_value([who.pk])
    assert value(who) == (Decimal("12800.50"), 1, date(2025, 5, 1))
    OwnedProduct.objects.update(gone_on=date(2026, 2, 1), gone_reason=GoneReason.SOLD)
    recount_value([who.pk])
    assert value(who)[1] == 2


def test_the_delivery_is_a_day_of_buying_and_a_product_without_a_day_is_none():
    who = CustomerFactory()
    bought(who, "100", on=None, delivered_on=date(2026, 3, 3))
    OwnedProduct.objects.create(customer=who, store=who.store, product="X", price=Decimal(5))
    recount_value([who.pk])
    assert value(who) == (Decimal(100), 1, date(2026, 3, 3))


def test_a_sum_beyond_the_column_is_its_most():
    who = CustomerFactory()
    for _twice in range(2):
        bought(who, "9999999999.99")
    assert value(who)[0] == Decimal("9999999999.99")
    assert list(value_differences()) == []


def test_many_customers_are_one_statement_and_none_is_no_statement():
    many = [CustomerFactory().pk for _each in range(12)]
    with CaptureQueriesContext(connection) as asked:
        recount_value(many)
        recount_value([])
    assert len(asked) == 1


@pytest.mark.parametrize(
    "wrong", [{"bought_total": 1}, {"bought_count": 7}, {"last_bought_on": date(2020, 1, 1)}]
)
def test_verify_finds_a_wrong_value(wrong):
    right, who = CustomerFactory(), CustomerFactory()
    bought(right, "5")
    bought(who, "9")
    assert list(value_differences()) == []
    Customer.objects.filter(pk=who.pk).update(**wrong)
    [difference] = value_differences()
    assert (difference.check, difference.where) == ("value", {"customer": who.pk})
    recount_value([who.pk])
    assert list(value_differences()) == []
