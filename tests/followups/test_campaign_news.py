"""Guests who said they would come hear of another day, and that nothing comes of it (ORG-18)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from customers.models import Customer
from customers.rules import NextStep
from customers.states import (
    Channel,
    Grade,
    NextKind,
    NoStepReason,
    Outcome,
    Quiet,
    QuietReason,
    Reason,
)
from followups.models import Invitation, Obligation
from followups.queries.tasks import get_task_for
from followups.rows import url_of, why
from followups.rules.campaigns import told_by
from followups.services import log_contact, regrade, set_quiet
from followups.services.campaigns import change_campaign, move_campaign, plan_campaign, version_of
from followups.services.guest_news import news_for
from followups.services.invitations import answer_invitation, invite, note_attended
from followups.states import Anchor, Answer, CampaignState, State
from followups.verification import obligation_differences
from staff.scope import reach_of
from tests.followups.build import at, customer, shop
from tests.followups.test_campaigns import DAY, NOW, terms

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def campaign(place):
    return plan_campaign(terms=terms(place.store), by=place.manager, now=NOW, key=uuid4())


@pytest.fixture
def guest(place, campaign):
    """Who said on the telephone that they come."""
    who = customer(place, now=NOW - timedelta(days=9))
    invite(campaign=campaign, customers=[who.pk], by=place.manager, now=NOW)
    campaign.refresh_from_db()
    guest = Invitation.objects.get(customer=who)
    return answered(guest, place, channel=Channel.CALL)


def answered(guest, place, answer=Answer.COMING, *, now=NOW, **how) -> Invitation:
    answer_invitation(invitation=guest, answer=answer, by=place.seller, now=now, key=uuid4(), **how)
    guest.refresh_from_db()
    return guest


def moved(campaign, place, *states, now=NOW) -> None:
    for to in states:
        campaign.refresh_from_db()
        move_campaign(campaign=campaign, to=to, by=place.manager, now=now)


def put_on(campaign, place, starts_at, *, now=NOW, **said) -> None:
    campaign.refresh_from_db()
    change_campaign(
        campaign=campaign, seen=version_of(campaign), by=place.manager, now=now,
        terms=terms(
            place.store, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), **said
        ),
    )  # fmt: skip


def visit_of(guest) -> Obligation:
    return Obligation.objects.get(step__anchor=Anchor.NEXT_STEP, occurrence=guest.contact_id)


def news_of(guest) -> Obligation:
    return news_for([guest.pk]).get()


def told(guest, place, *, now=NOW) -> None:
    """A talk from the task that says so."""
    log_contact(
        customer=guest.customer, task=news_of(guest).task, channel=Channel.CALL,
        outcome=Outcome.CONNECTED, reason=Reason.EVENT, by=place.seller, now=now, key=uuid4(),
        next_step=NextStep(kind=NextKind.NONE, none_reason=NoStepReason.CARED_FOR),
        override="needed",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([date(2026, 3, 21)], date(2026, 3, 20)),
        ([date(2026, 3, 21), date(2026, 3, 16)], date(2026, 3, 15)),
        ([date(2026, 3, 12), date(2026, 3, 30)], date(2026, 3, 12)),
        ([date(2026, 3, 11), date(2026, 3, 30)], date(2026, 3, 29)),
        ([date(2026, 3, 11)], None),
        ([None], None),
    ],
)
def test_news_are_told_the_day_before_the_sooner_day(days, expected):
    assert told_by(*days, today=date(2026, 3, 12)) == expected


def test_called_off_nobody_is_expected_and_who_was_coming_is_told(place, campaign, guest):
    moved(campaign, place, CampaignState.CALLED_OFF)
    assert visit_of(guest).state == State.CANCELLED
    news = news_of(guest)
    assert (news.state, news.due_on, news.shown_on) == (
        State.OPEN, date(2026, 3, 20), NOW.date(),
    )  # fmt: skip
    assert news.task.assignee == place.seller
    reach = reach_of(place.seller, today=NOW.date())
    task = get_task_for(reach, news.task_id)
    with translation.override("en"):
        assert "is called off" in why(task, now=NOW)
    assert url_of(task, reach=reach, kept={}).startswith(f"/customers/{guest.customer_id}/")
    assert not list(obligation_differences(now=NOW))

    told(guest, place)
    assert news_of(guest).state == State.DONE


def test_on_another_day_the_visit_moves_along_and_who_was_coming_is_told(place, campaign, guest):
    put_on(campaign, place, DAY + WEEK)
    visit = visit_of(guest)
    assert (visit.state, visit.due_on, visit.task.day) == (
        State.OPEN, date(2026, 3, 28), date(2026, 3, 28),
    )  # fmt: skip
    news = news_of(guest)
    assert (news.state, news.due_on) == (State.OPEN, date(2026, 3, 20))
    reach = reach_of(place.seller, today=NOW.date())
    task = get_task_for(reach, news.task_id)
    assert "14:00" in why(task, now=NOW)
    assert url_of(task, reach=reach, kept={}) == f"/invitations/{guest.pk}/"


def test_brought_forward_they_hear_of_it_in_time(place, campaign, guest):
    put_on(campaign, place, at("2026-03-14 09:00"))
    assert news_of(guest).due_on == date(2026, 3, 13)
    assert visit_of(guest).due_on == date(2026, 3, 14)


def test_another_name_alone_is_no_news(place, campaign, guest):
    put_on(campaign, place, DAY, name="春季大讲座")
    assert not news_for([guest.pk]).exists()
    assert visit_of(guest).text == "春季大讲座"


def test_another_hour_of_the_same_day_is(place, campaign, guest):
    put_on(campaign, place, DAY - timedelta(hours=4))
    assert news_of(guest).state == State.OPEN


def test_moved_twice_they_hear_of_it_once(place, campaign, guest):
    put_on(campaign, place, DAY + WEEK)
    put_on(campaign, place, at("2026-03-18 14:00"))
    assert (news_of(guest).due_on, visit_of(guest).due_on) == (
        date(2026, 3, 17), date(2026, 3, 18),
    )  # fmt: skip


def test_what_they_say_of_the_new_day_tells_them(place, campaign, guest):
    put_on(campaign, place, DAY + WEEK)
    old = visit_of(guest)
    answered(guest, place, now=NOW + timedelta(days=2), channel=Channel.CALL)
    old.refresh_from_db()
    assert (news_of(guest).state, old.state) == (State.DONE, State.CANCELLED)
    assert (visit_of(guest).state, visit_of(guest).due_on) == (State.OPEN, date(2026, 3, 28))


def test_called_off_by_mistake_and_taken_up_nobody_is_called(place, campaign, guest):
    moved(campaign, place, CampaignState.CALLED_OFF, CampaignState.PLANNED)
    assert (news_of(guest).state, visit_of(guest).state) == (State.CANCELLED, State.OPEN)
    assert visit_of(guest).task.day == date(2026, 3, 21)


def test_who_heard_that_it_is_off_hears_that_it_is_on(place, campaign, guest):
    moved(campaign, place, CampaignState.CALLED_OFF)
    told(guest, place)
    moved(campaign, place, CampaignState.PLANNED, now=NOW + timedelta(days=1))
    states = news_for([guest.pk]).order_by("occurrence").values_list("occurrence", "state")
    assert list(states) == [(1, State.DONE), (2, State.OPEN)]
    assert visit_of(guest).state == State.OPEN


def test_moved_and_called_off_before_they_heard_they_hear_what_holds(place, campaign, guest):
    put_on(campaign, place, DAY + WEEK)
    moved(campaign, place, CampaignState.CALLED_OFF, CampaignState.PLANNED)
    assert news_of(guest).state == State.OPEN


def test_a_mark_alone_is_told_too(place, campaign):
    who = customer(place, now=NOW - timedelta(days=9))
    invite(campaign=campaign, customers=[who.pk], by=place.manager, now=NOW)
    guest = answered(Invitation.objects.get(), place)
    put_on(campaign, place, DAY + WEEK)
    assert news_of(guest).state == State.OPEN


def test_a_talk_about_something_else_tells_nobody(place, campaign, guest):
    moved(campaign, place, CampaignState.CALLED_OFF)
    log_contact(
        customer=guest.customer, channel=Channel.CALL, outcome=Outcome.CONNECTED,
        reason=Reason.PRICE, by=place.seller, now=NOW, key=uuid4(), override="needed",
        next_step=NextStep(kind=NextKind.CALL, on=date(2026, 3, 30)),
    )  # fmt: skip
    assert news_of(guest).state == State.OPEN


@pytest.mark.parametrize(
    ("quiet", "state"), [(Quiet.MARKETING, State.OPEN), (Quiet.ALL, State.SUSPENDED)]
)
def test_to_be_told_is_no_marketing_and_rests_where_no_contact_is_wished(
    place, campaign, guest, quiet, state
):
    set_quiet(
        customer=guest.customer, quiet=quiet, reason=QuietReason.ASKED, by=place.seller, now=NOW
    )
    moved(campaign, place, CampaignState.CALLED_OFF)
    assert news_of(guest).state == state
    assert not list(obligation_differences(now=NOW))


def test_who_was_given_up_is_told_nothing(place, campaign, guest):
    put_on(campaign, place, DAY + WEEK)
    who = Customer.objects.get(pk=guest.customer_id)
    regrade(customer=who, grade=Grade.D, reason="x", by=place.seller, now=NOW)
    assert news_of(guest).state == State.CANCELLED
    put_on(campaign, place, DAY + 2 * WEEK)
    moved(campaign, place, CampaignState.CALLED_OFF, CampaignState.PLANNED)
    assert news_of(guest).state == State.CANCELLED
    assert visit_of(guest).state == State.CANCELLED


def test_whoever_came_or_whose_event_is_over_is_told_nothing(place, campaign, guest):
    put_on(campaign, place, DAY + timedelta(hours=2))
    note_attended(invitation=guest, by=place.seller, now=DAY)
    assert news_of(guest).state == State.DONE
    moved(campaign, place, CampaignState.CALLED_OFF, now=DAY)
    assert news_of(guest).state == State.DONE


def test_once_it_is_over_nobody_is_told(place, campaign, guest):
    put_on(campaign, place, DAY + timedelta(hours=2))
    moved(campaign, place, CampaignState.OVER, now=DAY + timedelta(days=1))
    assert news_of(guest).state == State.CANCELLED


def test_for_many_guests_it_costs_no_more(place, campaign, guest):
    people = [customer(place, now=NOW - timedelta(days=9)) for _each in range(12)]
    invite(campaign=campaign, customers=[who.pk for who in people], by=place.manager, now=NOW)
    for row in Invitation.objects.filter(customer__in=people):
        answered(row, place)
    with CaptureQueriesContext(connection) as many:
        put_on(campaign, place, DAY + WEEK)
    Invitation.objects.filter(customer__in=people).update(answer=Answer.NOT_COMING)
    with CaptureQueriesContext(connection) as one:
        put_on(campaign, place, DAY + 2 * WEEK)
    assert len(many) <= len(one) + 2
