"""The statement: opening, entries and closing add up, whatever moved between the orders."""

from datetime import date, datetime, timedelta

import pytest

from orders.models import Payment
from orders.queries.statements import movements
from orders.services.statements import StatementNotMade, confirm_statement, make_statement
from tests.factories import orders as make
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db

NOW, TODAY = make.NOW, make.TODAY
JANUARY = date(2026, 1, 10)


@pytest.fixture
def customer():
    """5,000 ordered in January and half of it paid then; 800 today; 100 paid and given back."""
    order = make.order(lines=[5000], on=JANUARY)
    make.payment(order, 2500, at=NOW - timedelta(days=60))
    bad = make.payment(order, 100)
    clerk = PersonFactory()
    Payment.objects.filter(pk=bad.pk).update(
        returned_at=NOW, returned_by=clerk, return_reason="退票"
    )
    make.order(lines=[800], customer=order.customer)
    return order.customer


def test_opening_entries_and_closing_add_up(customer):
    told = movements(customer, begins=date(2026, 3, 1), ends=TODAY)
    assert (told.opening, told.closing) == (2500, 3300)
    assert sorted(entry.amount for entry in told.entries) == [-100, 100, 800]


def test_a_credit_is_no_entry_until_it_is_refunded(customer):
    order = customer.orders.get(ordered_on=JANUARY)
    make.credit(order, 500)
    assert movements(customer, begins=JANUARY, ends=TODAY).closing == 3300


def test_a_statement_keeps_its_balance_and_is_confirmed_once(customer):
    clerk = PersonFactory()
    row = make_statement(customer=customer, begins=JANUARY, ends=TODAY, by=clerk, now=NOW)
    assert row.balance == 3300
    confirm_statement(statement=row, by=clerk, now=NOW)
    with pytest.raises(StatementNotMade):
        confirm_statement(statement=row, by=clerk, now=NOW)


@pytest.mark.parametrize(("begins", "ends"), [(0, -1), (0, 1)])
def test_a_statement_begins_before_it_ends_and_ends_by_today(customer, begins, ends):
    with pytest.raises(StatementNotMade):
        make_statement(
            customer=customer,
            begins=TODAY + timedelta(days=begins),
            ends=TODAY + timedelta(days=ends),
            by=PersonFactory(),
            now=datetime.combine(TODAY, NOW.timetz()),
        )
