"""A manager finds two cards of one customer, merges them and takes them apart again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.phones import normalise
from customers.models import Customer
from customers.services import register_customer, update_customer
from customers.states import Source
from staff.states import Trade
from tests.factories.followups import reached
from tests.followups.build import delivery, shop
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cards():
    """Two cards of one address, by two salespeople of one store."""
    place = shop(Trade.FURNITURE)
    weeks_ago = timezone.now() - timedelta(days=20)
    said = {"address": "梧桐苑7幢3单元502室", "store": place.store, "by": place.seller}
    first = register_customer(
        name="王芳", phones=[normalise("13800138000")], owner=place.seller, grade="A",
        need="沙发，预算三万", source=Source.WALK_IN, now=weeks_ago, **said,
    )  # fmt: skip
    second = register_customer(
        name="王女士", title="ms", phones=[normalise("13911204476")], owner=place.manager,
        grade="B1", wechat="wangfang66", need="餐桌椅六把", source=Source.FRIEND, now=weeks_ago,
        **said,
    )  # fmt: skip
    update_customer(customer=second, by=place.manager, now=weeks_ago, note="周末下午方便")
    for card, days in ((first, 3), (second, 2)):
        reached(card, now=timezone.now() - timedelta(days=days), by=place.seller)
    delivery(second, on=timezone.localdate() - timedelta(days=2), now=timezone.now())
    return place, first, second


@pytest.mark.parametrize(("size", "name"), [(PHONE, "390"), (DESK, "1440")])
def test_a_manager_merges_two_cards_and_takes_them_apart(visit, cards, size, name):
    place, first, second = cards
    with visit(size) as someone:
        someone.sign_in(place.manager.username)
        page = someone.page
        someone.go("/customers/suspicions/")
        shoot(page, f"suspicions-{name}")
        page.locator(".pair-acts .verb").first.click()
        page.wait_for_url(f"**/customers/{first.pk}/merge/{second.pk}/")
        page.locator("label.tile:has(input[name=say_name][value=merged])").click()
        shoot(page, f"merge-{name}")
        page.fill("[name=reason]", "同一人，两次进店")
        page.click("button.act[type=submit]")
        page.wait_for_url(f"**/customers/{first.pk}/")
        shoot(page, f"merged-card-{name}")
        kept = Customer.objects.get(pk=first.pk)
        assert (kept.name, kept.wechat, kept.contacts.count()) == ("王女士", "wangfang66", 2)

        someone.go(f"/customers/{second.pk}/")
        assert page.url.endswith(f"/customers/{first.pk}/")
        someone.go("/customers/merges/")
        shoot(page, f"merges-{name}")
        page.locator(".pair-acts .verb").first.click()
        page.wait_for_url("**/undo/")
        shoot(page, f"undo-{name}")
        page.fill("[name=reason]", "母女两人")
        page.click("button.act[type=submit]")
        page.wait_for_url(f"**/customers/{first.pk}/")
        assert Customer.objects.filter(merged_into=None).count() == 2

        shoot(page, f"doubt-card-{name}")
        someone.go(f"/customers/{first.pk}/merge/?q=王女士")
        shoot(page, f"merge-with-{name}")
        someone.go("/customers/suspicions/")
        page.locator(".pair-acts .verb-2").first.click()
        page.wait_for_url("**/different/")
        shoot(page, f"different-{name}")
        page.fill("[name=reason]", "母女两人")
        page.click("button.act[type=submit]")
        page.wait_for_url("**/suspicions/")
        assert page.locator(".pair-row").count() == 0
        shoot(page, f"none-{name}")
