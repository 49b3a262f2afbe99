"""The private calendar feed, read back by a parser that did not write it."""

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import time_machine
import vobject
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.names import surname_alone
from customers.models import Access, Appointment, Customer
from customers.states import AppointmentState
from followups.models import Task
from followups.services import book_appointment
from followups.states import State
from staff.models import Absence, FeedKey, Person
from staff.services.feeds import make_feed_key, withdraw_feed_key
from staff.services.leaving import let_go
from staff.services.passwords import make_link
from staff.services.people import disable_person, enable_person
from staff.states import Role
from tests.factories.followups import task_today
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, shop

pytestmark = pytest.mark.django_db
NOW = at("2026-05-06 09:00")
NUMBER = re.compile(r"\d{7,}")


@pytest.fixture(autouse=True)
def _now():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield
    cache.clear()


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def address(place):
    Person.objects.filter(pk=place.seller.pk).update(language="en")
    return f"/feed/{make_feed_key(by=place.seller, now=NOW)}.ics"


def booked(who: Customer, *, begins=None, **said) -> Appointment:
    begins = begins or at("2026-05-07 10:30")
    return book_appointment(
        customer=who, kind="test_drive", starts_at=begins, ends_at=begins + timedelta(hours=1),
        person=who.owner, by=who.owner, now=NOW, key=uuid4(), anyway=True, **said,
    )  # fmt: skip


def events(client, address: str) -> dict[str, vobject.base.Component]:
    """The entries by the kind and number of their identity."""
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    calendar = vobject.readOne(answer.content.decode())
    found = [child for child in calendar.components() if child.name == "VEVENT"]
    by_uid = {str(event.uid.value): event for event in found}
    assert len(by_uid) == len(found)
    return {uid.partition("@")[0]: event for uid, event in by_uid.items()}


def test_a_task_stands_on_its_day_and_an_appointment_at_its_hour(client, place, address):
    who = customer(place, now=NOW - timedelta(days=2))
    task = task_today(who, now=NOW)
    row = booked(who)
    found = events(client, address)
    assert set(found) == {f"task-{task.pk}", f"appointment-{row.pk}"}
    of_day, of_hour = found[f"task-{task.pk}"], found[f"appointment-{row.pk}"]
    assert (of_day.dtstart.value, of_day.dtend.value) == (date(2026, 5, 6), date(2026, 5, 7))
    assert of_day.transp.value == "TRANSPARENT"
    assert of_day.summary.value == "Call a customer · 王**"
    assert of_hour.dtstart.value.astimezone(UTC) == datetime(2026, 5, 7, 2, 30, tzinfo=UTC)
    assert of_hour.dtend.value - of_hour.dtstart.value == timedelta(hours=1)
    assert of_hour.summary.value == "Test drive · 王**"


def test_each_entry_opens_its_page(client, as_, place, address):
    who = customer(place, now=NOW - timedelta(days=2))
    task_today(who, now=NOW)
    booked(who)
    browser = as_(place.seller)
    for event in events(client, address).values():
        assert browser.get(urlsplit(event.url.value).path).status_code == 200


def test_identities_stay_and_changes_are_seen(client, place, address):
    who = customer(place, now=NOW - timedelta(days=2))
    task = task_today(who, now=NOW)
    row = booked(who)
    before = events(client, address)
    Task.objects.filter(pk=task.pk).update(day=date(2026, 5, 20))
    Appointment.objects.filter(pk=row.pk).update(
        state=AppointmentState.KEPT, closed_at=NOW, closed_by=place.seller
    )
    after = events(client, address)
    assert set(after) == set(before)
    assert after[f"task-{task.pk}"].dtstart.value == date(2026, 5, 20)
    sequence = [found[f"appointment-{row.pk}"].sequence.value for found in (before, after)]
    assert sequence == ["0", "1"]


def test_what_is_done_moved_or_cancelled_vanishes(client, place, address):
    who = customer(place, now=NOW - timedelta(days=2))
    task = task_today(who, now=NOW)
    row = booked(who)
    Task.objects.filter(pk=task.pk).update(state=State.CANCELLED, closed_at=NOW)
    Appointment.objects.filter(pk=row.pk).update(
        state=AppointmentState.CANCELLED, closed_at=NOW, closed_by=place.seller
    )
    assert events(client, address) == {}


def test_it_goes_a_week_back_and_two_months_ahead(client, place, address):
    who = customer(place, now=NOW - timedelta(days=30))
    for days in (-8, -6, 59, 61):
        begins = NOW + timedelta(days=days)
        Appointment.objects.create(
            customer=who, kind="test_drive", starts_at=begins, ends_at=begins + timedelta(hours=1),
            person=place.seller, made_by=place.seller,
        )  # fmt: skip
    days = sorted(event.dtstart.value - NOW for event in events(client, address).values())
    assert [each.days for each in days] == [-6, 59]


def test_whoever_lost_the_customer_loses_the_entries(client, place, address):
    who = customer(place, now=NOW - timedelta(days=2))
    task_today(who, now=NOW)
    booked(who)
    assert len(events(client, address)) == 2
    Customer.objects.filter(pk=who.pk).update(owner=PersonFactory(store=place.store))
    Access.objects.filter(customer=who).delete()
    assert events(client, address) == {}


def test_nobody_elses_work_is_in_it(client, place, address):
    other = PersonFactory(store=place.store)
    who = customer(place, now=NOW - timedelta(days=2), owner=other)
    task_today(who, now=NOW)
    booked(who)
    assert events(client, address) == {}


def test_whoever_stands_in_has_the_work_of_the_leave_until_it_ends(client, place, address):
    other = PersonFactory(store=place.store, name="小林")
    who = customer(place, now=NOW - timedelta(days=2), owner=other)
    task = task_today(who, now=NOW)
    row = booked(who)
    booked(who, begins=at("2026-05-09 10:30"))
    Absence.objects.create(
        person=other, stand_in=place.seller, kind="leave", starts_on=NOW.date(),
        ends_on=date(2026, 5, 8), set_by=other,
    )  # fmt: skip
    found = events(client, address)
    assert set(found) == {f"task-{task.pk}", f"appointment-{row.pk}"}
    assert {event.summary.value for event in found.values()} == {
        "Call a customer · 王** (for 小林)",
        "Test drive · 王** (for 小林)",
    }
    with time_machine.travel(at("2026-05-09 09:00"), tick=False):
        assert events(client, address) == {}


def test_the_address_is_that_of_the_settings_whatever_host_was_asked(as_, place, settings):
    settings.BASE_URL = "https://crm.example.com/"
    settings.ALLOWED_HOSTS = ["*"]
    browser = as_(place.seller)
    browser.post("/me/feed/")
    page = browser.get("/me/notices/", headers={"host": "evil.example"}).content.decode()
    assert '<code id="feed-address">https://crm.example.com/feed/' in page
    assert "evil.example" not in page


@pytest.mark.parametrize("how", ["disabled", "let go", "a new link", "a new password"])
def test_an_address_stays_dead_when_the_account_lives_again(client, as_, place, address, how):
    admin = PersonFactory(role=Role.ADMIN)
    seller = place.seller
    if how == "disabled":
        disable_person(person=seller, by=admin, now=NOW)
    elif how == "let go":
        let_go(person=seller, by=place.manager, now=NOW)
    elif how == "a new link":
        make_link(person=seller, by=admin, now=NOW)
    else:
        seller.set_password("old-Long-pass-1")
        seller.save()
        said = {"old": "old-Long-pass-1", "password": "new-Long-pass-2", "again": "new-Long-pass-2"}
        page = as_(seller).post("/me/password/", said, follow=True).content.decode()
        assert "日历订阅地址也已失效" in page
    if how in ("disabled", "let go"):
        enable_person(person=seller, by=admin, now=NOW)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("why", ["unknown", "withdrawn", "renewed", "disabled", "long"])
def test_a_dead_address_is_no_page(client, place, address, why):
    if why == "withdrawn":
        withdraw_feed_key(by=place.seller, now=NOW)
    elif why == "renewed":
        make_feed_key(by=place.seller, now=NOW)
    elif why == "disabled":
        Person.objects.filter(pk=place.seller.pk).update(is_active=False)
    else:
        address = {"unknown": "/feed/x.ics", "long": f"/feed/{'x' * 500}.ics"}[why]
    assert client.get(address).status_code == 404


def test_the_key_is_kept_as_a_hash_only(place, address):
    key = address.removeprefix("/feed/").removesuffix(".ics")
    assert len(key) >= 43
    row = FeedKey.objects.get()
    assert key not in str(row.__dict__)
    assert len(row.digest) == 64


def test_reading_is_noted_once_an_hour(client, place, address):
    def asked() -> int:
        with CaptureQueriesContext(connection) as context:
            client.get(address)
        return sum(query["sql"].startswith("UPDATE") for query in context.captured_queries)

    client.get(address)
    assert FeedKey.objects.get().last_read_at == NOW
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        client.get(address)
    assert FeedKey.objects.get().last_read_at == NOW
    with time_machine.travel(NOW + timedelta(minutes=61), tick=False):
        client.get(address)
    assert FeedKey.objects.get().last_read_at == NOW + timedelta(minutes=61)
    assert asked() == 1


def test_an_unchanged_calendar_is_not_sent_again(client, place, address):
    who = customer(place, now=NOW - timedelta(days=2))
    booked(who)
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    booked(who, begins=at("2026-05-09 10:30"))
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert first["Cache-Control"] == "private, no-cache"


def test_one_key_is_read_thirty_times_a_minute(client, place, address):
    answers = [client.get(address).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


def test_who_guesses_is_stopped(client, place, address):
    answers = [client.get(f"/feed/guess{number}.ics").status_code for number in range(21)]
    assert answers == [404] * 20 + [429]
    assert client.get(address).status_code == 429


def test_it_costs_no_more_queries_for_twelve_than_for_one(client, place, address):
    def asked() -> int:
        with CaptureQueriesContext(connection) as context:
            client.get(address)
        return len(context)

    client.get(address)  # notes that it was read
    task_today(customer(place, now=NOW - timedelta(days=2)), now=NOW)
    booked(customer(place, now=NOW - timedelta(days=2)))
    one = asked()
    for _ in range(11):
        task_today(customer(place, now=NOW - timedelta(days=2)), now=NOW)
        booked(customer(place, now=NOW - timedelta(days=2)))
    assert asked() == one


def test_no_number_and_no_text_leaves(client, place, address):
    who = customer(place, now=NOW - timedelta(days=2))
    Customer.objects.filter(pk=who.pk).update(name="王芳 13812345678")
    task_today(who, now=NOW, text="13812345678 家里")
    booked(who, place="13812345678 东门", note="13812345678")
    content = client.get(address).content.decode()
    said = "\n".join(
        line for line in content.splitlines() if not line.startswith(("DT", "LAST-MOD"))
    )
    assert not NUMBER.search(said)
    assert not re.search("芳|家里|东门", said)
    assert "王**" in said


def test_the_control_the_page_of_the_customer_says_more(as_, place):
    who = customer(place, now=NOW - timedelta(days=2))
    assert "王芳" in as_(place.seller).get(f"/customers/{who.pk}/").content.decode()


def test_only_reading_is_offered(client, address):
    assert client.post(address).status_code == 405


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王芳", "王**"),
        ("欧阳娜娜", "欧阳**"),
        ("王 13812345678", "王**"),
        ("138", "**"),
        ("Wang Fang", "W**"),
        ("１３８王", "王**"),
    ],
)
def test_a_name_shrinks_to_its_surname(name, shown):
    assert surname_alone(name) == shown
