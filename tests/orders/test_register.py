"""The order register (ORD-16, M69): a day, its month, its task, what could be completed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.spreadsheets.read import read_workbook
from orders.states import LineState, OrderState, PaymentKind
from staff.models import Store, Target
from staff.states import TargetKind
from tests.factories import orders as made
from tests.factories.staff import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
URL = "/orders/register/"


def register(browser, **asked):
    """What the page says: its figures by their label, and its orders."""
    page = browser.get(URL, asked)
    assert page.status_code == 200
    figures = {stat.label: stat.value for stat in page.context["stats"]}
    return figures, [order.number for order in page.context["orders"]]


def task(store, amount, *, person=None, day=None):
    first = (day or timezone.localdate()).replace(day=1)
    return Target.objects.create(
        store=store, person=person, first_day=first, kind=TargetKind.ORDERS, amount=amount
    )


def test_an_order_of_8600_raises_the_day_and_the_month_by_8600(company, as_):
    today, browser = timezone.localdate(), as_(company.store_manager)
    task(company.store, 86000)
    made.order(seller=company.sales_store, on=today.replace(day=1), lines=[1400])
    before, _orders = register(browser)
    made.order(seller=company.sales_store, on=today, lines=[8600])
    after, _orders = register(browser)
    is_first = today.day == 1
    assert before["Today"] == ("¥1,400" if is_first else "¥0")
    assert after["Today"] == ("¥10,000" if is_first else "¥8,600")
    assert (before["Month to date"], after["Month to date"]) == ("¥1,400", "¥10,000")
    assert (after["Month's task"], after["Achieved"]) == ("¥86,000", "11.6 %")


def test_the_day_is_that_of_the_store(company, as_):
    """25 hours lie between the two: one at least has another day than the house."""
    days = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        Store.objects.filter(pk=company.store.pk).update(zone=zone)
        company.store.refresh_from_db()
        today = company.store.today(timezone.now())
        made.order(seller=company.sales_store, on=today, lines=[100])
        figures, _orders = register(as_(company.store_manager))
        assert figures["Today"] == "¥100"
        days.add(today)
    assert len(days) == 2


def test_what_is_cancelled_is_registered_and_not_counted(company, as_):
    today = timezone.localdate()
    gone = made.order(seller=company.sales_store, on=today, state=OrderState.CANCELLED)
    figures, orders = register(as_(company.store_manager))
    assert (orders, figures["Today"], figures["Achieved"]) == ([gone.number], "¥0", "–")


def test_deliverable_to_completion_counts_what_is_here_and_paid_in_full(company, as_):
    today, seller = timezone.localdate(), company.sales_store
    here = [{"price": 700, "state": LineState.ARRIVED}]
    long_ago = today - timedelta(days=90)
    counted = made.order(seller=seller, on=long_ago, lines=here, paid=700)
    made.order(seller=seller, on=today, lines=here, paid=699)
    made.order(seller=seller, on=today, lines=[*here, 100], paid=800)
    made.order(seller=seller, on=today, lines=here, paid=700, state=OrderState.DELIVERED)
    browser = as_(company.store_manager)
    figures, _orders = register(browser)
    assert figures["Deliverable to completion"] == "¥700"
    page = browser.get(URL)
    url = next(stat.url for stat in page.context["stats"] if "completion" in stat.label)
    assert [order.pk for order in browser.get(url).context["list"].page.rows] == [counted.pk]


def test_of_a_day_that_is_over_it_says_that_the_deliverable_is_as_of_now(company, as_):
    today, browser = timezone.localdate(), as_(company.store_manager)
    made.order(seller=company.sales_store, on=today)
    notes = [
        browser.get(URL, {"day": day}).context["stats"][-1].note
        for day in (today, today - timedelta(days=1))
    ]
    assert notes == ["as of now", "as of now, not of that day"]
    page = browser.get(URL).content.decode()
    assert "Deliverable to completion <small>as of now</small>" in page
    answer = browser.post(f"{URL}sheet/", {"reason": "月报", "kind": "xlsx"})
    (table,) = read_workbook("a.xlsx", answer.content).values()
    assert "Deliverable to completion (as of now)" in table.headers


def test_each_figure_opens_its_rows(company, as_):
    today = timezone.localdate()
    for on, amount in ((today, 500), (today.replace(day=1), 300)):
        made.order(seller=company.sales_store, on=on, lines=[amount])
    made.order(seller=company.stranger, on=today, lines=[9])
    browser = as_(company.ops_manager)
    stats = browser.get(URL, {"store": company.store.pk}).context["stats"]
    for stat in (stats[0], stats[1]):
        rows = browser.get(stat.url).context["list"].page.rows
        assert f"¥{sum(row.amount for row in rows):,.0f}" == stat.value


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 200), ("sales_field", 200), ("store_manager", 200), ("ops_manager", 200),
     ("finance", 200), ("marketing_manager", 403), ("merchandiser", 403), ("admin", 403)],
)  # fmt: skip
def test_who_reads_the_register(company, as_, role, status):
    assert as_(getattr(company, role)).get(URL).status_code == status


def test_a_seller_reads_the_own_orders_against_the_own_task(company, as_):
    today, mine = timezone.localdate(), company.sales_store
    task(company.store, 90000)
    task(company.store, 30000, person=mine)
    own = made.order(seller=mine, on=today, lines=[3000])
    colleague = PersonFactory(store=company.store)
    made.order(seller=colleague, on=today, lines=[7000])
    figures, orders = register(as_(mine))
    assert orders == [own.number]
    assert (figures["Month's task"], figures["Achieved"]) == ("¥30,000", "10 %")
    assert as_(mine).get(URL, {"store": company.other.pk}).status_code == 404
    page = as_(company.store_manager).get(URL)
    sellers = {each.name: each for each in page.context["sellers"]}
    assert (sellers[mine.name].month, sellers[mine.name].attainment) == ("¥3,000", "10 %")
    assert (sellers[colleague.name].target, sellers[colleague.name].attainment) == ("–", "–")


def test_the_sheet_says_what_the_page_says(company, as_):
    today = timezone.localdate()
    task(company.store, 10000)
    order = made.order(seller=company.sales_store, on=today, lines=[8600])
    made.payment(order, 2000, kind=PaymentKind.DEPOSIT)
    made.payment(order, 500)
    browser = as_(company.store_manager)
    assert "¥2,000" in browser.get(URL).content.decode()
    answer = browser.post(f"{URL}sheet/", {"reason": "月报", "kind": "xlsx"})
    (table,) = read_workbook("a.xlsx", answer.content).values()
    row = dict(zip(table.headers, table.rows[0].cells, strict=True))
    assert (row["Amount"], row["Deposit"], row["Today"], row["Achieved"]) == (
        8600, 2000, 8600, Decimal("0.86")
    )  # fmt: skip
    assert as_(company.sales_store).get(f"{URL}sheet/").status_code == 403


def test_the_number_of_queries_does_not_grow(company, as_, django_assert_max_num_queries):
    browser, today = as_(company.store_manager), timezone.localdate()
    for more in (1, 11):
        for _index in range(more):
            made.order(seller=PersonFactory(store=company.store), on=today)
        with django_assert_max_num_queries(8):
            browser.get(URL)
