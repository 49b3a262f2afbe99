"""A filing looked at, extended, given up and taken from the pool; SHOTS keeps pictures."""

from datetime import timedelta

import pytest
from django.utils import timezone

from filings.models import Filing
from followups.services import assign_keeper
from staff.states import Role, StoreKind
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory
from tests.filings.held import file, filed, lead_of
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house():
    """A team and a store; filings that hold, lapse, wait for data, were refused, are free."""
    region = RegionFactory(name="杭州区")
    team = StoreFactory(region=region, kind=StoreKind.FIELD_TEAM, name="杭州业务部")
    store = StoreFactory(region=region, name="西湖店")
    seller = PersonFactory(role=Role.SALES_FIELD, store=team, name="梁凯")
    rival = PersonFactory(role=Role.SALES_STORE, store=store, name="林晓月")
    lead = PersonFactory(role=Role.FIELD_SUPERVISOR, store=team, name="韩冬")
    held = filed(seller, name="周雅琴", phone="13911204476", need="沙发、餐桌，浅色布艺")
    filed(seller, days_ago=2, name="赵磊")
    filed(seller, days_ago=8, name="钱芳")
    file(lead_of(seller, name="孙静", address=""), seller)
    theirs = filed(rival, name="李强", phone="13955556666")
    file(theirs.customer, seller)
    lapsed = [filed(seller, days_ago=11 + n, need="床垫") for n in range(3)]
    filed(rival, days_ago=20, need="三人沙发，茶几")
    assign_keeper(customer=lapsed[0].customer, keeper=None, by=lead, now=timezone.now())
    return seller, rival, lead, held


def test_a_filing_is_extended_given_up_and_taken_by_another(visit, house):
    seller, rival, _lead, held = house
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(seller.username)
        page = someone.page
        someone.go("/today/")
        shoot(page, "today-390")
        someone.go(f"/customers/{held.customer_id}/")
        shoot(page, "card-390")
        someone.go(f"/customers/{held.customer_id}/grade/")
        page.locator("label:has(input[name=grade][value=D])").click()
        assert page.locator("input[name=keeps_filing]").count() == 1
        shoot(page, "regrade-390")
        someone.go(f"/customers/{held.customer_id}/log/")
        page.locator("label:has(input[value=connected])").click()
        page.locator("label:has(input[name=grade][value=D])").click()
        shoot(page, "log-390")
        for tab in ("held", "drafts", "refused", "over"):
            someone.go(f"/filings/?scope={tab}")
            shoot(page, f"filings-{tab}-390")
        someone.go(f"/filings/{held.pk}/ask/")
        page.locator("label:has(input[name=reason][value=travel])").click()
        shoot(page, "ask-390")
        page.locator("button.act").click()
        page.wait_for_url(f"**/filings/{held.pk}/")
        shoot(page, "filing-390")
        someone.go("/pool/")
        shoot(page, "pool-390")
        someone.go(f"/filings/{held.pk}/release/")
        shoot(page, "release-390")
        page.locator("button.act").click()
        page.wait_for_url(f"**/filings/{held.pk}/")
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(rival.username)
        someone.go("/pool/?store=all")
        page = someone.page
        shoot(page, "pool-all-390")
        page.locator(f"a[href='/pool/{held.customer_id}/take/']").click()
        shoot(page, "take-390")
        page.locator("button.act").click()
        page.wait_for_url(f"**/customers/{held.customer_id}/")
        shoot(page, "taken-390")
    taken = Filing.objects.latest("pk")
    assert (taken.holder, taken.is_from_pool) == (rival, True)
    assert taken.protected_until > timezone.now() + timedelta(days=9)


def test_a_manager_reads_and_hands_over_at_the_desk(visit, house):
    seller, _rival, lead, held = house
    colleague = PersonFactory(role=Role.SALES_FIELD, store=seller.store, name="吴敏")
    with visit(DESK) as someone:
        someone.sign_in(lead.username)
        page = someone.page
        someone.go("/filings/")
        shoot(page, "filings-1440")
        someone.go("/pool/?store=all")
        shoot(page, "pool-1440")
        someone.go("/customers/")
        shoot(page, "customers-1440")
        someone.go(f"/customers/{held.customer_id}/")
        shoot(page, "card-1440")
        someone.go(f"/filings/{held.pk}/")
        shoot(page, "filing-1440")
        someone.go(f"/filings/{held.pk}/hand-over/")
        page.select_option("[name=holder]", str(colleague.pk))
        page.fill("[name=reason]", "梁凯休假")
        shoot(page, "hand-over-1440")
        page.locator("button.act").click()
        page.wait_for_url(f"**/filings/{held.pk}/")
        shoot(page, "handed-1440")
    held.refresh_from_db()
    assert held.holder == colleague


def test_the_marketing_manager_reads_figures(visit, house):
    with visit(DESK) as someone:
        marketing = PersonFactory(role=Role.MARKETING_MANAGER, store=None)
        someone.sign_in(marketing.username)
        someone.go("/filings/")
        shoot(someone.page, "counts-1440")
        assert someone.page.locator("tbody tr").count() == 2
