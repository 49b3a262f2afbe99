"""`report promises` and its page: due, kept, days late by store, consultant and cause (ORD-13)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.spreadsheets.read import read_workbook
from orders.rules.promises import days_late
from orders.states import DelayCause, OrderState
from reports.registry import REPORTS, run
from staff.scope import reach_of
from staff.states import Role
from tests.factories import orders as made
from tests.factories.staff import PersonFactory

NOW = datetime(2026, 5, 15, 4, tzinfo=UTC)
TODAY = date(2026, 5, 15)
URL = "/reports/promises/"
TENTH = date(2026, 5, 10)
KEYS = ("due", "kept", "late_days", "undelivered", "ahead", "rate")


@pytest.mark.parametrize(
    ("promised", "delivered", "late"),
    [
        (TENTH, TENTH, 0), (TENTH, date(2026, 5, 9), 0), (TENTH, date(2026, 5, 11), 1),
        (TENTH, date(2026, 6, 10), 31), (TENTH, None, 5), (date(2026, 5, 14), None, 1),
        (TODAY, None, None), (date(2026, 5, 16), None, None), (date(2026, 5, 20), TODAY, 0),
    ],
)  # fmt: skip
def test_the_day_itself_is_kept_and_what_is_not_over_is_open(promised, delivered, late):
    assert days_late(promised_on=promised, delivered_on=delivered, today=TODAY) == late


def promised(seller, on, delivered=None, *, cause=None, **said):
    order = made.order(seller=seller, on=date(2026, 4, 1), promised_on=on, current_on=on, **said)
    if cause:
        made.date_change(order, on + timedelta(days=3), cause=cause)
    if delivered:
        made.delivery(order, delivered)
    return order


def told(reach=None, **asked):
    return run("promises", asked, reach=reach, now=NOW)


def by(name, **asked):
    return {row[name]: tuple(row[key] for key in KEYS) for row in told(by=name, **asked)["rows"]}


@pytest.mark.django_db
def test_what_comes_in_exchange_breaks_no_promise_that_was_kept():
    seller = PersonFactory()
    order = promised(seller, TENTH, TENTH)
    made.exchange(order, on=TENTH)
    assert by("store") == {order.store.code: (1, 1, 0, 0, 0, 1.0)}
    made.delivery(order, TODAY)
    assert by("store") == {order.store.code: (1, 1, 0, 0, 0, 1.0)}


@pytest.fixture
def sellers(db):
    return PersonFactory(), PersonFactory()


@pytest.fixture
def month(sellers):
    """By hand: the first keeps 2 of 4, late by 2 and by 5 days so far; the second none of 1."""
    first, second = sellers
    promised(first, TENTH, TENTH)
    promised(first, TENTH, date(2026, 5, 9), cause=DelayCause.CUSTOMER)
    promised(first, TENTH, date(2026, 5, 12), cause=DelayCause.SUPPLIER)
    promised(first, TENTH, cause=DelayCause.SUPPLIER)
    promised(first, date(2026, 5, 20))
    promised(second, date(2026, 5, 4), date(2026, 5, 5), cause=DelayCause.LOGISTICS)
    promised(second, TENTH, state=OrderState.CANCELLED)
    made.order(seller=second, on=date(2026, 4, 1))


def test_due_kept_and_days_late_by_each(month, sellers):
    first, second = sellers
    own, other = (4, 2, 7, 1, 1, 0.5), (1, 0, 1, 0, 0, 0.0)
    assert by("store") == {first.store.code: own, second.store.code: other}
    assert by("person") == {first.username: own, second.username: other}
    assert by("cause") == {
        "supplier": (2, 0, 7, 1, 0, 0.0), "logistics": (1, 0, 1, 0, 0, 0.0),
        "customer": (1, 1, 0, 0, 0, 1.0), None: (1, 1, 0, 0, 1, 1.0),
    }  # fmt: skip
    answer = told()
    assert tuple(answer["rows"][0]) == REPORTS["promises"].columns
    total = answer["total"]
    assert (total["due"], total["rate"], total["mean_late_days"]) == (5, 2 / 5, 8 / 3)


def test_nothing_due_is_no_rate_and_days_count_both(month, sellers):
    ahead = told(**{"from": "2026-05-20"})
    (row,) = ahead["rows"]
    assert (row["due"], row["ahead"], row["rate"], row["flags"]) == (0, 1, None, ["NOTHING_DUE"])
    kept = told(by="cause", **{"from": "2026-05-10", "to": "2026-05-10"})["rows"][-1]
    assert (kept["mean_late_days"], kept["flags"]) == (None, ["NONE_LATE"])
    assert told(to="2026-05-09")["total"]["due"] == 1
    assert told(to="2026-05-03")["rows"] == []


def test_each_reads_the_own_orders(month, sellers):
    people = (*sellers, PersonFactory(), PersonFactory(role=Role.FINANCE))
    dues = [told(reach_of(person, today=TODAY))["total"]["due"] for person in people]
    assert dues == [4, 1, 0, 5]


def test_the_number_of_queries_does_not_grow(company, as_):
    browser, counts = as_(company.ops_manager), []
    for more in (1, 11):
        for _index in range(more):
            promised(PersonFactory(store=company.store), TENTH, cause=DelayCause.SUPPLIER)
        with CaptureQueriesContext(connection) as ran:
            told(by="person,cause")
        with CaptureQueriesContext(connection) as page:
            browser.get(f"{URL}?begins=2026-05-01")
        counts.append((len(ran), len(page)))
    assert counts[0] == counts[1]
    assert counts[0][0] == 1
    assert counts[0][1] <= 6


def test_the_page_names_what_is_late_and_opens_it(company, as_):
    today = timezone.localdate()
    late = promised(company.sales_store, today - timedelta(days=2), cause=DelayCause.OURS)
    elsewhere = promised(company.stranger, today - timedelta(days=2))
    browser = as_(company.store_manager)
    asked = f"begins={today - timedelta(days=9)}"
    page = browser.get(f"{URL}?{asked}").content.decode()
    assert f'href="/orders/{late.pk}/">{late.number}</a>' in page
    assert elsewhere.number not in page
    for by_what in ("person", "cause"):
        assert browser.get(f"{URL}?{asked}&by={by_what}").status_code == 200
    answer = browser.post(f"{URL}sheet/?{asked}", {"reason": "月报", "kind": "xlsx"})
    (table,) = read_workbook("a.xlsx", answer.content).values()
    assert table.rows[0].cells[:6] == [company.store.name, 1, 0, 1, 1, 2]


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 403), ("store_manager", 200), ("field_supervisor", 200), ("finance", 200),
     ("ops_manager", 200), ("marketing_manager", 403), ("admin", 403)],
)  # fmt: skip
def test_who_leads_stores_finance_and_operations_read_it(company, as_, role, status):
    assert as_(getattr(company, role)).get(URL).status_code == status
    assert as_(getattr(company, role)).get(f"{URL}sheet/").status_code == status
