"""The ageing report: AR1 to AR3 through rows, of a day that is over, and only one's own."""

from datetime import UTC, date, datetime

import pytest

from orders.models import Due
from orders.states import DueKind
from reports.registry import run
from staff.scope import reach_of
from tests.factories import orders as make
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 15, 4, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, 4, tzinfo=UTC)


def owing(*dues, paid=0, at=APRIL, **said):
    order = make.order(lines=[sum(amount for _day, amount in dues)], on=date(2026, 3, 1), **said)
    for day, amount in dues:
        make.due(order, amount, kind=DueKind.ON_DAY, on=date(2026, *day))
    if paid:
        make.payment(order, paid, at=at)
    return order


def told(reach=None, **asked):
    return run("ageing", asked, reach=reach, now=NOW)


def test_payments_settle_the_oldest_first():
    order = owing(((3, 31), 8000), ((4, 30), 5000), ((5, 31), 7000), paid=3000)
    (row,) = told()["rows"]
    assert row["customer_id"] == order.customer_id
    assert "****" in row["phone"]
    assert (row["31-60"], row["1-30"], row["not_due"]) == ("5000.00", "5000.00", "7000.00")
    assert (row["total"], row["credit"], row["oldest_due_on"]) == ("17000.00", "0.00", "2026-03-31")


def test_what_is_kept_stands_as_a_credit_beside_empty_buckets():
    order = owing(((4, 30), 5600), paid=5600)
    make.credit(order, 600, on=date(2026, 5, 2))
    Due.objects.filter(order=order).update(amount=5000)
    order.lines.update(agreed_price=5000)
    (row,) = told()["rows"]
    assert (row["total"], row["credit"]) == ("0.00", "600.00")


def test_edges_of_the_buckets_and_a_dispute_that_ages_on():
    order = owing(((4, 15), 100), ((4, 14), 200), ((5, 15), 300))
    Due.objects.filter(amount=200).update(
        disputed_at=NOW, disputed_by=order.seller, dispute_reason="少一件"
    )
    (row,) = told()["rows"]
    assert (row["1-30"], row["31-60"], row["not_due"]) == ("100.00", "200.00", "300.00")
    assert (row["disputed"], row["flags"]) == ("200.00", ["DISPUTED"])


def test_an_order_that_was_not_delivered_owes_nothing_yet():
    order = make.order(lines=[5000], on=date(2026, 3, 1))
    make.due(order, 5000, kind=DueKind.BEFORE_DELIVERY, on=date(2026, 4, 1))
    assert told()["rows"] == []


def test_of_a_day_that_is_over_what_was_paid_by_then_counts():
    order = owing(((3, 31), 1000), paid=400)
    make.payment(order, 600, at=datetime(2026, 5, 10, 4, tzinfo=UTC))
    assert told()["rows"] == []
    (row,) = told(as_of="2026-05-09")["rows"]
    assert row["31-60"] == "600.00"


def test_a_stranger_is_told_nothing_and_the_totals_are_sums():
    order = owing(((4, 30), 100))
    owing(((4, 1), 50))
    stranger = reach_of(PersonFactory(), today=date(2026, 5, 15))
    assert told(stranger)["rows"] == []
    own = told(reach_of(order.seller, today=date(2026, 5, 15)))
    assert [row["total"] for row in own["rows"]] == ["100.00"]
    assert told()["total"]["total"] == "150.00"
