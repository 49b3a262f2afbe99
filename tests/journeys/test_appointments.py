"""A test drive by thumb: booked, on today's list, arrived, logged; a flat measured."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.utils import timezone
from PIL import Image

from customers.models import Appointment, Resource
from customers.states import AppointmentState, ResourceKind
from filings.models import Measuring
from followups.services import engine
from staff.states import Trade
from tests.followups.build import SHANGHAI, customer, shop
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def chip(page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name={name}][value={value!r}]):visible").click()


def at_nine():
    """Tomorrow at nine: a day of which nothing has passed."""
    day = timezone.now().astimezone(SHANGHAI) + timedelta(days=1)
    return day.replace(hour=9, minute=0, second=0, microsecond=0)


def test_a_test_drive_from_booking_to_the_next_step(visit):
    place = shop(Trade.CARS)
    car = Resource.objects.create(store=place.store, kind=ResourceKind.TEST_CAR, name="远山X5")
    with time_machine.travel(at_nine(), tick=True):
        who = customer(place, now=timezone.now() - timedelta(days=1), grade="A")
        other = customer(place, now=timezone.now(), grade="A")
        engine.ask(now=timezone.now())
        with visit(PHONE, has_touch=True) as someone:
            someone.sign_in(place.seller.username)
            page = someone.page
            for each, hour in ((other, "14:00"), (who, "10:00")):
                someone.go(f"/customers/{each.pk}/appointments/new/")
                chip(page, "on", timezone.localdate().isoformat())
                chip(page, "hour", hour)
                chip(page, "resource", str(car.pk))
                page.locator("#conflicts h2").wait_for()
                shoot(page, f"book-{hour[:2]}-390")
                page.click("form.book .bar button")
                page.wait_for_url("**/appointments/*/")
            shoot(page, "appointment-390")
            someone.go("/appointments/")
            assert page.locator(".agenda li").count() == 2
            shoot(page, "calendar-390")

            someone.go("/today/")
            first = page.locator("[data-row]").first
            assert "远山X5" in first.inner_text()
            shoot(page, "today-390")
            someone.go(str(first.locator("[data-key=l]").get_attribute("href")))
            chip(page, "result", "came")
            chip(page, "reason", "price")
            shoot(page, "log-390")
            page.click("form.log button[type=submit]")
            page.wait_for_url(lambda url: "task=" not in url or str(other.pk) in url)

        kept = Appointment.objects.get(customer=who)
        assert (kept.state, kept.contact.channel) == (AppointmentState.KEPT, "store_visit")
        assert Appointment.objects.get(customer=other).state == AppointmentState.BOOKED


def test_a_car_that_is_taken_is_said_before_the_button(visit):
    place = shop(Trade.CARS)
    car = Resource.objects.create(store=place.store, kind=ResourceKind.TEST_CAR, name="远山X5")
    with time_machine.travel(at_nine(), tick=True):
        one, two = (customer(place, now=timezone.now()) for _each in range(2))
        with visit(PHONE, has_touch=True) as someone:
            someone.sign_in(place.seller.username)
            page = someone.page
            for each in (one, two):
                someone.go(f"/customers/{each.pk}/appointments/new/")
                chip(page, "resource", str(car.pk))
                page.locator("#conflicts h3").first.wait_for()
                if each == one:
                    page.click("form.book .bar button")
                    page.wait_for_url("**/appointments/*/")
            page.locator("#conflicts .had.is-late").wait_for()
            shoot(page, "taken-390")
            page.click("form.book .bar button")
            page.locator(".wrong").first.wait_for()
            shoot(page, "taken-refused-390")
        assert Appointment.objects.count() == 1


def picture() -> bytes:
    stream = BytesIO()
    Image.new("RGB", (640, 480), (200, 190, 170)).save(stream, "JPEG")
    return stream.getvalue()


def test_a_flat_is_measured_with_a_photo(visit):
    place = shop(Trade.FURNITURE)
    with time_machine.travel(at_nine(), tick=True):
        who = customer(place, now=timezone.now(), address="天润福熙 5幢1单元802")
        with visit(PHONE, has_touch=True) as someone:
            someone.sign_in(place.seller.username)
            page = someone.page
            someone.go(f"/customers/{who.pk}/measuring/new/")
            shoot(page, "measure-390")
            photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()}
            page.set_input_files("[name=picture]", photo)
            page.fill("[name=note]", "客厅 4.2×3.6")
            page.click("form.measure button[class=act]")
            page.wait_for_url(f"**/customers/{who.pk}/")
            shoot(page, "card-measured-390")
        assert Measuring.objects.get().place == "天润福熙 5幢1单元802"


def test_the_calendar_of_a_store_on_one_scale(visit):
    from tests.factories.staff import PersonFactory
    from tests.followups.test_services_appointments import book

    place = shop(Trade.CARS)
    cars = [
        Resource.objects.create(store=place.store, kind=ResourceKind.TEST_CAR, name=name)
        for name in ("远山X5", "远山E3")
    ]
    others = [PersonFactory(store=place.store, name=name) for name in ("李晓雯", "赵一鸣")]
    with time_machine.travel(at_nine(), tick=True):
        now = timezone.now()
        today = timezone.localdate()
        for person, hour, minute, hours, car in (
            (place.seller, 10, 0, 1, cars[0]), (place.seller, 10, 30, 1, cars[1]),
            (others[0], 11, 15, 1, cars[0]), (others[1], 14, 0, 2, cars[1]),
            (others[1], 19, 0, 1, cars[0]), (others[0], 16, 0, 1.5, cars[1]),
        ):  # fmt: skip
            who = customer(place, now=now, owner=person)
            book(
                who, begins=f"{today} {hour}:{minute:02}", hours=hours, now=now, resource=car,
                anyway=True,
            )  # fmt: skip
        for size, name in ((DESK, "1440"), (PHONE, "390")):
            for reader in (place.manager, place.seller):
                with visit(size) as someone:
                    someone.sign_in(reader.username)
                    page = someone.page
                    for view in ("", "week"):
                        someone.go(f"/appointments/?view={view}")
                        shoot(page, f"calendar-{reader.role}-{view or 'day'}-{name}")
                    if reader == place.manager:
                        someone.go("/resources/")
                        shoot(page, f"resources-{name}")
                        someone.go(f"/appointments/{Appointment.objects.first().pk}/")
                        shoot(page, f"appointment-{name}")
                        someone.go(f"/appointments/{Appointment.objects.first().pk}/move/")
                        shoot(page, f"move-{name}")
