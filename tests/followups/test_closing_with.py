"""A task closed with a contact that somebody has just had (FUP-09): which contact answers it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from customers.states import Reason
from followups import rules
from followups.models import Obligation, Task
from followups.queries.closing import may_close
from followups.services import TaskNotChanged, close_with, record_delivery
from followups.states import SkipReason, State
from tests.factories.followups import reached, task_today
from tests.followups.build import at, customer, shop

FINE = {
    "is_letter": False, "is_of_customer": True, "is_standing": True, "is_ours": True,
    "is_near": True, "is_after": True, "asks": False,
}  # fmt: skip
NOW = at("2026-03-12 15:00")


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, []),
        ({"is_letter": True}, ["is_a_letter"]),
        ({"asks": True}, ["asks_something"]),
        ({"is_of_customer": False}, ["not_this_customer"]),
        ({"is_standing": False, "is_ours": False}, ["contact_is_void"]),
        ({"is_ours": False}, ["contact_is_theirs"]),
        ({"is_near": False, "is_after": False}, ["contact_is_too_old"]),
        ({"is_after": False}, ["contact_is_before_it"]),
    ],
)
def test_what_answers_a_task(facts, codes):
    assert [each.code for each in rules.closing_blockers(**{**FINE, **facts})] == codes


@pytest.fixture
def place(db):
    return shop()


@pytest.fixture
def who(place):
    return customer(place, now=NOW - timedelta(days=100))


def first_call(who, *, delivered_at=None) -> Task:
    record_delivery(
        customer=who, product="S1", delivered_on=NOW.date(), delivered_at=delivered_at,
        sold_by=None, by=who.owner, now=NOW, key=uuid4(),
    )  # fmt: skip
    return Obligation.objects.get(customer=who, step__code="dealer_24h").task


def refused(task, contact, *, now=NOW) -> set[str]:
    with pytest.raises(TaskNotChanged) as refusal:
        close_with(task=task, contact=contact, by=task.customer.owner, now=now)
    assert not may_close(task, contact.pk, now=now)
    assert Task.objects.get(pk=task.pk).state == State.OPEN
    return set(refusal.value.codes)


def test_a_call_of_ninety_days_ago_is_no_call_after_the_delivery(who):
    old = reached(who, now=NOW - timedelta(days=90))
    assert refused(first_call(who), old) == {"contact_is_too_old"}


def test_a_call_of_the_morning_is_none_after_a_delivery_at_noon(who):
    morning = reached(who, now=NOW - timedelta(hours=6))
    task = first_call(who, delivered_at=NOW - timedelta(hours=3))
    assert refused(task, morning) == {"contact_is_before_it"}


def test_a_delivery_without_an_hour_counts_from_the_beginning_of_its_day(who, place):
    morning = reached(who, now=NOW - timedelta(hours=6))
    close_with(task=first_call(who), contact=morning, by=place.manager, now=NOW)
    task = Task.objects.get(obligations__step__code="dealer_24h")
    assert (task.state, task.skip_reason) == (State.SKIPPED, SkipReason.ALREADY_DONE)


def test_what_the_customer_began_closes_nothing(who, place):
    task = task_today(who, now=NOW)
    theirs = reached(who, now=NOW - timedelta(hours=1), by=place.manager, is_inbound=True)
    assert refused(task, theirs) == {"contact_is_theirs"}


def test_a_step_is_not_answered_by_the_talk_that_agreed_on_it(who):
    agreed = reached(who, now=NOW - timedelta(hours=1), on=NOW.date())
    task = Task.objects.get(customer=who, state=State.OPEN)
    assert refused(task, agreed) == {"contact_is_before_it"}


def test_the_form_offers_only_what_answers(who, place):
    task = task_today(who, now=NOW)
    assert not may_close(task, None, now=NOW)
    just_now = reached(who, now=NOW - timedelta(minutes=5), by=place.manager, reason=Reason.CARE)
    assert may_close(task, just_now.pk, now=NOW)


def test_what_has_to_be_told_is_not_told_by_a_talk_about_something_else(who, place):
    """Control: the call within 24 hours of the same delivery, which tells nothing, is closed so."""
    first_call(who, delivered_at=NOW - timedelta(days=1))
    second = Obligation.objects.get(customer=who, step__code="dealer_7d").task
    just_now = reached(who, now=NOW - timedelta(minutes=5), by=place.manager)
    assert refused(second, just_now) == {"asks_something"}
    first = Obligation.objects.get(customer=who, step__code="dealer_24h").task
    assert may_close(first, just_now.pk, now=NOW)
