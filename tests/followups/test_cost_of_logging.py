"""What logging a contact asks of the database: each thing once, however long the history is."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact
from staff.states import Trade
from tests.factories.customers import CustomerFactory
from tests.factories.followups import reached, task_today
from tests.followups.build import at
from tests.followups.surveying import delivered, shop, taps, task_asking, url
from tests.followups.test_services_appointments import book

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")
LATER = date(2026, 4, 20)
OF_THE_ACT = re.compile(r'(INTO|UPDATE|FROM|SAVEPOINT) "|core_formtoken')
# Two of them ask who is signed in; six are savepoints: of the act, of holding, of the engine.
MOST_OF_A_VISIT = 24
MOST_OF_A_CALL = 33
MOST_OF_A_SURVEY = 53


@pytest.fixture
def who(company):
    return CustomerFactory(owner=company.sales_store, now=NOW - timedelta(days=20))


@pytest.fixture
def browser(company, as_):
    return as_(company.sales_store)


def said(**changes: str) -> dict[str, str]:
    """They came by themselves, about the design, to be called tomorrow."""
    return {
        "key": str(uuid4()),
        "result": "came",
        "reason": "design",
        "is_inbound": "on",
        "grade": "A",
        "next_kind": "call",
        "next_on": "other",
        "next_on_other": "2026-03-13",
        **changes,
    }


def asks(browser, address: str, sent: dict[str, str]) -> int:
    """How many statements a form that is sent takes, but for the engine's asking, which is counted
    where the engine is tested: its statements put no table in quotes.
    """
    before = Contact.objects.count()
    with CaptureQueriesContext(connection) as ran:
        assert browser.post(address, sent).status_code == 302
    assert Contact.objects.count() == before + 1
    return sum(bool(OF_THE_ACT.search(each["sql"])) for each in ran)


def test_a_visit_asks_the_same_after_twelve_contacts_as_after_one(browser, who):
    reached(who, now=NOW - timedelta(days=1), on=LATER)
    one = asks(browser, f"/customers/{who.pk}/log/", said())
    for days in range(2, 13):
        reached(who, now=NOW - timedelta(days=days), on=LATER)
    twelve = asks(browser, f"/customers/{who.pk}/log/", said(next_on_other="2026-03-14"))
    assert one == twelve <= MOST_OF_A_VISIT


def test_a_call_of_ours_reads_its_task_once_more_under_the_lock(browser, who):
    task = task_today(who, now=NOW - timedelta(days=5))
    sent = said(result="connected", is_inbound="", override="needed")
    assert asks(browser, f"/customers/{who.pk}/log/?task={task.pk}", sent) <= MOST_OF_A_CALL


def test_a_survey_shares_what_the_form_saves(as_):
    place = shop(Trade.CARS)
    who, _product = delivered(place, on=date(2026, 3, 11), now=NOW)
    call = task_asking(who, "dealer_24h", now=NOW)
    browser, address = as_(place.manager), url(who, call)
    answers = {
        "q_feeling": "5", "q_store_service": "4", "q_person_service": "4", "q_plate": "done",
    }  # fmt: skip
    assert asks(browser, address, taps(browser.get(address), **answers)) <= MOST_OF_A_SURVEY


def test_a_form_that_is_refused_shows_all_that_an_empty_one_does(browser, who):
    reached(who, now=NOW - timedelta(days=15), note="看样")
    book(who)
    page = f"/customers/{who.pk}/log/"
    empty, refused = browser.get(page), browser.post(page, said(result=""))
    assert refused.context["form"].errors
    for name in ("booked", "last_contacts"):
        assert refused.context[name] == empty.context[name] != ""
    days = [list(each.context["form"].fields["next_on"].choices) for each in (empty, refused)]
    assert days[0] == days[1]
    assert days[0][2][0] == "2026-03-19"  # a week on, as A is called
