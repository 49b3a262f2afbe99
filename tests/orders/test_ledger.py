"""The order ledger (ORD-09…13, M68): its rows, its days, its colours, its file."""

import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEntry, Job, SavedFilter
from core.spreadsheets.read import read_workbook
from orders.models import Order
from orders.queries.ledger import sums_of_days
from orders.states import Completion, DueKind, LineState, OrderState, Supply
from orders.tasks import export_ledger
from staff.states import DutyKind
from tests.factories import orders as made
from tests.factories.customers import CustomerFactory
from tests.factories.staff import DutyFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
URL = "/orders/"
ARRIVED, DELIVERED = LineState.ARRIVED, LineState.DELIVERED


def day(ago: int) -> date:
    return timezone.localdate() - timedelta(days=ago)


def numbers(page) -> list[str]:
    return re.findall(r'class="fig" href="/orders/\d+/">([^<]*)</a>', page.content.decode())


@pytest.fixture
def book(company):
    """One order of each colour sold by the store's salesperson, and one sold elsewhere."""
    seller = company.sales_store
    soon = day(-30)
    here = {"price": 3000, "state": ARRIVED}
    rows = {
        "unpaid": made.order(seller=seller, on=day(3), current_on=soon),
        "awaited": made.order(seller=seller, on=day(3), paid=5000, current_on=soon),
        "deliverable": made.order(seller=seller, on=day(2), lines=[here], paid=3000),
        "done": made.order(seller=seller, on=day(2), lines=[here], paid=3000),
        "overdue": made.order(seller=seller, on=day(1), paid=1000, current_on=day(1)),
        "cancelled": made.order(seller=seller, on=day(1), state=OrderState.CANCELLED),
        "elsewhere": made.order(seller=company.stranger, on=day(0)),
    }
    made.due(rows["unpaid"], 5000)
    made.delivery(rows["done"], day(0))
    return rows


def of(book, *names: str) -> set[str]:
    return {book[name].number for name in names}


OWN = ("unpaid", "awaited", "deliverable", "done", "overdue", "cancelled")


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("sales_store", OWN), ("sales_field", ()), ("store_manager", OWN),
        ("field_supervisor", ()), ("ops_manager", (*OWN, "elsewhere")),
        ("finance", (*OWN, "elsewhere")), ("stranger", ("elsewhere",)),
    ],
)  # fmt: skip
def test_each_role_sees_its_orders(book, company, as_, role, seen):
    page = as_(getattr(company, role)).get(URL)
    assert page.status_code == 200
    assert set(numbers(page)) == of(book, *seen)


@pytest.mark.parametrize("role", ["marketing_manager", "merchandiser", "admin"])
def test_who_has_nothing_to_do_with_orders_is_refused(company, as_, role):
    assert as_(getattr(company, role)).get(URL).status_code == 403


def test_a_duty_opens_the_orders_it_is_for(book, company, as_):
    DutyFactory(person=company.merchandiser, kind=DutyKind.DELIVERY, store=company.store)
    assert set(numbers(as_(company.merchandiser).get(URL))) == of(book, *OWN)


def test_strangers_and_other_methods(client, company, as_):
    assert client.get(URL).status_code == 302
    assert as_(company.ops_manager).post(URL).status_code == 405
    assert as_(company.ops_manager).get(URL + "?owner=1").status_code == 400


@pytest.mark.parametrize("colour", Completion.values)
def test_each_colour_has_its_word_and_shape_and_narrows_the_list(book, company, as_, colour):
    page = as_(company.ops_manager).get(f"{URL}?colour={colour}&store={company.store.pk}")
    assert set(numbers(page)) == of(book, colour)
    cell = re.search(rf'<span class="hue is-{colour}"><svg.*?</svg>([^<]+)</span>',
                     page.content.decode().split("<tbody>")[1])  # fmt: skip
    assert cell[1].strip() == str(Completion(colour).label)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_late_is_by_the_day_of_the_store(company, as_, zone):
    """25 hours lie between the two: one at least has another day than the house."""
    company.store.zone = zone
    company.store.save()
    today = company.store.today(timezone.now())
    facts = {"seller": company.sales_store, "on": today - timedelta(days=9)}
    made.order(**facts, current_on=today)
    late = made.order(**facts, current_on=today - timedelta(days=1))
    for reader, more in ((company.store_manager, ""), (company.ops_manager, company.store.pk)):
        page = as_(reader).get(URL, {"colour": "overdue", "store": more})
        assert numbers(page) == [late.number]
        sums = as_(reader).get(URL, {"part": "sums", "store": more})
        counts = {chip.value: chip.count for chip in sums.context["chips"]}
        assert counts["overdue"] == "1"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_the_page_of_an_order_reckons_with_the_same_day(company, as_, zone):
    company.store.zone = zone
    company.store.save()
    today, found = company.store.today(timezone.now()), {}
    for ago in (0, 1):
        order = made.order(seller=company.sales_store, lines=[5000])
        made.due(order, 5000, kind=DueKind.ON_DAY, on=today - timedelta(days=ago))
        page = as_(company.store_manager).get(f"/orders/{order.pk}/")
        found[ago] = page.context["head"].colour.value
    assert found == {0: Completion.AWAITED, 1: Completion.OVERDUE}


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ("colour=open", ("unpaid", "awaited", "deliverable", "overdue")),
        ("pay=unpaid", ("unpaid", "overdue")),
        ("pay=full", ("awaited", "deliverable", "done")),
        ("pay=part", ("overdue",)),
        ("goods=complete", ("deliverable",)),
        ("goods=here", ("deliverable",)),
        ("goods=awaited", ("unpaid", "awaited", "overdue")),
        ("due=passed", ("overdue",)),
        ("due=month", ("unpaid", "awaited")),
        ("due=none", ("deliverable",)),
        ("incident=any", ("awaited",)),
        ("incident=lost", ()),
        ("floor=yes", ("unpaid",)),
        ("terms=prepaid", OWN),
        ("terms=monthly", ()),
    ],
)
def test_the_filters(book, company, as_, asked, seen):
    made.incident(book["awaited"])
    made.line(book["unpaid"], supply=Supply.FLOOR_SAMPLE, price=1)
    page = as_(company.store_manager).get(f"{URL}?{asked}")
    assert set(numbers(page)) == of(book, *seen)


def test_by_consultant_period_delivery_and_words(book, company, as_):
    browser = as_(company.ops_manager)
    seller = f"seller={company.sales_store.pk}&store={company.store.pk}"
    assert set(numbers(browser.get(f"{URL}?{seller}"))) == of(book, *OWN)
    since = f"since={day(2)}&until={day(2)}"
    assert set(numbers(browser.get(f"{URL}?{since}"))) == of(book, "deliverable", "done")
    planned = f"planned_since={day(-30)}&planned_until={day(-30)}"
    assert set(numbers(browser.get(f"{URL}?{planned}"))) == of(book, "unpaid", "awaited")
    assert set(numbers(browser.get(f"{URL}?delivered_since={day(0)}"))) == of(book, "done")
    number, customer = book["done"].number, book["done"].customer
    assert numbers(browser.get(f"{URL}?q={number.lower()}")) == [number]
    assert numbers(browser.get(f"{URL}?q={customer.name}")) == [number]


def test_a_card_that_is_not_seen_gives_neither_name_nor_number(company, as_):
    """Selling to somebody opens no card (decision 4); searching for one finds none."""
    theirs = CustomerFactory(owner=company.stranger, name="陈静", phone="13800138777")
    order = made.order(seller=company.sales_store, customer=theirs, buyer="陈小姐")
    shown = "&cols=phone&cols=customer"
    page = as_(company.sales_store).get(f"{URL}?{shown}").content.decode()
    assert "陈小姐" in page
    assert "陈静" not in page
    assert "8777" not in page
    browser = as_(company.sales_store)
    for text, found in (("8777", []), ("陈静", []), ("陈小姐", [order.number])):
        assert numbers(browser.get(f"{URL}?q={text}")) == found
    assert "138****8777" in as_(company.stranger).get(f"{URL}?{shown}").content.decode()


MONTH = [(date(2026, 1, 30), 700), (date(2026, 2, 2), 100), (date(2026, 2, 2), 250),
         (date(2026, 2, 9), 1000), (date(2026, 2, 28), 40), (date(2026, 3, 1), 5)]  # fmt: skip


def test_days_and_their_months_equal_the_sums_of_sql(company):
    for on, amount in MONTH:
        made.order(seller=company.sales_store, on=on, lines=[amount], paid=min(amount, 100))
    made.order(seller=company.sales_store, on=date(2026, 2, 9), state=OrderState.CANCELLED)
    made.order(seller=company.sales_store, on=date(2026, 2, 9), lines=())
    orders = Order.objects.all()
    days = sums_of_days(orders, {on for on, _amount in MONTH})
    standing = orders.exclude(state=OrderState.CANCELLED)
    for on, found in days.items():
        same_day = standing.filter(ordered_on=on)
        so_far = standing.filter(ordered_on__range=(on.replace(day=1), on))
        assert found.amount == same_day.aggregate(sum=Sum("amount"))["sum"]
        assert found.month_amount == so_far.aggregate(sum=Sum("amount"))["sum"]
        assert found.month_paid == so_far.aggregate(sum=Sum("paid"))["sum"]
        assert (found.orders, found.month_orders) == (same_day.count(), so_far.count())
        assert found.balance == found.amount - same_day.aggregate(sum=Sum("paid"))["sum"]
    assert days[date(2026, 2, 28)].month_amount == 1390
    assert (days[date(2026, 2, 9)].orders, days[date(2026, 3, 1)].month_amount) == (2, 5)


def test_the_head_of_a_day_counts_the_whole_list_not_the_page(company, as_):
    on = date(2026, 2, 9)
    for _index in range(3):
        made.order(seller=company.sales_store, on=on, lines=[1000])
    made.order(seller=company.sales_store, on=date(2026, 2, 3), lines=[500])
    other = PersonFactory(store=company.store)
    made.order(seller=other, on=on, lines=[40])
    browser = as_(company.store_manager)
    page = browser.get(f"{URL}?page_size=2").content.decode()
    assert re.findall(r"<b>(¥[^<]*)</b>", page.split("day-head")[1])[:2] == ["¥3,040", "¥3,540"]
    # A period cuts days off, not what the month has come to; a consultant both.
    page = browser.get(f"{URL}?since={on}&seller={company.sales_store.pk}").content.decode()
    assert re.findall(r"<b>(¥[^<]*)</b>", page.split("day-head")[1])[:2] == ["¥3,000", "¥3,500"]
    by_amount = browser.get(f"{URL}?sort=-amount").content.decode()
    assert "day-head" not in by_amount


def test_sums_and_colours_come_for_the_whole_list(book, company, as_):
    browser = as_(company.store_manager)
    answer = browser.get(f"{URL}?part=sums&colour=done", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "<html" not in text
    assert re.search(r'class="sums">1 order <b>¥3,000</b>', text)
    counted = dict(re.findall(r'hue is-(\w+)">.*?</span> <b>(\d+)</b>', text, re.S))
    assert counted == dict.fromkeys(Completion.values, "1")
    assert 'class="sums">1 order' in browser.get(f"{URL}?part=sums&colour=done").content.decode()
    assert "left out" not in text
    made.order(seller=company.sales_store, lines=[], paid=700)
    text = browser.get(f"{URL}?part=sums").content.decode()
    for words in (
        "Of 1 order the details are still to be written",
        "1 cancelled order is left out",
    ):
        assert words in text


def test_each_line_is_visible(company, as_):
    order = made.order(
        seller=company.sales_store,
        lines=[{"price": 3000, "list_price": 4000, "product": "三人沙发", "colour": "米白"},
               {"price": 500, "qty": 4, "product": "餐椅 13800138000", "po_no": "PO-7"}],
    )  # fmt: skip
    browser = as_(company.sales_store)
    assert "order-goods" not in browser.get(URL).content.decode()
    page = browser.get(f"{URL}?lines=yes").content.decode()
    goods = page.split("order-goods")[1]
    for text in ("三人沙发", "米白", "75 %", "4 × ¥500", "¥2,000", "PO-7", "餐椅 138****8000"):
        assert text in goods
    assert order.number in page


def test_the_number_of_queries_does_not_grow(company, as_):
    for role, most in (("sales_store", 7), ("store_manager", 9), ("ops_manager", 8)):
        browser, counts = as_(getattr(company, role)), []
        for more in (1, 11):
            for _index in range(more):
                made.order(seller=company.sales_store, on=day(len(counts)))
            browser.get(f"{URL}?lines=yes")
            with CaptureQueriesContext(connection) as ran:
                browser.get(f"{URL}?lines=yes")
            counts.append(len(ran))
        assert counts[0] == counts[1] <= most, role


def exported(browser, asked="", kind="xlsx"):
    return browser.post(f"/orders/export/?{asked}", {"reason": "对账", "kind": kind})


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 403), ("store_manager", 200), ("ops_manager", 200), ("finance", 200),
     ("marketing_manager", 403), ("admin", 403)],
)  # fmt: skip
def test_who_takes_the_ledger_out(company, as_, role, status):
    assert as_(getattr(company, role)).get("/orders/export/").status_code == status


def locks(content: bytes, *, row: int) -> list[bool]:
    """Which cells of a row of the first sheet are locked; each locked one is coloured, too."""
    book = zipfile.ZipFile(io.BytesIO(content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<sheetProtection" in sheet
    styles = book.read("xl/styles.xml").decode().split("<cellXfs")[1].split("</cellXfs>")[0]
    formats = re.findall(r"<xf .*?(?:</xf>|/>(?!<protection))", styles)
    cells = re.search(rf'<row r="{row}".*?</row>', sheet)[0]
    found = [formats[int(style)] for style in re.findall(r'<c r="[A-Z]+\d+" s="(\d+)"', cells)]
    assert all(('fillId="0"' in each) == ('locked="0"' in each) for each in found)
    return ['locked="0"' not in each for each in found]


def test_the_workbook_has_the_same_rows_with_computed_columns_locked(book, company, as_):
    other = PersonFactory(store=company.store)
    made.order(seller=other, on=day(2), lines=[9999])
    asked = f"seller={company.sales_store.pk}&cols=goods&cols=amount&cols=paid&cols=balance"
    browser = as_(company.store_manager)
    page = browser.get(f"{URL}?{asked}")
    answer = exported(browser, asked)
    assert answer.status_code == 200
    sheet, lines, days = read_workbook("a.xlsx", answer.content).values()
    assert sheet.headers[:6] == ["How far", "Order no.", "Goods", "Amount", "Paid", "Balance"]
    rows = {row.cells[1]: row.cells for row in sheet.rows}
    assert list(rows) == numbers(page)
    assert rows[book["overdue"].number][3:6] == [5000, 1000, 4000]
    assert "planned day has passed" in rows[book["overdue"].number][0]
    assert len(lines.rows) == sum(book[name].lines.count() for name in OWN)
    totals = {row.cells[0]: row.cells[2] for row in days.rows}
    assert totals == {day(1): 5000, day(2): 6000, day(3): 10000}
    assert locks(answer.content, row=3) == [
        True, False, True, False, True, True, False
    ]  # fmt: skip
    assert AuditEntry.objects.get(verb="export").detail["rows"] == 6


def test_a_long_ledger_is_a_job_and_is_fetched_once(company, as_, monkeypatch):
    monkeypatch.setattr("orders.views.ledger.MOST_AT_ONCE", 0)
    made.order(seller=company.sales_store)
    browser = as_(company.finance)
    answer = exported(browser, kind="csv")
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.pk}/"
    export_ledger(job.pk)
    fetched = browser.post(f"/orders/exports/{job.pk}/")
    assert Order.objects.get().number in fetched.content.decode()
    assert browser.post(f"/orders/exports/{job.pk}/").status_code == 404
    assert as_(company.ops_manager).get(f"/orders/exports/{job.pk}/").status_code == 404


def test_a_set_of_columns_is_kept_by_name_and_shown_again(company, as_):
    made.order(seller=company.sales_store)
    browser = as_(company.store_manager)
    sent = {"name": "对账", "query": "pay=unpaid", "cols": ["amount", "balance"]}
    answer = browser.post("/lists/orders/columns/", sent)
    assert answer.url == "/orders/?pay=unpaid&cols=amount&cols=balance"
    page = browser.get(f"{URL}?sort=planned").content.decode()
    kept = SavedFilter.objects.get()
    assert (kept.list_name, kept.query) == ("orders.columns", "cols=amount&cols=balance")
    assert 'href="?sort=planned&amp;cols=amount&amp;cols=balance"' in page
    heads = browser.get(f"{URL}?{kept.query}").content.decode()
    assert re.findall(r'role="columnheader"[^>]*>(?:<a[^>]*>)?([^<]+)', heads) == [
        "How far", "Order no.", "Amount", "Balance"
    ]  # fmt: skip
    assert browser.post("/lists/orders/columns/", sent | {"name": ""}).status_code == 302
    assert browser.post(f"/lists/filters/{kept.pk}/drop/").url == URL
    assert not SavedFilter.objects.exists()


def test_a_narrowing_is_kept_by_name(company, as_):
    browser = as_(company.finance)
    browser.post("/lists/orders/keep/", {"name": "未付", "query": "pay=unpaid&sort=planned"})
    assert 'href="?pay=unpaid&amp;sort=planned"' in browser.get(URL).content.decode()
