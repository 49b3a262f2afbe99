"""The guard by thumb: why one would rather not call, a reason, the log, and the wish for silence.

Prints taps, seconds and bytes. With SHOTS set to a folder, it keeps pictures there.
"""

import sys
from datetime import time, timedelta
from time import perf_counter

import pytest
from django.utils import timezone

from customers.models import Contact
from customers.states import Quiet
from followups.services import engine
from staff.states import Trade
from tests.factories.followups import reached
from tests.factories.staff import PersonFactory
from tests.followups.build import customer, shop
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_HTML = 30 * 1024


def chip(page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name={name}][value={value!r}])").click()


@pytest.fixture
def day():
    """Two customers are due; one of them a colleague has just reached, one may be called later."""
    place = shop(Trade.FURNITURE)
    now = timezone.now()
    who = customer(place, now=now - timedelta(days=20), grade="A")
    later = customer(place, now=now - timedelta(days=20), grade="A")
    later.name = "周雅琴"
    later.contact_from, later.contact_until = time(23, 58), time(23, 59)
    later.save()
    for each in (who, later):
        for days in (12, 9):
            reached(each, now=now - timedelta(days=days), on=timezone.localdate(), reason="price")
    engine.ask(now=now)
    colleague = PersonFactory(store=place.store, name="小林")
    reached(who, by=colleague, now=now, reason="care")
    return place, who


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_second_contact_asks_why_and_a_wish_empties_the_list(visit, day, size):
    place, who = day
    name = f"{size['width']}"
    with visit(size) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        page.locator("[data-row]").first.wait_for()
        page.wait_for_load_state("networkidle")
        shoot(page, f"today-{name}")
        assert page.locator(".advised").first.inner_text()

        page.locator(f"[data-row]:has(a[href='/customers/{who.pk}/']) .verb").first.click()
        page.locator(".guard-call").wait_for()
        shoot(page, f"why-{name}")
        someone.complaints.clear()  # 409: the browser says so in its console

        someone.go(f"/customers/{who.pk}/")
        shoot(page, f"card-{name}")

        started = perf_counter()
        someone.go(f"/customers/{who.pk}/log/")
        weight = len(page.content().encode())
        shoot(page, f"log-empty-{name}")
        chip(page, "result", "connected")
        chip(page, "reason", "design")
        chip(page, "touches", "problem")
        chip(page, "override", "news")
        shoot(page, f"log-{name}")
        page.click("form.log button[type=submit]")
        page.wait_for_url(lambda url: "/log/" not in url)
        seconds = perf_counter() - started
        assert Contact.objects.latest("pk").override == "news"
        sys.stdout.write(f"\na second contact: 5 taps, {seconds:.1f} s, {weight} bytes\n")
        assert weight <= MOST_HTML

        someone.go(f"/customers/{who.pk}/quiet/")
        chip(page, "quiet", "all")
        chip(page, "reason", "too_often")
        shoot(page, f"quiet-{name}")
        page.click(".bar button[type=submit]")
        page.wait_for_url(f"**/customers/{who.pk}/")
        shoot(page, f"card-quiet-{name}")
        who.refresh_from_db()
        assert who.quiet == Quiet.ALL
        someone.go("/today/")
        assert page.locator(f"a[href='/customers/{who.pk}/']").count() == 0
        someone.go(f"/today/reached/?kind=a&person={place.seller.pk}")
        shoot(page, f"reached-{name}")


def test_who_walks_in_is_ticked_as_come_to_us(visit, day):
    place, who = day
    with visit(PHONE) as someone:
        someone.sign_in(place.seller.username)
        someone.go(f"/customers/{who.pk}/log/")
        page = someone.page
        box = page.locator("input[name=is_inbound]")
        chip(page, "result", "came")
        assert box.is_checked()
        assert not page.locator(".why-not").is_visible()
        chip(page, "result", "connected")
        assert not box.is_checked()
        assert page.locator(".why-not").is_visible()
