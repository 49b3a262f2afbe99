"""Asking how satisfied a customer is, from the day's list to the answer (M52)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.states import Quiet, QuietReason
from followups.models import Task
from followups.services import set_quiet, solve_case
from followups.states import CaseState, State
from tests.factories.cases import opened
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory
from tests.followups.build import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")
YESTERDAY = NOW - timedelta(days=1)
TYPED = "138 0013 8000"


def solved(owner, **said):
    """A case of a customer of this person, solved yesterday."""
    who = CustomerFactory(owner=owner, now=NOW - timedelta(days=4))
    case = opened(who, text=f"桌脚松动，{TYPED}", now=YESTERDAY, **said)
    solve_case(case=case, solution="换了桌脚", by=case.assignee, now=YESTERDAY)
    return case


@pytest.fixture
def case(company):
    return solved(company.sales_store)


@pytest.fixture
def browser(company, as_):
    return as_(company.sales_store)


def test_the_row_of_the_day_leads_to_the_answer(browser, case):
    day = browser.get("/today/").content.decode()
    assert f'href="/cases/{case.pk}/rate/"' in day
    assert "询问满意度：桌脚松动" in day
    assert TYPED not in day


def test_the_words_to_say_and_the_call_stand_beside_the_answer(browser, case):
    page = browser.get(f"/cases/{case.pk}/rate/")
    body = page.content.decode()
    assert "五分满分" in body
    assert f"/customers/{case.customer_id}/call/" in body or "data-call" in body
    task = page.context_data["asking"].task_id
    assert page.context_data["asking"].change_url == f"/tasks/{task}/move/"
    assert "换了桌脚" in body
    assert TYPED not in body


def test_answered_it_is_off_the_list(browser, case):
    answer = browser.post(f"/cases/{case.pk}/rate/", {"points": "5", "text": ""})
    assert answer.url == f"/cases/{case.pk}/"
    case.refresh_from_db()
    assert (case.state, case.satisfaction) == (CaseState.CLOSED, 5)
    assert f"/cases/{case.pk}/" not in browser.get("/today/").content.decode()
    again = browser.get(f"/cases/{case.pk}/rate/")
    assert again.context_data["asking"] is None


def test_while_no_contact_is_wished_nothing_asks_for_a_call(browser, company, case):
    set_quiet(
        customer=case.customer, quiet=Quiet.ALL, reason=QuietReason.ASKED,
        by=company.sales_store, now=NOW,
    )  # fmt: skip
    assert browser.get(f"/cases/{case.pk}/rate/").context_data["asking"] is None
    assert f"/cases/{case.pk}/" not in browser.get("/today/").content.decode()


def test_whom_a_complaint_is_about_cannot_ask(as_, company):
    subject = PersonFactory(store=company.store)
    case = solved(company.sales_store, about=subject, assignee=company.store_manager)
    case.customer.accesses.create(person=subject)
    assert as_(subject).get(f"/cases/{case.pk}/rate/").status_code == 403
    assert f"/cases/{case.pk}/" not in as_(subject).get("/today/").content.decode()


def test_the_day_and_the_form_ask_as_often_for_twelve_as_for_one(browser, company, case):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.get("/today/")
            assert browser.get(f"/cases/{case.pk}/rate/").status_code == 200
        return len(asked)

    queries()
    one = queries()
    for _number in range(11):
        solved(company.sales_store)
    assert Task.objects.filter(state=State.OPEN, obligations__text__contains="桌脚").count() == 12
    assert queries() == one
