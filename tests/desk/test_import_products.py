"""Plates, insurers, colours, warranties and prices from sheets, and products that are gone."""

from datetime import date
from decimal import Decimal

import pytest

from customers.models import OwnedProduct
from customers.services import end_product, remove_product
from customers.states import GoneReason
from customers.verification import value_differences
from staff.models import Person
from staff.states import Role
from tests.desk.import_sheets import xlsx
from tests.desk.test_import_customers import bring, by_name, counts, house  # noqa: F401
from tests.factories.customers import NOW

pytestmark = pytest.mark.django_db
HEADERS = (
    "客户姓名", "电话", "门店", "车型", "交车日期", "车架号", "车牌", "颜色", "保险公司",
    "质保到期", "成交价",
)  # fmt: skip
WANG = (
    "王建国", "13800138001", "HZ01", "远山X5", "2025-05-01", "lsvnv133x22222222", "浙Ａ·12345",
    "白", "平安", "2028-05-01", "219,800",
)  # fmt: skip
LI = ("李芳", "13800138002", "HZ01", "远山X5", "2026-03-02", WANG[5], "", "", "", "", "")


def sheet(*rows) -> bytes:
    return xlsx(rows, headers=HEADERS)


def test_what_a_sheet_tells_of_a_car_stands_on_it_and_twice_changes_nothing(house, tmp_path):  # noqa: F811
    bring(tmp_path, sheet(WANG))
    car = OwnedProduct.objects.get()
    assert (car.serial, car.plate, car.colour, car.insurer) == (
        "LSVNV133X22222222", "浙A12345", "白", "平安",
    )  # fmt: skip
    assert (car.warranty_until, car.price) == (date(2028, 5, 1), Decimal("219800"))
    owner = by_name("王建国")
    assert (owner.bought_total, owner.bought_count) == (Decimal("219800"), 1)
    assert owner.last_bought_on == date(2025, 5, 1)

    summary, _code = bring(tmp_path, sheet(WANG))
    assert counts(summary) == (0, 0, 1, 0)


def test_a_corrected_price_is_written_and_an_empty_one_erases_nothing(house, tmp_path):  # noqa: F811
    bring(tmp_path, sheet(WANG))
    bring(tmp_path, sheet((*WANG[:6], "", "", "", "", "218800")))
    car = OwnedProduct.objects.get()
    assert (car.plate, car.price) == ("浙A12345", Decimal("218800"))
    assert by_name("王建国").bought_total == Decimal("218800")
    assert list(value_differences()) == []


@pytest.mark.parametrize("price", ["abc", "-5"])
def test_a_price_that_is_none_refuses_the_row(house, tmp_path, price):  # noqa: F811
    summary, code = bring(tmp_path, sheet((*WANG[:10], price)))
    assert (counts(summary), code) == ((0, 0, 0, 1), 1)


def test_a_nought_is_no_price(house, tmp_path):  # noqa: F811
    bring(tmp_path, sheet((*WANG[:10], "0")))
    assert OwnedProduct.objects.get().price is None


def test_what_was_sold_on_is_not_brought_again_and_a_mistake_is(house, tmp_path):  # noqa: F811
    bring(tmp_path, sheet(WANG))
    manager = Person.objects.create(username="m", role=Role.OPS_MANAGER)
    car = OwnedProduct.objects.get()
    end_product(
        product=car, gone_on=date(2026, 3, 1), because=GoneReason.SOLD, note="", by=manager,
        now=NOW, today=date(2026, 3, 12),
    )  # fmt: skip
    summary, _code = bring(tmp_path, sheet(WANG))
    assert counts(summary) == (0, 0, 1, 0)
    # its number may come with its next owner
    bring(tmp_path, sheet(LI))
    there = OwnedProduct.objects.get(gone_on=None)
    assert there.customer == by_name("李芳")
    remove_product(product=there, reason="x", by=manager, now=NOW, today=date(2026, 3, 12))
    bring(tmp_path, sheet(LI))
    assert OwnedProduct.objects.filter(gone_on=None).count() == 1
