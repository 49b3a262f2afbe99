"""A salesperson's day by thumb: register, today, log, the next day's list."""

import sys
from datetime import timedelta
from time import perf_counter

import pytest
import time_machine
from django.utils import timezone

from customers.models import Contact, Customer
from followups.models import Task
from followups.services import engine
from followups.states import State
from staff.states import Trade
from tests.followups.build import customer, delivery, shop
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_HTML = 30 * 1024


def chip(page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name={name}][value={value!r}])").click()


def choose_tomorrow(page, name: str) -> str:
    day = (timezone.localdate() + timedelta(days=1)).isoformat()
    chip(page, name, day)
    return day


@pytest.fixture
def day():
    """A furniture store with a customer who is due today."""
    place = shop(Trade.FURNITURE)
    last_week = timezone.now() - timedelta(days=7)
    who = customer(place, now=last_week, grade="A")
    engine.ask(now=timezone.now())
    return place, who


def test_today_log_next_step_and_it_stands_on_tomorrows_list(visit, day):
    place, who = day
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in_by_form(place.seller.username)
        page = someone.page
        assert "/today" in page.url
        page.locator("[data-row]").first.wait_for()
        assert page.locator("[data-row]").count() == 1

        started = perf_counter()
        someone.go(str(page.locator("[data-row] [data-key=l]").get_attribute("href")))
        weight = len(page.content().encode())
        chip(page, "result", "connected")
        chip(page, "reason", "design")
        chip(page, "next_kind", "call")
        tomorrow = choose_tomorrow(page, "next_on")
        page.click("form.log ~ * button[type=submit], form.log button[type=submit]")
        page.wait_for_url("**/today/**")
        seconds = perf_counter() - started

        assert page.locator("[data-row]").count() == 0
        contact = Contact.objects.get(customer=who)
        assert (contact.is_effective, str(contact.next_on)) == (True, tomorrow)
        sys.stdout.write(f"\nlog a visit: 5 taps, {seconds:.1f} s, {weight} bytes\n")
        assert weight <= MOST_HTML
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        due = Task.objects.get(customer=who, state=State.OPEN)
        assert due.day == timezone.localdate()
        with visit(PHONE, has_touch=True) as someone:
            someone.sign_in(place.seller.username)
            assert someone.page.locator("[data-row]").count() == 1


def test_a_contact_without_a_next_step_is_refused_in_words_and_nothing_is_lost(visit, day):
    place, who = day
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go(f"/customers/{who.pk}/log/")
        chip(page, "result", "connected")
        chip(page, "reason", "price")
        page.fill("[name=note]", "要浅色布艺")
        page.evaluate("document.querySelectorAll('[name=next_on]').forEach(i => i.checked = false)")
        page.evaluate(
            "document.querySelectorAll('[name=next_kind]').forEach(i => i.checked = false)"
        )
        page.click("button[type=submit][form=log], form.log button[type=submit]")
        page.locator(".wrong, .errors").first.wait_for()

        assert page.input_value("[name=note]") == "要浅色布艺"
        assert page.locator("input[name=result][value=connected]").is_checked()
        assert not Contact.objects.exists()


def test_without_a_connection_nothing_is_lost_and_it_is_said(visit, day):
    place, who = day
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go(f"/customers/{who.pk}/log/")
        assert not page.locator("[data-draft-back]").count()
        page.fill("[name=note]", "要浅色布艺")
        key = page.input_value("[name=key]")
        page.context.set_offline(True)
        page.click("form.log button[type=submit]")
        page.locator("[data-offline]").wait_for()
        page.context.set_offline(False)

        someone.go("/me/")
        someone.go(f"/customers/{who.pk}/log/")
        assert page.input_value("[name=note]") == "要浅色布艺"
        assert page.locator("[data-draft-back]").is_visible(), "it is said to be a draft"
        assert page.input_value("[name=key]") != key
        assert not Contact.objects.exists()


def test_register_a_walk_in_on_one_screen(visit):
    place = shop(Trade.FURNITURE)
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        started = perf_counter()
        someone.go("/customers/register/")
        page.locator("[name=phone]").press_sequentially("138 0013 8001", delay=5)
        page.locator(".answer").wait_for()
        page.fill("[name=name]", "许文博")
        page.fill("[name=address]", "天润福熙 5幢1单元802")
        chip(page, "grade", "B1")
        page.click("button[type=submit][form], form button.act[type=submit]")
        page.wait_for_url("**/registered/")
        sys.stdout.write(f"\nregister: {perf_counter() - started:.1f} s\n")

        who = Customer.objects.get()
        assert (who.name, who.grade, who.owner) == ("许文博", "B1", place.seller)
        assert who.next_contact_on == timezone.localdate() + timedelta(days=1)


def test_the_card_of_a_delivered_customer_shows_its_calendar(visit):
    place = shop(Trade.CARS)
    who = customer(place, now=timezone.now(), grade="B2")
    delivery(who, on=timezone.localdate(), now=timezone.now())
    engine.touch_and_ask(customers=[who.pk], now=timezone.now())
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        someone.go(f"/customers/{who.pk}/?tab=calendar")
        assert someone.page.get_by_text("7天回访").count() == 1
        assert someone.page.get_by_text("双月联系").count() >= 29
