"""What a file of stock is not taken at its word for: refused, told, or read as nothing said."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEntry
from staff.models import Store
from staff.states import Role
from stock.models import DaySum, Movement, OfficeLaunch, OfficePrice, Request, Style
from stock.verification import day_sum_differences
from stock.wording.importing import StockNotImported
from tests.factories.staff import PersonFactory, StoreFactory
from tests.stock.ledger_rows import brought_in, workbook
from tests.stock.test_importing import STYLES, codes, imported, office, row  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
PLACE = {"office": "ZZ", "style": "X1"}
PRICE = {**PLACE, "launched_on": "2026-03-01", "from_on": "2026-05-01", "current_price": 499}


@pytest.mark.parametrize(
    ("kind", "rows", "expected"),
    [
        ("requests", [{**PLACE, "date": "2026-04-01", "requested": 0, "shipped": 0}],
         [(2, "requested", "request_says_nothing")]),
        ("prices", [{**PLACE, "current_price": 499}], [(2, "from_on", "price_without_day")]),
        ("prices", [{**PLACE, "current_price": "", "launched_on": ""}],
         [(2, "", "price_says_nothing")]),
        ("styles", [{"brand": "HP", "style": "X2", "tag_price": ""}], [(2, "tag_price", "EMPTY")]),
        ("styles", [{"brand": "77", "style": "X2", "tag_price": 9}],
         [(2, "brand", "brand_code_unknown")]),
        ("styles", [{"brand": "HP", "style": "X2", "tag_price": price} for price in (9, 9, 8)],
         [(4, "", "style_contradicts")]),
        ("movements", [row(office="双店")], [(2, "office", "office_ambiguous")]),
    ],
)  # fmt: skip
def test_a_row_that_says_too_little_or_two_things_is_refused(kind, rows, expected):
    for code in ("D1", "D2"):
        StoreFactory(code=code, name="双店")
    brought_in(styles=STYLES)
    _book, outcome = imported(workbook(**{kind: rows}), "w.xlsx")
    assert codes(outcome.sheets[kind]) == expected


def test_a_price_that_contradicts_an_earlier_row_takes_its_launch_with_it():
    brought_in(styles=STYLES)
    earlier = {name: value for name, value in PRICE.items() if name != "launched_on"}
    rows = [earlier, {**PRICE, "current_price": 459}]
    _book, outcome = imported(workbook(prices=rows), "w.xlsx")
    assert codes(outcome.sheets["prices"]) == [(3, "", "price_contradicts")]
    assert OfficePrice.objects.get().current_price == 499
    assert not OfficeLaunch.objects.exists()


@pytest.mark.parametrize(
    ("headers", "lines", "code"),
    [("日期,门店,款号,类型,数量,件数,单据号", 1, "columns_twice"),
     ("日期,门店,款号,类型,数量,单据号", 0, "no_rows")],
)  # fmt: skip
def test_a_sheet_that_cannot_be_read_is_refused_as_a_whole(headers, lines, code):
    text = "\n".join([headers, *["2026-03-05,ZZ,X1,销售,1,2,d1"] * lines])
    with pytest.raises(StockNotImported) as refusal:
        imported(text.encode())
    assert refusal.value.codes == (code,)


def test_odd_days_are_told_and_none_is_all_too_far_off():
    brought_in(styles=STYLES, movements=[row(line=1)])
    today = timezone.localdate()
    rows = [
        row(type="期初", date="2026-03-06", qty=5, document="o2", line=1),
        row(date=(today + timedelta(days=366)).isoformat(), document="d2", line=1),
        row(date=(today + timedelta(days=367)).isoformat(), document="d3", line=1),
    ]
    _book, outcome = imported(workbook(movements=rows), "w.xlsx")
    sheet = outcome.sheets["movements"]
    told = {(one.row, one.code) for one in sheet.warnings}
    assert {(2, "opening_again"), (3, "day_ahead")} <= told
    assert codes(sheet) == [(4, "date", "DATE_OUT_OF_RANGE")]


def test_a_price_is_of_sales_alone_and_may_be_nothing_and_names_are_full_width_too():
    brought_in(
        styles=STYLES,
        movements=[
            row(type="采购", unit_price=9, unit_cost=100, document="p"),
            row(unit_price=0, unit_cost=100, office="ＺＺ", style="Ｘ１"),
        ],
    )
    found = Movement.objects.order_by("kind").values_list("unit_price", "unit_cost")
    assert list(found) == [(None, Decimal(100)), (Decimal(0), None)]
    again = brought_in(movements=[row()]).sheets["movements"]
    assert (again.updated, again.unchanged) == (0, 1), "an empty cell says nothing else"


def test_of_two_requests_of_a_day_neither_makes_up_for_the_other():
    asked = {**PLACE, "date": "2026-04-01"}
    rows = [{**asked, "requested": 20, "shipped": 26}, {**asked, "requested": 30, "shipped": 18}]
    brought_in(styles=STYLES, requests=rows)
    found = Request.objects.values_list("requested", "shipped", "served")
    assert list(found) == [(50, 44, 38)]


def test_a_document_that_is_no_longer_referred_to_is_summed_again():
    sales = [row(document=document, line=1) for document in ("s1", "s2")]
    back = row(type="销售退货", date="2026-03-09", document="r", line=1, reference="s1")
    brought_in(styles=STYLES, movements=[*sales, back])
    assert DaySum.objects.filter(on="2026-03-05").count() == 2
    brought_in(movements=[{**back, "reference": "s3"}])
    assert DaySum.objects.filter(on="2026-03-05").count() == 1
    assert not list(day_sum_differences())


def test_styles_are_held_while_they_are_written_and_the_trail_counts_them():
    brought_in(styles=STYLES)
    with CaptureQueriesContext(connection) as asked:
        brought_in(styles=[{**STYLES[0], "tag_price": 549}])
    held = [each["sql"] for each in asked if "FOR UPDATE" in each["sql"]]
    assert any('FROM "stock_style"' in sql for sql in held)
    entry = AuditEntry.objects.filter(verb="import_stock").latest("pk")
    assert entry.detail["counts"]["styles"]["updated"] == 1


def test_a_merchandiser_sets_up_no_store():
    stores = [{"code": "LY", "name": "洛阳", "region": "河南", "kind": "办事处"}]
    buyer = PersonFactory(role=Role.MERCHANDISER)
    outcome = brought_in(stores=stores, styles=STYLES, by=buyer)
    assert [note.code for note in outcome.notes] == ["stores_not_read"]
    assert not Store.objects.filter(code="LY").exists()
    assert Style.objects.exists()


def test_a_day_that_comes_to_more_than_a_column_holds_refuses_the_file_in_words():
    with pytest.raises(StockNotImported) as refusal:
        brought_in(styles=STYLES, movements=[row(qty=999_999, unit_price="9999999.99")])
    assert refusal.value.codes == ("too_large",)
    assert not Movement.objects.exists()
