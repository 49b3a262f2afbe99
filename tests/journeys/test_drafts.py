"""What was typed and not sent: it comes back to whoever typed it, whole, and over nothing newer."""

import pytest
from playwright.sync_api import expect

from customers.models import Customer
from orders.models import Order, Quote
from staff.states import Role, Trade
from stock.models import Brand, Style
from tests.factories.staff import PersonFactory
from tests.followups.build import shop
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot
from tests.orders.money import order_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_draft_is_of_its_writer_and_comes_back_with_all_its_lines(visit):
    place = shop(Trade.FURNITURE)
    other = PersonFactory(store=place.store, role=Role.SALES_STORE)
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go("/quotes/new/")
        page.fill("[name=remark]", "周末来看样")
        page.fill("[name=line0-product]", "沙发")
        page.fill("[name=line0-agreed_price]", "8000")
        page.click("[data-grows]")
        page.fill("[name=line1-product]", "床垫")
        page.fill("[name=line1-agreed_price]", "3000")
        expect(page.locator("#lines-total")).to_contain_text("11,000")

        someone.go("/me/")
        someone.sign_in(other.username)
        someone.go("/quotes/new/")
        assert page.input_value("[name=remark]") == ""
        assert not page.locator("[data-draft-back]").count()

        someone.sign_in(place.seller.username)
        someone.go("/quotes/new/")
        expect(page.locator("[name=line1-product]")).to_have_value("床垫")
        expect(page.locator("[name=remark]")).to_have_value("周末来看样")
        expect(page.locator("#lines-total")).to_contain_text("11,000")
        shoot(page, "draft-back-390")

        page.click("[data-draft-drop]")
        expect(page.locator("[name=remark]")).to_have_value("")
        assert not page.locator("[data-draft-back]").count()
    assert not Quote.objects.exists()


def test_a_draft_is_put_over_nothing_that_was_changed_since(visit):
    place = shop(Trade.FURNITURE)
    order = order_of(place.seller)
    with visit(DESK) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go(f"/orders/{order.pk}/change/")
        page.fill("[name=remark]", "送货前电话联系")
        page.fill("[name=address]", "老地址1号")
        page.locator("label", has=page.locator("[name=channel][value=fax]")).click()
        Order.objects.filter(pk=order.pk).update(address="新地址9号", channel="mail")

        someone.go(f"/orders/{order.pk}/change/")
        assert page.input_value("[name=remark]") == "送货前电话联系"
        assert page.input_value("[name=address]") == "新地址9号"
        assert page.locator("[name=channel]:checked").input_value() == "mail"
        told = page.inner_text("[data-overtaken]")
        assert "老地址1号" in told
        assert "传真" in told
        shoot(page, "draft-overtaken-1440")

        card = f"/customers/{order.customer_id}/edit/"
        someone.go(card)
        page.evaluate(
            "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
        )
        page.fill("[name=expected_on]", "2030-01-02")
        Customer.objects.filter(pk=order.customer_id).update(expected_on="2030-03-04")
        someone.go(card)
        assert page.locator("[name=expected_on]").input_value() == "2030-03-04"
        assert "2030-01-02" in page.inner_text("[data-overtaken]")


def test_a_draft_keeps_goods_from_the_master_and_no_number(visit):
    place = shop(Trade.FURNITURE)
    brand = Brand.objects.create(name="梦百合")
    Style.objects.create(brand=brand, number="M-12", tag_price=300)
    with visit(DESK) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go("/quotes/new/")
        page.locator("[name=line0-product]").press_sequentially("m-12")
        page.locator(".offered button").first.click()
        expect(page.locator("[name=line0-product]")).to_have_value("梦百合 M-12")
        for index in (1, 2):
            page.click("[data-grows]")
            page.locator(f"[name=line{index}-product]").wait_for()
        page.fill("[name=line2-product]", "床垫")
        page.fill("[name=remark]", "找他妈妈 １３８.００１３.８０００")
        page.wait_for_function("JSON.stringify(localStorage).includes('床垫')")
        kept = page.evaluate("JSON.stringify(localStorage)")
        assert "找他妈妈" not in kept

        someone.go("/quotes/new/")
        expect(page.locator("[name=line2-product]")).to_have_value("床垫")
        assert page.input_value("[name=line0-product]") == "梦百合 M-12"
        assert page.input_value("[name=remark]") == ""
