"""What a contact ends of the work for which it was not made: nobody is forgotten by a tap."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from customers.rules import NextStep
from customers.states import Channel, Grade, NextKind, NoStepReason, Outcome, Reason
from followups.models import Invitation, Obligation, Task
from followups.rules import is_done_by_talk
from followups.services import log_contact, touch_and_ask
from followups.services.campaigns import CampaignTerms, plan_campaign
from followups.services.invitations import NotInvited, answer_invitation, invite
from followups.services.next_steps import step_agreed
from followups.states import Anchor, Answer, CampaignKind, State
from staff.states import Trade
from tests.factories.followups import reached, task_today
from tests.followups.build import at, customer, delivery, shop

pytestmark = pytest.mark.django_db

NOW = at("2026-03-12 10:00")
STARTS = at("2026-03-21 14:00")
CARE = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.CARED_FOR)
CALL = NextStep(kind=NextKind.CALL, on=date(2026, 3, 16))
BUDGET = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.BUDGET)


@pytest.mark.parametrize(
    ("anchor", "reason", "step", "is_done"),
    [
        (Anchor.CADENCE, Reason.EVENT, CARE, True),
        (Anchor.NEXT_STEP, Reason.PRICE, CALL, True),
        (Anchor.NEXT_STEP, Reason.PRICE, BUDGET, True),
        (Anchor.NEXT_STEP, Reason.CARE, CARE, False),
        (Anchor.LEAD, Reason.CARE, CARE, False),
        (Anchor.LEAD, Reason.CARE, CALL, True),
        (Anchor.DELIVERY, Reason.CARE, CALL, True),
        (Anchor.DELIVERY, Reason.PRICE, CALL, False),
        (Anchor.PURCHASE, Reason.EVENT, CARE, False),
        (Anchor.INSURANCE, Reason.CARE, CARE, True),
        (Anchor.REFERRAL, Reason.REFERRAL, CARE, True),
        (Anchor.REFERRAL, Reason.CARE, CARE, False),
    ],
)
def test_what_a_talk_ends_besides_what_it_was_made_for(anchor, reason, step, is_done):
    said = {"next_kind": step.kind, "none_reason": step.none_reason}
    assert is_done_by_talk(anchor=anchor, reason=reason, **said) is is_done


def talked(who, *, step=CALL, **said):
    plain = {"channel": Channel.CALL, "outcome": Outcome.CONNECTED, "reason": Reason.PRICE}
    return log_contact(
        customer=who, next_step=step, by=who.owner, key=uuid4(), **{"now": NOW, **plain, **said}
    )


def state_of(anchor, who) -> str:
    rows = Obligation.objects.filter(customer=who, step__anchor=anchor)
    return rows.order_by("due_on", "pk").first().state


def delivered(who) -> None:
    delivery(who, on=date(2026, 3, 6), now=at("2026-03-06 18:00"))
    touch_and_ask(customers=[who.pk], now=NOW)


@pytest.fixture
def buyer():
    """Whose sofa came a week ago: the first call of care was due yesterday."""
    place = shop(Trade.FURNITURE)
    who = customer(place, now=at("2026-02-01 10:00"))
    delivered(who)
    late = Obligation.objects.get(customer=who, step__code="furniture_installed")
    assert late.due_on < NOW.date()
    assert late.task.assignee == who.owner
    return who


@pytest.mark.parametrize(
    ("reason", "left"), [(Reason.PRICE, State.OPEN), (Reason.CARE, State.DONE)]
)
def test_only_a_talk_because_of_care_is_the_call_of_care(buyer, reason, left):
    talked(buyer, reason=reason)
    assert state_of(Anchor.DELIVERY, buyer) == left


def test_without_the_rule_any_talk_would_be_the_call_of_care(buyer, monkeypatch):
    monkeypatch.setattr("followups.rules.is_done_by_talk", lambda **_said: True)
    talked(buyer, reason=Reason.PRICE)
    assert state_of(Anchor.DELIVERY, buyer) == State.DONE


def test_a_talk_for_one_task_leaves_the_call_of_care_beside_it(buyer):
    task = task_today(buyer, now=NOW, text="报价", reason=Reason.PRICE)
    talked(buyer, task=task, reason=Reason.PRICE)
    task.refresh_from_db()
    assert task.state == State.DONE
    assert state_of(Anchor.DELIVERY, buyer) == State.OPEN


def test_the_task_at_hand_is_done_whatever_the_reason(buyer):
    task = Obligation.objects.get(customer=buyer, step__code="furniture_installed").task
    talked(buyer, task=task, reason=Reason.PRICE)
    assert state_of(Anchor.DELIVERY, buyer) == State.DONE


def test_an_attempt_puts_all_of_it_off_together(buyer):
    talked(buyer, step=None, outcome=Outcome.UNANSWERED, reason="", retry_on=date(2026, 3, 13))
    tasks = Task.objects.filter(customer=buyer, state=State.OPEN, day__lte=date(2026, 3, 13))
    assert {task.day for task in tasks} == {date(2026, 3, 13)}


def test_that_all_is_well_keeps_what_was_promised():
    who = customer(shop(), now=at("2026-03-02 10:00"))
    promise = task_today(who, now=NOW, text="报价")
    talked(who, step=CARE, reason=Reason.CARE)
    promise.refresh_from_db()
    assert promise.state == State.OPEN


def test_what_is_mixed_on_one_task_is_taken_apart(buyer):
    task = Obligation.objects.get(customer=buyer, step__code="furniture_installed").task
    promise = Obligation.objects.create(
        step=step_agreed(), subject_id=buyer.pk, occurrence=1, customer=buyer, task=task,
        assignee=buyer.owner,
        due_on=task.day, due_at=task.due_at, shown_on=task.day, way="call", text="报价",
    )  # fmt: skip
    talked(buyer, reason=Reason.PRICE)
    promise.refresh_from_db()
    assert promise.state == State.DONE
    care = Obligation.objects.get(customer=buyer, step__code="furniture_installed")
    assert care.state == State.OPEN
    assert care.task.state == State.OPEN


# Guests.


def planned(place, **terms):
    said = {
        "name": "家装讲座", "kind": CampaignKind.EVENT, "store": place.store, "place": "二楼",
        "starts_at": STARTS, "ends_at": STARTS + timedelta(hours=2), "text": "诚邀您参加。",
    }  # fmt: skip
    return plan_campaign(
        terms=CampaignTerms(**{**said, **terms}), by=place.manager, now=NOW, key=uuid4()
    )


def invited(who, place, **terms) -> Invitation:
    campaign = planned(place, **terms)
    invite(campaign=campaign, customers=[who.pk], by=place.manager, now=NOW)
    row = Invitation.objects.get(campaign=campaign)
    Invitation.objects.filter(pk=row.pk).update(withheld="")
    row.refresh_from_db()
    return row


def answers(guest, answer, *, channel=Channel.CALL, now=NOW, **how):
    answer_invitation(
        invitation=guest, answer=answer, channel=channel, by=guest.customer.owner, now=now,
        key=uuid4(), **{"is_inbound": True, **how},
    )  # fmt: skip
    guest.refresh_from_db()
    return guest.contact


@pytest.fixture
def place():
    return shop(Trade.FURNITURE)


@pytest.fixture
def prospect(place):
    return customer(place, now=at("2026-02-01 10:00"))


@pytest.mark.parametrize("answer", [Answer.COMING, Answer.NOT_COMING, Answer.UNDECIDED])
def test_an_answer_keeps_what_was_promised(place, prospect, answer):
    promise = task_today(prospect, now=NOW, text="发报价单")
    contact = answers(invited(prospect, place), answer)
    promise.refresh_from_db()
    assert promise.state == State.OPEN
    if answer == Answer.NOT_COMING:
        assert (contact.next_kind, contact.none_reason) == ("none", NoStepReason.STANDS)


@pytest.mark.parametrize("answer", [Answer.COMING, Answer.NOT_COMING, Answer.UNDECIDED])
def test_an_answer_is_no_call_of_care(place, answer):
    who = customer(place, now=at("2026-02-01 10:00"))
    delivered(who)
    contact = answers(invited(who, place), answer)
    assert state_of(Anchor.DELIVERY, who) == State.OPEN
    if answer == Answer.NOT_COMING:
        assert contact.none_reason == NoStepReason.CARED_FOR


def test_were_the_rest_not_left_coming_would_end_what_was_promised(place, prospect, monkeypatch):
    def careless(*, leaves_rest, **said):
        return log_contact(**said)

    monkeypatch.setattr("followups.services.contacts.log_contact", careless)
    promise = task_today(prospect, now=NOW, text="发报价单")
    answers(invited(prospect, place), Answer.COMING)
    promise.refresh_from_db()
    assert promise.state == State.DONE


def test_whoever_does_not_come_and_has_nothing_agreed_is_called_again(place, prospect):
    guest = invited(prospect, place)
    with pytest.raises(NotInvited) as refusal:
        answers(guest, Answer.NOT_COMING)
    assert refusal.value.codes == ("step_missing",)
    assert guest.contact is None

    contact = answers(guest, Answer.NOT_COMING, then_on=date(2026, 3, 19))
    assert (contact.next_kind, contact.next_on) == (NextKind.CALL, date(2026, 3, 19))
    step = Obligation.objects.get(step__anchor=Anchor.NEXT_STEP, state=State.OPEN)
    assert (step.due_on, step.assignee) == (date(2026, 3, 19), prospect.owner)


def test_any_answer_meets_the_grade_s_cadence(place, prospect):
    touch_and_ask(customers=[prospect.pk], now=NOW)
    assert Task.objects.get(customer=prospect, state=State.OPEN).day < NOW.date()
    answers(invited(prospect, place), Answer.NOT_COMING, then_on=date(2026, 4, 1))
    left = Task.objects.filter(customer=prospect, state=State.OPEN, day__lte=NOW.date())
    assert not left.exists()


def test_a_mark_alone_asks_for_no_day(place, prospect):
    assert answers(invited(prospect, place), Answer.NOT_COMING, channel="") is None


def test_whoever_was_given_up_meanwhile_is_promised_nothing(place, prospect):
    guest = invited(prospect, place)
    type(prospect).objects.filter(pk=prospect.pk).update(grade=Grade.D)
    assert answers(guest, Answer.NOT_COMING).none_reason == NoStepReason.NO_NEED


def test_the_next_answer_replaces_what_the_one_before_agreed_on(place, prospect):
    guest = invited(prospect, place)
    answers(guest, Answer.UNDECIDED)
    answers(guest, Answer.COMING, now=NOW + timedelta(days=1))
    agreed = Obligation.objects.filter(step__anchor=Anchor.NEXT_STEP, state=State.OPEN)
    assert [row.due_on for row in agreed] == [STARTS.date()]

    with pytest.raises(NotInvited):
        answers(guest, Answer.NOT_COMING, now=NOW + timedelta(days=2))
    answers(guest, Answer.NOT_COMING, now=NOW + timedelta(days=2), then_on=date(2026, 4, 1))
    assert [row.due_on for row in agreed.all()] == [date(2026, 4, 1)]


def test_a_mark_calls_off_the_visit_that_was_agreed(place, prospect):
    guest = invited(prospect, place)
    answers(guest, Answer.COMING)
    answers(guest, Answer.NOT_COMING, channel="", now=NOW + timedelta(days=1))
    assert not Obligation.objects.filter(step__anchor=Anchor.NEXT_STEP, state=State.OPEN).exists()


def test_a_guest_of_the_second_day_comes_today(place, prospect):
    guest = invited(prospect, place, ends_at=STARTS + timedelta(days=2))
    contact = answers(guest, Answer.COMING, now=STARTS + timedelta(days=1))
    assert contact.next_on == date(2026, 3, 22)


def test_not_coming_twice_does_not_propose_to_give_up(place, prospect):
    reached(prospect, now=NOW - timedelta(days=9), on=date(2026, 3, 30), text="交房后量尺")
    for number in range(2):
        guest = invited(prospect, place, name=f"讲座{number}")
        answers(guest, Answer.NOT_COMING, now=NOW + timedelta(hours=number))
    assert not prospect.grade_proposals.exists()
