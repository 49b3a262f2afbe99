"""A lead by thumb: offered with its clock, accepted, called; and the manager's side of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Customer, DispatchRule
from staff.models import Person, Store
from staff.states import Role
from tests.factories.leads import lead, on_duty, source
from tests.factories.staff import PersonFactory
from tests.followups.build import shop
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    """A store that never closes, with a lead offered, one waiting and one known customer's."""
    place, now = shop(), timezone.now()
    Store.objects.filter(pk=place.store.pk).update(
        name="望京店", opens_at="00:00", closes_at="00:00"
    )
    Person.objects.filter(pk=place.seller.pk).update(name="林小雨")
    place.store.refresh_from_db()
    place.seller.refresh_from_db()
    PersonFactory(role=Role.MARKETING_MANAGER, username="marketing", name="郝敏")
    douyin = source("douyin", name="抖音留资", store=place.store)
    on_duty(place.store, place.seller, on=place.store.today(now))
    lead(
        origin=douyin, now=now - timedelta(minutes=3), name="许文博", phone="13812345678",
        need="三居室客厅沙发，浅色布艺，预算两万", campaign="618 家装节", place="北京 望京",
    )  # fmt: skip
    DispatchRule.objects.create(store=place.store, method="hand")
    for minutes, name in ((52, "周雅琴"), (8, "")):
        lead(
            origin=douyin, now=now - timedelta(minutes=minutes), name=name, need="床垫 1.8 米",
            campaign="直播间", place="北京",
        )  # fmt: skip
    return place


def test_a_salesperson_accepts_by_thumb(visit, place):
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        page.locator(".notice[href='/leads/']").click()
        page.locator(".offer.is-mine [data-countdown-to]").wait_for()
        assert "138****5678" in page.content()
        assert page.locator(".of-lead .act").first.bounding_box()["height"] >= 44
        shoot(page, "leads-390")
        someone.go("/today/")
        shoot(page, "today-390")
        someone.go("/leads/")
        page.locator(".offer.is-mine a").first.click()
        shoot(page, "lead-390")
        page.locator("form[action$='/accept/'] button").click()
        page.wait_for_url("**/customers/*/")
        shoot(page, "accepted-390")
        assert Customer.objects.get().owner == place.seller
        someone.go("/today/")
        assert page.locator("[data-row]").count() == 1


def test_a_manager_hands_out_and_writes_the_rota(visit, place):
    with visit(DESK) as someone:
        someone.sign_in(place.manager.username)
        page = someone.page
        someone.go("/leads/")
        shoot(page, "leads-1440")
        page.locator("td a", has_text="周雅琴").click()
        shoot(page, "lead-1440")
        page.select_option("[name=to]", label="林小雨")
        page.locator("form[action$='/hand-out/'] button").click()
        page.wait_for_url("**/leads/")
        someone.go(f"/leads/rota/{place.store.pk}/")
        page.locator(".duty").last.click()
        shoot(page, "rota-1440")
        page.locator(".rota-form .act").click()
        page.locator(".notice.is-success").wait_for()
        someone.go("/reports/first-response/?show=leads")
        shoot(page, "first-response-1440")
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.manager.username)
        for address, name in (
            ("/leads/", "manager-390"), (f"/leads/rota/{place.store.pk}/", "rota-390"),
            ("/reports/first-response/?show=leads", "first-response-390"),
        ):  # fmt: skip
            someone.go(address)
            shoot(someone.page, name)


def test_marketing_adds_a_source(visit, place):
    with visit(DESK) as someone:
        someone.sign_in("marketing")
        page = someone.page
        someone.go("/leads/sources/")
        shoot(page, "sources-1440")
        page.fill("[name=code]", "tmall")
        page.fill("[name=name]", "天猫")
        page.locator("form.lead-act .act").click()
        page.locator("#secret").wait_for()
        shoot(page, "source-1440")
        someone.go("/leads/import/")
        shoot(page, "import-1440")
