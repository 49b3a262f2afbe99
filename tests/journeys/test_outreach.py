"""Greetings sent one by one with a thumb, a campaign from plan to door; SHOTS keeps pictures."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from customers.models import Customer, OwnedProduct, PhoneReveal
from followups.models import Greeting, Invitation
from followups.services.campaigns import CampaignTerms, plan_campaign
from followups.services.invitations import answer_invitation, invite, note_attended
from followups.states import Answer, CampaignKind
from staff.states import Trade
from tests.factories.staff import PersonFactory
from tests.followups.build import SHANGHAI, customer, delivery, shop
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = (
    "王芳", "李建国", "张敏", "欧阳雪", "陈总", "刘洋",
    "赵丽", "周强", "吴静", "郑伟", "孙悦", "马超",
)  # fmt: skip
GRADES = ("A", "B1", "B2", "C1", "A", "B2", "A", "C1", "B1", "A", "A", "A")


@pytest.fixture
def friday():
    """It is Friday evening, and the clock goes on."""
    evening = datetime(2026, 3, 13, 17, 30, tzinfo=SHANGHAI)
    with time_machine.travel(evening, tick=True):
        yield evening


@pytest.fixture
def house(friday):
    place = shop(Trade.FURNITURE)
    place.store.name = "雅居家具东城店"
    place.store.save()
    type(place.seller).objects.filter(pk=place.seller.pk).update(name="林小满")
    place.seller.refresh_from_db()
    before = friday - timedelta(days=30)
    people = []
    for at, (name, grade) in enumerate(zip(NAMES, GRADES, strict=True)):
        who = customer(place, now=before, grade=grade)
        title = "mr" if at % 2 else "ms"
        Customer.objects.filter(pk=who.pk).update(name=name, title=title)
        who.refresh_from_db()
        people.append(who)
    delivery(people[2], on=date(2026, 3, 1), now=friday)
    OwnedProduct.objects.update(product="云栖三人沙发")
    return place, people


def planned(place, *, starts, kind=CampaignKind.EVENT):
    return plan_campaign(
        terms=CampaignTerms(
            name="春季家装讲座", kind=kind, store=place.store, place="二楼会议室", starts_at=starts,
            ends_at=starts + timedelta(hours=3), target_invited=12, target_attended=6,
            text="诚邀您参加{day}在{store}举办的“{occasion}”，现场可以提问交流，会后备有茶点。",
        ),
        by=place.manager, now=timezone.now(), key=uuid4(),
    )  # fmt: skip


def test_friday_s_greetings_go_out_one_by_one(visit, house):
    place, _people = house
    with visit(PHONE, has_touch=True, permissions=["clipboard-read", "clipboard-write"]) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        page.goto(f"{someone.address}/today/")
        page.locator("a.notice[href*='occasion=friday']").wait_for()
        shoot(page, "today-390")
        page.locator("a.notice[href*='occasion=friday']").click()
        page.locator("textarea").wait_for()
        page.wait_for_load_state()  # only then the page copies
        shoot(page, "greetings-390")
        text = page.locator("textarea").input_value()
        assert "林小满" in text
        page.locator("button[data-copy]").click()
        assert page.evaluate("navigator.clipboard.readText()") == text.strip()
        page.locator("textarea").fill(text.replace("！", "！周末下雨，请带伞。", 1))
        page.locator("button[name=way][value=wechat]").click()
        page.locator("text=1/12").first.wait_for()
        assert "带伞" in Greeting.objects.get().text
        page.locator(".wording-line a").click()
        page.locator("button[name=way][value=sms]").click()
        page.locator("text=2/12").first.wait_for()
        page.wait_for_load_state()  # before that the button is a plain form's
        shoot(page, "greetings-2-390")
        with page.expect_response("**/message/") as answered:
            page.locator("button[data-call]").click()
        assert answered.value.json()["tel"].startswith("sms:+86139")
        assert PhoneReveal.objects.count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.goto(f"{someone.address}/wordings/")
        shoot(page, "wordings-390")


def test_wordings_and_greetings_at_a_desk(visit, house):
    place, _people = house
    marketing = PersonFactory(role="marketing_manager", name="何市场")
    with visit(DESK) as someone:
        someone.sign_in(place.seller.username)
        someone.page.goto(f"{someone.address}/greetings/?occasion=friday")
        shoot(someone.page, "greetings-1440")
    with visit(DESK) as someone:
        someone.sign_in(marketing.username)
        page = someone.page
        page.goto(f"{someone.address}/wordings/")
        shoot(page, "wordings-1440")
        page.locator(".wordings a").first.click()
        # The page before has loaded, too: only where the new one has does the form listen.
        page.wait_for_url("**/wordings/*/", wait_until="load")
        page.locator("[name=text_zh]").fill("{product}一切顺利。周末愉快！")
        page.locator("#preview .bubble", has_text="一切顺利").wait_for()
        page.locator("[name=text_en]").fill("Enjoy your {product}.")
        page.locator("button[value=save]").focus()
        page.locator("#preview .bubble", has_text="Enjoy your").wait_for()
        assert page.evaluate("document.activeElement.value") == "save", "it outlives the preview"
        shoot(page, "wording-1440")
        page.keyboard.press("Enter")
        page.wait_for_url("**/wordings/")


def test_a_lecture_from_plan_to_door(visit, house):
    place, people = house
    soon = timezone.now() + timedelta(hours=2)
    campaign = planned(place, starts=soon)
    Customer.objects.filter(pk=people[-1].pk).update(quiet="marketing")
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        page.goto(f"{someone.address}/campaigns/{campaign.pk}/invite/")
        shoot(page, "invite-everybody-390")
        page.locator("form.invite button.act").click()
        assert page.locator("[name=everybody]:invalid").count() == 1, (
            "nobody invites all in one tap"
        )
        page.goto(f"{someone.address}/campaigns/{campaign.pk}/invite/?grade=A")
        shoot(page, "invite-390")
        page.locator("form.invite button.act").click()
        page.wait_for_url(f"**/campaigns/{campaign.pk}/")
        shoot(page, "campaign-390")
        page.locator("a[href$='/next/']").click()
        page.locator("textarea").wait_for()
        shoot(page, "guest-390")
        page.locator("form.sheet-c button.act:not(.act-2)").first.click()
        page.locator(".bubble").wait_for()
        page.locator("label:has(input[value=coming])").click()
        page.locator("label:has(input[value=call])").click()
        shoot(page, "guest-answer-390")
        page.locator("form[action$='/answer/'] button.act").click()
        page.locator("textarea").wait_for()
        page.goto(f"{someone.address}/campaigns/{campaign.pk}/door/")
        page.locator("form[action$='/came/'] button").first.click()
        page.locator(".is-here-now").wait_for()
        page.locator(".door-find input").fill("陈")
        page.locator("#door").wait_for()
        page.wait_for_timeout(700)
        shoot(page, "door-390")
        guest = Invitation.objects.filter(withheld="", attended_at=None).first()
        page.goto(f"{someone.address}/invitations/{guest.pk}/ticket/")
        shoot(page, "ticket-390")
        page.goto(f"{someone.address}/tickets/{guest.ticket}/")
        page.locator("button.act").click()
        page.locator(".seal").wait_for()
        shoot(page, "scan-390")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert Invitation.objects.filter(attended_at__isnull=False).count() == 2


def test_the_same_campaign_at_a_desk(visit, house):
    place, people = house
    campaign = planned(place, starts=timezone.now() - timedelta(hours=2))
    now = timezone.now()
    ids = [who.pk for who in people]
    invite(campaign=campaign, customers=ids, by=place.seller, now=now)
    guests = list(Invitation.objects.order_by("pk"))
    for guest in guests[:5]:
        answer_invitation(
            invitation=guest, answer=Answer.COMING, by=place.seller, now=now, key=uuid4()
        )
    for guest in guests[:3]:
        note_attended(invitation=guest, by=place.seller, now=now)
    with visit(DESK) as someone:
        someone.sign_in(place.manager.username)
        page = someone.page
        for name, path in {
            "campaigns": "/campaigns/",
            "campaign": f"/campaigns/{campaign.pk}/",
            "guests": f"/campaigns/{campaign.pk}/guests/?show=coming",
            "campaign-new": "/campaigns/new/",
            "campaign-edit": f"/campaigns/{campaign.pk}/edit/",
            "invite": f"/campaigns/{campaign.pk}/invite/",
            "guest": f"/invitations/{guests[7].pk}/",
            "door": f"/campaigns/{campaign.pk}/door/",
        }.items():
            page.goto(f"{someone.address}{path}")
            shoot(page, f"{name}-1440")
    with visit(PHONE) as someone:
        someone.sign_in(place.manager.username)
        for name, path in {
            "campaigns": "/campaigns/",
            "guests": f"/campaigns/{campaign.pk}/guests/",
            "campaign-new": "/campaigns/new/",
        }.items():
            someone.page.goto(f"{someone.address}{path}")
            shoot(someone.page, f"{name}-390")
