"""What lies of the goods of a line, from the imported ledger: told by size, not reserved."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders.models import OrderLine
from orders.services.lines import NewLine, place_lines
from orders.showing.stock import StockTold
from staff.scope import reach_of
from staff.states import Role
from stock.models import InTransit, SizeStock
from tests.factories.orders import NOW, order
from tests.factories.staff import PersonFactory, StoreFactory
from tests.factories.stock import SizeStockFactory, StyleFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def shoe():
    """Three pairs in the order's store, five on their way, seven elsewhere in the region."""
    found = order(lines=(), paid=0)
    style = StyleFactory.create(number="KC-1204")
    for size, pairs in (("36", 0), ("37", 2), ("38", 1)):
        SizeStockFactory.create(style=style, office=found.store, size=size, quantity=pairs)
    InTransit.objects.create(
        style=style, office=found.store, size="37", quantity=5, due_on=date(2026, 6, 12)
    )
    near = StoreFactory(region=found.store.region)
    for office, pairs in ((near, 7), (StoreFactory(), 90)):
        SizeStockFactory.create(style=style, office=office, size="37", quantity=pairs)
    return found, style


def line(style, **said):
    return NewLine(product=style.number, style=style, qty=1, agreed_price=Decimal(499), **said)


def told(found, style, person, spec=""):
    reach = reach_of(person, today=TODAY)
    stock = StockTold.of([style.pk, None], store=found.store, reach=reach, today=TODAY)
    return stock.text(style.pk, spec=spec)


def test_a_store_reads_its_own_and_who_reads_all_the_region_too(shoe, in_english):
    found, style = shoe
    assert told(found, style, found.seller) == "in stock 3, coming 5 expected 12 Jun"
    ops = PersonFactory(role=Role.OPS_MANAGER)
    assert told(found, style, ops).endswith("expected 12 Jun, elsewhere in the region 7")
    assert told(found, style, PersonFactory(role=Role.ADMIN)) == ""


def test_a_spec_that_names_a_size_asks_for_that_size(shoe, in_english):
    found, style = shoe
    assert told(found, style, found.seller, "女 37 码") == (
        "Size 37: in stock 2, coming 5 expected 12 Jun"
    )
    assert told(found, style, found.seller, "36") == "Size 36: in stock 0"
    assert told(found, style, found.seller, "加宽").startswith("in stock 3")


def test_a_style_without_stock_data_says_nothing(shoe, in_english):
    found, _style = shoe
    assert told(found, StyleFactory.create(), found.seller) == ""


def test_the_order_page_says_it_and_reserves_nothing(shoe, as_, in_english):
    found, style = shoe
    place_lines(order=found, lines=[line(style, spec="37")], by=found.seller, now=NOW)
    before = list(SizeStock.objects.order_by("pk").values())
    said = as_(found.seller).get(f"/orders/{found.pk}/").content.decode()
    assert "Size 37: in stock 2, coming 5 expected" in said
    assert list(SizeStock.objects.order_by("pk").values()) == before


def test_less_than_nothing_is_nothing_and_what_is_handed_over_says_no_stock(shoe, as_, in_english):
    found, style = shoe
    SizeStock.objects.filter(office=found.store, size="36").update(quantity=-2)
    assert told(found, style, found.seller, "36") == "Size 36: in stock 0"
    place_lines(order=found, lines=[line(style, spec="37")], by=found.seller, now=NOW)
    OrderLine.objects.update(delivered_qty=1)
    said = as_(found.seller).get(f"/orders/{found.pk}/").content.decode()
    assert style.number in said
    assert "in stock" not in said


def test_a_line_is_corrected_without_the_number_in_it_and_keeps_it(as_):
    found = order(lines=(), paid=0)
    said = NewLine(
        product="沙发", qty=1, list_price=Decimal(499), agreed_price=Decimal(499),
        remark="到货打13800138000",
    )  # fmt: skip
    (kept,) = place_lines(order=found, lines=[said], by=found.seller, now=NOW)
    browser, url = as_(found.seller), reverse("orders:correct_line", args=[found.pk, kept.pk])
    page = browser.get(url)
    assert "13800138000" not in page.content.decode()
    shown = page.context["lines"].forms[0]
    typed = {shown.add_prefix(name): shown[name].value() or "" for name in shown.fields}
    seen = page.context["original"]["seen"]
    typed |= {seen.html_name: seen.value(), shown.add_prefix("agreed_price"): "459"}
    assert browser.post(url, typed).status_code == 302
    kept.refresh_from_db()
    assert (kept.agreed_price, kept.remark) == (459, "到货打13800138000")


def test_the_form_says_it_beside_the_style(shoe, as_, in_english):
    found, style = shoe
    browser = as_(found.seller)
    picked = browser.post(f"/orders/lines/0/styles/{style.pk}/", {"line0-spec": "38"})
    assert "Size 38: in stock 1" in picked.content.decode()
    typed = {"line0-product": f"{style.brand.name} {style.number}", "more": "1"}
    page = browser.post(f"/orders/{found.pk}/lines/", typed).content.decode()
    assert "in stock 3, coming 5 expected" in page
    del typed["more"]
    for spec, there in [("36", "Size 36: in stock 0"), ("", "in stock 3, coming 5 expected")]:
        again = browser.post("/orders/lines/sum/", {**typed, "line0-spec": spec}).content.decode()
        assert 'id="line0-stock" hx-swap-oob="true"' in again
        assert there in again


def test_an_order_asks_as_much_for_one_line_as_for_many(shoe, as_):
    found, style = shoe
    browser = as_(found.seller)
    counts = []
    for more in (1, 8):
        styles = [style, *(StyleFactory.create() for _each in range(more))]
        for each in styles[1:]:
            SizeStockFactory.create(style=each, office=found.store)
        place_lines(
            order=found, lines=[line(each) for each in styles], by=found.seller,
            now=timezone.now(),
        )  # fmt: skip
        found.refresh_from_db()
        with CaptureQueriesContext(connection) as ran:
            browser.get(f"/orders/{found.pk}/")
        counts.append(len(ran))
    assert counts[0] == counts[1]
