"""The deliveries of a month (ORD-19, ORD-20, M72): planned, made, and what is not ready."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.spreadsheets.read import read_workbook
from orders.models import Delivery, Order
from orders.states import LineState, OrderState
from staff.models import Target
from staff.states import DutyKind, TargetKind
from tests.factories import orders as made
from tests.factories.staff import DutyFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
URL = "/orders/deliveries/"
JUNE = date(2026, 6, 1)
DAY = timedelta(days=1)


@pytest.fixture
def month() -> date:
    """The first day of this month: planned days of it are compared with today."""
    return timezone.localdate().replace(day=1)


def deliveries(browser, **asked):
    page = browser.get(URL, asked)
    assert page.status_code == 200
    figures = {stat.label: stat.value for stat in page.context["stats"]}
    return figures, [row.number for row in page.context["rows"]], page


def test_the_month_counts_what_is_planned_and_what_was_handed_over(company, as_):
    seller = company.sales_store
    whole = made.order(seller=seller, current_on=date(2026, 6, 3), lines=[5000], paid=5000)
    part = made.order(
        seller=seller, current_on=date(2026, 6, 20), lines=[{"price": 100, "qty": 5}, 40]
    )
    late = made.order(seller=seller, current_on=date(2026, 5, 28), lines=[700])
    made.order(seller=seller, current_on=date(2026, 7, 1), lines=[9])
    made.order(seller=seller, current_on=date(2026, 6, 9), state=OrderState.CANCELLED)
    mistaken = made.order(seller=seller, current_on=date(2026, 6, 25), lines=[60])
    made.delivery(whole, date(2026, 6, 4))
    made.delivery(part, date(2026, 6, 21), pieces={part.lines.first().pk: 2})
    made.delivery(late, date(2026, 6, 2))
    void = made.delivery(mistaken, date(2026, 6, 25))
    Delivery.objects.filter(pk=void.pk).update(
        voided_at=timezone.now(), voided_by=seller, void_reason="x"
    )
    Target.objects.create(
        store=company.store, first_day=JUNE, kind=TargetKind.DELIVERIES, amount=11800
    )
    figures, rows, page = deliveries(as_(company.store_manager), month="2026-06")
    assert rows == [each.number for each in (late, whole, part, mistaken)]
    assert figures["Planned"] == "¥5,600"  # 5000 + 540 + 60
    assert figures["Delivered"] == "¥5,900"  # 5000 + 2 × 100 + 700
    assert (figures["Month's task"], figures["Achieved"]) == ("¥11,800", "50 %")
    shown = {row.number: row for row in page.context["rows"]}
    assert (shown[part.number].handed_over, shown[part.number].signed_by) == ("¥200", "李先生")
    assert (shown[mistaken.number].delivered, shown[whole.number].is_paid) == ("–", True)
    stats = page.context["stats"]
    planned, delivered = (
        {row.number for row in as_(company.store_manager).get(stat.url).context["list"].page.rows}
        for stat in stats[:2]
    )
    assert planned == {whole.number, part.number, mistaken.number} | {
        row.number for row in Order.objects.filter(state="cancelled")
    }
    assert delivered == {whole.number, part.number, late.number}


def test_what_is_not_ready_says_which_lines_and_how_much(company, as_):
    """M72: 3,000 due before the delivery of 06-20 still open, to be paid by 06-13."""
    today = timezone.localdate()
    seller = company.sales_store
    ready = made.order(
        seller=seller, current_on=today, lines=[{"price": 10, "state": LineState.ARRIVED}], paid=10
    )
    lacking = made.order(
        seller=seller, current_on=today, paid=2000,
        lines=[{"price": 4000, "state": LineState.ARRIVED},
               {"price": 1000, "product": "餐桌", "state": LineState.SUBMITTED}],
    )  # fmt: skip
    made.due(lacking, 5000)
    figures, _rows, page = deliveries(as_(company.store_manager))
    assert figures["Not ready"] == "1"
    (told,) = page.context["not_ready"]
    assert (told.number, told.lines, told.unpaid) == (lacking.number, ["餐桌: Submitted"], "¥3,000")
    assert told.is_late
    assert ready.number not in [each.number for each in page.context["not_ready"]]
    assert "¥3,000 to be paid by" in page.content.decode()


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_the_day_is_that_of_the_store(company, as_, zone):
    company.store.zone = zone
    company.store.save()
    today, red = company.store.today(timezone.now()), set()
    for count in (7, 8):
        day = today + count * DAY
        order = made.order(seller=company.sales_store, current_on=day, lines=[5000])
        made.due(order, 5000)
        asked = {"month": f"{day:%Y-%m}"}
        _figures, _rows, page = deliveries(as_(company.store_manager), **asked)
        red |= {(each.number, each.is_late) for each in page.context["not_ready"]}
        assert (order.number, count == 7) in red


def test_it_is_red_from_the_day_on_which_it_had_to_be_paid(company, as_, month):
    today, seller = timezone.localdate(), company.sales_store
    near, far = today + 7 * DAY, today + 8 * DAY
    for day in (near, far):
        made.due(made.order(seller=seller, current_on=day), 5000)
    told = {}
    for first in {near.replace(day=1), far.replace(day=1)}:
        _figures, _rows, page = deliveries(as_(company.store_manager), month=f"{first:%Y-%m}")
        for row, each in zip(page.context["rows"], page.context["not_ready"], strict=True):
            told[row.planned] = ("is-overdue" in row.colour, each.is_late)
    assert sorted(told.values()) == [(False, False), (True, True)]


def test_all_stores_stand_side_by_side(company, as_, month):
    made.order(seller=company.sales_store, current_on=month, lines=[100])
    made.order(seller=company.stranger, current_on=month, lines=[30])
    browser = as_(company.finance)
    figures, rows, page = deliveries(browser, store="all")
    assert (figures["Planned"], rows) == ("¥130", [])
    # What is not ready is listed with its store alone.
    assert [stat.url for stat in page.context["stats"] if stat.value == "2"] == [""]
    by_store = {each.name: each.planned for each in page.context["by_store"]}
    assert by_store[company.store.name] == "¥100"
    assert by_store[company.other.name] == "¥30"
    one, _rows, _page = deliveries(browser, store=company.other.pk)
    assert one["Planned"] == "¥30"


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 200), ("sales_field", 200), ("store_manager", 200), ("ops_manager", 200),
     ("finance", 200), ("marketing_manager", 403), ("merchandiser", 403), ("admin", 403)],
)  # fmt: skip
def test_who_reads_the_deliveries(company, as_, role, status):
    assert as_(getattr(company, role)).get(URL).status_code == status


def test_the_crew_plans_and_a_seller_sees_the_own_alone(company, as_, month):
    own = made.order(seller=company.sales_store, current_on=month)
    other = made.order(seller=PersonFactory(store=company.store), current_on=month)
    _figures, rows, page = deliveries(as_(company.sales_store))
    assert rows == [own.number]
    assert page.context["rows"][0].plan_url == f"/orders/{own.pk}/plan/"
    DutyFactory(person=company.merchandiser, kind=DutyKind.DELIVERY, store=company.store)
    _figures, rows, page = deliveries(as_(company.merchandiser), store=company.store.pk)
    assert set(rows) == {own.number, other.number}
    assert all(row.plan_url for row in page.context["rows"])
    _figures, _rows, page = deliveries(as_(company.finance), store=company.store.pk)
    assert not any(row.plan_url for row in page.context["rows"])
    assert as_(company.sales_store).get(URL, {"store": company.other.pk}).status_code == 404
    assert as_(company.sales_store).get(URL, {"store": "all"}).status_code == 200


def test_the_sheet_says_what_the_page_says(company, as_, month):
    order = made.order(seller=company.sales_store, current_on=month, lines=[100, 50], paid=150)
    made.delivery(order, month, pieces={order.lines.first().pk: 1})
    browser = as_(company.store_manager)
    answer = browser.post(f"{URL}sheet/", {"reason": "送货", "kind": "xlsx"})
    (table,) = read_workbook("a.xlsx", answer.content).values()
    row = dict(zip(table.headers, table.rows[0].cells, strict=True))
    assert (row["Order no."], row["Amount"], row["Delivered"]) == (order.number, 150, 100)
    assert row["Payment"] == "Paid in full"
    assert row["Arrived"] == Decimal("0.5")
    assert as_(company.sales_store).get(f"{URL}sheet/").status_code == 403


def test_the_number_of_queries_does_not_grow(company, as_, month, django_assert_max_num_queries):
    browser = as_(company.store_manager)
    for more in (1, 11):
        for _index in range(more):
            order = made.order(seller=company.sales_store, current_on=month + 27 * DAY)
            made.due(order, 5000)
        with django_assert_max_num_queries(8):
            browser.get(URL)
