"""The first response: counted by hand, scoped by reach, each figure opening its leads."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact
from customers.states import Channel, Outcome
from desk.services.leads import accept_lead
from followups.services import log_contact
from reports.registry import run
from staff.scope import reach_of
from tests.factories.followups import reached
from tests.factories.leads import lead, source
from tests.factories.staff import PersonFactory
from tests.followups.build import at, shop

pytestmark = pytest.mark.django_db
NOW = at("2026-03-12 10:00")


def minutes(count):
    return NOW + timedelta(minutes=count)


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def origin(place):
    return source(store=place.store, name="抖音")


def answered(origin, place, *, accept, response=None, received=NOW):
    found = lead(origin=origin, now=received)
    done = accept_lead(lead=found, by=place.seller, now=received + timedelta(minutes=accept))
    if response is not None:
        log_at(done.customer, received + timedelta(minutes=response))
    return found


def log_at(customer, moment):
    contact = reached(customer, now=moment)
    Contact.objects.filter(pk=contact.pk).update(logged_at=moment)


def told(reach=None, *, now=None, **params):
    made = run("first_response", params, reach=reach, now=now or minutes(600))
    return made["rows"], made["total"]


def test_counted_by_hand(origin, place):
    answered(origin, place, accept=5, response=10)
    answered(origin, place, accept=10, response=30)
    answered(origin, place, accept=20, response=31)
    answered(origin, place, accept=1)
    lead(origin=origin, now=NOW)
    (row,), total = told()
    assert (row["name"], row["leads"], row["accepted"], row["waiting"]) == (
        place.store.name, 5, 4, 1,
    )  # fmt: skip
    assert (row["median_accept"], row["p90_accept"]) == (7.5, 20)
    assert (row["median_response"], row["p90_response"], row["responded"]) == (30, 31, 3)
    assert (row["within"], row["late"], row["reached"]) == (2 / 5, 3, 3)
    assert total["leads"] == 5


def test_minutes_are_those_in_which_the_store_is_open(origin, place):
    answered(origin, place, accept=700, response=715, received=at("2026-03-12 21:20"))
    (row,), _total = told(now=at("2026-03-13 12:00"))
    assert (row["median_accept"], row["median_response"]) == (10, 25)


def test_what_has_still_time_is_not_judged(origin):
    lead(origin=origin, now=NOW)
    (row,), _total = told(now=minutes(30))
    assert (row["within"], row["late"], row["flags"]) == (None, 0, ["no_lead_to_judge"])
    assert told(now=minutes(31))[0][0]["late"] == 1


def test_an_attempt_is_an_answer_and_reaches_nobody(origin, place):
    found = lead(origin=origin, now=NOW)
    done = accept_lead(lead=found, by=place.seller, now=minutes(2))
    contact = log_contact(
        customer=done.customer, channel=Channel.CALL, outcome=Outcome.UNANSWERED, by=place.seller,
        now=minutes(6), key="5e6b0b7e-8c05-4f5e-9b62-0f3f7f4f00ab", retry_on=minutes(6).date(),
    )  # fmt: skip
    Contact.objects.filter(pk=contact.pk).update(logged_at=minutes(6))
    (row,), _total = told()
    assert (row["median_response"], row["reached"], row["within"]) == (6, 0, 1)


def test_a_repeat_counts_once(origin):
    lead(origin=origin, now=NOW, phone="13812345678")
    lead(origin=source(), now=NOW, phone="13812345678")
    assert told()[1]["leads"] == 1


@pytest.mark.parametrize(("by", "names"), [("person", 2), ("source", 1), ("store", 1)])
def test_a_row_for_each(origin, place, by, names):
    answered(origin, place, accept=1)
    lead(origin=origin, now=NOW)
    assert len(told(by=by)[0]) == names


def test_nobody_counts_the_leads_of_others(origin, place):
    answered(origin, place, accept=1, response=2)
    elsewhere = shop()
    assert told(reach_of(elsewhere.manager, today=NOW.date()))[1]["leads"] == 0
    assert told(reach_of(place.manager, today=NOW.date()))[1]["leads"] == 1
    colleague = PersonFactory(store=place.store)
    assert told(reach_of(colleague, today=NOW.date()))[1]["leads"] == 0


def test_days_narrow_it(origin):
    lead(origin=origin, now=NOW)
    assert told(**{"from": "2026-03-12", "to": "2026-03-12"})[1]["leads"] == 1
    assert told(**{"from": "2026-03-13"})[1]["leads"] == 0


def test_the_command_prints_it(origin):
    lead(origin=origin, now=NOW)
    out = StringIO()
    call_command("report", "first_response", "--format", "json", "--param", "by=source", stdout=out)
    assert json.loads(out.getvalue())["rows"][0]["name"] == "抖音"


@pytest.mark.parametrize("figure", ["leads", "accepted", "waiting", "late", "responded", "nothing"])
def test_each_figure_opens_the_leads_it_counts(origin, place, as_, figure):
    for count in (5, 40):
        answered(origin, place, accept=1, response=count)
    lead(origin=origin, now=NOW)
    days = "begins=2026-03-12&ends=2026-03-12&by=store"
    page = as_(place.manager).get(f"/reports/first-response/?{days}&show={figure}")
    rows, _total = told()
    counted = len(page.context["shown"])
    assert counted == (0 if figure == "nothing" else rows[0][figure])


def test_the_page_asks_as_often_for_twelve_as_for_one(origin, as_, place):
    browser = as_(place.manager)
    address = "/reports/first-response/?begins=2026-03-12&ends=2026-03-12&show=leads"

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    lead(origin=origin, now=NOW)
    browser.get(address)
    one = asked()
    for _n in range(11):
        lead(origin=origin, now=NOW)
    assert asked() == one
