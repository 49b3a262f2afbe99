"""The guard on the pages of a survey and of a guest: it says why, asks why, and loses nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from customers.models import Contact
from customers.rules import NextStep
from customers.states import Channel, NextKind, Outcome, Reason
from followups.models import Invitation
from followups.services import log_contact
from followups.services.campaigns import CampaignTerms, plan_campaign
from followups.services.invitations import invite
from followups.states import CampaignKind
from staff.models import Person
from staff.states import Trade
from tests.followups.build import customer, shop
from tests.followups.surveying import delivered, task_asking, url
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = [(PHONE, "390"), (DESK, "1440")]


def chip(page, name: str, value: str = "") -> None:
    wanted = f"[value={value!r}]" if value else ""
    page.locator(f"label:has(input[name={name}]{wanted})").click()


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def called_by(person, who) -> None:
    """A colleague has just spoken with them."""
    log_contact(
        customer=who, channel=Channel.CALL, outcome=Outcome.CONNECTED, reason=Reason.PROGRESS,
        next_step=NextStep(kind=NextKind.NONE, none_reason="no_need"), by=person,
        now=timezone.now(), key=uuid4(),
    )  # fmt: skip


def place_of(trade):
    place = shop(trade)
    Person.objects.filter(pk=place.seller.pk).update(name="林晓月")
    Person.objects.filter(pk=place.manager.pk).update(name="陈立")
    for person in (place.seller, place.manager):
        person.refresh_from_db()
    return place


@pytest.mark.parametrize(("window", "width"), WIDTHS)
def test_a_survey_after_a_colleagues_call_asks_why_and_keeps_what_was_typed(visit, window, width):
    place = place_of(Trade.CARS)
    now = timezone.now()
    who, _car = delivered(place, on=timezone.localdate() - timedelta(days=1), now=now)
    task = task_asking(who, "dealer_24h", now=now)
    called_by(place.seller, who)
    with visit(window, has_touch=window is PHONE) as someone:
        someone.sign_in(place.manager.username)
        someone.go(url(who, task))
        page = someone.page
        assert page.locator(".guard").is_visible()
        assert page.locator(".why-not").is_visible()
        assert page.locator("a.script-open").count() == 1
        shoot(page, f"survey-{width}-open")
        chip(page, "willing", "yes")
        chip(page, "q_feeling", "5")
        page.fill("[name=note]", "想问保养")
        assert fits(page)
        page.locator(".bar button:visible").click()
        page.locator(".why-not .wrong").wait_for()
        shoot(page, f"survey-{width}-refused")
        assert page.input_value("[name=note]") == "想问保养"
        assert page.locator("input[name=q_feeling][value='5']").is_checked()
        chip(page, "override", "customer_asked")
        page.fill("[name=override_text]", "他让我下午打")
        page.locator(".bar button:visible").click()
        page.wait_for_url("**/today/**")
    contact = Contact.objects.latest("pk")
    assert contact.override == "customer_asked: 他让我下午打"


def test_whoever_calls_us_is_asked_without_a_reason(visit):
    place = place_of(Trade.CARS)
    now = timezone.now()
    who, _car = delivered(place, on=timezone.localdate() - timedelta(days=1), now=now)
    task = task_asking(who, "dealer_24h", now=now)
    called_by(place.seller, who)
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.manager.username)
        someone.go(url(who, task))
        page = someone.page
        chip(page, "is_inbound")
        assert not page.locator(".why-not").is_visible()
        chip(page, "willing", "yes")
        chip(page, "q_feeling", "5")
        shoot(page, "survey-390-inbound")
        page.locator(".bar button:visible").click()
        page.wait_for_url("**/today/**")
    contact = Contact.objects.latest("pk")
    assert (contact.is_inbound, contact.override) == (True, "")


@pytest.mark.parametrize(("window", "width"), WIDTHS)
def test_a_guest_whom_a_colleague_has_called_is_talked_with_for_a_reason(visit, window, width):
    place = place_of(Trade.FURNITURE)
    now = timezone.now()
    who = customer(place, now=now - timedelta(days=30), title="ms")
    starts = now + timedelta(days=5)
    campaign = plan_campaign(
        terms=CampaignTerms(
            name="春季家装讲座", kind=CampaignKind.EVENT, store=place.store, place="二楼会议室",
            starts_at=starts, ends_at=starts + timedelta(hours=2),
            text="诚邀您参加{day}在{store}举办的“{occasion}”。",
        ),
        by=place.manager, now=now, key=uuid4(),
    )  # fmt: skip
    invite(campaign=campaign, customers=[who.pk], by=place.seller, now=now)
    guest = Invitation.objects.get()
    called_by(place.manager, who)
    with visit(window, has_touch=window is PHONE) as someone:
        someone.sign_in(place.seller.username)
        someone.go(f"/invitations/{guest.pk}/")
        page = someone.page
        assert page.locator(".guard").is_visible()
        chip(page, "answer", "coming")
        assert not page.locator(".why-not").is_visible()
        chip(page, "channel", "call")
        assert page.locator(".why-not").is_visible()
        shoot(page, f"guest-{width}-asks")
        page.fill("[name=note]", "带太太来")
        assert fits(page)
        page.locator("form[action$='/answer/'] button.act").click()
        page.locator(".why-not .wrong").wait_for()
        shoot(page, f"guest-{width}-refused")
        assert page.input_value("[name=note]") == "带太太来"
        chip(page, "is_inbound")
        assert not page.locator(".why-not").is_visible()
        shoot(page, f"guest-{width}-inbound")
        chip(page, "is_inbound")
        chip(page, "override", "news")
        page.locator("form[action$='/answer/'] button.act").click()
        page.wait_for_url(f"**/campaigns/{campaign.pk}/**")
    assert Contact.objects.latest("pk").override == "news"
