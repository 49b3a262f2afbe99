"""`report sales` and its page: orders, pieces and yuan by consultant, store, product, week."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.spreadsheets.read import read_workbook
from orders.models import Order, OrderLine
from orders.states import LineState, OrderState
from reports.asking.parameters import ReportNotMade
from reports.registry import REPORTS, run
from staff.scope import reach_of
from tests.factories import orders as made
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 15, 4, tzinfo=UTC)


def told(reach=None, **asked):
    return run("sales", asked, reach=reach, now=NOW)


def by(name, **asked):
    """The figures by the value of one group: orders, pieces, yuan."""
    rows = told(by=name, **asked)["rows"]
    return {row[name]: (row["count"], row["pieces"], row["amount"]) for row in rows}


@pytest.fixture
def sellers():
    return PersonFactory(), PersonFactory()


@pytest.fixture
def month(sellers):
    """Two consultants of two stores. By hand: 8,000 + 1,200 + 900 = 10,100 in three orders."""
    first, second = sellers
    sofa, chair = {"price": 5000}, {"price": 600, "qty": 5, "product": "餐椅"}
    one = made.order(seller=first, on=date(2026, 5, 4), lines=[sofa, chair])
    made.order(seller=first, on=date(2026, 5, 11), lines=[{**chair, "qty": 2}])
    # Sunday of the first week: 2 of 5 chairs stay, of the sofa that was cancelled nothing.
    made.order(
        seller=second, on=date(2026, 5, 10),
        lines=[{**chair, "price": 450, "delivered_qty": 5, "returned_qty": 3},
               {**sofa, "state": LineState.CANCELLED}],
    )  # fmt: skip
    made.order(seller=second, on=date(2026, 5, 5), lines=[9999], state=OrderState.CANCELLED)
    return one


def test_orders_pieces_and_yuan_by_each(month, sellers):
    first, second = sellers
    assert by("person") == {
        first.username: (2, 8, "9200.00"), second.username: (1, 2, "900.00")
    }  # fmt: skip
    assert by("store") == {
        first.store.code: (2, 8, "9200.00"), second.store.code: (1, 2, "900.00")
    }  # fmt: skip
    assert by("product") == {"三人沙发": (1, 1, "5000.00"), "餐椅": (3, 9, "5100.00")}
    assert by("week") == {"2026-05-04": (2, 8, "8900.00"), "2026-05-11": (1, 2, "1200.00")}


def test_the_lines_add_up_to_the_amounts_of_the_orders(month):
    amounts = Order.objects.exclude(state=OrderState.CANCELLED).values_list("amount", flat=True)
    for name in ("person", "store", "product", "week"):
        answer = told(by=name)
        assert answer["total"]["amount"] == f"{sum(amounts):.2f}" == "10100.00"
        assert answer["total"]["count"] == 3
        assert sum(float(row["amount"]) for row in answer["rows"]) == 10100


def test_the_largest_first_weeks_in_order_several_one_inside_the_other(month, sellers):
    assert [row["product"] for row in told(by="product")["rows"]] == ["餐椅", "三人沙发"]
    assert [row["week"] for row in told(by="week")["rows"]] == ["2026-05-04", "2026-05-11"]
    rows = told(by="week,person")["rows"]
    assert [(row["week"], row["store"]) for row in rows] == [
        ("2026-05-04", None), ("2026-05-04", None), ("2026-05-11", None)
    ]  # fmt: skip
    assert {row["person"] for row in rows} == {each.username for each in sellers}


def test_an_average_is_of_the_orders_that_are_written_down(sellers):
    first, second = sellers
    made.order(seller=first, on=date(2026, 5, 4), lines=[1000])
    made.order(seller=first, on=date(2026, 5, 4), lines=[501])
    made.order(seller=first, on=date(2026, 5, 4), lines=())
    made.order(seller=second, on=date(2026, 5, 4), lines=())
    rows = {row["person"]: row for row in told()["rows"]}
    row = rows[first.username]
    assert tuple(row) == REPORTS["sales"].columns
    assert (row["count"], row["amount"], row["average"], row["flags"]) == (
        3, "1501.00", "750.50", []
    )  # fmt: skip
    unknown = rows[second.username]
    assert (unknown["count"], unknown["amount"], unknown["average"]) == (1, None, None)
    assert unknown["flags"] == ["NO_LINES"]
    assert by("product")[None] == (2, 0, None)


def test_days_count_both_and_nothing_is_no_figure(month):
    days = {"from": "2026-05-10", "to": "2026-05-11"}
    assert told(**days)["total"]["amount"] == "2100.00"
    empty = told(**{"from": "2026-06-01"})
    assert (empty["rows"], empty["total"]["amount"]) == ([], None)
    assert empty["total"]["flags"] == ["NO_ORDERS"]
    for asked, code in (
        ({"by": "colour"}, "not_a_choice"),
        ({"from": "2026-05-02", "to": "2026-05-01"}, "ends_before_it_begins"),
        ({"store": "nowhere"}, "unknown_store"),
    ):
        with pytest.raises(ReportNotMade) as refused:
            told(**asked)
        assert refused.value.codes == (code,)


def test_each_reads_the_own_orders(month, sellers):
    today = NOW.date()
    counts = [
        told(reach_of(person, today=today))["total"]["count"]
        for person in (*sellers, PersonFactory())
    ]
    assert counts == [2, 1, 0]
    assert told(store=sellers[1].store.code)["total"]["count"] == 1


@pytest.mark.parametrize("name", ["person", "product", "week,store"])
def test_the_number_of_queries_does_not_grow(name):
    counts = []
    for more in (1, 11):
        for index in range(more):
            made.order(on=date(2026, 5, 1 + index), lines=[100, 200])
        OrderLine.objects.filter(order__number__endswith="3").update(product="床")
        with CaptureQueriesContext(connection) as ran:
            told(by=name)
        counts.append(len(ran))
    assert counts == [2, 2]


URL = "/reports/sales/"
DAYS = "begins=2026-05-01&ends=2026-05-31"


def test_the_page_says_the_same_and_opens_its_orders(month, sellers, company, as_):
    browser = as_(company.finance)
    page = browser.get(f"{URL}?{DAYS}").content.decode()
    assert "¥10,100" in page
    assert "¥9,200" in page
    first = sellers[0]
    link = f"/orders/?since=2026-05-01&amp;until=2026-05-31&amp;seller={first.pk}"
    assert link in page
    assert browser.get(link.replace("&amp;", "&")).context["list"].total == 2
    week = browser.get(f"{URL}?{DAYS}&by=week").content.decode()
    assert "/orders/?since=2026-05-04&amp;until=2026-05-10" in week
    assert "餐椅" in browser.get(f"{URL}?{DAYS}&by=product").content.decode()
    assert "餐椅" not in browser.get(f"{URL}?begins=2026-06-01&by=product").content.decode()
    wrong = browser.get(f"{URL}?begins=2026-05-31&ends=2026-05-01&by=nothing")
    assert wrong.status_code == 200


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 403), ("sales_field", 403), ("store_manager", 200), ("field_supervisor", 200),
     ("marketing_manager", 403), ("ops_manager", 200), ("merchandiser", 403), ("finance", 200),
     ("admin", 403)],
)  # fmt: skip
def test_who_leads_stores_finance_and_operations_read_it(company, as_, role, status):
    assert as_(getattr(company, role)).get(URL).status_code == status
    assert as_(getattr(company, role)).get(f"{URL}sheet/").status_code == status


def test_a_manager_reads_the_own_store_and_takes_it_out(company, as_):
    made.order(seller=company.sales_store, on=date(2026, 5, 4), lines=[700])
    made.order(seller=company.stranger, on=date(2026, 5, 4), lines=[33])
    browser = as_(company.store_manager)
    assert "¥700" in (page := browser.get(f"{URL}?{DAYS}").content.decode())
    assert "¥33" not in page
    answer = browser.post(f"{URL}sheet/?{DAYS}", {"reason": "月报", "kind": "xlsx"})
    (table,) = read_workbook("a.xlsx", answer.content).values()
    assert table.rows[0].cells[:5] == [company.sales_store.name, 1, 1, 700, 700]


def test_the_queries_of_the_page_do_not_grow(company, as_):
    browser, counts = as_(company.ops_manager), []
    for more in (1, 11):
        for _index in range(more):
            made.order(on=date(2026, 5, 4), lines=[100])
        with CaptureQueriesContext(connection) as ran:
            browser.get(f"{URL}?{DAYS}")
        counts.append(len(ran))
    assert counts[0] == counts[1] <= 7
