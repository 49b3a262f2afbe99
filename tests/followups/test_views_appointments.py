"""Booking, moving, closing and the calendar: one short matrix each, real pages."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Access, Appointment, Resource
from customers.states import AppointmentKind, AppointmentState, Quiet, ResourceKind
from followups import services
from followups.states import MoveReason
from staff.states import Trade
from tests.factories.customers import CustomerFactory
from tests.factories.followups import task_today
from tests.factories.staff import PersonFactory
from tests.followups.build import at
from tests.followups.test_services_appointments import book, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")
TYPED = "138 0013 8000"


@pytest.fixture
def who(company):
    company.store.trade = Trade.CARS
    company.store.save()
    return CustomerFactory(name="周雅琴", owner=company.sales_store, now=NOW - timedelta(days=2))


@pytest.fixture
def car(company):
    return Resource.objects.create(store=company.store, kind=ResourceKind.TEST_CAR, name="远山X5")


@pytest.fixture
def row(who, car):
    return book(who, resource=car)


@pytest.fixture
def browser(company, as_):
    return as_(company.sales_store)


def sent(who, car=None, **changes):
    values = {
        "key": str(uuid4()), "kind": "test_drive", "on": "2026-03-13", "hour": "10:00",
        "minutes": "60", "person": who.owner_id, "resource": car.pk if car else "",
        "place": "", "note": "",
    }  # fmt: skip
    return {**values, **changes}


def new(who):
    return f"/customers/{who.pk}/appointments/new/"


def test_an_appointment_is_booked(browser, who, car):
    assert browser.get(new(who)).status_code == 200
    answer = browser.post(new(who), sent(who, car))
    found = Appointment.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/appointments/{found.pk}/")
    assert (found.starts_at, found.ends_at) == (at("2026-03-13 10:00"), at("2026-03-13 11:00"))
    assert (found.place, found.resource) == (who.store.name, car)


def test_a_double_tap_books_one(browser, who, car):
    form = sent(who, car)
    first, second = browser.post(new(who), form), browser.post(new(who), form)
    assert first.url == second.url
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "measuring"}, "kind"),
        ({"on": "2026-02-30"}, "on"),
        ({"on": "", "on_other": ""}, "on"),
        ({"hour": "other", "at": ""}, "hour"),
        ({"hour": "25:00"}, "hour"),
        ({"minutes": "7"}, "minutes"),
        ({"on": "2026-03-12", "hour": "other", "at": "09:49"}, "hour"),
        ({"on": "other", "on_other": "2028-03-12"}, "on"),
        ({"resource": ""}, "resource"),
        ({"person": "999999"}, "person"),
    ],
)
def test_what_cannot_be_booked_says_why_at_its_field(browser, who, car, changes, field):
    answer = browser.post(new(who), sent(who, car, **changes))
    assert answer.status_code == 200
    assert answer.context_data["form"].errors[field]
    assert not Appointment.objects.exists()


def test_the_panel_says_what_else_is_booked_then(browser, company, who, car, row):
    other = CustomerFactory(owner=company.sales_store, now=NOW)
    asked = sent(other, car, on="2026-03-12", hour="other", at="15:30")
    answer = browser.get(new(other), asked, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert "15:00–16:00" in page
    assert "周雅琴" in page
    assert 'name="anyway"' in page
    refused = browser.post(new(other), asked)
    assert refused.context_data["form"].errors["resource"]
    assert "15:00–16:00" in refused.content.decode()


def test_a_colleagues_customer_is_not_named_where_their_car_is_taken(as_, company, car, row):
    colleague = PersonFactory(store=company.store)
    other = CustomerFactory(owner=colleague, now=NOW)
    asked = sent(other, car, on="2026-03-12", hour="other", at="15:30")
    for answer in (
        as_(colleague).get(new(other), asked, headers={"HX-Request": "true"}),
        as_(colleague).post(new(other), asked),
        as_(colleague).get("/appointments/"),
    ):
        page = answer.content.decode()
        assert "周雅琴" not in page
    assert "data-span" in page  # the car's column shows that it is taken


def test_a_person_s_clash_needs_a_tick(browser, company, who, row):
    second = Resource.objects.create(store=company.store, kind="test_car", name="E3")
    other = CustomerFactory(owner=company.sales_store, now=NOW)
    asked = sent(other, second, on="2026-03-12", hour="other", at="15:30")
    refused = browser.post(new(other), asked)
    assert refused.context_data["form"].non_field_errors()
    assert 'name="anyway"' in refused.content.decode()
    assert browser.post(new(other), {**asked, "anyway": "1"}).status_code == 302


def test_from_the_log_one_comes_back_to_it(browser, who, car):
    answer = browser.post(f"{new(who)}?then=log", sent(who, car))
    assert answer.url == f"/customers/{who.pk}/log/"
    page = browser.get(answer.url)
    form = page.context_data["form"]
    assert "10:00" in page.context_data["booked"]
    assert (form["next_kind"].value(), str(form["next_at"].value())) == ("store_visit", "10:00:00")


def test_one_who_wishes_no_contact_is_said_so(browser, who, car, company):
    services.set_quiet(
        customer=who, quiet=Quiet.ALL, reason="asked", by=company.store_manager, now=NOW
    )
    assert browser.get(new(who)).context_data["is_silent"]


ROLES = {
    "sales_store": 200, "store_manager": 200, "stranger": 404, "sales_field": 404,
    "field_supervisor": 404,
}  # fmt: skip
READERS = {"ops_manager": 403, "marketing_manager": 403}
OTHERS = {"merchandiser": 403, "finance": 403, "admin": 403}


@pytest.mark.parametrize("page", ["new", "move", "measure"])
def test_who_may_book_move_and_measure(company, as_, who, row, page):
    address = {
        "new": new(who),
        "move": f"/appointments/{row.pk}/move/",
        "measure": f"/customers/{who.pk}/measuring/new/",
    }[page]
    expected = {**ROLES, **READERS, **OTHERS}
    found = {role: as_(getattr(company, role)).get(address).status_code for role in expected}
    assert found == expected


def test_who_may_see_one_and_the_calendar(company, as_, row):
    expected = {**ROLES, "ops_manager": 200, "marketing_manager": 200, **OTHERS}
    address = f"/appointments/{row.pk}/"
    found = {role: as_(getattr(company, role)).get(address).status_code for role in expected}
    assert found == expected
    open_to = {role: 200 if code == 404 else code for role, code in expected.items()}
    found = {
        role: as_(getattr(company, role)).get("/appointments/").status_code for role in expected
    }
    assert found == open_to


@pytest.mark.parametrize("act", ["miss", "keep", "cancel"])
def test_who_may_close_one_and_how(company, as_, row, act):
    address = f"/appointments/{row.pk}/{act}/"
    expected = {"stranger": 404, "sales_field": 404, "ops_manager": 403, "finance": 403}
    found = {role: as_(getattr(company, role)).post(address).status_code for role in expected}
    assert found == expected
    assert as_(company.sales_store).get(address).status_code == 405
    assert as_(company.sales_store).post(f"/appointments/999999/{act}/").status_code == 404
    assert Appointment.objects.get().state == AppointmentState.BOOKED


def test_moved_kept_and_cancelled(browser, who, car, row):
    moving = sent(who, car, on="2026-03-12", hour="16:00", kind=row.kind)
    answer = browser.post(f"/appointments/{row.pk}/move/", moving)
    moved = Appointment.objects.get(state=AppointmentState.BOOKED)
    assert answer.url == f"/appointments/{moved.pk}/"
    assert browser.get(f"/appointments/{row.pk}/move/").status_code == 302
    old = browser.get(f"/appointments/{row.pk}/").content.decode()
    assert f"/appointments/{moved.pk}/" in old

    asked = browser.post(f"/appointments/{moved.pk}/cancel/", {"reason": " "})
    assert asked.context_data["cancel_form"].errors["reason"]
    early = browser.post(f"/appointments/{moved.pk}/miss/")
    assert early.context_data["refusals"]
    assert browser.post(f"/appointments/{moved.pk}/keep/", {"result": "好"}).status_code == 302
    late = browser.post(f"/appointments/{moved.pk}/cancel/", {"reason": "改主意"})
    assert late.context_data["cancel_form"].non_field_errors()
    moved.refresh_from_db()
    assert (moved.state, moved.result) == (AppointmentState.KEPT, "好")


def test_arrived_leads_to_the_log_which_keeps_it(browser, row):
    page = browser.get(f"/appointments/{row.pk}/")
    address = page.context_data["arrived_url"]
    assert f"task={work(row).task_id}" in address
    form = browser.get(address).context_data["form"]
    assert form["result"].value() == "came"


def test_today_says_what_when_and_with_which_car(browser, row):
    page = browser.get("/today/")
    first = page.context_data["groups"][0].rows[0]
    assert "远山X5" in first.why
    assert "15:00" in str(first.due)
    assert page.context_data["groups"][0].key == 1


def shown(browser, **asked):
    page = browser.get("/appointments/", asked)
    return [line for day in page.context_data["agenda"] for line in day.lines]


def test_a_next_step_agreed_with_an_hour_stands_in_the_calendar(browser, as_, company, who, row):
    other = CustomerFactory(name="郑成", owner=company.sales_store, now=NOW - timedelta(days=2))
    said = {"at": at("2026-03-12 11:00"), "text": f"试驾远山X5，{TYPED}"}
    task = task_today(other, now=NOW, **said)
    first, second = shown(browser)
    assert (first.title, first.url) == ("郑成", f"/customers/{other.pk}/")
    assert first.hours.startswith("11:00 ")
    assert TYPED not in first.text
    assert second.title == who.name
    assert len(shown(as_(company.store_manager))) == 2
    assert shown(as_(company.stranger)) == []
    page = browser.get("/appointments/").context_data
    assert [day["count"] for day in page["strip"] if day["is_today"]] == [2]

    tomorrow = NOW.date() + timedelta(days=1)
    services.move_task(
        task=task, day=tomorrow, reason=MoveReason.CUSTOMER_ASKED, by=other.owner, now=NOW
    )
    assert len(shown(browser)) == 1  # the hour is gone with the day


def test_what_was_agreed_and_booked_stands_once(browser, who, row):
    task_today(who, now=NOW, at=row.starts_at)
    assert len(shown(browser)) == 1


def test_a_booked_measuring_is_measured_from_today(browser, who):
    booked = book(who, kind=AppointmentKind.MEASURING)
    row = browser.get("/today/").context_data["groups"][0].rows[0]
    assert row.url == f"/customers/{who.pk}/measuring/new/?appointment={booked.pk}"
    assert browser.get(row.url).status_code == 200


def test_no_page_says_a_number_that_was_typed(browser, as_, company, who, car):
    who.name = f"周雅琴{TYPED}"
    who.address = f"望京 {TYPED}"
    who.save()
    row = book(who, resource=car, place=f"望京 {TYPED}", note=f"打 {TYPED}")
    services.cancel_appointment(
        appointment=book(who, begins="2026-03-12 18:00", resource=car),
        reason=f"改打 {TYPED}", by=who.owner, now=NOW,
    )  # fmt: skip
    closed = Appointment.objects.get(state=AppointmentState.CANCELLED)
    for role in ("sales_store", "store_manager", "ops_manager"):
        for address in (
            f"/appointments/{row.pk}/", f"/appointments/{closed.pk}/", "/appointments/",
            "/appointments/?view=week", new(who), f"/appointments/{row.pk}/move/", "/today/",
            f"/customers/{who.pk}/", f"/customers/{who.pk}/log/",
            f"/customers/{who.pk}/measuring/new/",
        ):  # fmt: skip
            answer = as_(getattr(company, role)).get(address)
            assert "0013 8000" not in answer.content.decode(), address
    page = browser.get(f"/appointments/{row.pk}/move/")
    form = page.context_data["form"]
    asked = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    browser.post(f"/appointments/{row.pk}/move/", {**asked, "hour": "16:00"})
    moved = Appointment.objects.get(state=AppointmentState.BOOKED)
    assert (moved.place, moved.note) == (f"望京 {TYPED}", f"打 {TYPED}")


def test_somebody_with_access_is_offered_and_a_stranger_is_not(browser, company, who):
    friend = PersonFactory(store=company.store)
    Access.objects.create(customer=who, person=friend)
    offered = browser.get(new(who)).context_data["form"].fields["person"].queryset
    assert friend in offered
    assert company.stranger not in offered


@pytest.mark.parametrize("view", ["", "week"])
@pytest.mark.parametrize("role", ["sales_store", "store_manager"])
def test_a_calendar_asks_the_same_for_1_and_for_12(as_, company, row, car, view, role):
    browser = as_(getattr(company, role))
    address = f"/appointments/?view={view}"
    browser.get(address)
    with CaptureQueriesContext(connection) as one:
        browser.get(address)
    for hour in range(11):
        other = CustomerFactory(owner=company.sales_store, now=NOW)
        book(other, begins=f"2026-03-13 {8 + hour:02}:00", resource=car)
        book(other, begins=f"2026-03-12 {16 + hour % 6:02}:00", anyway=True, kind="service")
        task_today(other, now=NOW, at=at(f"2026-03-12 {11 + hour:02}:30"))
    with CaptureQueriesContext(connection) as many:
        page = browser.get(address)
    assert len(many) == len(one)
    assert sum(len(column.blocks) for column in page.context_data["columns"]) >= 12


def test_today_asks_the_same_for_1_and_for_12(browser, company, row):
    browser.get("/today/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/today/")
    for _each in range(11):
        book(CustomerFactory(owner=company.sales_store, now=NOW), anyway=True, kind="service")
    with CaptureQueriesContext(connection) as many:
        browser.get("/today/")
    assert len(many) == len(one)


@pytest.mark.parametrize("asked", ["day=x", "day=9999-12-31", "store=99999", "person=a", "view=y"])
def test_an_address_that_means_nothing_is_today(browser, row, asked):
    assert browser.get(f"/appointments/?{asked}").status_code == 200


# cars, crews and rooms


def test_a_manager_adds_renames_and_puts_out_of_use(as_, company, car):
    browser = as_(company.store_manager)
    assert browser.get("/resources/").status_code == 200
    asked = {"name": "安装一组", "kind": "crew", "store": company.store.pk}
    assert browser.post("/resources/", asked).status_code == 302
    assert browser.post("/resources/", asked).context_data["form"].errors["name"]
    assert browser.post("/resources/", {**asked, "name": " "}).context_data["form"].errors["name"]
    away = browser.post("/resources/", {**asked, "name": "x", "store": company.other.pk})
    assert away.context_data["form"].errors["store"]
    assert browser.get(f"/resources/{car.pk}/").status_code == 200
    assert browser.post(f"/resources/{car.pk}/", {"name": "X5 白"}).status_code == 302
    car.refresh_from_db()
    assert (car.name, car.is_active) == ("X5 白", False)


def test_who_may_manage_them(as_, company, car):
    expected = {
        "store_manager": 200, "ops_manager": 200, "field_supervisor": 404, "sales_store": 403,
        "marketing_manager": 403, "finance": 403,
    }  # fmt: skip
    address = f"/resources/{car.pk}/"
    found = {role: as_(getattr(company, role)).get(address).status_code for role in expected}
    assert found == expected
