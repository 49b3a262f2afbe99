"""A month of a furniture store's orders, from the first price to the archive, on its screens."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from filings.models import SpecialPrice
from filings.services.prices import Line, ask_price, decide_price
from orders.models import Payment
from staff.states import DutyKind, Role
from stock.models import Brand, Style
from tests.factories.designers import designer
from tests.factories.staff import PASSWORD, DutyFactory, PersonFactory, RegionFactory, StoreFactory
from tests.journeys.conftest import Visit
from tests.journeys.month import Hand, Month, ShiftedClock
from tests.journeys.shots import shoot
from tests.orders.money import order_of
from tests.orders.stage import HOME, SECOND_HOME, customer_of, filed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE_NUMBER = "１３８ 0013 ８０００"
FLOOR_PRICE = "低于底价"


@pytest.fixture
def month(visit, monkeypatch) -> Iterator[Month]:
    monkeypatch.setattr("core.clock.connection", ShiftedClock())
    store = StoreFactory(name="杭州一店", region=RegionFactory(name="杭州", places="余杭、西湖"))
    desk = PersonFactory(name="单证小陈", role=Role.MERCHANDISER)
    DutyFactory(person=desk, kind=DutyKind.ORDER_DESK, store=store)
    with ExitStack() as windows:
        yield Month(
            visit=visit,
            windows=windows,
            store=store,
            seller=PersonFactory(name="林小雨", store=store),
            clerk=desk,
            manager=PersonFactory(name="周店长", store=store, role=Role.STORE_MANAGER),
            finance=PersonFactory(name="财务老王", role=Role.FINANCE),
            first=timezone.localdate() + timedelta(days=1),
        )


def style_of_the_master() -> Style:
    brand = Brand.objects.create(name="梦百合")
    return Style.objects.create(
        brand=brand, number="SF-2026", tag_price=Decimal(12800), floor_price=Decimal(11000)
    )


def special_price(month: Month, style: Style) -> str:
    """The number under which this customer may buy the sofa at 10,600."""
    buyer = customer_of(month.seller, now=timezone.now(), name="李先生")
    filed(buyer, month.seller, now=timezone.now())
    price = ask_price(
        customer=buyer, reason="老客户", valid_until=month.day + timedelta(days=10),
        by=month.seller, key=uuid4(), now=timezone.now(),
        lines=[Line(product=style.number, style=style, list_price=style.tag_price,
                    floor_price=style.floor_price, wished_price=Decimal(10600))],
    )  # fmt: skip
    decider = PersonFactory(role=Role.OPS_MANAGER)
    decide_price(price=price, is_approved=True, by=decider, now=timezone.now())
    return SpecialPrice.objects.get(pk=price.pk).number


def quoted_and_ordered(month: Month, number: str, brought_by: str) -> str:
    """From the number to the order with its deposit; answers with the order's path."""
    seller = month.as_(month.seller)
    page = seller.page
    seller.here.go("/quotes/new/")
    seller.fill(phone=WIDE_NUMBER)
    page.locator("#answer input[name=seen]").wait_for(state="attached")
    seller.fill(name="李先生", address=HOME, valid_until=month.after(10))
    page.locator("[name=line0-product]").press_sequentially("SF-20")
    page.locator(".offered button").first.click()
    page.locator("#line0 p.hint:not(#line0-stock)").wait_for()
    seller.fill(**{"line0-agreed_price": "１０，６００"})
    page.locator("#one-more button").click()
    page.locator("[name=line1-product]").wait_for()
    seller.fill(**{"line1-product": "定制茶几 1.4米", "line1-qty": 2,
                   "line1-list_price": "¥1,500", "line1-agreed_price": "1 200"})  # fmt: skip
    seller.send()
    assert FLOOR_PRICE in seller.said()
    assert page.input_value("[name=line1-product]") == "定制茶几 1.4米"
    shoot(page, "orders-quote-refused-390")
    seller.fill(**{"line0-special_no": number})
    seller.send()
    assert "¥13,000" in seller.said()
    shoot(page, "orders-quote-390")

    seller.here.go(page.locator(".bar a.act").get_attribute("href"))
    page.locator("summary:has-text('设计师')").click()
    seller.fill(designer=brought_by, promised_on=month.after(20))
    seller.send()
    path = page.url.removeprefix(seller.here.address)
    assert f"待 {month.clerk.name} 审核" in seller.said()
    seller.act(f"{path}pay/", amount="¥3,000.00", payer="李先生", method=["wechat"])
    assert seller.colour(path) == "未付全款"
    shoot(page, "orders-ledger-390")
    return path


def checked_and_confirmed(month: Month, path: str) -> None:
    """The clerk compares and checks, the salesperson sends the letter, the customer confirms."""
    clerk = month.as_(month.clerk)
    clerk.refused(f"{path}compare/", original_amount="13,200", because="原因")
    clerk.act(f"{path}compare/", original_amount="13,200", difference_reason="茶几少算运费")
    looked_at = ["quantity", "price", "payment", "address"]
    clerk.refused(f"{path}check/", looked_at=looked_at, because="公司政策")
    clerk.act(f"{path}check/", looked_at=[*looked_at, "policy"])
    assert "茶几少算运费" in clerk.said()
    seller = month.as_(month.seller)
    seller.act(f"{path}plan/", on=month.after(20), crew="王师傅", preparation=["lift"])
    number = seller.page.locator("h1").inner_text()
    seller.reads(f"{path}letter/", number, "李先生", "SF-2026", "定制茶几", "¥10,600", "¥13,000")
    assert seller.page.locator(".letter-lines td.num").first.inner_text() == "1"
    shoot(seller.page, "orders-letter-390")
    seller.act(f"{path}letter/sent/", way=["wechat"])
    seller.act(f"{path}confirm/")
    assert "已确认" in seller.said()


def made_and_delayed(month: Month, path: str) -> None:
    """Allocated, submitted, made; one line comes later, and the customer is to be told."""
    clerk = month.as_(month.clerk)
    page = clerk.page
    clerk.here.go(f"{path}allocate/")
    lines = page.locator("[name=lines]").evaluate_all("boxes => boxes.map(box => box.value)")
    clerk.act(f"{path}allocate/", lines=lines, supply=["purchase"], po_no="PO-1",
              arrives_on=month.after(18))  # fmt: skip
    clerk.act(f"{path}move/", lines=lines, to=["submitted"])
    clerk.act(f"{path}move/", lines=lines, to=["in_production"])
    clerk.act(f"/orders/lines/{lines[0]}/arrival/", on=month.after(23), cause=["supplier"],
              note="木料晚到")  # fmt: skip
    shoot(page, "orders-order-1440")
    seller = month.as_(month.seller)
    row = seller.page.locator("[data-row]", has_text="→")
    assert "李先生" in row.inner_text()
    shoot(seller.page, "orders-today-told-390")


def held_and_paid(month: Month, path: str) -> None:
    """A week before the delivery it is not paid: red and held, then paid and proved."""
    seller = month.as_(month.seller)
    assert "送货前查全款" in seller.page.locator("#rows").inner_text()
    assert seller.colour(path).startswith("逾期")
    seller.reads(f"{path}deliver/", "¥10,000", "请先收款")
    assert seller.page.locator("button.act").count() == 0
    shoot(seller.page, "orders-held-390")
    seller.act(f"{path}pay/", amount="10,000", payer="李先生", method=["transfer"])
    seller.act(f"{path}slips/new/", amount="9,990", payer="李先生", bank="工商银行")
    assert "差额" in seller.said()
    shoot(seller.page, "orders-slip-390")
    settle = seller.page.locator("a[href^='/slips/']").get_attribute("href")
    seller.act(settle, reason="银行扣了手续费")
    finance = month.as_(month.finance)
    finance.here.go("/payments/")
    shoot(finance.page, "orders-payments-1440")
    boxes = finance.page.locator("[name=payment]")
    for number in range(boxes.count()):
        boxes.nth(number).check(force=True)
    with finance.page.expect_navigation():
        finance.page.locator(
            "button[form], form[action$='/payments/confirm/'] button"
        ).first.click()
    assert "已确认" in finance.said()
    assert finance.colour(path) == "待到货"


def reduced(month: Month, path: str) -> None:
    """One table is enough: what is paid for the other is kept for the customer."""
    clerk = month.as_(month.clerk)
    clerk.here.go(path)
    change = clerk.page.locator("a.line-change").nth(1).get_attribute("href")
    clerk.act(change, kind=["fewer"], qty="1", reason="客厅放不下两张")
    assert "¥1,200" in clerk.page.locator("#money").inner_text()
    shoot(clerk.page, "orders-credit-1440")


def delivered(month: Month, path: str) -> None:
    """The goods come, are handed over and signed for; the product is on the card."""
    seller = month.as_(month.seller)
    page = seller.page
    for step in ("arrived", "ready"):
        seller.here.go(f"{path}move/")
        lines = page.locator("[name=lines]").evaluate_all("boxes => boxes.map(box => box.value)")
        seller.act(f"{path}move/", lines=lines, to=[step])
    assert seller.colour(path) == "可送货"
    seller.refused(f"{path}deliver/", because="尚缺", signed_by="李太太", checked=["complete"])
    seller.fill(checked=["undamaged", "explained"])
    seller.send()
    assert "李太太" in page.locator("#deliveries").inner_text()
    shoot(page, "orders-delivered-390")
    card = page.locator(".order-who a").get_attribute("href")
    seller.reads(card, "SF-2026")
    assert seller.colour(path) == "已完结"


def cared_for(month: Month, path: str) -> None:
    """The day after: the call after the delivery stands on Today; the table is put together."""
    seller = month.as_(month.seller)
    assert "送货安装回访" in seller.page.locator("#rows").inner_text()
    seller.here.go(path)
    installed = seller.page.locator("a[href$='/installed/']").get_attribute("href")
    seller.act(installed)
    assert "安装完成" in seller.page.locator("#deliveries").inner_text()


def returned(month: Month, path: str) -> None:
    """A table comes back within the days of the policy: decided by a manager, settled."""
    seller = month.as_(month.seller)
    seller.here.go(f"{path}returns/new/")
    line = seller.page.locator("[name=line]").last.get_attribute("value")
    seller.act(f"{path}returns/new/", line=[line], qty="1", kind=["return"],
               cause=["customer"], note="颜色不配")  # fmt: skip
    back = seller.page.url.removeprefix(seller.here.address)
    manager = month.as_(month.manager)
    manager.act(f"{back}decide/", answer=["agree"])
    seller = month.as_(month.seller)
    seller.reads(f"{back}settle/", "¥1,200")
    seller.act(f"{back}settle/")
    shoot(seller.page, "orders-return-390")
    assert "已办结" in seller.said() or "已结" in seller.said(), seller.said()


def settled(month: Month, path: str, designers: str) -> None:
    """Finance settles, pays the designer, puts it away, signs the day."""
    finance = month.as_(month.finance)
    finance.act(f"{path}settle/")
    finance.reads(f"{path}commission/pay/", "¥1,180", "¥108", "¥1,072")
    finance.act(f"{path}commission/pay/", voucher="FK-001")
    finance.act(f"{path}archive/")
    assert "已归档" in finance.said()
    assert finance.page.locator("a[href$='/move/']").count() == 0
    finance.reads(designers, "¥1,072")
    day_end = f"/day-ends/{month.store.pk}/{month.day.isoformat()}/"
    finance.here.go(day_end)
    finance.send()
    assert f"{month.finance.name}" in finance.said()
    shoot(finance.page, "orders-day-end-1440")


def called_off(month: Month) -> None:
    """A second order is called off again: what was paid is kept, and its lead is open as before."""
    buyer = customer_of(month.seller, now=timezone.now(), phone="13900139000", name="王女士",
                        address=SECOND_HOME)  # fmt: skip
    filed(buyer, month.seller, now=timezone.now())
    card = f"/customers/{buyer.pk}/"
    seller = month.as_(month.seller)
    page = seller.page
    seller.here.go(f"/customers/{buyer.pk}/order/")
    seller.fill(**{"line0-product": "餐桌", "line0-list_price": "5000",
                   "line0-agreed_price": "4800"})  # fmt: skip
    seller.send()
    path = page.url.removeprefix(seller.here.address)
    assert path.startswith("/orders/"), seller.said()
    seller.act(f"{path}pay/", amount="500", payer="王女士", method=["cash"])
    seller.reads(card, "报备已成交")
    seller.act(f"{path}cancel/", reason="户型改了")
    assert "¥500" in page.locator("#money").inner_text()
    assert seller.colour(path) == "已取消"
    seller.reads(card, "报备有效")


def asked_for(month: Month, path: str) -> str:
    """A day before it falls due, the customer is asked about the credit: they want it back."""
    seller = month.as_(month.seller)
    assert "挂帐" in seller.page.locator("#rows").inner_text()
    seller.here.go(path)
    credit = seller.page.locator("#money a[href^='/credits/']").first.get_attribute("href")
    seller.act(f"{credit}contact/", text="要求退款")
    seller.act(f"{credit}refund/")
    assert "已申请退款" in seller.said()
    finance = month.as_(month.finance)
    finance.reads(credit, "¥1,200")
    assert finance.page.locator("a[href$='/pay/']").count() == 0
    return credit


def refunded(month: Month, credit: str) -> None:
    """Four weeks after the change somebody else than asked for it pays it out."""
    finance = month.as_(month.finance)
    finance.here.go(credit)
    pay = finance.page.locator("a[href$='/pay/']").get_attribute("href")
    finance.act(pay, method=["transfer"], voucher="TK-001")
    assert "TK-001" in finance.said()
    shoot(finance.page, "orders-credit-paid-1440")


def test_a_month_of_orders(month):
    with month.on(0):
        style = style_of_the_master()
        brings = designer(month.seller, name="设计师小何", signed_on=month.first,
                          valid_until=month.first + timedelta(days=300))  # fmt: skip
        path = quoted_and_ordered(month, special_price(month, style), str(brings.pk))
    with month.on(1):
        checked_and_confirmed(month, path)
    with month.on(3):
        made_and_delayed(month, path)
    with month.on(18):
        held_and_paid(month, path)
    with month.on(19):
        reduced(month, path)
    with month.on(25):
        delivered(month, path)
    with month.on(26):
        cared_for(month, path)
    with month.on(28):
        returned(month, path)
        settled(month, path, f"/designers/{brings.pk}/commission/")
        called_off(month)
    with month.on(46):
        credit = asked_for(month, path)
    with month.on(47):
        refunded(month, credit)


def test_clumsy_hands_lose_nothing_and_double_nothing(month):
    """Sent twice, sent again after going back, from a second tab, by a stranger, signed out."""
    with month.on(0):
        order = order_of(month.seller, 5000, delivery=month.first + timedelta(days=20))
        path, seller = f"/orders/{order.pk}/", month.as_(month.seller)
        paid_twice(seller, path)
        told_in_the_second_tab(seller, path)
        stranger = month.as_(PersonFactory())
        for each in (path, f"{path}pay/", f"{path}letter/"):
            stranger.reads(each, "没有这个页面")
        stranger.here.complaints.clear()  # the browser writes down each 404
        signed_out_while_typing(seller, month.seller.username)


def paid_twice(seller: Hand, path: str) -> None:
    """Two taps are one payment; who goes back then reads what is open still."""
    page = seller.page
    seller.here.go(f"{path}pay/")
    seller.fill(amount=" ￥１，０００ 元", payer="李先生", method=["wechat"])
    page.locator("button.act[type=submit]").dblclick()
    # The second tap breaks off the navigation of the first: wait_for_url would call that an error.
    expect(page).to_have_url(re.compile(rf"{path}($|[?#])"))
    page.wait_for_load_state()
    assert Payment.objects.get().amount == Decimal(1000)
    page.go_back()
    assert "未付\n¥4,000" in seller.said()


def told_in_the_second_tab(seller: Hand, path: str) -> None:
    """What was done in one tab is not done again in another, which says why."""
    tab = Hand(Visit(page=seller.page.context.new_page(), address=seller.here.address))
    tab.here.go(f"{path}cancel/")
    seller.act(f"{path}cancel/", reason="户型改了")
    tab.fill(reason="不买了")
    tab.send()
    assert "订单已关闭" in tab.said()
    assert "已送达" not in tab.said()
    tab.page.close()


def signed_out_while_typing(seller: Hand, username: str) -> None:
    """The session ends in the middle of a long form: what was typed is there afterwards."""
    page = seller.page
    seller.here.go("/orders/new/")
    seller.fill(phone="139 0013 9000", name="王女士")
    page.locator("summary:has-text('设计师')").click()
    seller.fill(remark="送货前一天联系")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    seller.send()
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/orders/new/")
    seller.fill(phone="139 0013 9000")
    assert page.input_value("[name=remark]") == "送货前一天联系"
    assert page.input_value("[name=name]") == "王女士"
