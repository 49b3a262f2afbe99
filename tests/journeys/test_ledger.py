"""The order ledger's filters on a desk."""

import pytest
from playwright.sync_api import expect

from staff.states import Role
from tests.factories.staff import PersonFactory, StoreFactory
from tests.journeys.conftest import DESK
from tests.orders.money import order_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_store_offers_its_people_and_further_filters_lie_over_nothing(visit):
    seller = PersonFactory(name="林小雨", role=Role.SALES_STORE)
    order_of(seller)
    StoreFactory(region=seller.store.region)
    with visit(DESK) as someone:
        someone.sign_in(PersonFactory(role=Role.OPS_MANAGER).username)
        page = someone.page
        someone.go("/orders/?due=passed")
        folded = page.locator(".more-filters")
        expect(folded.locator("summary")).to_contain_text("· 1")
        expect(folded.locator("> div")).to_be_hidden()
        page.select_option("#id_store", str(seller.store_id))
        expect(page.locator("#id_seller option", has_text="林小雨")).to_be_attached()
        page.select_option("#id_seller", str(seller.pk))
        page.wait_for_url(f"**seller={seller.pk}**")
        folded.locator("summary").click()
        expect(folded.locator("> div")).to_be_visible()
        page.locator("h1").click()
        expect(folded.locator("> div")).to_be_hidden()
