"""What was told in a contact goes with it when it is taken back (decision 12)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from crm.verification import verify
from customers.models import Contact, Customer, QuietChange
from customers.rules import NextStep
from customers.states import Channel, NextKind, NoStepReason, Outcome, Quiet, QuietReason, Reason
from followups.models import Case, Invitation, Obligation, Task
from followups.services import (
    log_contact,
    log_with_branches,
    note_on_case,
    open_case,
    pause_case,
    rate_case,
    reopen_case,
    set_quiet,
    solve_case,
    void_contact,
)
from followups.services.branches import Branches, QuietWish
from followups.services.call_undone import Undone
from followups.services.campaigns import move_campaign, plan_campaign
from followups.services.case_rating import Talk
from followups.services.invitations import answer_invitation, invite
from followups.states import (
    Answer,
    CampaignState,
    CaseAct,
    CaseChannel,
    CaseKind,
    Cause,
    State,
)
from followups.survey_words import undone_words
from followups.verification import obligation_differences
from tests.factories.followups import task_today
from tests.followups.build import at, customer, shop
from tests.followups.test_campaigns import terms

pytestmark = pytest.mark.django_db

NOW = at("2026-03-12 10:00")
SOON = NOW + timedelta(minutes=2)
END = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.UNWILLING)


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def who(place):
    return customer(place, now=NOW - timedelta(days=9))


def wish(who, scope=Quiet.ALL, *, now=NOW) -> Contact:
    quiet = QuietWish(scope=scope, reason=QuietReason.ASKED)
    return log_with_branches(
        customer=who, branches=Branches(quiet=quiet), by=who.owner, now=now, key=uuid4(),
        opens_case=False, wish="", channel=Channel.CALL, outcome=Outcome.CONNECTED,
        reason=Reason.CARE, next_step=END, override="needed",
    ).contact  # fmt: skip


def take_back(contact: Contact, *, now=SOON) -> Undone:
    return void_contact(contact=contact, reason="另一位客户", by=contact.by, now=now)


def quiet_of(who) -> str:
    return Customer.objects.get(pk=who.pk).quiet


def test_a_wish_for_silence_goes_with_its_contact(who):
    undone = take_back(wish(who))
    assert quiet_of(who) == ""
    assert undone.wish
    change = QuietChange.objects.latest("pk")
    assert (change.before, change.after, change.note) == (Quiet.ALL, "", "另一位客户")
    assert not list(obligation_differences(now=SOON))


def test_what_rested_for_a_mistake_is_open_again_though_it_fell_due_before(place, who):
    task = task_today(who, now=NOW - timedelta(days=2), text="报价")
    other = log_contact(
        customer=who, channel=Channel.WECHAT, outcome=Outcome.REPLIED, reason=Reason.DESIGN,
        next_step=END, by=place.manager, now=NOW, key=uuid4(), override="needed",
    )  # fmt: skip
    set_quiet(
        customer=who, quiet=Quiet.ALL, reason=QuietReason.ASKED, contact=other, by=place.manager,
        now=NOW,
    )  # fmt: skip
    rows = Obligation.objects.filter(text="报价")
    assert rows.get().state == State.SUSPENDED
    take_back(other)
    assert rows.get().state == State.OPEN
    assert Task.objects.filter(customer=who, state=State.OPEN).exists()
    assert task.day < SOON.date()


def test_a_later_wish_stands_when_the_contact_of_an_earlier_one_is_void(place, who):
    contact = wish(who)
    set_quiet(
        customer=who, quiet=Quiet.MARKETING, reason=QuietReason.TOO_OFTEN, by=place.seller,
        now=NOW + timedelta(minutes=1),
    )  # fmt: skip
    assert not take_back(contact).wish
    assert quiet_of(who) == Quiet.MARKETING


def test_an_earlier_wish_is_back(place, who):
    set_quiet(
        customer=who, quiet=Quiet.MARKETING, reason=QuietReason.ASKED, by=place.seller, now=NOW
    )
    take_back(wish(who, now=NOW + timedelta(minutes=1)))
    assert quiet_of(who) == Quiet.MARKETING


def a_case(place, who, **said) -> Case:
    return open_case(
        customer=who, kind=CaseKind.PROBLEM, channel=CaseChannel.CALL, text="坏了", now=NOW,
        **{"by": place.seller, **said},
    )  # fmt: skip


def talk(who, case: Case, *, now=NOW, **said) -> Contact:
    task = Task.objects.get(
        state=State.OPEN, obligations__step__anchor="case", obligations__subject_id=case.pk
    )
    return log_contact(
        customer=who, task=task, channel=Channel.CALL, outcome=Outcome.CONNECTED,
        reason=Reason.CARE, next_step=END, by=task.assignee, now=now, key=uuid4(),
        override="needed", **said,
    )  # fmt: skip


def test_a_first_answer_goes_with_its_contact(place, who):
    case = a_case(place, who)
    undone = take_back(talk(who, case))
    case.refresh_from_db()
    assert (case.answered_at, case.answered_by) == (None, None)
    assert undone.first_answers == 1
    acts = list(case.events.order_by("pk").values_list("act", flat=True))
    assert acts == [CaseAct.OPENED, CaseAct.ANSWERED, CaseAct.UNANSWERED]
    again = talk(who, case, now=SOON + timedelta(minutes=5))
    case.refresh_from_db()
    assert case.answered_at == again.occurred_at


def test_a_case_solved_meanwhile_was_answered_by_that(place, who):
    case = a_case(place, who)
    contact = talk(who, case)
    solved_at = NOW + timedelta(minutes=1)
    solve_case(case=case, solution="换好了", by=place.manager, now=solved_at)
    assert take_back(contact).first_answers == 0
    case.refresh_from_db()
    assert (case.answered_at, case.answered_by) == (solved_at, place.manager)


def rated(case: Case, points: int, *, now=NOW) -> Contact:
    rate_case(
        case=case, points=points, text="又松了", by=case.customer.owner, now=now,
        talk=Talk(channel=Channel.CALL, override="needed"),
    )  # fmt: skip
    return Contact.objects.latest("pk")


@pytest.fixture
def solved(place, who) -> Case:
    case = a_case(place, who)
    pause_case(case=case, reason="parts", by=place.seller, now=NOW)
    solve_case(case=case, solution="换好了", by=place.seller, now=NOW + timedelta(days=4))
    case.refresh_from_db()
    return case


LATER = NOW + timedelta(days=5)
BACK = {"now": LATER + timedelta(minutes=2)}
OF_A_CASE = (
    "state", "solved_at", "solved_by", "solution", "satisfaction", "due_at", "times_reopened",
    "assignee", "answered_at", "escalated_at", "escalated_to",
)  # fmt: skip


def as_it_stands(case: Case) -> dict[str, object]:
    return Case.objects.filter(pk=case.pk).values(*OF_A_CASE).get()


def open_work(case: Case) -> list[str]:
    rows = Obligation.objects.filter(
        step__anchor__in=["case", "satisfaction"], subject_id=case.pk, state=State.OPEN,
        task__state=State.OPEN,
    )  # fmt: skip
    return list(rows.values_list("step__anchor", flat=True))


@pytest.mark.parametrize("points", [5, 1])
def test_a_rating_goes_with_its_contact_and_they_are_asked_again(solved, points):
    before = as_it_stands(solved)
    contact = rated(solved, points, now=LATER)
    assert as_it_stands(solved) != before
    undone = take_back(contact, **BACK)
    assert (undone.rating, undone.rating_stands) == (True, False)
    assert as_it_stands(solved) == before
    assert open_work(solved) == ["satisfaction"]
    assert solved.events.latest("pk").act == CaseAct.UNRATED
    assert verify(now=BACK["now"]).differences == []


def test_rated_low_again_the_case_is_open_again_as_once_before(solved):
    take_back(rated(solved, 1, now=LATER), **BACK)
    solved.refresh_from_db()
    rated(solved, 2, now=LATER + timedelta(minutes=5))
    told = as_it_stands(solved)
    assert (told["state"], told["times_reopened"]) == ("open", 1)
    assert open_work(solved) == ["case"]
    assert verify(now=LATER + timedelta(minutes=5)).differences == []


@pytest.mark.parametrize("points", [5, 1])
def test_a_rating_stands_once_the_case_went_on(solved, place, points):
    contact = rated(solved, points, now=LATER)
    solved.refresh_from_db()
    later = LATER + timedelta(minutes=1)
    if points == 5:
        reopen_case(case=solved, text="还响", by=place.seller, now=later)
    else:
        solve_case(case=solved, solution="拧紧了", by=place.seller, now=later)
    before = as_it_stands(solved)
    undone = take_back(contact, **BACK)
    assert (undone.rating, undone.rating_stands) == (False, True)
    assert as_it_stands(solved) == before


def test_a_note_is_no_act_and_who_wishes_silence_is_asked_later(solved, place, who):
    contact = rated(solved, 4, now=LATER)
    note_on_case(case=solved, text="记错了", by=place.seller, now=LATER, key=uuid4())
    set_quiet(customer=who, quiet=Quiet.ALL, reason="asked", by=place.manager, now=LATER)
    assert take_back(contact, **BACK).rating
    asking = Obligation.objects.get(step__anchor="satisfaction", subject_id=solved.pk)
    assert asking.state == State.SUSPENDED


def test_of_a_case_about_them_nobody_takes_the_rating_back(solved, place):
    contact = rated(solved, 5, now=LATER)
    Case.objects.filter(pk=solved.pk).update(about=place.seller)
    assert take_back(contact, **BACK).rating_stands
    assert as_it_stands(solved)["satisfaction"] == 5


@pytest.fixture
def guest(place, who) -> Invitation:
    campaign = plan_campaign(terms=terms(place.store), by=place.manager, now=NOW, key=uuid4())
    invite(campaign=campaign, customers=[who.pk], by=place.manager, now=NOW)
    return Invitation.objects.get()


def answered(guest, answer=Answer.COMING, *, now=NOW, channel="call") -> Contact:
    guest.refresh_from_db()
    answer_invitation(
        invitation=guest, answer=answer, by=guest.assignee, now=now, key=uuid4(), channel=channel,
        override="needed",
    )  # fmt: skip
    guest.refresh_from_db()
    return guest.contact


def work_of(guest) -> Obligation:
    return Obligation.objects.get(step__anchor="campaign", subject_id=guest.pk)


def test_a_guests_answer_goes_with_its_contact_and_they_are_asked_again(guest):
    undone = take_back(answered(guest))
    guest.refresh_from_db()
    assert (guest.answer, guest.answered_at, guest.contact) == ("", None, None)
    assert (work_of(guest).state, undone.campaign) == (State.OPEN, guest.campaign.name)
    visits = Obligation.objects.filter(step__anchor="next_step", customer=guest.customer)
    assert set(visits.values_list("cause", flat=True)) == {Cause.VOIDED}
    assert not list(obligation_differences(now=SOON))


def test_a_later_answer_stands(guest):
    contact = answered(guest)
    answered(guest, Answer.NOT_COMING, now=NOW + timedelta(minutes=1), channel="")
    assert take_back(contact).campaign == ""
    guest.refresh_from_db()
    assert guest.answer == Answer.NOT_COMING


def test_nobody_is_asked_again_to_what_was_called_off(guest, place):
    contact = answered(guest)
    guest.campaign.refresh_from_db()
    move_campaign(
        campaign=guest.campaign, to=CampaignState.CALLED_OFF, by=place.manager,
        now=NOW + timedelta(minutes=1),
    )  # fmt: skip
    take_back(contact)
    assert (work_of(guest).state, work_of(guest).cause) == (State.CANCELLED, Cause.LEFT_OVER)


def test_all_that_went_with_it_is_told():
    undone = Undone(
        first_answers=2, campaign="春季团购", wish=True, rating=True, rating_stands=True
    )
    assert undone
    assert not Undone()
    assert len(list(undone_words(undone))) == 5
