"""Lines of orders: computed, held against floors and special prices, compared with the original."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from filings.models import SpecialPrice
from filings.services.prices import Line, ask_price, decide_price
from followups.models import Chore
from followups.states import ChoreKind
from orders.forms.lines import LineForms
from orders.models import Order, OrderEvent, OrderLine
from orders.services import milestones
from orders.services.changing import OrderNotReduced
from orders.services.comparing import Original, compare_original
from orders.services.lines import LinesNotPlaced, NewLine, correct_line, place_lines
from orders.states import CreditKind, EventKind, LineState, MilestoneKind, OrderState
from staff.states import Role
from stock.models import Brand, Style
from tests.factories.customers import CustomerFactory
from tests.factories.orders import NOW, order
from tests.factories.staff import PersonFactory
from tests.factories.stock import MovementFactory, StyleFactory
from tests.orders.changes import change, to

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare():
    """An order that began with a deposit."""
    return order(lines=(), paid=0)


@pytest.fixture
def style():
    brand = Brand.objects.create(name="梦百合")
    return Style.objects.create(
        brand=brand, number="M-12", tag_price=Decimal(300), floor_price=Decimal("253.97")
    )


def said(product="沙发", qty=1, price=5000, **more):
    facts = {"list_price": Decimal(price)} if "style" not in more else {}
    return NewLine(product=product, qty=qty, agreed_price=Decimal(price), **facts | more)


def place(bare, *lines, **more):
    return place_lines(order=bare, lines=lines, by=bare.seller, now=NOW, **more)


def refused(bare, *lines, **more):
    with pytest.raises(LinesNotPlaced) as refusal:
        place(bare, *lines, **more)
    assert not OrderLine.objects.exists()
    return refusal.value


def approved(customer, style, price, *, until=date(2026, 4, 1)):
    """The number of a special price that a manager has approved."""
    asker = customer.owner
    price = ask_price(
        customer=customer, reason="老客户", valid_until=until, by=asker, key=uuid4(), now=NOW,
        lines=[Line(product=style.number, style=style, list_price=style.tag_price,
                    floor_price=style.floor_price, wished_price=Decimal(price))],
    )  # fmt: skip
    decide_price(price=price, is_approved=True, by=PersonFactory(role=Role.OPS_MANAGER), now=NOW)
    return SpecialPrice.objects.get(pk=price.pk).number


def test_lines_make_the_amount_and_wait_for_the_clerk(bare):
    place(bare, said(qty=2), said("茶几", price=2600))
    bare.refresh_from_db()
    assert (bare.amount, bare.lines_all) == (Decimal(12600), 2)
    assert [line.position for line in bare.lines.order_by("position")] == [1, 2]
    event = OrderEvent.objects.get(kind=EventKind.LINES_PLACED)
    assert event.params == {"count": 2, "amount": "12600.00"}
    assert Chore.objects.get(kind=ChoreKind.CHECK_ORDER).subject_id == bare.pk


def test_a_style_brings_its_list_price_and_its_floor(bare, style):
    line = place(bare, said("M-12", price=260, style=style))[0]
    line.refresh_from_db()
    assert (line.list_price, line.floor_price) == (Decimal(300), Decimal("253.97"))


def test_under_the_floor_needs_a_number_of_this_customer_line_and_day(bare, style):
    other = Style.objects.create(brand=style.brand, number="M-13", tag_price=Decimal(300))
    stranger = CustomerFactory(owner=bare.seller)
    good = approved(bare.customer, style, 250)
    past = approved(bare.customer, style, 250, until=NOW.date())

    def codes(number, on=NOW, **more):
        line = said("M-12", **{"price": 253, "style": style, "special_no": number} | more)
        with pytest.raises(LinesNotPlaced) as refusal:
            place_lines(order=bare, lines=[line], by=bare.seller, now=on)
        return refusal.value.codes

    assert codes("") == ("under_floor",)
    assert codes("TJ-999999") == ("unknown_number",)
    assert codes(approved(stranger, style, 250)) == ("other_customer",)
    assert codes(approved(bare.customer, other, 250)) == ("other_product",)
    assert codes(past, on=NOW + timedelta(days=1)) == ("expired",)
    assert codes(good, price=249) == ("under_approved",)
    line = place(bare, said("M-12", price=253, style=style, special_no=good))[0]
    assert line.special_price.application.number == good


def test_a_style_that_says_no_floor_is_held_against_that_of_its_last_cost(
    bare, style, as_, django_assert_num_queries
):
    Style.objects.update(floor_price=None)
    style.refresh_from_db()
    MovementFactory(style=style, unit_cost=180)
    other = StyleFactory(tag_price=300)
    sold = {"style": style, "price": 253, "product": style.number}
    refusal = refused(bare, said(**sold))
    assert [(one.code, one.params["floor"]) for one in refusal.blockers] == [("under_floor", "254")]
    place(bare, said(**sold | {"price": 254}), said(style=other, price=1))
    assert [row.floor_price for row in OrderLine.objects.order_by("position")] == [
        Decimal("253.97"), None,
    ]  # fmt: skip
    standing = OrderLine.objects.get(style=style)
    with pytest.raises(OrderNotReduced) as refusal:
        change(bare, to(standing, price=253), by=bare.seller, now=NOW, kind=CreditKind.CHEAPER)
    assert refusal.value.codes == ("under_floor",)
    number = approved(bare.customer, style, 240)
    corrected = said(**sold | {"price": 240}, special_no=number)
    row = correct_line(line=standing, said=corrected, by=bare.seller, now=NOW)
    assert (row.floor_price, row.special_price.application.number) == (Decimal("253.97"), number)
    typed = {f"line{at}-product": each.number for at, each in enumerate([style, other] * 6)}
    page = LineForms(typed=typed)
    with django_assert_num_queries(2):
        told = [form.known for form in page.forms]
    assert "¥254" in told[0]
    assert "special price" not in told[1]
    offered = as_(bare.seller).post("/orders/lines/0/styles/", {"line0-product": style.number})
    assert "¥254" in offered.content.decode()


def test_all_that_is_wrong_is_said_of_its_line(bare):
    refusal = refused(bare, said(), said(qty=0), said("", price=1))
    assert [(each.code, each.params["line"]) for each in refusal.blockers] == [
        ("qty_wrong", 1), ("product_missing", 2)
    ]  # fmt: skip


def test_a_difference_from_the_original_needs_its_reason(bare):
    """12,800 on the customer's paper, 12,600 computed: 200.00 to be explained (M65)."""
    lines = [said(qty=2), said("茶几", price=2600)]
    refusal = refused(bare, *lines, original=Original(amount=Decimal(12800)))
    assert "200.00" in str(refusal)
    place(bare, *lines, original=Original(amount=Decimal(12800), reason="赠品按零计"))
    bare.refresh_from_db()
    assert (bare.original_amount, bare.difference_reason) == (Decimal(12800), "赠品按零计")
    event = OrderEvent.objects.get(kind=EventKind.COMPARED)
    assert event.params["difference"] == "200.00"


def test_what_agreed_with_the_original_is_explained_when_it_no_longer_does(bare):
    lines = place(bare, said(), original=Original(amount=Decimal(5000)))
    with pytest.raises(LinesNotPlaced):
        place(bare, said("茶几", price=100))
    place(bare, said("茶几", price=100), original=Original(amount=Decimal(5000), reason="加购"))
    corrected = correct_line(line=lines[0], said=said(price=4900), by=bare.seller, now=NOW)
    bare.refresh_from_db()
    assert (corrected.amount, bare.amount) == (Decimal(4900), Decimal(5000))
    compare_original(order=bare, original=Original(amount=Decimal(5000)), by=bare.seller, now=NOW)


def test_no_fewer_than_are_paid(bare):
    paid = order(lines=(), paid=5000)
    with pytest.raises(LinesNotPlaced) as refusal:
        place(paid, said(price=4000))
    assert refusal.value.codes == ("under_paid",)


def test_a_checked_order_that_changes_is_checked_anew(bare):
    line = place(bare, said())[0]
    Order.objects.filter(pk=bare.pk).update(state=OrderState.CHECKED)
    milestones.plan(bare, MilestoneKind.CHECKED, on=NOW.date())
    milestones.reach(bare, MilestoneKind.CHECKED, on=NOW.date(), by=bare.seller)
    correct_line(line=line, said=said(price=4800), by=bare.seller, now=NOW)
    bare.refresh_from_db()
    assert (bare.state, bare.amount) == (OrderState.RECEIVED, Decimal(4800))
    checked = bare.milestones.get(kind=MilestoneKind.CHECKED)
    assert (checked.planned_on, checked.reached_on) == (NOW.date(), None)


def test_goods_on_their_way_are_changed_as_a_change(bare):
    line = place(bare, said())[0]
    OrderLine.objects.filter(pk=line.pk).update(state=LineState.SUBMITTED)
    with pytest.raises(LinesNotPlaced) as refusal:
        correct_line(line=line, said=said(price=4800), by=bare.seller, now=NOW)
    assert refusal.value.codes == ("on_its_way",)


def test_the_page_shows_lines_and_balance(bare, as_):
    place(bare, said(qty=2), original=Original(amount=Decimal(10000)))
    browser = as_(bare.seller)
    page = browser.get(f"/orders/{bare.pk}/").content.decode()
    assert "¥10,000" in page
    stranger = PersonFactory(role=Role.SALES_STORE)
    assert as_(stranger).get(f"/orders/{bare.pk}/").status_code == 404
    assert as_(PersonFactory(role=Role.MARKETING_MANAGER)).get("/orders/1/").status_code == 403
