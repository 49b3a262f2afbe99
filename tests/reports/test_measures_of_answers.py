"""What counts as a return visit done that was not closed by a contact of its own (decision 18)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from customers.models import OwnedProduct
from customers.rules import NextStep
from customers.states import Channel, NextKind, NoStepReason, Outcome, Reason
from followups.models import Obligation, Step, Task
from followups.queries.surveys import newest_version
from followups.rules.surveys import Given
from followups.services import (
    close_with,
    log_and_tell,
    log_contact,
    log_survey,
    log_with_branches,
    record_delivery,
    touch_and_ask,
    void_contact,
)
from followups.services.branches import Branches
from followups.services.renewals import RenewalSaid
from followups.services.surveys import Held
from followups.states import Cause, Renewal, State
from followups.verification import obligation_differences, task_differences
from reports.asking.periods import read_period
from reports.figures.measure_rows import Asked, rows_behind
from reports.figures.measures import Figures, figures_by, total_of
from tests.factories.followups import reached
from tests.factories.staff import PersonFactory
from tests.followups.build import Shop, at, customer, shop

pytestmark = pytest.mark.django_db

DELIVERED = at("2026-03-12 10:00")
CARED_FOR = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.CARED_FOR)


@pytest.fixture
def place() -> Shop:
    return shop()


@pytest.fixture
def who(place):
    return customer(place, now=DELIVERED - timedelta(days=40), grade="B2")


def deliver(who, **said) -> OwnedProduct:
    return record_delivery(
        customer=who, product="S1", delivered_on=DELIVERED.date(), by=who.owner, now=DELIVERED,
        key=uuid4(), sold_by=None, **said,
    )  # fmt: skip


def due(who, code: str) -> Obligation:
    return Obligation.objects.get(customer=who, step__code=code)


def figures(month: str, *, now) -> Figures:
    period = read_period("month", month)
    return total_of(figures_by(None, period=period, by="person", now=now))


def insurance(found: Figures) -> dict[str, dict[str, int]]:
    return {code: said for code, said in found.by_step.items() if "insurance" in code}


def say(who, product, *, by, now, reason=Reason.CARE, answer=Renewal.NOT_RENEWING):
    return log_with_branches(
        customer=who, branches=Branches(renewal=RenewalSaid(product=product, answer=answer)),
        by=by, now=now, key=uuid4(), opens_case=False, wish="", channel=Channel.CALL,
        outcome=Outcome.CONNECTED, reason=reason, next_step=CARED_FOR, override="needed",
    ).contact  # fmt: skip


def no_differences(now) -> bool:
    return not [*obligation_differences(now=now), *task_differences()]


def test_an_answer_is_the_visit_due_and_spares_those_to_come(place, who):
    car = deliver(who, insurance_until=date(2026, 5, 2))
    now = at("2026-03-18 11:00")
    touch_and_ask(customers=[who.pk], now=now)
    contact = say(who, car, by=place.seller, now=now)
    assert insurance(figures("2026-03", now=now)) == {"dealer_insurance_45": {"due": 1, "done": 1}}
    assert insurance(figures("2026-04", now=now)) == {}
    later = due(who, "dealer_insurance_30")
    assert (later.state, later.cause) == (State.CANCELLED, Cause.ANSWERED)
    assert due(who, "dealer_insurance_45").task.contact == contact
    assert no_differences(now)


@pytest.mark.parametrize("reason", [Reason.CARE, Reason.PRICE])
def test_a_reminder_on_a_colleagues_list_is_done_by_the_answer_too(place, who, reason):
    car = deliver(who, insurance_until=date(2026, 5, 2))
    now = at("2026-03-18 11:00")
    touch_and_ask(customers=[who.pk], now=now)
    say(who, car, by=place.manager, now=now, reason=reason)
    assert insurance(figures("2026-03", now=now)) == {"dealer_insurance_45": {"due": 1, "done": 1}}
    assert no_differences(now)


def test_what_stands_beside_an_answered_reminder_stays_on_its_task(place, who):
    car = deliver(who, insurance_until=date(2026, 5, 3))
    now = at("2026-03-19 11:00")  # the second call is due with the first reminder
    touch_and_ask(customers=[who.pk], now=now)
    second_call, reminder = due(who, "dealer_7d"), due(who, "dealer_insurance_45")
    assert second_call.task == reminder.task
    say(who, car, by=place.manager, now=now)
    assert due(who, "dealer_7d").state == State.OPEN
    assert due(who, "dealer_7d").task == second_call.task
    assert due(who, "dealer_insurance_45").state == State.DONE
    assert no_differences(now)


def test_an_answer_taken_back_owes_all_reminders_again(place, who):
    car = deliver(who, insurance_until=date(2026, 5, 2))
    now = at("2026-03-18 11:00")
    touch_and_ask(customers=[who.pk], now=now)
    contact = say(who, car, by=place.seller, now=now)
    void_contact(contact=contact, reason="wrong", by=place.seller, now=now + timedelta(minutes=2))
    states = Obligation.objects.filter(customer=who, step__anchor="insurance")
    assert set(states.values_list("state", "cause")) == {(State.OPEN, "")}
    owed = {
        "dealer_insurance_45": {"due": 1, "done": 0},
        "dealer_insurance_33": {"due": 1, "done": 0},
    }
    assert insurance(figures("2026-03", now=now)) == owed
    assert no_differences(now)


def second_call_answered_by(place, who, *, at_hour: str, tapped: str):
    """A colleague speaks with the customer, and the keeper closes the second call with that.

    The call asks nothing here: one that has something to tell is closed by its own talk alone.
    """
    Step.objects.filter(code="dealer_7d").update(survey=None)
    deliver(who)
    now = at(at_hour)
    touch_and_ask(customers=[who.pk], now=now)
    contact = reached(who, now=now, by=PersonFactory(store=place.store))
    task = Task.objects.get(obligations__step__code="dealer_7d", obligations__customer=who)
    close_with(task=task, contact=contact, by=place.seller, now=at(tapped))
    return contact


def test_a_task_closed_with_the_contact_of_a_colleague_is_a_visit_done(place, who):
    now = at("2026-03-19 10:00")
    contact = second_call_answered_by(
        place, who, at_hour="2026-03-19 10:00", tapped="2026-03-19 11:00"
    )
    found = figures("2026-03", now=now)
    assert found.by_step["dealer_7d"] == {"due": 1, "done": 1}
    void_contact(contact=contact, reason="wrong", by=contact.by, now=at("2026-03-19 10:05"))
    assert figures("2026-03", now=now).by_step["dealer_7d"] == {"due": 1, "done": 0}


def test_it_is_done_when_the_contact_was_logged_not_when_the_task_was_closed(place, who):
    second_call_answered_by(place, who, at_hour="2026-03-19 23:00", tapped="2026-03-19 23:50")
    Obligation.objects.filter(step__code="dealer_7d").update(closed_at=at("2026-04-01 08:00"))
    Task.objects.filter(obligations__step__code="dealer_7d").update(
        closed_at=at("2026-04-01 08:00")
    )
    found = figures("2026-03", now=at("2026-04-02 08:00"))
    assert found.by_step["dealer_7d"] == {"due": 1, "done": 1}


def test_two_tasks_closed_with_one_contact_are_one_conversation(place, who):
    contact = second_call_answered_by(
        place, who, at_hour="2026-03-19 10:00", tapped="2026-03-19 11:00"
    )
    before = figures("2026-03", now=at("2026-03-19 12:00"))
    first_call = due(who, "dealer_24h").task
    close_with(task=first_call, contact=contact, by=place.manager, now=at("2026-03-19 11:30"))
    after = figures("2026-03", now=at("2026-03-19 12:00"))
    assert (before.by_step["dealer_24h"]["done"], after.by_step["dealer_24h"]["done"]) == (0, 1)


def test_a_task_skipped_without_a_contact_is_due_and_not_done(place, who):
    deliver(who)
    now = at("2026-03-19 10:00")
    touch_and_ask(customers=[who.pk], now=now)
    log_contact(
        customer=who, channel=Channel.CALL, outcome=Outcome.UNANSWERED, by=place.manager, now=now,
        key=uuid4(), retry_on=date(2026, 3, 20),
    )  # fmt: skip
    task = due(who, "dealer_7d").task
    Obligation.objects.filter(task=task).update(state=State.SKIPPED, closed_at=now)
    Task.objects.filter(pk=task.pk).update(
        state=State.SKIPPED, closed_at=now, skip_reason="already_done"
    )
    assert figures("2026-03", now=now).by_step["dealer_7d"] == {"due": 1, "done": 0}


@pytest.mark.parametrize(
    ("answers", "is_willing", "surveyed"),
    [
        ({"feeling": Given(code="feeling", points=5)}, True, 1),
        ({}, False, 1),
        (None, True, 0),
    ],
)
def test_the_share_of_surveys_stands_beside_the_rate(place, who, answers, is_willing, surveyed):
    deliver(who)
    now = at("2026-03-19 10:00")
    touch_and_ask(customers=[who.pk], now=now)
    task = due(who, "dealer_7d").task
    said = {
        "customer": who, "task": task, "by": place.seller, "now": now, "key": uuid4(),
        "channel": Channel.CALL, "outcome": Outcome.CONNECTED, "next_step": CARED_FOR,
    }  # fmt: skip
    tick = {"first_service": Given(code="first_service", option="yes")}
    if answers is None:
        log_and_tell(
            **said, told=["first_service"], branches=Branches(), opens_case=False, wish="",
            reason=Reason.CARE,
        )  # fmt: skip
    else:
        held = Held(
            version=newest_version("T2"), answers={**tick, **answers}, is_willing=is_willing
        )
        log_survey(**said, held=held, branches=Branches())
    found = figures("2026-03", now=now)
    assert (found.by_step["dealer_7d"]["done"], found.to_survey) == (1, 1)
    assert found.surveyed == surveyed
    period = read_period("month", "2026-03")
    for show in ("to_survey", "surveyed"):
        asked = Asked(period=period, by="person", key="", show=show)
        assert len(rows_behind(asked, reach=None, now=now)) == getattr(found, show)
