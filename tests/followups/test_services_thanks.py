"""Thanks due to whoever brought a customer."""

from datetime import timedelta

import pytest

from customers.services import update_customer
from followups.models import Obligation
from followups.services import owe_thanks, set_quiet
from followups.states import Anchor, State
from tests.factories.customers import NOW, CustomerFactory

pytestmark = pytest.mark.django_db


def thanks():
    return Obligation.objects.filter(step__anchor=Anchor.REFERRAL)


@pytest.fixture
def pair():
    first = CustomerFactory()
    return first, CustomerFactory(owner=first.owner, referrer=first)


def test_thanks_are_a_task_of_the_referrers_keeper_within_three_days(pair):
    first, second = pair
    owe_thanks(brought=second, now=NOW)
    owe_thanks(brought=second, now=NOW)
    row = thanks().get()
    assert (row.customer, row.assignee, row.state) == (first, first.owner, State.OPEN)
    assert row.due_on == first.store.today(NOW) + timedelta(days=3)
    assert row.task is not None
    assert row.text == second.name


def test_a_name_is_not_told_to_somebody_elses_keeper():
    first = CustomerFactory()
    owe_thanks(brought=CustomerFactory(referrer=first), now=NOW)
    assert thanks().get().text == ""


def test_who_did_not_bring_after_all_is_not_thanked(pair):
    first, second = pair
    other = CustomerFactory(owner=first.owner)
    owe_thanks(brought=second, now=NOW)
    update_customer(customer=second, referrer=other, by=first.owner, now=NOW)
    owe_thanks(brought=second, now=NOW)
    assert [(row.customer, row.state) for row in thanks().order_by("pk")] == [
        (first, State.CANCELLED), (other, State.OPEN),
    ]  # fmt: skip
    update_customer(customer=second, referrer=first, by=first.owner, now=NOW)
    owe_thanks(brought=second, now=NOW)
    assert [(row.customer, row.state) for row in thanks().order_by("pk")] == [
        (first, State.OPEN), (other, State.CANCELLED),
    ]  # fmt: skip


def test_who_wishes_no_contact_is_not_called(pair):
    first, second = pair
    set_quiet(customer=first, quiet="all", reason="asked", by=first.owner, now=NOW)
    owe_thanks(brought=second, now=NOW)
    assert thanks().get().state == State.SUSPENDED
