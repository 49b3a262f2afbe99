"""Orders on the customer card: the tab, what is open, a held account, and rows of the timeline."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from core.days import date_text
from core.models import StoredFile
from customers.models import Access, OwnedProduct
from customers.services import ProductDetails, record_product
from customers.states import GoneReason
from desk.timeline import timeline_of
from orders.models import Account, Delivery, OrderEvent, OrderFile, Quote, Return
from orders.states import OrderState
from staff.scope import reach_of
from tests.factories import orders as papers
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory
from tests.orders.stage import customer_of, deposit, filed, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(company):
    return CustomerFactory(name="周雅琴", owner=company.sales_store)


@pytest.fixture
def holder(company, mine):
    """A colleague of another store who sees the card by a project of theirs, and keeps it not."""
    person = PersonFactory(role="sales_store")
    Access.objects.create(customer=mine, person=person)
    return person


def tab(browser, customer):
    return browser.get(f"/customers/{customer.pk}/?tab=orders")


def quoted(customer, seller, **said):
    facts = {"number": f"Q{uuid4().hex[:8]}", "amount": 5000, "key": uuid4(),
             "valid_until": timezone.localdate()}  # fmt: skip
    return Quote.objects.create(
        customer=customer, store=customer.store, seller=seller, **facts | said
    )


def told(order, kind, *, at=None, **params):
    return OrderEvent.objects.create(
        order=order, kind=kind, by=order.seller, at=at or timezone.now(), params=params
    )


def test_the_tab_lists_what_was_ordered_and_quoted_with_what_is_open(mine, company, as_):
    today = timezone.localdate()
    first = papers.order(
        customer=mine, lines=(8000, 500), paid=3000, on=today, current_on=today + timedelta(days=9)
    )
    papers.credit(first, 500)
    papers.order(customer=mine, lines=(900,), on=today - timedelta(days=1),
                 state=OrderState.CANCELLED)  # fmt: skip
    quote = quoted(mine, mine.owner)
    page = tab(as_(mine.owner), mine)
    row, cancelled = page.context["orders"]
    assert (row.number, row.amount) == (first.number, "¥8,500")
    assert "¥6,000" in row.rest
    assert row.goods.startswith("三人沙发")
    assert cancelled.rest == ""
    assert [each.number for each in page.context["quotes"]] == [quote.number]
    assert [each["value"] for each in page.context["order_stats"]] == ["¥8,500", "¥6,000", "¥500"]
    text = page.content.decode()
    for address in (f"/orders/{first.pk}/", f"/quotes/{quote.pk}/", f"/accounts/{mine.pk}/",
                    f"/customers/{mine.pk}/order/", f"/customers/{mine.pk}/quote/"):  # fmt: skip
        assert f'href="{address}"' in text, address


def test_one_and_twelve_orders_take_as_many_queries(mine, as_):
    browser, counts = as_(mine.owner), []
    for more in (1, 11):
        for _n in range(more):
            told(papers.order(customer=mine), "received")
            quoted(mine, mine.owner)
        for address in ("?tab=orders", ""):
            browser.get(f"/customers/{mine.pk}/{address}")
            with CaptureQueriesContext(connection) as ran:
                browser.get(f"/customers/{mine.pk}/{address}")
            counts.append(len(ran))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12


def test_whoever_sees_the_card_is_shown_no_order_of_others(mine, holder, as_):
    """Seeing a card opens no order; an own sale, an own quote to them is shown."""
    order, quote = papers.order(customer=mine), quoted(mine, mine.owner)
    own, own_quote = papers.order(customer=mine, seller=holder), quoted(mine, holder)
    told(order, "received")
    told(own, "received")
    browser = as_(holder)
    page = tab(browser, mine)
    assert [row.number for row in page.context["orders"]] == [own.number]
    assert [row.number for row in page.context["quotes"]] == [own_quote.number]
    story = browser.get(f"/customers/{mine.pk}/?show=orders").content.decode()
    assert (own.number in story, own_quote.number in story) == (True, True)
    assert (order.number in story, quote.number in story) == (False, False)


def test_whoever_sold_to_a_card_that_is_not_theirs_sees_the_order_alone(mine, as_):
    stranger = PersonFactory(role="sales_store")
    order = papers.order(customer=mine, seller=stranger)
    browser = as_(stranger)
    assert browser.get(f"/orders/{order.pk}/").status_code == 200
    assert tab(browser, mine).status_code == 404


def test_who_reads_no_orders_has_no_tab_of_them(mine, company, as_):
    Account.objects.create(customer=mine, is_held=True, reason="欠款", set_by=company.ops_manager)
    papers.order(customer=mine)
    page = tab(as_(company.marketing_manager), mine)
    assert "orders" not in page.context
    assert page.context["held"] == ""


@pytest.mark.parametrize("is_held", [True, False])
def test_held_deliveries_stand_at_the_top_of_the_card(mine, company, as_, is_held):
    Account.objects.create(
        customer=mine, is_held=is_held, reason="欠 13800138000 货款", set_by=company.ops_manager
    )
    page = as_(mine.owner).get(f"/customers/{mine.pk}/")
    assert ("欠 138****8000 货款" in page.content.decode()) == is_held


def test_the_timeline_tells_of_orders_in_words_and_leads_to_them(mine, as_):
    order, now = papers.order(customer=mine, lines=(8000,)), timezone.now()
    for days, kind, params in (
        (6, "received", {}),
        (5, "signed", {"on": "2026-03-12"}),
        (4, "paid", {"amount": "3000.00", "method": "wechat", "of": "payment"}),
        (3, "delivered", {"pieces": "1", "on": "2026-03-20"}),
        (2, "checked", {}),
        (1, "cancelled", {}),
    ):
        told(order, kind, at=now - timedelta(days=days), **params)
    quoted(mine, mine.owner, quoted_at=now - timedelta(days=7))
    reach = reach_of(mine.owner, today=now.date())
    with translation.override("en"):
        found = timeline_of(mine, reader=reach, earlier="", now=now, show="orders").entries
    assert [entry.title.split()[0] for entry in found] == [
        "Order", "1", "Payment", "Order", "Order", "Quoted"
    ]  # fmt: skip
    assert found[2].title == "Payment of ¥3,000 recorded (WeChat Pay)"
    assert [entry.kind for entry in found] == ["no", "", "", "", "", ""]
    assert {entry.open_url for entry in found[:-1]} == {f"/orders/{order.pk}/"}


def test_a_deposit_that_was_a_deal_stands_once():
    people, now = stage(), timezone.now()
    who = customer_of(people.filer, now=now - timedelta(days=3))
    filed(who, people.filer, now=now - timedelta(days=2))
    deposit(people.filer, now=now - timedelta(days=1), amount=Decimal(2000))
    reach = reach_of(people.filer, today=now.date())
    with translation.override("en"):
        found = timeline_of(who, reader=reach, earlier="", now=now).entries
    assert [entry.title for entry in found if "2,000" in entry.title] == [
        "Deal: a deposit was taken, ¥2,000"
    ]
    assert any(entry.title == "Order received" for entry in found)


def brought(order, *, by):
    """The order handed over, with its product on the card."""
    done = papers.delivery(order, timezone.localdate())
    product = record_product(
        customer=order.customer, product="三人沙发", by=by, now=timezone.now(),
        today=timezone.localdate(), purchased_on=order.ordered_on,
        delivered_on=done.delivered_on,
    )  # fmt: skip
    Delivery.objects.filter(pk=done.pk).update(product=product)
    return product


def products_of(browser, customer):
    return browser.get(f"/customers/{customer.pk}/?tab=products").context["products"]


def test_a_product_leads_to_the_order_that_brought_it(mine, holder, as_):
    order = papers.order(customer=mine)
    brought(order, by=mine.owner)
    (panel,) = products_of(as_(mine.owner), mine)
    assert (panel.order["url"], panel.order["number"]) == (f"/orders/{order.pk}/", order.number)
    (panel,) = products_of(as_(holder), mine)
    assert panel.order == {}


@pytest.mark.parametrize(
    ("reason", "came_back", "is_told"),
    [("returned", False, True), ("returned", True, False), ("sold", False, False)],
)
def test_what_ended_on_the_card_alone_says_that_its_order_stands(
    mine, company, as_, reason, came_back, is_told
):
    order = papers.order(customer=mine)
    product = brought(order, by=mine.owner)
    OwnedProduct.objects.filter(pk=product.pk).update(
        gone_on=timezone.localdate(), gone_reason=reason
    )
    if came_back:
        Return.objects.create(
            order=order, line=order.lines.get(), kind="return", cause="quality", qty=1,
            state="settled", asked_by=mine.owner, asked_on=timezone.localdate(), is_within=True,
            key=uuid4(), decided_at=timezone.now(), decided_by=company.store_manager,
            settled_on=timezone.localdate(), amount=1,
        )  # fmt: skip
    (panel,) = products_of(as_(mine.owner), mine)
    assert any(order.number in sentence for sentence in panel.odd) == is_told
    page = as_(mine.owner).get(f"/orders/{order.pk}/").content.decode()
    assert str(GoneReason(reason).label) in page


def test_the_card_says_what_was_bought_and_when_last(mine, as_):
    day = timezone.localdate()
    assert "¥8,000" not in as_(mine.owner).get(f"/customers/{mine.pk}/").content.decode()
    record_product(
        customer=mine, product="床", by=mine.owner, now=timezone.now(), today=day,
        purchased_on=day, details=ProductDetails(price=Decimal(8000)),
    )  # fmt: skip
    facts = as_(mine.owner).get(f"/customers/{mine.pk}/").context["facts"]
    (said,) = [fact.value for fact in facts if "¥8,000" in fact.value]
    with translation.override("zh-hans"):
        assert date_text(day, today=day) in said


def test_papers_of_orders_stand_beside_the_pictures(mine, holder, as_):
    order = papers.order(customer=mine)
    stored = StoredFile.objects.create(
        name="p.pdf", content_type="application/pdf", size=1, sha256=b"x" * 32, content=b"x"
    )
    paper = OrderFile.objects.create(
        order=order, kind="contract", file=stored, caption="13800138000", added_by=mine.owner
    )
    page = as_(mine.owner).get(f"/customers/{mine.pk}/?tab=files")
    assert [each.url for each in page.context["papers"]] == [f"/papers/{paper.pk}/"]
    assert "13800138000" not in page.content.decode()
    assert as_(holder).get(f"/customers/{mine.pk}/?tab=files").context["papers"] == []
