"""Today through real pages: whose day it is, what is counted, what it costs."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.services import assign_keeper
from followups.models import Task
from followups.states import State
from followups.views.today import PAGE_SIZE
from staff.states import DutyKind
from tests.factories.customers import CustomerFactory
from tests.factories.followups import task_today
from tests.factories.staff import DutyFactory, PersonFactory
from tests.followups.build import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

URL = "/today/"
NOW = at("2026-03-12 09:50")


@pytest.fixture
def rows(company):
    """A task of the store's salesperson, one of a colleague elsewhere, one that nobody has."""
    own = CustomerFactory(name="own", owner=company.sales_store, now=NOW - timedelta(days=2))
    foreign = CustomerFactory(name="foreign", owner=company.stranger, now=NOW - timedelta(days=2))
    loose = CustomerFactory(name="loose", owner=company.sales_store, now=NOW - timedelta(days=2))
    for customer in (own, foreign, loose):
        task_today(customer, now=NOW, text="给餐桌报价")
    assign_keeper(customer=loose, keeper=None, by=company.store_manager, now=NOW)
    Task.objects.filter(customer=loose).update(assignee=None)
    return own, foreign, loose


def names(page) -> list[str]:
    return re.findall(r'class="who" href="/customers/\d+/">([^<]*?) ?<', page.content.decode())


def counts(page) -> list[str]:
    return re.findall(r"<b>(\d+)</b>", page.content.decode())


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("sales_store", {"own"}),
        ("sales_field", set()),
        ("store_manager", {"own", "loose"}),
        ("field_supervisor", set()),
        ("marketing_manager", {"own", "foreign", "loose"}),
        ("ops_manager", {"own", "foreign", "loose"}),
    ],
)
def test_each_role_sees_the_day_within_its_reach(rows, company, as_, role, expected):
    page = as_(getattr(company, role)).get(URL)
    assert page.status_code == 200
    assert set(names(page)) == expected
    assert counts(page)[0] == str(len(expected))


@pytest.mark.parametrize("role", ["merchandiser", "finance", "admin"])
def test_who_has_nothing_to_do_with_customers_is_refused(company, as_, role):
    assert as_(getattr(company, role)).get(URL).status_code == 403


def test_the_day_is_only_read(company, as_):
    assert as_(company.sales_store).post(URL).status_code == 405


def test_a_manager_narrows_to_the_own_tasks_and_sees_who_does_what(rows, company, as_):
    browser = as_(company.store_manager)
    store = browser.get(URL).content.decode()
    assert company.sales_store.name in store
    assert 'class="keeper"' in store
    assert names(browser.get(URL, {"scope": "me"})) == []
    assert names(browser.get(URL, {"scope": "nonsense"})) == ["own", "loose"]


def test_a_salesperson_gets_no_wider_list_by_asking_for_it(rows, company, as_):
    browser = as_(company.sales_store)
    for scope in ("store", "all"):
        assert names(browser.get(URL, {"scope": scope})) == ["own"]


def test_a_number_of_the_managers_page_opens_its_rows(rows, company, as_):
    browser = as_(company.store_manager)
    assert names(browser.get(URL, {"person": company.sales_store.pk})) == ["own"]
    assert names(browser.get(URL, {"person": "none"})) == ["loose"]


@pytest.mark.parametrize("person", ["0", "99999999", "x", "1" * 30, "-1", "²"])
def test_a_person_that_is_none_is_not_found(company, as_, person):
    assert as_(company.store_manager).get(URL, {"person": person}).status_code == 404


def test_a_person_out_of_reach_is_not_found(rows, company, as_):
    browser = as_(company.store_manager)
    assert browser.get(URL, {"person": company.stranger.pk}).status_code == 404


def test_a_store_out_of_reach_is_not_found(company, as_):
    browser = as_(company.store_manager)
    assert browser.get(URL, {"store": company.store.pk}).status_code == 200
    assert browser.get(URL, {"store": company.team.pk}).status_code == 404


def test_an_ops_manager_looks_at_one_region(rows, company, as_):
    browser = as_(company.ops_manager)
    assert len(names(browser.get(URL, {"region": company.region.pk}))) == 3
    assert browser.get(URL, {"region": 99999}).status_code == 404


def test_only_the_overdue(rows, company, as_):
    Task.objects.filter(customer__name="own").update(due_at=NOW - timedelta(days=1))
    page = as_(company.ops_manager).get(URL, {"show": "overdue"})
    assert names(page) == ["own"]
    assert counts(page)[:2] == ["3", "1"]


def test_only_the_next_person_has_the_solid_button(rows, company, as_):
    page = as_(company.ops_manager).get(URL).content.decode()
    assert page.count("is-up") == 1


def test_a_row_says_what_it_is_for_and_leads_to_the_form(rows, company, as_):
    task = Task.objects.get(customer__name="own", state=State.OPEN)
    page = as_(company.sales_store).get(URL).content.decode()
    assert "给餐桌报价" in page
    assert f"/customers/{task.customer_id}/log/?task={task.pk}" in page
    assert f"/customers/{task.customer_id}/reveal/" in page


def test_whoever_only_reads_is_led_to_the_card(rows, company, as_):
    page = as_(company.ops_manager).get(URL).content.decode()
    assert "/log/" not in page
    assert "/reveal/" not in page


def test_a_number_typed_into_a_step_is_masked(company, as_):
    customer = CustomerFactory(owner=company.sales_store, now=NOW - timedelta(days=2))
    task_today(customer, now=NOW, text="打 13800138000")
    page = as_(company.sales_store).get(URL).content.decode()
    assert "138****8000" in page
    assert "13800138000" not in page


def test_without_a_number_there_is_nothing_to_call(company, as_):
    known = CustomerFactory(owner=company.sales_store, now=NOW - timedelta(days=2))
    task_today(known, now=NOW, text="报价")
    browser = as_(company.sales_store)
    assert "data-call" in browser.get(URL).content.decode()
    known.phones.all().delete()
    page = browser.get(URL).content.decode()
    assert "data-call" not in page
    assert "记跟进" in page


def test_what_lies_ahead_is_not_counted_for_today(company, as_):
    ahead = CustomerFactory(owner=company.sales_store, now=NOW - timedelta(days=2))
    task = task_today(ahead, now=NOW, text="报价")
    Task.objects.filter(pk=task.pk).update(
        day=NOW.date() + timedelta(days=2), due_at=NOW + timedelta(days=2)
    )
    page = as_(company.sales_store).get(URL)
    assert len(names(page)) == 1
    assert counts(page)[0] == "0"


def test_nothing_left_says_what_to_do_next(company, as_):
    page = as_(company.sales_store).get(URL).content.decode()
    assert "/customers/register/" in page
    assert (
        "/customers/register/"
        in as_(company.sales_store).get(URL, {"show": "overdue"}).content.decode()
    )


def test_htmx_gets_the_rows_alone(rows, company, as_):
    part = as_(company.sales_store).get(URL, headers={"HX-Request": "true"})
    assert part.status_code == 200
    text = part.content.decode()
    assert text.lstrip().startswith('<div id="rows">')
    assert "<html" not in text


def test_an_assistant_sees_the_salespersons_tasks_with_the_name(rows, company, as_):
    assistant = PersonFactory(store=company.store)
    DutyFactory(person=assistant, kind=DutyKind.ASSISTANT, assists=company.sales_store)
    page = as_(assistant).get(URL)
    assert names(page) == ["own"]
    assert company.sales_store.name in page.content.decode()


def fill(company, many):
    for _number in range(many):
        customer = CustomerFactory(owner=company.sales_store, now=NOW - timedelta(days=2))
        Task.objects.create(
            customer=customer, assignee=company.sales_store, day=date(2026, 3, 12),
            shown_on=date(2026, 3, 12), due_at=at("2026-03-13 00:00"),
        )  # fmt: skip


def test_hundreds_are_paged_with_true_totals(company, as_):
    fill(company, PAGE_SIZE + 3)
    browser = as_(company.sales_store)
    first = browser.get(URL)
    assert len(names(first)) == PAGE_SIZE
    assert counts(first)[0] == str(PAGE_SIZE + 3)
    assert "page=2" in first.content.decode()
    second = browser.get(URL, {"page": "2"})
    assert len(names(second)) == 3
    assert set(names(first)) & set(names(second)) == set()


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "²"])
def test_a_page_that_is_none_is_the_first(company, as_, page):
    fill(company, 1)
    assert len(names(as_(company.sales_store).get(URL, {"page": page}))) == 1


def cost(browser, **asked) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(URL, asked).status_code == 200
    return len(caught)


@pytest.mark.parametrize("role", ["sales_store", "store_manager", "ops_manager"])
def test_the_day_costs_at_most_nine_queries_whatever_its_length(company, as_, role):
    browser = as_(getattr(company, role))
    fill(company, 1)
    one = cost(browser)
    fill(company, 11)
    assert cost(browser) == one <= 9
