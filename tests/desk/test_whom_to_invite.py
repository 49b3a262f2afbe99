"""Whom a campaign is offered: its store's customers, owners first, never all in one tap."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from customers.models import OwnedProduct
from followups.models import Invitation
from followups.rules import campaigns as rules
from followups.services.campaigns import CampaignTerms, plan_campaign
from followups.services.invitations import invite
from followups.states import CampaignKind
from tests.factories.customers import CustomerFactory
from tests.factories.opportunities import opportunity
from tests.factories.staff import PersonFactory
from tests.followups.build import at, delivery

pytestmark = pytest.mark.django_db

NOW = at("2026-03-12 10:00")
STARTS = at("2026-03-21 14:00")
SERVICE_DAY = "{day}我们举办“{occasion}”，免费为您的{product}紧固、清洁。您看什么时间方便？"


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


def planned(company, **said):
    plain = {
        "name": "家装讲座", "kind": CampaignKind.EVENT, "store": company.store, "place": "二楼",
        "starts_at": STARTS, "ends_at": STARTS + timedelta(hours=2), "text": "诚邀您参加。",
    }  # fmt: skip
    terms = CampaignTerms(**{**plain, **said})
    return plan_campaign(terms=terms, by=company.ops_manager, now=NOW, key=uuid4())


def known(person, **said):
    return CustomerFactory(owner=person, now=NOW - timedelta(days=30), **said)


def owner_of(person, product="S1"):
    who = known(person, grade="B2")
    sold = delivery(who, on=(NOW - timedelta(days=20)).date(), now=NOW)
    OwnedProduct.objects.filter(pk=sold.pk).update(product=product)
    return who


def looked_at(browser, campaign, query=""):
    return browser.get(f"/campaigns/{campaign.pk}/invite/{query}").context_data


def go_ahead(browser, campaign, context, **more):
    form = context["form"]
    said = {"shown": form["shown"].value(), "key": str(form["key"].value()), **more}
    return browser.post(f"/campaigns/{campaign.pk}/invite/", said, follow=True)


def guests() -> set[int]:
    return set(Invitation.objects.values_list("customer", flat=True))


def test_a_store_s_campaign_finds_its_own_customers_alone(company, as_):
    here, there = known(company.sales_store), known(company.stranger)
    browser = as_(company.ops_manager)
    context = looked_at(browser, planned(company))
    assert (context["names"], context["pool"]) == ([here.name], company.store.name)
    assert "store" not in context["list"].filter_form.fields
    keepers = [name for _pk, name in context["list"].filter_form.fields["keeper"].choices]
    assert company.sales_store.name in keepers
    assert company.stranger.name not in keepers
    other = f"?store={company.stranger.store_id}"
    assert looked_at(browser, planned(company), other)["names"] == [here.name]
    shared = looked_at(browser, planned(company, store=None))
    assert (sorted(shared["names"]), shared["pool"]) == (sorted([here.name, there.name]), "")


def test_nobody_invites_everybody_in_one_tap(company, as_):
    first, second = known(company.sales_store), known(company.sales_store)
    campaign, browser = planned(company), as_(company.sales_store)
    context = looked_at(browser, campaign)
    assert "2" in context["everybody"]
    page = go_ahead(browser, campaign, context)
    assert (guests(), len(list(page.context["messages"]))) == (set(), 1)
    page = browser.get(f"/campaigns/{campaign.pk}/invite/").content.decode()
    assert 'name="everybody"' in page
    go_ahead(browser, campaign, context, everybody="on")
    assert guests() == {first.pk, second.pk}


@pytest.mark.parametrize("query", ["?scope=me", "?sort=registered", "?grade=", "?store=1"])
def test_what_narrows_nothing_is_no_filter(company, as_, query):
    known(company.sales_store)
    context = looked_at(as_(company.sales_store), planned(company), query)
    assert context["everybody"]


def test_a_filter_that_is_chosen_needs_no_word(company, as_):
    who = known(company.sales_store, grade="A")
    known(company.sales_store, grade="C2")
    campaign, browser = planned(company), as_(company.sales_store)
    context = looked_at(browser, campaign, "?grade=A")
    assert context["everybody"] == ""
    go_ahead(browser, campaign, context)
    assert guests() == {who.pk}


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (CampaignKind.CARE, "换季了，记得通风。", True),
        (CampaignKind.EVENT, SERVICE_DAY, True),
        (CampaignKind.EVENT, "诚邀您参加“{occasion}”。", False),
    ],
)
def test_care_and_what_is_done_for_a_product_are_for_owners(kind, text, expected):
    assert rules.is_for_owners(kind=kind, text=text) is expected


def test_what_is_for_owners_begins_with_them_and_can_be_changed(company, as_):
    owner, looker = owner_of(company.sales_store), known(company.sales_store)
    campaign, browser = planned(company, text=SERVICE_DAY), as_(company.sales_store)
    answer = browser.get(f"/campaigns/{campaign.pk}/invite/")
    assert answer.url == f"/campaigns/{campaign.pk}/invite/?bought=ever"
    begun = looked_at(browser, campaign, "?bought=ever")
    assert begun["names"] == [owner.name]
    assert begun["everybody"], "what the page begins with is nobody's choice"
    assert looked_at(browser, campaign, "?bought=ever&grade=B2")["everybody"] == ""
    assert looker.name in looked_at(browser, campaign, "?q=&bought=")["names"]


def test_a_guest_is_told_of_what_they_own_and_of_no_wish(company, as_):
    looker, owner = known(company.sales_store), owner_of(company.sales_store, product="真皮沙发")
    opportunity(customer=looker, at="furniture_negotiation", now=NOW, product="星程S")
    opportunity(customer=owner, at="furniture_negotiation", now=NOW, product="星程S")
    campaign = planned(company, text=SERVICE_DAY)
    invite(campaign=campaign, customers=[looker.pk, owner.pk], by=company.ops_manager, now=NOW)
    browser = as_(company.sales_store)

    def read(who) -> tuple[str, bool]:
        row = Invitation.objects.get(customer=who)
        context = browser.get(f"/invitations/{row.pk}/").context_data
        return context["send_form"]["text"].value(), context["is_left_out"]

    text, is_left_out = read(looker)
    assert "星程S" not in text
    assert "您的" not in text
    assert "举办“家装讲座”。您看什么时间方便？" in text
    assert is_left_out
    text, is_left_out = read(owner)
    assert "免费为您的真皮沙发紧固" in text
    assert "星程S" not in text
    assert not is_left_out


def test_the_review_says_that_it_speaks_of_all(company, as_):
    campaign = planned(company, store=None)
    campaign.review = "到场 7 组。"
    campaign.save(update_fields=["review"])
    hint = "not only of those counted"
    for person, is_said in ((company.store_manager, True), (company.ops_manager, False)):
        type(person).objects.filter(pk=person.pk).update(language="en")
        page = as_(person).get(f"/campaigns/{campaign.pk}/").content.decode()
        assert (hint in page) is is_said


def test_a_colleague_of_the_store_is_found_by_the_manager(company, as_):
    colleague = PersonFactory(role="sales_store", store=company.store)
    who = known(colleague)
    assert looked_at(as_(company.store_manager), planned(company))["names"] == [who.name]
