"""The pages of returns: who asks, decides and settles; the rule in words; the case beside it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from followups.models import Case
from followups.services import open_case
from orders.models import Credit, Return
from orders.states import ReturnKind, ReturnState
from tests.factories import orders

pytestmark = pytest.mark.django_db
LIST = "/returns/"
# Of a return that a seller asked for: the page, asking for another, deciding, settling, the case.
ON_ROWS = {
    "sales_store": (200, 200, 403, 403, 200), "store_manager": (200, 200, 200, 403, 200),
    "ops_manager": (200, 200, 200, 403, 200), "finance": (200, 403, 403, 403, 403),
    "stranger": (404, 404, 404, 404, 404), "sales_field": (404, 404, 404, 404, 404),
    "marketing_manager": (403, 403, 403, 403, 403), "merchandiser": (403, 403, 403, 403, 403),
    "admin": (403, 403, 403, 403, 403),
}  # fmt: skip


def delivered(seller, *, days_ago=1, **said):
    """An order of two sofas, paid, delivered so many days ago."""
    today = timezone.localdate()
    of = orders.order(seller=seller, lines=({"price": 6000, "qty": 2},), paid=12000, **said)
    orders.delivery(of, today - timedelta(days=days_ago))
    of.refresh_from_db()
    return of


def asked(seller, of=None, **said):
    of = of or delivered(seller)
    facts = {
        "line": of.lines.get(position=1), "kind": ReturnKind.RETURN, "cause": "customer",
        "qty": 1, "amount": 6000, "asked_on": timezone.localdate(), "is_within": True,
        "asked_by": seller, "key": uuid4(),
    }  # fmt: skip
    return Return.objects.create(order=of, **facts | said)


def agreed(seller, manager, **said):
    decided = {"state": ReturnState.AGREED, "decided_by": manager, "decided_at": timezone.now()}
    return asked(seller, **decided | said)


def form(of, **said):
    facts = {"key": str(uuid4()), "line": str(of.lines.get(position=1).pk), "qty": "1",
             "kind": "return", "cause": "customer", "note": "颜色不合适"}  # fmt: skip
    return facts | said


@pytest.mark.parametrize(("role", "expected"), ON_ROWS.items())
def test_who_opens_asks_decides_settles_and_opens_the_case(company, as_, role, expected):
    row = asked(company.sales_store)
    browser = as_(getattr(company, role))
    pages = (
        f"/returns/{row.pk}/", f"/orders/{row.order_id}/returns/new/",
        f"/returns/{row.pk}/decide/", f"/returns/{row.pk}/settle/", f"/returns/{row.pk}/case/",
    )  # fmt: skip
    assert tuple(browser.get(page).status_code for page in pages) == expected
    expected_list = 403 if expected[0] == 403 else 200
    assert browser.get(LIST).status_code == expected_list
    assert browser.get("/reports/returns/").status_code == expected_list


def test_day_eight_of_seven_is_refused_with_the_rule_and_what_was_typed(company, as_):
    of = delivered(company.sales_store, days_ago=8)
    browser, url = as_(company.sales_store), f"/orders/{of.pk}/returns/new/"
    page = browser.post(url, form(of)).content.decode()
    assert of.delivered_on.isoformat() in page
    assert "颜色不合适" in page
    assert not Return.objects.exists()
    assert browser.post(url, form(of, cause="quality")).status_code == 302
    assert not Return.objects.get().is_within
    fresh = delivered(company.sales_store, days_ago=7)
    answer = browser.post(f"/orders/{fresh.pk}/returns/new/", form(fresh))
    assert answer.url == f"/returns/{Return.objects.get(order=fresh).pk}/"


def test_the_same_form_twice_is_one_return(company, as_):
    of = delivered(company.sales_store)
    browser, said = as_(company.sales_store), form(of)
    first = browser.post(f"/orders/{of.pk}/returns/new/", said)
    assert browser.post(f"/orders/{of.pk}/returns/new/", said).url == first.url
    assert Return.objects.count() == 1


def test_a_manager_decides_and_says_why_where_it_is_late(company, as_):
    row = asked(company.sales_store, is_within=False, cause="quality")
    browser, url = as_(company.store_manager), f"/returns/{row.pk}/decide/"
    page = browser.post(url, {"answer": "agree", "reason": ""})
    assert page.status_code == 200
    assert browser.post(url, {"answer": "agree", "reason": "三包期内"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decision_note) == (ReturnState.AGREED, "三包期内")
    assert browser.get(url).status_code == 403
    assert "三包期内" in browser.get(f"/returns/{row.pk}/").content.decode()


def test_whoever_asked_does_not_decide(company, as_):
    row = asked(company.store_manager, of=delivered(company.sales_store))
    assert as_(company.store_manager).get(f"/returns/{row.pk}/decide/").status_code == 403
    assert as_(company.ops_manager).get(f"/returns/{row.pk}/decide/").status_code == 200


def test_settling_a_return_makes_the_credit_and_leads_to_it(company, as_):
    row = agreed(company.sales_store, company.store_manager)
    browser, url = as_(company.sales_store), f"/returns/{row.pk}/settle/"
    assert "¥6,000" in browser.get(url).content.decode()
    for _twice in range(2):
        assert browser.post(url).status_code == 302
    credit = Credit.objects.get()
    assert credit.amount == 6000
    page = browser.get(f"/returns/{row.pk}/").content.decode()
    assert f"/credits/{credit.pk}/" in page


def test_an_exchange_says_what_comes_instead(company, as_):
    row = agreed(company.sales_store, company.store_manager, kind=ReturnKind.EXCHANGE)
    browser, url = as_(company.sales_store), f"/returns/{row.pk}/settle/"
    promised = (timezone.localdate() + timedelta(days=9)).isoformat()
    said = {"line0-product": "布艺沙发", "line0-qty": "1", "line0-list_price": "8000",
            "line0-agreed_price": "7000", "promised_on": promised}  # fmt: skip
    page = browser.post(url, said | {"promised_on": ""}).content.decode()
    assert "布艺沙发" in page
    assert browser.post(url, said | {"line0-product": ""}).status_code == 200
    assert Return.objects.get().state == ReturnState.AGREED
    assert browser.post(url, said).status_code == 302
    row.refresh_from_db()
    assert (row.new_line.product, row.new_line.agreed_price) == ("布艺沙发", 7000)
    row.order.refresh_from_db()
    assert (row.order.amount, row.order.paid) == (13000, 12000)


def test_the_order_shows_what_came_back_and_offers_what_may(company, as_):
    of = delivered(company.sales_store)
    browser, new = as_(company.sales_store), f"/orders/{of.pk}/returns/new/"
    assert new in browser.get(f"/orders/{of.pk}/").content.decode()
    row = asked(company.sales_store, of=of, qty=2, amount=12000)
    page = browser.get(f"/orders/{of.pk}/").content.decode()
    assert f"/returns/{row.pk}/" in page
    assert new not in page
    nothing = orders.order(seller=company.sales_store)
    page = browser.get(f"/orders/{nothing.pk}/").content.decode()
    assert f"/orders/{nothing.pk}/returns/new/" not in page


def test_a_case_and_its_returns_lead_to_each_other(company, as_):
    row = asked(company.sales_store)
    browser = as_(company.sales_store)
    said = {"key": str(uuid4()), "kind": "complaint", "channel": "wechat", "text": "沙发异响"}
    assert browser.post(f"/returns/{row.pk}/case/", said).status_code == 302
    case = Case.objects.get()
    assert (case.kind, case.channel) == ("complaint", "wechat")
    assert f"/cases/{case.pk}/" in browser.get(f"/returns/{row.pk}/").content.decode()
    of_case = f"/returns/cases/{case.pk}/"
    assert of_case in browser.get(f"/cases/{case.pk}/").content.decode()
    page = browser.get(of_case).content.decode()
    assert f"/returns/{row.pk}/" in page
    assert f"/orders/{row.order_id}/returns/new/?case={case.pk}" in page
    assert as_(company.stranger).get(of_case).status_code == 404


def test_a_return_from_a_case_counts_from_the_day_of_the_case(company, as_):
    of = delivered(company.sales_store, days_ago=9)
    case = open_case(
        customer=of.customer, kind="return", channel="call", text="要退", by=company.sales_store,
        now=timezone.now() - timedelta(days=2),
    )  # fmt: skip
    url = f"/orders/{of.pk}/returns/new/"
    browser = as_(company.sales_store)
    assert browser.post(url, form(of)).status_code == 200
    assert browser.post(f"{url}?case={case.pk}", form(of)).status_code == 302
    assert Return.objects.get().case == case
    assert browser.get(f"{url}?case=x").status_code == 404


def test_the_list_narrows_and_asks_as_often_for_twelve_rows_as_for_one(company, as_):
    browser, counts = as_(company.ops_manager), []
    for more in (1, 11):
        for _each in range(more):
            asked(company.sales_store)
        with CaptureQueriesContext(connection) as ran:
            assert browser.get(LIST).status_code == 200
        counts.append(len(ran))
    assert counts[0] == counts[1]
    late = asked(company.sales_store, is_within=False, cause="damaged")
    page = browser.get(f"{LIST}?policy=beyond").content.decode()
    assert page.count("data-row") == 1
    assert late.order.number in page
    assert browser.get(f"{LIST}?cause=damaged").content.decode().count("data-row") == 1
    assert browser.get(f"{LIST}?q={late.order.number}").content.decode().count("data-row") == 1
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "data-row" not in browser.get(f"{LIST}?since={tomorrow}").content.decode()


def test_who_does_not_see_the_card_reads_the_name_that_the_seller_was_told(company, as_):
    of = delivered(company.sales_store, buyer="李先生")
    asked(company.sales_store, of=of)
    page = as_(company.finance).get(LIST).content.decode()
    assert "李先生" in page
    assert of.customer.name not in page
