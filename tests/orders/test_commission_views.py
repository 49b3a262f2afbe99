"""The pages of commission: who reads and pays, what is shown, and that nothing typed is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.phones import normalise
from orders.models import CommissionEntry, Introduction
from orders.queries.commission import commission_in_short
from tests.factories import orders
from tests.factories.customers import CustomerFactory
from tests.factories.designers import designer, introduction
from tests.factories.staff import PersonFactory
from tests.orders.test_commission import SOFA, done, goods_back, pay

pytestmark = pytest.mark.django_db
LIST = "/commissions/"
READERS = {
    "sales_store": 200, "sales_field": 200, "store_manager": 200, "field_supervisor": 200,
    "ops_manager": 200, "finance": 200, "marketing_manager": 403, "merchandiser": 403,
    "admin": 403,
}  # fmt: skip
# Of a designer, an order and a customer of a seller: the designer's page, paying out, introducing.
ON_ROWS = {
    "sales_store": (200, 403, 200), "stranger": (404, 403, 404), "sales_field": (404, 403, 404),
    "store_manager": (200, 403, 200), "ops_manager": (200, 403, 403), "finance": (200, 200, 403),
    "marketing_manager": (403, 403, 403), "merchandiser": (403, 403, 403), "admin": (403, 403, 403),
}  # fmt: skip


@pytest.mark.parametrize(("role", "status"), READERS.items())
def test_who_reads_the_list(company, as_, role, status):
    browser = as_(getattr(company, role))
    assert browser.get(LIST).status_code == status
    assert browser.get("/reports/commission/").status_code == status


@pytest.mark.parametrize(("role", "expected"), ON_ROWS.items())
def test_who_opens_a_designer_pays_and_introduces(company, as_, role, expected):
    of = designer(company.sales_store)
    order = done(company.sales_store, of)
    browser = as_(getattr(company, role))
    pages = (
        f"/designers/{of.pk}/commission/",
        f"/orders/{order.pk}/commission/pay/",
        f"/designers/{of.pk}/introduce/",
    )
    assert tuple(browser.get(page).status_code for page in pages) == expected
    statement = browser.get(f"/designers/{of.pk}/commission/statement/").status_code
    assert statement == expected[0]


def test_the_list_shows_the_figures_and_narrows_by_state(company, as_):
    seller = company.sales_store
    of = designer(seller, company="远山设计")
    paid, due = done(seller, of), done(seller, designer(seller), lines=(SOFA,), paid=86000)
    pay(paid, 9880, company.finance)
    goods_back(paid, 12000)
    browser = as_(company.finance)
    page = browser.get(LIST).content.decode()
    for text in (paid.number, due.number, "¥9,880", "¥8,600", "¥1,080", of.name):
        assert text in page
    assert due.number not in browser.get(f"{LIST}?state=clawed_back").content.decode()
    assert paid.number not in browser.get(f"{LIST}?state=done").content.decode()
    assert due.number not in browser.get(f"{LIST}?q={of.name}").content.decode()
    cols = "&".join(f"cols={name}" for name in ("phone", "agreement", "rates", "voucher",
                                                "introduced", "company", "ordered"))  # fmt: skip
    page = browser.get(f"{LIST}?{cols}").content.decode()
    for text in (of.masked, "2026-12-31", "10% · 20%", "YJ-001", "远山设计"):
        assert text in page


def test_the_list_asks_as_often_for_twelve_rows_as_for_one(company, as_):
    browser, counts = as_(company.ops_manager), []
    for more in (1, 11):
        for _each in range(more):
            done(company.sales_store)
        with CaptureQueriesContext(connection) as ran:
            assert browser.get(LIST).status_code == 200
        counts.append(len(ran))
    assert counts[0] == counts[1]


def test_finance_pays_what_is_payable_once(company, as_):
    order = done(company.sales_store)
    browser, url = as_(company.finance), f"/orders/{order.pk}/commission/pay/"
    assert "9880.00" in browser.get(url).content.decode()
    today = timezone.localdate().isoformat()
    said = {"key": str(uuid4()), "amount": "9,880.01", "on": today, "voucher": "P-7"}
    page = browser.post(url, said).content.decode()
    assert "9880.00" in page
    assert "P-7" in page
    said["amount"] = "9880"
    for _twice in range(2):
        assert browser.post(url, said).status_code == 302
    assert CommissionEntry.objects.count() == 1
    assert commission_in_short(order).payable == 0
    page = browser.get(url).content.decode()
    assert 'name="voucher"' not in page


@pytest.mark.parametrize("missing", ["amount", "on", "voucher"])
def test_what_is_missing_is_said_at_its_field(company, as_, missing):
    order = done(company.sales_store)
    said = {"key": str(uuid4()), "amount": "1", "on": "2026-03-20", "voucher": "P-7", missing: ""}
    answer = as_(company.finance).post(f"/orders/{order.pk}/commission/pay/", said)
    assert answer.status_code == 200
    assert "wrong" in answer.content.decode()
    assert not CommissionEntry.objects.exists()


def test_a_seller_introduces_a_customer_by_number_or_from_the_page(company, as_):
    seller, today = company.sales_store, timezone.localdate().isoformat()
    of = designer(seller, valid_until=None)
    by_number = CustomerFactory(owner=seller, phone="13811112222")
    brought = CustomerFactory(owner=seller, designer=of)
    browser, url = as_(seller), f"/designers/{of.pk}/introduce/"
    said = {"key": str(uuid4()), "phone": "138 1111 2222", "on": today}
    assert browser.post(url, said).status_code == 302
    page = browser.get(f"/designers/{of.pk}/commission/").content.decode()
    assert f"customer={brought.pk}" in page
    from_page = {"key": str(uuid4()), "on": today}
    assert browser.post(f"{url}?customer={brought.pk}", from_page).status_code == 302
    assert {row.customer for row in Introduction.objects.all()} == {by_number, brought}
    page = browser.get(f"/designers/{of.pk}/commission/").content.decode()
    assert f"customer={brought.pk}" not in page


def test_a_number_of_somebody_else_s_customer_introduces_nobody(company, as_):
    of = designer(company.sales_store)
    CustomerFactory(owner=company.stranger, phone="13811112222")
    theirs = CustomerFactory(owner=company.stranger)
    browser, url = as_(company.sales_store), f"/designers/{of.pk}/introduce/"
    said = {"key": str(uuid4()), "phone": normalise("13811112222").e164, "on": "2026-03-01"}
    assert browser.post(url, said).status_code == 200
    assert browser.get(f"{url}?customer={theirs.pk}").status_code == 404
    assert browser.get(f"{url}?customer=x").status_code == 404
    assert not Introduction.objects.exists()


def test_a_designer_is_named_on_an_order_and_refusals_are_read(company, as_):
    seller = company.sales_store
    of, order = designer(seller), orders.order(seller=seller)
    browser, url = as_(seller), f"/orders/{order.pk}/designer/"
    assert of.name in browser.get(url).content.decode()
    assert browser.post(url, {"designer": str(of.pk)}).status_code == 302
    order.refresh_from_db()
    assert order.designer == of
    late = designer(seller)
    introduction(late, order.customer, on=order.ordered_on + timedelta(days=1))
    assert browser.post(url, {"designer": str(late.pk)}).status_code == 200
    foreign = designer(PersonFactory())
    assert browser.post(url, {"designer": str(foreign.pk)}).status_code == 200
    order.refresh_from_db()
    assert order.designer == of


def test_the_designer_s_page_and_statement_say_what_was_paid(company, as_):
    of = designer(company.sales_store)
    order = done(company.sales_store, of)
    pay(order, 5000, company.finance)
    browser = as_(company.finance)
    page = browser.get(f"/designers/{of.pk}/commission/").content.decode()
    sheet = browser.get(f"/designers/{of.pk}/commission/statement/?month=2026-03").content.decode()
    for text in (order.number, "YJ-001", "¥5,000", "¥4,880"):
        assert text in page
        assert text in sheet
    empty = browser.get(f"/designers/{of.pk}/commission/statement/?month=2026-02").content.decode()
    assert order.number not in empty
    nonsense = browser.get(f"/designers/{of.pk}/commission/statement/?month=0001-01")
    assert nonsense.status_code == 200


def test_the_designer_page_of_customers_leads_here(company, as_):
    of = designer(company.sales_store)
    url = f"/designers/{of.pk}/commission/"
    assert url in as_(company.sales_store).get(f"/designers/{of.pk}/").content.decode()
    page = as_(company.marketing_manager).get(f"/designers/{of.pk}/").content.decode()
    assert url not in page


def test_the_order_says_how_the_commission_stands_and_leads_finance_to_paying(company, as_):
    order = done(company.sales_store)
    pay(order, 5000, company.finance)
    page, pays = f"/orders/{order.pk}/", f"/orders/{order.pk}/commission/pay/"
    text = as_(company.finance).get(page).content.decode()
    assert pays in text
    assert "¥4,880" in text
    text = as_(company.sales_store).get(page).content.decode()
    assert pays not in text
    assert f"/designers/{order.designer_id}/commission/" in text
    pay(order, 4880, company.finance)
    assert pays not in as_(company.finance).get(page).content.decode()
