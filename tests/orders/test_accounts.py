"""The dunning ladder: it stands while an amount is open, rests in a dispute, holds shipments."""

from datetime import date, timedelta

import pytest

from followups.models import AnchorDay, Obligation
from followups.services import touch_and_ask
from followups.states import State
from orders.queries.receivables import is_overdue_long
from orders.services.accounts import (
    AccountNotChanged,
    NewTerms,
    dispute,
    end_dispute,
    set_account,
)
from orders.services.receivables import follow_receivables
from orders.states import DueKind
from tests.factories import orders as make

pytestmark = pytest.mark.django_db

NOW, TODAY = make.NOW, make.TODAY


@pytest.fixture
def owing():
    """1,000 due in three days, 500 in a month; nothing paid."""
    order = make.order(lines=[1500])
    make.due(order, 1000, kind=DueKind.ON_DAY, on=TODAY + timedelta(days=3))
    make.due(order, 500, kind=DueKind.ON_DAY, on=TODAY + timedelta(days=33))
    follow_receivables(order, now=NOW)
    return order


def ladder(of):
    """The steps that are open of the first amount, by their day from the day it is due."""
    touch_and_ask(customers=[of.customer_id], now=NOW)
    first = of.dues.get(position=1)
    rows = Obligation.objects.filter(
        step__code__startswith="receivable", subject_id=first.pk, state=State.OPEN
    )
    return sorted((row.due_on - first.due_on).days for row in rows)


def test_each_open_amount_has_its_ladder_within_the_horizon(owing):
    assert ladder(owing) == [-7, 0, 1, 8, 31, 31]


def test_what_is_paid_ends_it_oldest_first(owing):
    make.payment(owing, 1000)
    follow_receivables(owing, now=NOW)
    assert ladder(owing) == []
    assert AnchorDay.objects.get(ended_at=None).subject_id == owing.dues.get(position=2).pk


def test_a_dispute_rests_the_ladder_and_its_end_goes_on(owing):
    due = owing.dues.get(position=1)
    dispute(due=due, reason="少一件", by=owing.seller, now=NOW)
    assert ladder(owing) == []
    end_dispute(due=due, by=owing.seller, now=NOW)
    assert ladder(owing) == [0, 1, 8, 31, 31]
    with pytest.raises(AccountNotChanged):
        end_dispute(due=due, by=owing.seller, now=NOW)


def test_a_dispute_and_a_hold_say_why(owing):
    with pytest.raises(AccountNotChanged):
        dispute(due=owing.dues.get(position=1), reason=" ", by=owing.seller, now=NOW)
    held = NewTerms(is_monthly=False, credit_limit=None, is_held=True)
    with pytest.raises(AccountNotChanged):
        set_account(customer=owing.customer, terms=held, by=owing.seller, now=NOW)


@pytest.mark.parametrize(("days", "is_held"), [(30, False), (31, True)])
def test_overdue_by_31_days_holds_what_else_the_customer_bought(owing, days, is_held):
    on = TODAY + timedelta(days=3 + days)
    assert is_overdue_long(owing.customer, today=on, hold_after_days=31) is is_held
    other = make.order(lines=[1], on=date(2026, 3, 1))
    assert not is_overdue_long(other.customer, today=on, hold_after_days=31)
