"""Filing by thumb: the number answers, one tap files, the page says until when."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from customers.models import Customer, Project
from desk.services import Claim, file_for
from filings.models import Filing
from staff.states import Role, StoreKind, Trade
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory, StoreFactory
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def shot(page, name: str) -> None:
    """A picture to look at, where SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True, caret="initial")


@pytest.fixture
def town():
    """A field team and a store of one region; somebody's customer, filed."""
    store = StoreFactory(trade=Trade.FURNITURE)
    team = StoreFactory(region=store.region, trade=Trade.FURNITURE, kind=StoreKind.FIELD_TEAM)
    seller = PersonFactory(role=Role.SALES_FIELD, store=team)
    rival = PersonFactory(store=store)
    customer = CustomerFactory(
        name="王先生", phone="13911204476", owner=rival, address="水岸名都3幢2单元501",
        need="沙发", expected_purchase="month", now=timezone.now() - timedelta(hours=1),
    )  # fmt: skip
    if not customer.projects.exists():
        Project.objects.create(customer=customer, address=customer.address, opened_by=rival)
    claim = Claim(acquired_at=timezone.now())
    assert file_for(customer=customer, claim=claim, filer=rival, by=rival).invalid == ""
    return seller


def chip(page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name={name}][value={value!r}])").click()


@pytest.mark.parametrize(("size", "name"), [(PHONE, "390"), (DESK, "1440")])
def test_the_number_answers_and_one_tap_files(visit, town, size, name):
    with visit(size) as someone:
        someone.sign_in(town.username)
        page = someone.page
        someone.go("/customers/register/")
        shot(page, f"empty-{name}")
        page.fill("input[name=phone]", "13911204476")
        page.locator(".answer.is-filed").wait_for()
        page.locator(".another summary").click()
        shot(page, f"filed-{name}")
        page.fill("input[name=phone]", "13800138001")
        page.locator(".answer.is-free").wait_for()
        page.fill("input[name=name]", "许文博")
        page.fill("input[name=address]", "天润福熙")
        page.locator("#door.is-short").wait_for()
        shot(page, f"short-{name}")
        page.fill("input[name=address]", "天润福熙 5幢1单元802")
        page.locator("#door.is-door").wait_for()
        chip(page, "need", "sofa")
        chip(page, "expected", "fortnight")
        hour = (timezone.localtime() - timedelta(minutes=1)).strftime("%H:%M")
        chip(page, "acquired", "today")
        page.fill("input[name=acquired_time]", hour)
        page.locator("input[name=acquired_time]").blur()
        page.locator("#clock [data-countdown-to]").wait_for()
        shot(page, f"ready-{name}")
        page.click(".bar button[type=submit]")
        page.wait_for_url("**/registered/")
        assert page.locator(".limits li").count() >= 3
        shot(page, f"done-{name}")
        filing = Filing.objects.get(filer=town)
        assert (filing.invalid, filing.customer) == ("", Customer.objects.get(name="许文博"))
        someone.go(f"/customers/{filing.customer_id}/file/")
        shot(page, f"file-{name}")

        someone.go("/customers/register/")
        page.fill("input[name=phone]", "13800138002")
        page.fill("input[name=name]", "李女士")
        page.click(".bar button[type=submit]")
        page.wait_for_url("**/registered/")
        page.locator(".won.is-draft").wait_for()
        shot(page, f"draft-{name}")
    assert someone.complaints == []


def test_what_was_typed_beside_a_number_comes_back_with_that_number_alone(visit, town):
    with visit(PHONE) as someone:
        someone.sign_in(town.username)
        page = someone.page
        someone.go("/customers/register/")
        page.locator("input[name=phone]").press_sequentially("136０００１０００１")
        assert page.input_value("input[name=phone]") == "136 0001 0001"
        page.locator(".answer.is-free").wait_for()
        page.fill("input[name=name]", "许文博")
        chip(page, "expected", "fortnight")

        someone.go("/customers/register/")
        assert page.input_value("input[name=name]") == ""
        page.locator("input[name=phone]").press_sequentially("13800138001")
        page.locator(".answer.is-free").wait_for()
        assert page.input_value("input[name=name]") == ""
        assert not page.locator("input[name=expected][value=fortnight]").is_checked()
        page.fill("input[name=name]", "李女士")

        someone.go("/customers/register/")
        page.locator("input[name=phone]").press_sequentially("13800138001")
        assert page.input_value("input[name=name]") == "李女士"
        assert page.locator("[data-draft-back]").is_visible()
    assert someone.complaints == []
