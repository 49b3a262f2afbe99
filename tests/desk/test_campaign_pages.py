"""What the pages of a campaign say and offer, to each reader and on each day."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from core.models import AuditEntry
from customers.models import Customer
from customers.states import Grade
from followups.models import Invitation
from followups.services.campaigns import CampaignTerms, move_campaign, plan_campaign
from followups.services.invitations import (
    NotInvited,
    answer_invitation,
    invite,
    send_invitation,
    walk_in,
)
from followups.states import Answer, CampaignKind, CampaignState
from followups.wording import signature_of, whole_text
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory
from tests.followups.build import at

pytestmark = pytest.mark.django_db

NOW = at("2026-03-12 10:00")
STARTS = at("2026-03-21 14:00")
PAGE = {"accept": "text/html"}


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


def planned(company, **said):
    plain = {
        "name": "家装讲座", "kind": CampaignKind.EVENT, "store": company.store, "place": "二楼",
        "starts_at": STARTS, "ends_at": STARTS + timedelta(hours=2), "text": "诚邀您参加。",
        "target_invited": 24, "target_attended": 12, "target_amount": 60_000,
    }  # fmt: skip
    terms = CampaignTerms(**{**plain, **said})
    return plan_campaign(terms=terms, by=company.store_manager, now=NOW, key=uuid4())


@pytest.fixture
def campaign(company):
    return planned(company)


@pytest.fixture
def care(company):
    return planned(company, kind=CampaignKind.CARE, name="换季养护")


def invited(company, campaign, count=1, **said) -> list[Invitation]:
    before = NOW - timedelta(days=30)
    said = {"owner": company.sales_store, **said}
    who = [CustomerFactory(now=before, **said) for _each in range(count)]
    ids = [each.pk for each in who]
    invite(campaign=campaign, customers=ids, by=company.store_manager, now=NOW)
    campaign.refresh_from_db()
    return list(Invitation.objects.filter(campaign=campaign, customer__in=ids).order_by("pk"))


def says(company, guest, answer=Answer.COMING) -> None:
    answer_invitation(invitation=guest, answer=answer, by=company.sales_store, now=NOW, key=uuid4())


def page_of(browser, campaign, path=""):
    return browser.get(f"/campaigns/{campaign.pk}/{path}").context_data


def in_english(as_, person):
    type(person).objects.filter(pk=person.pk).update(language="en")
    person.language = "en"
    return as_(person)


def labels(context) -> list[str]:
    return [url.split("show=")[1] for url in (row["url"] for row in context["stats"])]


def test_a_salesperson_sees_the_own_guests_without_what_the_event_aims_at(company, as_, campaign):
    invited(company, campaign)
    mine = page_of(as_(company.sales_store), campaign)
    assert [str(stat["value"]) for stat in mine["stats"]][:3] == ["1", "0", "0"]
    assert mine["stats"][-1]["note"] == ""
    assert mine["whose"]
    everybodys = page_of(as_(company.store_manager), campaign)
    assert [str(stat["value"]) for stat in everybodys["stats"]][:3] == ["1 / 24", "0", "0 / 12"]
    assert everybodys["stats"][-1]["note"]
    assert everybodys["whose"] == ""
    lists = {role: as_(getattr(company, role)).get("/campaigns/").content.decode()
             for role in ("sales_store", "store_manager")}  # fmt: skip
    assert ["1 / 24" in page for page in lists.values()] == [False, True]


def test_care_shows_nothing_of_coming_and_has_no_door(company, as_, care):
    (guest,) = invited(company, care)
    browser = as_(company.sales_store)
    context = page_of(browser, care)
    assert labels(context) == ["invited", "sent", "bought", "bought"]
    assert [count["count"] for count in context["counts"]] == [1]
    assert context["door_url"] == ""
    assert browser.get(f"/campaigns/{care.pk}/door/").status_code == 404
    assert browser.get(f"/tickets/{guest.ticket}/").status_code == 404
    with pytest.raises(NotInvited) as refusal:
        walk_in(campaign=care, customer=guest.customer, by=company.sales_store, now=NOW)
    assert refusal.value.codes == ("no_door",)

    signature = signature_of(sender=company.sales_store.name, store=company.store)
    text = whole_text("记得翻面。", customer=guest.customer, signature=signature)
    send_invitation(
        invitation=guest, text=text, signature=signature, by=company.sales_store, now=NOW
    )
    assert [stat["value"] for stat in page_of(browser, care)["stats"]][:2] == ["1", "1"]
    assert page_of(browser, care, "guests/?show=sent")["list"].total == 1


def test_one_that_is_over_is_opened_again_and_has_no_door(company, as_, campaign):
    invited(company, campaign)
    browser = in_english(as_, company.store_manager)
    assert page_of(browser, campaign)["door_url"]
    with time_machine.travel(STARTS + timedelta(days=1), tick=False):
        move_campaign(
            campaign=campaign, to=CampaignState.OVER, by=company.store_manager, now=STARTS
        )
        context = page_of(browser, campaign)
    assert context["door_url"] == ""
    (move,) = context["moves"]
    assert (move["to"], str(move["label"])) == ("inviting", "Open again")


def test_calling_off_says_who_is_told_and_asks_why(company, as_, campaign):
    coming, given_up, silent = invited(company, campaign, 3)
    Customer.objects.filter(pk=coming.customer_id).update(name="许文博 13800138000")
    for guest in (coming, given_up):
        says(company, guest)
    Customer.objects.filter(pk=given_up.customer_id).update(grade=Grade.D)
    browser = as_(company.store_manager)
    (off,) = [move for move in page_of(browser, campaign)["moves"] if move["url"]]
    context = browser.get(off["url"]).context_data
    assert context["tellers"] == [(company.sales_store.name, ["许文博 138****8000"])]
    assert "1" in context["told"]

    past = browser.post(f"/campaigns/{campaign.pk}/move/", {"to": "called_off"})
    assert past.url == off["url"]
    refused = browser.post(off["url"], {"reason": " "})
    assert list(refused.context_data["form"].errors) == ["reason"]
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.INVITING
    browser.post(off["url"], {"reason": "讲师病了，电话13800138000"})
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CALLED_OFF
    told = page_of(as_(company.sales_store), campaign)["called_off"]
    assert "讲师病了" in told
    guest = as_(company.sales_store).get(f"/invitations/{coming.pk}/")
    assert guest.context_data["called_off"] == told
    assert "13800138000" not in told
    assert AuditEntry.objects.filter(verb="move_campaign", reason__contains="讲师").count() == 1
    assert browser.get(off["url"]).status_code == 302
    assert silent.answer == ""


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 403), ("stranger", 403), ("store_manager", 200), ("finance", 403)],
)
def test_who_may_call_off(company, as_, campaign, role, status):
    browser = as_(getattr(company, role))
    assert browser.get(f"/campaigns/{campaign.pk}/call-off/").status_code == status


def test_nobody_has_to_be_told_of_what_nobody_comes_to(company, as_, campaign):
    invited(company, campaign)
    context = page_of(as_(company.store_manager), campaign, "call-off/")
    assert (context["told"], context["tellers"]) == ("", [])


def test_the_next_guest_is_offered_only_where_there_is_one(company, as_, campaign):
    browser = as_(company.sales_store)
    context = page_of(browser, campaign)
    assert (context["next_url"], bool(context["nobody_left"])) == ("", True)
    (guest,) = invited(company, campaign)
    context = page_of(browser, campaign)
    assert (bool(context["next_url"]), context["nobody_left"]) == (True, "")
    says(company, guest)
    asked = page_of(browser, campaign)["nobody_left"]
    Customer.objects.filter(pk=guest.customer_id).update(owner=company.sales_store)
    colleague = PersonFactory(store=company.store)
    invited(company, campaign, owner=colleague)
    theirs = page_of(as_(company.store_manager), campaign)["nobody_left"]
    assert asked != theirs
    said = browser.get(f"/campaigns/{campaign.pk}/next/", follow=True).context["messages"]
    assert [str(message) for message in said] == [asked]


def test_before_its_day_the_door_says_so_once_and_takes_nobody(company, as_, campaign):
    (guest,) = invited(company, campaign)
    browser = as_(company.sales_store)
    door = f"/campaigns/{campaign.pk}/door/"
    early = browser.get(door)
    assert early.context_data["shut"]
    assert b'<button class="act" disabled>' in early.content
    ticket = browser.get(f"/tickets/{guest.ticket}/")
    assert ticket.context_data["refused"]
    assert b'<button class="act">' not in ticket.content
    with time_machine.travel(STARTS, tick=False):
        today = browser.get(door)
        assert today.context_data["shut"] == ""
        assert b"disabled" not in today.content.split(b'id="door"')[1].split(b"</main>")[0]
        assert browser.get(f"/tickets/{guest.ticket}/").context_data["refused"] == ""


def test_what_is_missing_is_said_beside_its_field(company, as_):
    browser = as_(company.store_manager)
    page = browser.get("/campaigns/new/")
    form = page.context_data["form"]
    must = [field.name for field in form if field.field.required and not field.is_hidden]
    assert must == ["kind", "name", "text", "starts_at", "ends_at", "deals_within_days"]
    said = {
        "kind": "event", "store": str(company.store.pk), "starts_at": "2026-03-21T14:00",
        "ends_at": "2026-03-21T16:00", "text": "{nobody}好", "deals_within_days": "30",
        "name": "讲座", "key": str(uuid4()),
    }  # fmt: skip
    wrong = browser.post("/campaigns/new/", {**said, "name": "", "text": ""})
    assert list(wrong.context_data["form"].errors) == ["name", "text"]
    assert b'class="error-summary"' in wrong.content
    unknown = browser.post("/campaigns/new/", said)
    assert list(unknown.context_data["form"].errors) == ["text"]
    days = browser.post("/campaigns/new/", {**said, "text": "好", "deals_within_days": "400"})
    assert list(days.context_data["form"].errors) == ["deals_within_days"]


def test_inviting_says_how_many_stand_and_how_many_are_kept_off(company, as_, campaign):
    CustomerFactory(owner=company.sales_store, now=NOW - timedelta(days=30))
    quiet = CustomerFactory(owner=company.sales_store, now=NOW - timedelta(days=30))
    Customer.objects.filter(pk=quiet.pk).update(quiet="marketing")
    browser = in_english(as_, company.sales_store)
    form = page_of(browser, campaign, "invite/")["form"]
    said = {"shown": form["shown"].value(), "key": str(form["key"].value()), "everybody": "on"}
    page = browser.post(f"/campaigns/{campaign.pk}/invite/", said, follow=True)
    (message,) = page.context["messages"]
    assert str(message) == "Put on the list: 1; kept off by the guard: 1."


@pytest.mark.parametrize("path", ["answer/", "sent/"])
def test_the_address_of_a_refused_form_leads_to_the_guest(company, as_, campaign, path):
    (guest,) = invited(company, campaign)
    answer = as_(company.sales_store).get(f"/invitations/{guest.pk}/{path}", headers=PAGE)
    assert answer.url == f"/invitations/{guest.pk}/"


def test_a_row_on_the_phone_has_words(company, as_, campaign, care):
    (guest,) = invited(company, campaign)
    invited(company, care)
    page = in_english(as_, company.store_manager).get("/campaigns/").content.decode()
    assert "1 invited · 0 coming · 0 came · 0 bought" in page
    assert "1 invited · 0 written to · 0 bought" in page
    guests = as_(company.store_manager).get(f"/campaigns/{campaign.pk}/guests/").content.decode()
    assert 'data-card="under"><span class="desk-only">–</span>' in guests
    assert guest.customer.name in guests
