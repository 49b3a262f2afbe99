"""Campaigns at their edges: who falls out, who is left out, whose words are kept."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine

from customers.models import Customer
from desk.services.inviting import ManyNotInvited, ask_to_invite
from desk.views import door
from desk.views.invitations import PROMISES_NOTHING
from followups.models import Campaign, Invitation, Obligation, Wording
from followups.queries import campaigns as queries
from followups.services.campaigns import (
    CampaignNotSaved,
    CampaignTerms,
    change_campaign,
    move_campaign,
    plan_campaign,
    review_campaign,
    version_of,
    version_of_review,
)
from followups.services.guests import works_of
from followups.services.invitations import answer_invitation, invite, note_attended, walk_in
from followups.states import Answer, CampaignKind, CampaignState, State
from reports.registry import run
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory
from tests.followups.build import at

pytestmark = pytest.mark.django_db

NOW = at("2026-03-12 10:00")
STARTS = at("2026-03-21 14:00")


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


def terms(store, **said):
    plain = {
        "name": "家装讲座", "kind": CampaignKind.EVENT, "store": store, "place": "二楼",
        "starts_at": STARTS, "ends_at": STARTS + timedelta(hours=2), "text": "诚邀您参加。",
    }  # fmt: skip
    return CampaignTerms(**{**plain, **said})


@pytest.fixture
def campaign(company):
    return plan_campaign(terms=terms(company.store), by=company.store_manager, now=NOW, key=uuid4())


def known(company, count=1) -> list[Customer]:
    before = NOW - timedelta(days=30)
    return [CustomerFactory(owner=company.sales_store, now=before) for _each in range(count)]


def guest_of(company, campaign, *, by=None) -> Invitation:
    (who,) = known(company)
    by = by or company.store_manager
    invite(campaign=campaign, customers=[who.pk], by=by, now=NOW)
    campaign.refresh_from_db()
    return Invitation.objects.get(customer=who, campaign=campaign)


def undecided(guest, by) -> Obligation:
    answer_invitation(invitation=guest, answer=Answer.UNDECIDED, by=by, now=NOW, key=uuid4())
    work = works_of([guest.pk]).get()
    assert work.due_on == date(2026, 3, 14)
    return work


def moved_to(company, campaign, starts_at, *, now=NOW) -> None:
    change_campaign(
        campaign=campaign, seen=version_of(campaign), by=company.store_manager, now=now,
        terms=terms(company.store, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)),
    )  # fmt: skip


def test_whoever_is_undecided_moves_along_and_is_asked_before_the_new_day(company, campaign):
    work = undecided(guest_of(company, campaign), company.sales_store)
    moved_to(company, campaign, at("2026-03-14 09:00"))
    work.refresh_from_db()
    assert (work.due_on, work.shown_on) == (date(2026, 3, 13), date(2026, 3, 13))
    assert work.task.day == date(2026, 3, 13)


def test_moved_far_away_the_undecided_are_asked_again_two_days_after_their_answer(
    company, campaign
):
    work = undecided(guest_of(company, campaign), company.sales_store)
    moved_to(company, campaign, at("2026-05-01 09:00"), now=NOW + timedelta(days=1))
    work.refresh_from_db()
    assert work.due_on == date(2026, 3, 14)


def test_taken_up_again_the_undecided_are_asked_again(company, campaign):
    work = undecided(guest_of(company, campaign), company.sales_store)
    for to in (CampaignState.CALLED_OFF, CampaignState.PLANNED):
        campaign.refresh_from_db()
        move_campaign(campaign=campaign, to=to, by=company.store_manager, now=NOW)
    work.refresh_from_db()
    assert (work.state, work.due_on) == (State.OPEN, date(2026, 3, 14))


def test_whoever_went_to_a_colleague_meanwhile_is_not_invited(company, as_, campaign):
    mine, gone = known(company, 2)
    browser = as_(company.sales_store)
    form = browser.get(f"/campaigns/{campaign.pk}/invite/").context_data["form"]
    said = {"shown": form["shown"].value(), "key": str(form["key"].value()), "everybody": "on"}
    Customer.objects.filter(pk=gone.pk).update(owner=PersonFactory(store=company.store))

    page = browser.post(f"/campaigns/{campaign.pk}/invite/", said, follow=True)
    assert list(Invitation.objects.values_list("customer", flat=True)) == [mine.pk]
    assert any("1" in str(message) for message in page.context["messages"])


def test_where_nobody_is_left_it_says_so(company, campaign):
    foreign = CustomerFactory(owner=company.stranger, now=NOW - timedelta(days=9))
    with pytest.raises(ManyNotInvited) as refusal:
        ask_to_invite(
            campaign=campaign, customers=[foreign.pk], by=company.sales_store, key=uuid4()
        )
    assert refusal.value.codes == ("nobody",)


def test_whoever_was_kept_off_and_came_has_walked_in(company, campaign):
    first = guest_of(company, campaign)
    (kept_off,) = known(company)
    Customer.objects.filter(pk=kept_off.pk).update(quiet="marketing")
    invite(campaign=campaign, customers=[kept_off.pk], by=company.store_manager, now=NOW)
    note_attended(invitation=first, by=company.sales_store, now=STARTS)
    walk_in(campaign=campaign, customer=kept_off, by=company.sales_store, now=STARTS)

    (told,) = run("campaigns", {}, reach=None, now=NOW)["rows"]
    assert (told["invited"], told["came"], told["walked_in"]) == (1, 2, 1)
    assert (told["came_of_invited"], told["withheld"]) == (1.0, 0)
    shown = Invitation.objects.filter(queries.SHOWN["walked_in"])
    assert [row.customer_id for row in shown] == [kept_off.pk]


def test_no_ticket_for_whom_the_guard_keeps_off_nor_for_care(company, as_, campaign):
    browser = as_(company.sales_store)
    guest = guest_of(company, campaign)
    assert browser.get(f"/invitations/{guest.pk}/ticket/").status_code == 200
    Invitation.objects.filter(pk=guest.pk).update(withheld="quiet")
    assert browser.get(f"/invitations/{guest.pk}/ticket/").status_code == 404
    Invitation.objects.filter(pk=guest.pk).update(withheld="")
    Campaign.objects.filter(pk=campaign.pk).update(kind=CampaignKind.CARE)
    assert browser.get(f"/invitations/{guest.pk}/ticket/").status_code == 404


def test_the_door_says_how_many_it_does_not_show(company, as_, campaign, monkeypatch):
    monkeypatch.setattr(door, "SHOWN", 2)
    ids = [who.pk for who in known(company, 5)]
    invite(campaign=campaign, customers=ids, by=company.sales_store, now=NOW)
    browser = as_(company.sales_store)
    page = browser.get(f"/campaigns/{campaign.pk}/door/")
    assert (len(page.context_data["rows"]), page.context_data["more"]) == (2, 3)
    monkeypatch.setattr(door, "SHOWN", 5)
    assert browser.get(f"/campaigns/{campaign.pk}/door/").context_data["more"] == 0


def test_of_two_who_review_neither_loses_a_word(company, as_, campaign):
    with time_machine.travel(STARTS + timedelta(days=1), tick=False):
        browser = as_(company.store_manager)
        url = f"/campaigns/{campaign.pk}/"
        opened = browser.get(url).context_data["review_form"]
        said = {"review": "茶点少了", "seen": opened["seen"].value()}
        review_campaign(
            campaign=campaign, review="场地太小", seen=said["seen"], by=company.ops_manager, now=NOW
        )

        page = browser.post(f"{url}review/", said)
        campaign.refresh_from_db()
        assert campaign.review == "场地太小"
        text = page.content.decode()
        assert "茶点少了" in text
        assert "场地太小" in text

        both = {"review": "场地太小\n茶点少了"}
        again = page.context_data["review_form"]["seen"].value()
        assert browser.post(f"{url}review/", {**both, "seen": again}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.review == "场地太小\n茶点少了"
    with pytest.raises(CampaignNotSaved) as refusal:
        review_campaign(
            campaign=campaign, review="x", seen=version_of_review(Campaign()), now=NOW,
            by=company.ops_manager,
        )  # fmt: skip
    assert refusal.value.codes == ("reviewed_meanwhile",)


@pytest.mark.parametrize(
    ("role", "state"),
    [("sales_store", CampaignState.PLANNED), ("store_manager", CampaignState.INVITING)],
)
def test_only_whoever_leads_a_campaign_begins_it_by_inviting(company, campaign, role, state):
    guest_of(company, campaign, by=getattr(company, role))
    assert campaign.state == state
    assert works_of(Invitation.objects.values("pk")).get().state == State.OPEN


def test_a_new_wording_sent_twice_is_one_wording(company, as_):
    browser = as_(company.marketing_manager)
    form = browser.get("/wordings/new/").context_data["form"]
    said = {
        "act": "save", "use": "friday", "name_zh": "周末", "name_en": "Weekend", "is_active": "on",
        "text_zh": "{name}周末好", "text_en": "Good weekend, {name}",
        "key": str(form["key"].value()),
    }  # fmt: skip
    before = Wording.objects.count()
    for _tap in range(2):
        assert browser.post("/wordings/new/", said).status_code == 302
    assert Wording.objects.count() == before + 1
    browser.post("/wordings/new/", {**said, "key": str(uuid4())})
    assert Wording.objects.count() == before + 2


def test_the_form_of_an_answer_asks_for_a_day_only_where_nothing_goes_on(company, as_, campaign):
    guest = guest_of(company, campaign)
    browser = as_(company.sales_store)
    url = f"/invitations/{guest.pk}/answer/"
    said = {"answer": "not_coming", "channel": "call", "is_inbound": "on", "key": str(uuid4())}
    page = browser.post(url, said)
    assert page.context_data["answer_form"].errors["then_on"]
    assert browser.post(url, {**said, "then_on": "2026-03-19"}).status_code == 302
    guest.refresh_from_db()
    assert guest.contact.next_on == date(2026, 3, 19)
    form = browser.get(f"/invitations/{guest.pk}/").context_data["answer_form"]
    assert "then_on" in form.fields

    reached_again = {**said, "answer": "coming", "key": str(uuid4()), "then_on": "2026-03-19"}
    assert browser.post(url, reached_again).status_code == 302
    guest.refresh_from_db()
    assert (guest.contact.next_kind, guest.contact.next_on) == ("store_visit", STARTS.date())


def test_of_a_guest_who_wishes_no_contact_the_page_says_which_ways_out_it_has(
    company, as_, campaign
):
    guest = guest_of(company, campaign)
    Customer.objects.filter(pk=guest.customer_id).update(quiet="all")
    browser, url = as_(company.sales_store), f"/invitations/{guest.pk}/answer/"
    said = {"answer": "coming", "channel": "call", "override": "needed", "key": str(uuid4())}
    page = browser.post(url, said)
    (sentence,) = page.context_data["answer_form"].errors["channel"]
    assert sentence == str(PROMISES_NOTHING)
    assert "下一步选“没有”" not in page.content.decode()
    assert browser.post(url, {**said, "is_inbound": "on"}).status_code == 302
    assert browser.post(url, {**said, "channel": "noted", "key": str(uuid4())}).status_code == 302
    guest.refresh_from_db()
    assert guest.answer == Answer.COMING
