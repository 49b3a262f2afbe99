"""Calling a campaign off: who is called and by whom, who is left in peace, and what has passed."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from customers.models import Customer
from customers.states import Quiet
from followups.models import Invitation, Obligation
from followups.rules import campaigns as rules
from followups.services.campaigns import (
    CampaignNotSaved,
    CampaignTerms,
    move_campaign,
    plan_campaign,
)
from followups.services.invitations import answer_invitation, invite
from followups.states import Anchor, Answer, CampaignKind, CampaignState, State
from staff.models import Person
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory
from tests.followups.build import at

NOW = at("2026-03-12 10:00")
STARTS = at("2026-03-21 14:00")
OFF = CampaignState.CALLED_OFF


@pytest.mark.parametrize(
    ("state", "to", "begun", "passed", "codes"),
    [
        ("planned", "called_off", False, False, []),
        ("inviting", "called_off", True, False, []),
        ("inviting", "called_off", True, True, ["has_passed"]),
        ("planned", "called_off", True, True, ["has_passed"]),
        ("planned", "over", True, True, []),
        ("planned", "over", False, False, ["not_begun"]),
        ("inviting", "over", True, True, []),
        ("over", "called_off", True, True, ["cannot_move"]),
        ("over", "inviting", True, True, []),
        ("called_off", "planned", True, True, []),
    ],
)
def test_what_has_passed_is_over_and_is_not_called_off(state, to, begun, passed, codes):
    against = rules.move_blockers(state=state, to=to, has_started=begun, has_passed=passed)
    assert [each.code for each in against] == codes


@pytest.fixture
def campaign(company):
    terms = CampaignTerms(
        name="家装讲座", kind=CampaignKind.EVENT, store=company.store, place="二楼",
        starts_at=STARTS, ends_at=STARTS + timedelta(hours=2), text="诚邀您参加。",
    )  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        yield plan_campaign(terms=terms, by=company.store_manager, now=NOW, key=uuid4())


def coming(company, campaign, names, *, owner=None) -> list[Invitation]:
    """Guests of these names, who said that they would come."""
    before, owner = NOW - timedelta(days=30), owner or company.sales_store
    who = [CustomerFactory(name=name, now=before, owner=owner).pk for name in names]
    invite(campaign=campaign, customers=who, by=company.store_manager, now=NOW)
    campaign.refresh_from_db()
    rows = Invitation.objects.filter(campaign=campaign, customer__in=who)
    for row in rows:
        answer_invitation(
            invitation=row, answer=Answer.COMING, by=company.sales_store, now=NOW, key=uuid4()
        )
    return list(rows.order_by("pk"))


def silence(guest: Invitation) -> None:
    Customer.objects.filter(pk=guest.customer_id).update(quiet=Quiet.ALL)


def page_of(browser, campaign):
    return browser.get(f"/campaigns/{campaign.pk}/call-off/")


@pytest.mark.django_db
def test_who_wishes_no_contact_stands_apart_and_on_nobodys_list(company, as_, campaign):
    called, silent = coming(company, campaign, ["甲客户", "乙客户 13800138000"])
    silence(silent)
    page = page_of(as_(company.store_manager), campaign)
    context = page.context_data
    assert context["tellers"] == [(company.sales_store.name, ["甲客户"])]
    assert context["silent"] == ["乙客户 138****8000"]
    assert "1" in context["told"]
    assert context["untold"] in page.content.decode()
    move_campaign(campaign=campaign, to=OFF, by=company.store_manager, now=NOW, reason="停电")
    news = Obligation.objects.filter(step__anchor=Anchor.CAMPAIGN_NEWS)
    assert news.get(subject_id=called.pk).state == State.OPEN
    assert news.get(subject_id=silent.pk).state == State.SUSPENDED


@pytest.mark.django_db
def test_where_all_wish_no_contact_nobody_is_said_to_be_called(company, as_, campaign):
    for guest in coming(company, campaign, ["甲客户"]):
        silence(guest)
    page = page_of(as_(company.store_manager), campaign)
    assert (page.context_data["told"], page.context_data["tellers"]) == ("", [])
    assert page.context_data["untold"]
    assert page.context_data["untold"] in page.content.decode()


@pytest.mark.django_db
def test_the_page_names_who_calls_them_by_now(company, as_, campaign):
    """What it promises is what then stands on the lists: the keeper of now, else who asked."""
    gone = PersonFactory(store=company.store, name="走了的")
    fresh = PersonFactory(store=company.store, name="接手的")
    names = ["甲", "乙", "丙"]
    kept, changed, left = coming(company, campaign, names, owner=gone)
    Customer.objects.filter(pk=kept.customer_id).update(owner=company.sales_store)
    Customer.objects.filter(pk=changed.customer_id).update(owner=fresh)
    Invitation.objects.filter(pk=left.pk).update(assignee=company.store_manager)
    Person.objects.filter(pk=gone.pk).update(is_active=False)

    tellers = dict(page_of(as_(company.store_manager), campaign).context_data["tellers"])
    assert gone.name not in tellers
    move_campaign(campaign=campaign, to=OFF, by=company.store_manager, now=NOW, reason="停电")
    for guest, name in zip((kept, changed, left), names, strict=True):
        teller = Obligation.objects.get(
            step__anchor=Anchor.CAMPAIGN_NEWS, subject_id=guest.pk
        ).assignee
        assert name in tellers[teller.name]


@pytest.mark.django_db
def test_without_anybody_left_to_call_it_says_so(company, as_, campaign):
    (guest,) = coming(company, campaign, ["甲"])
    Invitation.objects.filter(pk=guest.pk).update(assignee=None)
    Customer.objects.filter(pk=guest.customer_id).update(owner=None)
    ((nobody, names),) = page_of(as_(company.store_manager), campaign).context_data["tellers"]
    assert names == ["甲"]
    assert nobody


@pytest.mark.django_db
def test_past_its_last_day_it_is_not_called_off(company, as_, campaign):
    coming(company, campaign, ["甲"])
    browser, address = as_(company.store_manager), f"/campaigns/{campaign.pk}/call-off/"
    with time_machine.travel(STARTS + timedelta(hours=4), tick=False):
        assert browser.get(address).status_code == 200, "they can still be told on its day"
    with time_machine.travel(STARTS + timedelta(days=1), tick=False):
        for answer in (browser.get(address), browser.post(address, {"reason": "下雨"})):
            assert answer.url == f"/campaigns/{campaign.pk}/"
        page = browser.get(f"/campaigns/{campaign.pk}/")
        (said, _again) = page.context["messages"]
        assert str(said) in page.content.decode()
        offered = [move["to"] for move in page.context_data["moves"]]
        assert offered == ["over"]
        with pytest.raises(CampaignNotSaved) as refusal:
            move_campaign(
                campaign=campaign, to=OFF, by=company.store_manager,
                now=STARTS + timedelta(days=1), reason="下雨",
            )  # fmt: skip
    assert refusal.value.codes == ("has_passed",)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.INVITING


@pytest.mark.django_db
def test_it_asks_as_much_for_many_as_for_few(
    company, as_, campaign, django_assert_num_queries, django_assert_max_num_queries
):
    browser = as_(company.store_manager)
    for guest in coming(company, campaign, ["甲", "乙"])[:1]:
        silence(guest)
    page_of(browser, campaign)
    with django_assert_max_num_queries(30) as few:
        page_of(browser, campaign)
    for guest in coming(company, campaign, [f"客{number}" for number in range(12)])[:6]:
        silence(guest)
    with django_assert_num_queries(len(few)):
        page_of(browser, campaign)
