"""Who is behind: within reach, by name, and every figure opens its rows."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.services import assign_keeper
from followups.models import Task
from followups.states import State
from tests.factories.customers import CustomerFactory
from tests.factories.followups import task_today
from tests.followups.build import at

pytestmark = pytest.mark.django_db

URL = "/behind/"
NOW = at("2026-03-12 09:50")


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


def overdue(owner, name="behind") -> None:
    customer = CustomerFactory(name=name, owner=owner, now=NOW - timedelta(days=2))
    task = task_today(customer, now=NOW)
    Task.objects.filter(pk=task.pk).update(due_at=NOW - timedelta(days=1))


@pytest.fixture
def rows(company):
    overdue(company.sales_store)
    overdue(company.sales_store, "twice")
    overdue(company.stranger, "foreign")
    loose = CustomerFactory(name="loose", owner=company.sales_store, now=NOW - timedelta(days=2))
    task_today(loose, now=NOW)
    assign_keeper(customer=loose, keeper=None, by=company.store_manager, now=NOW)
    Task.objects.filter(customer=loose).update(assignee=None)


def test_a_store_manager_sees_the_people_of_the_store_with_names(rows, company, as_):
    page = as_(company.store_manager).get(URL).content.decode()
    assert company.sales_store.name in page
    assert company.stranger.name not in page
    assert "foreign" not in page
    assert "loose" in page


def test_an_ops_manager_sees_everybody(rows, company, as_):
    page = as_(company.ops_manager).get(URL).content.decode()
    assert company.sales_store.name in page
    assert company.stranger.name in page


def figures(page: str) -> list[tuple[str, int]]:
    """(address, figure) of each number that opens its rows."""
    found = re.findall(r'<a class="fig[^"]*" href="(/today/[^"]*)">(?:<b>)?(\d+)', page)
    return [(address.replace("&amp;", "&"), int(figure)) for address, figure in found]


@pytest.mark.parametrize("role", ["store_manager", "ops_manager"])
def test_every_figure_opens_as_many_rows_as_it_says(rows, company, as_, role):
    browser = as_(getattr(company, role))
    opened = figures(browser.get(URL).content.decode())
    assert len(opened) >= 5
    for address, figure in opened:
        page = browser.get(address)
        assert page.status_code == 200
        assert page.content.decode().count("data-row") == figure, address


def test_a_store_narrows_figures_and_what_they_open(rows, company, as_):
    browser = as_(company.ops_manager)
    page = browser.get(URL, {"store": company.other.pk})
    opened = figures(page.content.decode())
    assert opened
    assert all(f"store={company.other.pk}" in address for address, _figure in opened)
    for address, figure in opened:
        assert browser.get(address).content.decode().count("data-row") == figure


def test_a_name_narrows_the_people(rows, company, as_):
    browser = as_(company.store_manager)
    assert (
        company.sales_store.name
        in browser.get(URL, {"q": company.sales_store.name.lower()})
        .content.decode()
        .split("</aside>")[0]
        .split("<aside")[0]
    )
    nobody = browser.get(URL, {"q": "nobody of that name"})
    assert nobody.status_code == 200
    assert nobody.context_data["total"] == 0


def test_the_worst_come_first_a_page_at_a_time(rows, company, as_, monkeypatch):
    monkeypatch.setattr("reports.views.behind.PEOPLE_A_PAGE", 2)
    browser = as_(company.ops_manager)
    total = browser.get(URL).context_data["total"]
    assert total > 2
    names = []
    for number in range(1, -(-total // 2) + 1):
        page = browser.get(URL, {"page": number}).context_data
        assert page["total"] == total
        names += [row.record.person.name for row in page["table"].rows]
    assert names[0] == company.sales_store.name
    assert len(names) == len(set(names)) == total
    first = browser.get(URL, {"store": company.other.pk, "q": "a"}).context_data
    assert first["path_for"] == f"?store={company.other.pk}&q=a&page="


@pytest.mark.parametrize(
    "asked", [{"store": "x"}, {"page": "x"}, {"page": "0"}, {"store": "99999"}, {"q": "x" * 5000}]
)
def test_a_filter_that_is_none_is_no_error_page(rows, company, as_, asked):
    assert as_(company.ops_manager).get(URL, asked).status_code in (200, 400)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("sales_store", 403), ("sales_field", 403), ("marketing_manager", 403), ("finance", 403),
        ("merchandiser", 403), ("admin", 403), ("field_supervisor", 200),
    ],
)  # fmt: skip
def test_who_may_look(company, as_, role, status):
    assert as_(getattr(company, role)).get(URL).status_code == status


def test_the_page_is_only_read(company, as_):
    assert as_(company.store_manager).post(URL).status_code == 405


def test_htmx_gets_the_rows_alone(rows, company, as_):
    part = as_(company.store_manager).get(URL, headers={"HX-Request": "true"})
    text = part.content.decode()
    assert "<html" not in text
    assert 'id="rows"' in text


def cost(browser) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(URL).status_code == 200
    return len(caught)


def test_it_costs_the_same_for_one_and_for_twelve(company, as_):
    browser = as_(company.store_manager)
    overdue(company.sales_store)
    one = cost(browser)
    for number in range(11):
        overdue(company.sales_store, f"n{number}")
    assert cost(browser) == one <= 14
    assert Task.objects.filter(state=State.OPEN).count() == 12
