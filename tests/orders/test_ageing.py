"""Ageing against the worked values: AR1 to AR3, each edge, and one step past it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from orders.rules.ageing import BUCKETS, Owed, ageing, bucket_of, holds_shipments, still_open

TODAY = date(2026, 5, 15)


def owed(*rows):
    return [Owed(due_on=date(2026, *day), amount=Decimal(amount)) for day, amount in rows]


def test_the_oldest_is_settled_first():
    found = ageing(
        owed(((5, 31), 7000), ((3, 31), 8000), ((4, 30), 5000)), paid=Decimal(3000), as_of=TODAY
    )
    assert (found["31-60"], found["1-30"], found["not_due"]) == (5000, 5000, 7000)
    assert (found.total, found.credit) == (17000, 0)


def test_what_is_paid_beyond_is_a_credit_and_no_negative_bucket():
    found = ageing(owed(((4, 30), 5000)), paid=Decimal(5600), as_of=TODAY)
    assert (found.buckets, found.credit) == ({}, 600)


def test_the_edges_of_the_first_bucket():
    found = ageing(
        owed(((4, 15), 100), ((4, 14), 200), ((5, 15), 300)), paid=Decimal(0), as_of=TODAY
    )
    assert (found["1-30"], found["31-60"], found["not_due"]) == (100, 200, 300)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        *[(-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (180, 4)],
        *[(181, 5), (9999, 5)],
    ],
)
def test_each_limit_and_one_day_past_it(days, bucket):
    assert bucket_of(TODAY - timedelta(days=days), as_of=TODAY) == BUCKETS[bucket]


@pytest.mark.parametrize(
    ("days", "is_disputed", "paid", "held"),
    [(30, False, 0, False), (31, False, 0, True), (31, True, 0, False), (31, False, 100, False)],
)
def test_shipments_are_held_from_day_31_unless_it_is_disputed_or_paid(
    days, is_disputed, paid, held
):
    rows = [Owed(due_on=TODAY - timedelta(days=days), amount=Decimal(100), is_disputed=is_disputed)]
    is_open = still_open(rows, paid=Decimal(paid))
    found = holds_shipments(is_open, as_of=TODAY, hold_after_days=31)
    assert found is held


def test_an_advance_takes_its_share_of_what_is_paid_and_stands_in_no_bucket():
    rows = [
        Owed(due_on=date(2026, 4, 1), amount=Decimal(300), is_receivable=False),
        *owed(((4, 30), 500)),
        Owed(due_on=None, amount=Decimal(900)),
    ]
    found = ageing(rows, paid=Decimal(400), as_of=TODAY)
    assert (found.buckets, found.credit) == ({"1-30": Decimal(400)}, 0)
