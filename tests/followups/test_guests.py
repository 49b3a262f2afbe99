"""Guests whose wish, grade or keeper changes while they are invited, and taps taken back."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from customers.models import Customer
from customers.states import Grade, Quiet, QuietReason
from followups.models import Invitation, Obligation
from followups.queries import campaigns as queries
from followups.services import regrade, set_quiet
from followups.services.campaigns import move_campaign, plan_campaign
from followups.services.guests import works_of
from followups.services.invitations import (
    answer_invitation,
    invite,
    note_attended,
    take_back_attended,
)
from followups.states import Answer, CampaignState, State, Withheld
from followups.verification import obligation_differences
from staff.scope import reach_of
from staff.states import DutyKind, Role
from tests.factories.followups import reached
from tests.factories.staff import DutyFactory, PersonFactory, StoreFactory
from tests.followups.build import customer, shop
from tests.followups.test_campaigns import DAY, NOW, send, terms

pytestmark = pytest.mark.django_db

OFF_AND_ON = (CampaignState.CALLED_OFF, CampaignState.PLANNED)


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def campaign(place):
    return plan_campaign(terms=terms(place.store), by=place.manager, now=NOW, key=uuid4())


@pytest.fixture
def guest(place, campaign):
    return invited(customer(place, now=NOW - timedelta(days=9)), place, campaign)


def invited(who, place, campaign) -> Invitation:
    invite(campaign=campaign, customers=[who.pk], by=place.manager, now=NOW)
    return Invitation.objects.get(customer=who)


def moved(campaign, place, *states, now=NOW) -> None:
    for to in states:
        campaign.refresh_from_db()
        move_campaign(campaign=campaign, to=to, by=place.manager, now=now)


def silent(who, place, quiet=Quiet.MARKETING, reason=QuietReason.ASKED) -> None:
    set_quiet(customer=who, quiet=quiet, reason=reason, by=place.seller, now=NOW)


def given_up(who, place, quiet=None) -> None:
    regrade(customer=who, grade=Grade.D, reason="x", by=place.seller, now=NOW)


def left_alone(who, place) -> None:
    Customer.objects.filter(pk=who.pk).update(owner=None)


def work_of(guest) -> Obligation:
    return works_of([guest.pk]).get()


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (silent, Withheld.QUIET),
        (given_up, Withheld.GIVEN_UP),
        (left_alone, Withheld.NO_KEEPER),
    ],
)
def test_taken_up_again_a_campaign_asks_nobody_who_falls_out_by_now(
    place, campaign, guest, meanwhile, reason
):
    moved(campaign, place, CampaignState.CALLED_OFF)
    meanwhile(Customer.objects.get(pk=guest.customer_id), place)
    moved(campaign, place, CampaignState.PLANNED)
    guest.refresh_from_db()
    assert (guest.withheld, work_of(guest).state) == (reason, State.CANCELLED)
    assert not list(obligation_differences(now=NOW))


def test_begun_a_campaign_keeps_off_who_wishes_none_by_now(place, campaign):
    who = customer(place, now=NOW - timedelta(days=9))
    invite(campaign=campaign, customers=[who.pk], by=place.seller, now=NOW)
    silent(who, place)
    moved(campaign, place, CampaignState.INVITING)
    guest = Invitation.objects.get()
    assert (guest.withheld, work_of(guest).state) == (Withheld.QUIET, State.CANCELLED)
    silent(who, place, Quiet.NONE, QuietReason.WISHES_AGAIN)
    assert work_of(guest).state == State.CANCELLED


def test_kept_off_and_invited_once_more_a_guest_is_asked_after_all(place, campaign, guest):
    moved(campaign, place, CampaignState.CALLED_OFF)
    silent(guest.customer, place)
    moved(campaign, place, CampaignState.PLANNED)
    silent(guest.customer, place, Quiet.NONE, QuietReason.WISHES_AGAIN)
    invited(guest.customer, place, campaign)
    guest.refresh_from_db()
    work = work_of(guest)
    assert (guest.withheld, work.state) == ("", State.OPEN)
    assert work.task.assignee == place.seller


@pytest.mark.parametrize(
    ("meanwhile", "state"), [(silent, State.SUSPENDED), (given_up, State.CANCELLED)]
)
def test_who_holds_an_invitation_stays_a_guest_and_is_not_asked(
    place, campaign, guest, meanwhile, state
):
    send(guest, place.seller)
    moved(campaign, place, CampaignState.CALLED_OFF)
    meanwhile(guest.customer, place)
    moved(campaign, place, CampaignState.PLANNED)
    guest.refresh_from_db()
    assert (guest.withheld, work_of(guest).state) == ("", state)
    assert not list(obligation_differences(now=NOW))


def test_whom_we_spoke_with_just_now_stays_on_the_list(place, campaign, guest):
    moved(campaign, place, CampaignState.CALLED_OFF)
    reached(guest.customer, now=NOW, by=place.seller)
    moved(campaign, place, CampaignState.PLANNED, now=NOW + timedelta(minutes=5))
    guest.refresh_from_db()
    assert (guest.withheld, work_of(guest).state) == ("", State.OPEN)


@pytest.mark.parametrize("meanwhile", [silent, given_up])
def test_who_wishes_none_since_is_offered_to_nobody(place, campaign, guest, meanwhile):
    def following():
        guests = queries.visible_invitations(reach_of(place.seller, today=NOW.date()))
        return queries.next_to_ask(guests, campaign, by=[place.seller.pk])

    assert following() == guest
    meanwhile(guest.customer, place)
    assert following() is None


def test_a_tick_taken_back_leaves_the_guest_to_be_asked(place, campaign, guest):
    note_attended(invitation=guest, by=place.seller, now=DAY)
    assert work_of(guest).state == State.DONE
    take_back_attended(invitation=guest, by=place.seller, now=DAY + timedelta(minutes=1))
    work = work_of(guest)
    assert (work.state, work.closed_at) == (State.OPEN, None)
    assert work.task.assignee == place.seller


def test_a_tick_taken_back_asks_nobody_who_had_answered(place, campaign, guest):
    answer_invitation(invitation=guest, answer=Answer.COMING, by=place.seller, now=NOW, key=uuid4())
    note_attended(invitation=guest, by=place.seller, now=DAY)
    take_back_attended(invitation=guest, by=place.seller, now=DAY)
    assert work_of(guest).state == State.DONE


def test_a_tick_taken_back_afterwards_asks_nobody(place, campaign, guest):
    note_attended(invitation=guest, by=place.seller, now=DAY)
    moved(campaign, place, CampaignState.OVER, now=DAY + timedelta(days=1))
    take_back_attended(invitation=guest, by=place.seller, now=DAY + timedelta(days=1))
    assert work_of(guest).state == State.CANCELLED


def test_who_plans_does_so_on_the_day_of_the_company_not_of_greenwich(place):
    early = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
    assert early.astimezone(place.store.tzinfo).date() == date(2026, 3, 13)
    by = PersonFactory(role=Role.STORE_MANAGER, store=StoreFactory())
    DutyFactory(
        person=by, kind=DutyKind.SALES_MANAGER, store=place.store, starts_on=date(2026, 3, 13)
    )
    made = plan_campaign(terms=terms(place.store), by=by, now=early, key=uuid4())
    assert made.made_by == by
