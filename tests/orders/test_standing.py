"""Two browsers on one page: nobody writes over what they have not read."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.states import LineState, OrderState
from tests.factories import orders as make
from tests.factories.designers import designer
from tests.orders.changes import drop
from tests.orders.money import order_of, till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

HERE, THERE = "新地址9号", "旧地址1号 13612345678"
AGAIN = "This was changed after you opened it."


@pytest.fixture
def cast():
    return till()


def at(name: str, *args) -> str:
    return reverse(f"orders:{name}", args=args)


def shown(browser, url) -> dict:
    """What the page of a form would send as it is."""
    context = browser.get(url).context
    form = context.get("original") or context["form"]
    sent = {}
    for part in (form, *form.parts):
        for field in part:
            value = field.field.prepare_value(field.value())
            if value not in (None, False, ""):
                sent[field.html_name] = "on" if value is True else value
    return sent


def test_the_later_of_two_browsers_does_not_write_over_the_earlier(cast, as_):
    order = order_of(cast.seller, 5000, address=THERE)
    url = at("change", order.pk)
    seller, manager = as_(cast.seller), as_(cast.manager)
    stale, fresh = shown(seller, url), shown(manager, url)
    assert manager.post(url, fresh | {"address": HERE}).status_code == 302

    refused = seller.post(url, stale | {"remark": "周末送"})
    page = refused.content.decode()
    assert AGAIN in page
    assert "周末送" in page
    assert f'value="{HERE}"' in page
    order.refresh_from_db()
    assert (order.address, order.remark) == (HERE, "")

    told = refused.context["form"]
    again = stale | {"remark": "周末送", "address": HERE, "seen": told["seen"].value()}
    for _twice in range(2):
        answer = seller.post(url, again)
    assert AGAIN not in answer.content.decode()
    order.refresh_from_db()
    assert (order.address, order.remark) == (HERE, "周末送")


def test_what_both_wrote_is_told_beside_what_was_typed(cast, as_):
    order = order_of(cast.seller, 5000, address=THERE)
    url = at("change", order.pk)
    browser = as_(cast.seller)
    stale = shown(browser, url)
    assert browser.post(url, stale | {"address": HERE, "channel": "fax"}).status_code == 302
    page = browser.post(url, stale | {"address": "别处 2号"}).content.decode()
    assert 'value="别处 2号"' in page
    assert f"Changed meanwhile to: {HERE}" in page
    assert "Changed meanwhile: this stands now." in page
    assert page.count('value="fax" checked') == 1


DAY = timezone.localdate() + timedelta(days=40)
WHY = {"cause": "site"}
# By page: what stands first, what one browser writes, and what the other does.
PAGES = {
    "compare": ({"original_amount": 5000}, {"original_amount": "4999", "difference_reason": "抹零"},
                {"original_amount": "4000"}),
    "add_lines": ({"original_amount": 5000}, {"line0-product": "脚凳", "line0-agreed_price": "1",
                                             "original_amount": "5001"}, {"line0-qty": "2"}),
    "correct_line": ({}, {"line0-qty": "3"}, {"line0-spec": "白"}),
    "order_terms": ({}, {"deposit": "1000"}, {"terms": "on_delivery"}),
    "account_terms": ({}, {"credit_limit": "900"}, {"is_monthly": "on"}),
    "allocate": ({}, {"supply": "purchase", "po_no": "PO7"}, {"po_no": "PO8"}),
    "arrival": ({}, {"on": DAY}, {"on": DAY + timedelta(days=1)}),
    "plan": ({}, {"crew": "二组"}, {"time_window": "上午"}),
    "wish": ({}, {"on": DAY}, WHY),
    "installed": ({}, {}, {"on": timezone.localdate() - timedelta(days=1)}),
    "correct_delivery": ({}, {"delivered_time": "08:15", "reason": "送错"}, {"reason": "早一天"}),
}  # fmt: skip
WRITTEN = ("compare", "add_lines", "correct_line", "order_terms")


@pytest.mark.parametrize("page", PAGES)
def test_each_page_that_shows_what_stands_refuses_what_it_has_not_shown(cast, as_, page):
    standing, first, later = PAGES[page]
    lines = [{"state": LineState.OPEN if page in (*WRITTEN, "allocate") else LineState.SUBMITTED}]
    days = {"promised_on": DAY, "current_on": DAY, "on": timezone.localdate() - timedelta(days=5)}
    state = OrderState.RECEIVED if page in WRITTEN else OrderState.CONFIRMED
    order = make.order(seller=cast.seller, lines=lines, state=state, **days | standing)
    make.due(order, 5000)
    keys = {
        "account_terms": [order.customer_id],
        "arrival": [order.lines.get().pk],
        "correct_line": [order.pk, order.lines.get().pk],
    }
    if page in ("correct_delivery", "installed"):
        on = timezone.localdate() - timedelta(days=2)
        keys[page] = [make.delivery(order, on=on, noted_by=cast.manager).pk]
    person = cast.finance if page == "account_terms" else cast.manager
    url, browser = at(page, *keys.get(page, [order.pk])), as_(person)
    stale = shown(browser, url)
    answer = browser.post(url, stale | {"key": uuid4()} | first)
    assert answer.status_code == 302, answer.context["form"].errors
    refused = browser.post(url, stale | {"key": uuid4()} | later)
    assert refused.status_code == 200
    assert AGAIN in refused.content.decode()


def test_a_designer_named_meanwhile_is_not_written_over(cast, as_):
    order = make.order(seller=cast.seller)
    one, other = designer(cast.seller), designer(cast.seller)
    browser, url = as_(cast.seller), at("name_designer", order.pk)
    stale = shown(browser, url)
    assert browser.post(url, stale | {"designer": one.pk}).status_code == 302
    assert AGAIN in browser.post(url, stale | {"designer": other.pk}).content.decode()
    order.refresh_from_db()
    assert order.designer == one


CLOSED = "This order is closed"
# By page of a line or an order: what was typed, and the box in which it shall be found again.
TYPED = {
    "change_line": {"kind": "fewer", "qty": "0", "reason": "少要一张"},
    "change": {"address": HERE, "channel": "fax"},
    "compare": {"original_amount": "4999", "difference_reason": "抹零了"},
    "add_lines": {"line0-product": "脚凳甲", "line0-agreed_price": "1"},
    "correct_line": {"line0-product": "脚凳乙", "line0-agreed_price": "1"},
    "sign": {"signed_on": "2026-03-12"},
    "order_terms": {"terms": "on_delivery", "deposit": "777.00"},
    "note_slip": {"amount": "499.50", "payer": "张三丰", "bank": "工商银行",
                  "paid_on": "2026-03-12"},
}  # fmt: skip


@pytest.mark.parametrize("page", TYPED)
def test_an_order_closed_meanwhile_says_so_and_keeps_what_was_typed(cast, as_, page):
    order = make.order(seller=cast.seller, state=OrderState.CANCELLED)
    line = order.lines.get()
    keys = {"change_line": [line.pk], "correct_line": [order.pk, line.pk]}
    url, browser = at(page, *keys.get(page, [order.pk])), as_(cast.seller)
    opened = browser.get(url)
    assert opened.status_code == 403
    assert CLOSED in opened.content.decode()
    refused = browser.post(url, TYPED[page] | {"key": uuid4()})
    assert refused.status_code == 200
    told = refused.content.decode()
    assert CLOSED in told
    assert [typed for typed in TYPED[page].values() if typed not in told] == []


@pytest.mark.parametrize("page", ["allocate", "move"])
def test_goods_of_an_order_closed_meanwhile_are_not_said_to_be_none(cast, as_, page):
    gone = {"state": LineState.CANCELLED}
    order = make.order(seller=cast.seller, state=OrderState.CANCELLED, lines=[gone])
    told = as_(cast.seller).post(at(page, order.pk), {"lines": [order.lines.get().pk]})
    assert CLOSED in told.content.decode()


def test_lines_typed_while_the_customer_confirmed_are_refused_in_words(cast, as_):
    days = {"promised_on": DAY, "current_on": DAY}
    order = make.order(seller=cast.seller, state=OrderState.CONFIRMED, **days)
    url, browser = at("add_lines", order.pk), as_(cast.seller)
    told = browser.post(url, TYPED["add_lines"] | {"key": uuid4()}).content.decode()
    assert "The customer has confirmed this order." in told
    assert "脚凳甲" in told
    assert "The customer has confirmed this order." in browser.get(url).content.decode()


def test_a_line_that_is_off_the_order_says_so(cast, as_):
    order = order_of(cast.seller, 5000, 300)
    last = drop(order, by=cast.seller) or order.lines.order_by("position").last()
    url, browser = at("change_line", last.pk), as_(cast.seller)
    opened = browser.get(url)
    assert opened.status_code == 403
    assert "is off the order already" in opened.content.decode()
    told = browser.post(url, TYPED["change_line"] | {"key": uuid4()}).content.decode()
    assert "is off the order already" in told
    assert "少要一张" in told


NUMBER = "13612345678"


@pytest.mark.parametrize(
    ("page", "name", "before"),
    [
        ("compare", "difference_reason", {"original_amount": 4000}),
        ("plan", "crew", {"delivery": timezone.localdate() + timedelta(days=9)}),
        ("pay", "payer", {}),
    ],
)
def test_numbers_in_what_stands_are_masked_and_written_back(cast, as_, page, name, before):
    words = f"找老王 {NUMBER}"
    field = "buyer" if page == "pay" else name
    order = order_of(cast.seller, 5000, **before | {field: words})
    browser, url = as_(cast.seller), at(page, order.pk)
    assert NUMBER not in browser.get(url).content.decode()
    if page != "pay":
        sent = shown(browser, url)
        assert browser.post(url, sent | {name: f"{sent[name]} 下午"}).status_code == 302
        order.refresh_from_db()
        assert getattr(order, name) == f"{words} 下午"
