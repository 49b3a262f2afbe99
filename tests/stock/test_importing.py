"""A workbook or a CSV of stock comes in: fates, refusals, what stands afterwards."""

from decimal import Decimal

import pytest
from django.utils import timezone, translation

from core.spreadsheets.read import read_workbook
from staff.services.system import system_account
from staff.states import Role
from stock.lists.board import BoardTable
from stock.models import (
    Brand,
    DaySum,
    InTransit,
    Movement,
    OfficeLaunch,
    OfficePrice,
    Request,
    SizeStock,
    Style,
)
from stock.services.importing import (
    Choices,
    bring_in,
    errors_of,
    import_workbook,
    in_words,
    open_request,
)
from stock.services.importing import Request as ImportRequest
from stock.wording.importing import StockNotImported
from tests.factories.staff import PersonFactory, StoreFactory
from tests.stock.ledger_rows import brought_in, workbook

pytestmark = pytest.mark.django_db

TYPES = ["期初", "采购", "采购退货", "销售", "销售退货", "业务支出", "赠送", "调拨入", "调拨出",
         "盘盈", "盘亏"]  # fmt: skip
STYLES = [{"brand": "HP 04", "style": "X1", "tag_price": 599, "season": "夏凉", "type": "凉鞋"}]


@pytest.fixture
def office():
    return StoreFactory(code="ZZ", name="郑办")


def row(**told):
    return {"date": "2026-03-05", "office": "ZZ", "style": "X1", "type": "销售", "qty": 1,
            "document": "d1", "size": 36, **told}  # fmt: skip


def csv_of(rows, title="郑办 商品收发存 2026-03"):
    headers = ["日期", "门店", "款号", "尺码", "类型", "数量", "单价", "单据号", "行号"]
    keys = ["date", "office", "style", "size", "type", "qty", "unit_price", "document", "line"]
    lines = [[title], headers, *([one.get(key, "") for key in keys] for one in rows)]
    return "\r\n".join(",".join(map(str, line)) for line in lines).encode("gbk")


def imported(content, filename="ledger.csv", **choices):
    request = ImportRequest(filename=filename, content=content, by=system_account(), **choices)
    book = open_request(request)
    outcome = bring_in(request, book, now=timezone.now())
    return book, outcome


def codes(sheet):
    return [(remark.row, remark.column, remark.code) for remark in sheet.refusals]


def test_a_gbk_file_with_a_title_and_all_types_comes_in_once(office):
    brought_in(styles=STYLES)
    rows = [row(type=kind, line=at, qty=20 if at < 2 else 1) for at, kind in enumerate(TYPES)]
    content = csv_of(rows)
    _book, first = imported(content)
    assert first.sheets["movements"].counts() == {
        "read": 11, "created": 11, "updated": 0, "unchanged": 0, "refused": 0, "warnings": 0,
    }  # fmt: skip
    assert set(Movement.objects.values_list("kind", flat=True)) == set(range(1, 12))
    assert SizeStock.objects.get().quantity == 20 + 20 - 1 - 1 + 1 - 1 - 1 + 1 - 1 + 1 - 1
    kept = list(DaySum.objects.order_by("position").values_list("position", "kind", "quantity"))
    _book, second = imported(content)
    told = second.sheets["movements"]
    assert (told.created, told.updated, told.unchanged, told.refused) == (0, 0, 11, 0)
    again = list(DaySum.objects.order_by("position").values_list("position", "kind", "quantity"))
    assert again == kept


def test_an_unknown_style_comes_back_and_is_accepted_once_mended(office):
    brought_in(styles=STYLES)
    book, outcome = imported(csv_of([row(), row(style="X9", document="d2")]))
    sheet = outcome.sheets["movements"]
    assert (sheet.created, codes(sheet)) == (1, [(4, "style", "style_unknown")])
    errors = errors_of(book, outcome)
    (table,) = read_workbook("e.xlsx", errors).values()
    assert "X9" in table.rows[0].cells[0]
    brought_in(styles=[{"brand": "HP", "style": "X9", "tag_price": 699}])
    _book, mended = imported(errors, "errors.xlsx")
    assert (mended.sheets["movements"].created, mended.refused) == (1, 0)
    assert Movement.objects.count() == 2


def test_a_changed_row_is_counted_on_its_old_and_its_new_day(office):
    brought_in(styles=STYLES, movements=[row(line=1, qty=3), row(line=2, document="d2", qty=2)])
    moved = row(line=1, qty=4, date="2026-03-07", size="")
    outcome = brought_in(movements=[moved]).sheets["movements"]
    assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 1, 0)
    (shown,) = outcome.shown["changed"]
    assert [change[0] for change in shown.changes] == ["date", "qty"]
    sums = DaySum.objects.order_by("on").values_list("on", "quantity")
    assert [(f"{on}", quantity) for on, quantity in sums] == [("2026-03-05", 2), ("2026-03-07", 4)]
    assert SizeStock.objects.get().quantity == -6


@pytest.mark.parametrize(
    ("told", "column", "code"),
    [
        ({"qty": 0}, "qty", "quantity_not_positive"),
        ({"qty": -2}, "qty", "quantity_not_positive"),
        ({"qty": "1.5"}, "qty", "NOT_AN_INTEGER"),
        ({"type": "期初", "qty": 0}, "qty", "quantity_zero"),
        ({"type": "借出"}, "type", "type_unknown"),
        ({"date": "2126-03-05"}, "date", "DATE_OUT_OF_RANGE"),
        ({"date": "31/2"}, "date", "DATE_INVALID"),
        ({"document": " "}, "document", "EMPTY"),
        ({"document": "d" * 41}, "document", "TEXT_TOO_LONG"),
        ({"office": "XX"}, "office", "office_unknown"),
        ({"office": ""}, "office", "EMPTY"),
        ({"unit_price": "-3"}, "unit_price", "MONEY_NEGATIVE"),
        ({"style": "x\ufffdy"}, "style", "TEXT_DAMAGED"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(office, told, column, code):
    brought_in(styles=STYLES)
    content = workbook(movements=[row(**told), row(document="d9")])
    _book, outcome = imported(content, "w.xlsx")
    sheet = outcome.sheets["movements"]
    assert codes(sheet) == [(2, column, code)]
    assert sheet.created == 1
    assert "%" not in in_words(sheet.refusals[0])


def test_texts_numbers_and_sizes_are_read_as_meant(office):
    brought_in(styles=STYLES)
    brought_in(
        movements=[
            row(size=36.0, qty="3", document=1001, line="1.0", unit_price="499.00", office="郑办"),
            row(size="３６", qty="１", document="1001", line="2", type="零售"),
            row(size="36.50", document="1001", line="03", unit_cost=100),
        ]
    )
    found = Movement.objects.order_by("line").values_list(
        "size", "quantity", "document", "line", "unit_price", "unit_cost"
    )
    assert list(found) == [
        ("36", 3, "1001", "1", Decimal("499.00"), None),
        ("36", 1, "1001", "2", None, None),
        ("36.5", 1, "1001", "3", None, None),
    ]


def test_a_style_number_of_two_brands_wants_its_brand(office):
    brought_in(styles=[*STYLES, {"brand": "YLS 02", "style": "X1", "tag_price": 399}])
    rows = [row(), row(document="d2", style="YLS X1"), row(document="d3", style="hp x1"),
            row(document="d4", brand="02")]  # fmt: skip
    _book, outcome = imported(workbook(movements=rows), "w.xlsx")
    sheet = outcome.sheets["movements"]
    assert codes(sheet) == [(2, "style", "style_ambiguous")]
    assert "HP X1" in in_words(sheet.refusals[0])
    brands = Movement.objects.order_by("document").values_list("style__brand__name", flat=True)
    assert list(brands) == ["YLS", "HP", "YLS"]


def test_the_same_row_twice_is_taken_once_and_another_one_refused(office):
    brought_in(styles=STYLES)
    rows = [row(), row(), row(qty=2), row(line=1), row(line=1, size=37)]
    _book, outcome = imported(workbook(movements=rows), "w.xlsx")
    sheet = outcome.sheets["movements"]
    assert (sheet.created, sheet.unchanged, sheet.refused) == (2, 1, 2)
    assert codes(sheet) == [(4, "", "row_contradicts"), (6, "", "row_contradicts")]
    assert [(one.row, one.code) for one in sheet.warnings] == [
        (0, "stock_negative"), (3, "same_as_row"),
    ]  # fmt: skip


def test_odd_rows_are_taken_and_told(office):
    brought_in(styles=STYLES, movements=[row(line=1)])
    outcome = brought_in(movements=[row(type="期初", qty=-3, document="o"), row(size=37)])
    told = [(one.row, one.code) for one in outcome.sheets["movements"].warnings]
    assert told == [(0, "stock_negative"), (2, "opening_negative"), (3, "lines_mixed")]


def test_an_opening_stock_that_comes_again_is_told(office):
    """Once more in a later file, further down in the same one, and twice on one day."""
    opened = {"type": "期初", "qty": 5}

    def warned(*rows):
        sheet = brought_in(styles=STYLES, movements=rows).sheets["movements"]
        assert sheet.created == len(rows)
        return [(one.row, one.code) for one in sheet.warnings]

    first = [row(**opened, document="o1"), row(**opened, document="o1", size=37)]
    again = row(**opened, document="o2", date="2026-04-01")
    assert warned(*first, again) == [(4, "opening_again")]
    assert warned(row(**opened, document="o3", date="2026-04-01", size=38)) == [
        (2, "opening_again")
    ]
    twice = [row(**opened, document="o4"), row(**opened, document="o4", size=39)]
    assert warned(*twice, row(**opened, document="o5", size=39)) == [
        (2, "opening_twice"), (4, "opening_twice"),
    ]  # fmt: skip


def test_styles_make_what_they_name_and_empty_cells_take_nothing_away(office):
    first = brought_in(
        styles=[
            {"brand": "HP 04", "style": "2010-8", "year": "2010", "season": "夏凉", "series": "S",
             "type": "凉鞋", "heel_type": "成型底", "heel_height": "中跟", "tag_price": "599",
             "first_order": 300, "second_order": "200", "third_order": 100,
             "launched_on": "2010-04-01"},
            {"brand": "04", "style": "2010-9", "tag_price": 499, "type": "凉鞋"},
        ]
    ).sheets["styles"]  # fmt: skip
    assert (first.created, Brand.objects.get().code) == (2, "04")
    assert {one.column for one in first.warnings if one.code == "made"} == {
        "brand", "season", "series", "type",
    }  # fmt: skip
    assert [one.row for one in first.warnings if one.code == "type_without_season"] == [3]
    second = brought_in(
        styles=[{"brand": "HP", "style": "2010-8", "tag_price": 549, "season": "", "year": ""}]
    ).sheets["styles"]
    assert (second.created, second.updated) == (0, 1)
    assert second.shown["changed"][0].changes == [("tag_price", "599.00", "549.00")]
    style = Style.objects.get(number="2010-8")
    assert (style.year, str(style.season), style.third_order) == (2010, "夏凉", 100)


def test_a_sheet_takes_the_shop_s_prices_and_lowers_no_floor(office):
    def brought(**said):
        told = {"brand": "HP", "style": "X1", "tag_price": 598, **said}
        sheet = brought_in(styles=[told]).sheets["styles"]
        style = Style.objects.get()
        told = [(one.column, one.code) for one in sheet.warnings if one.code != "made"]
        return (style.tag_price, style.counter_price, style.floor_price), sheet.updated, told

    kept, low = ("floor_price", "floor_kept"), ("counter_price", "under_floor")
    assert brought(floor_price=254) == ((598, None, 254), 0, [])
    assert brought(floor_price=1) == ((598, None, 254), 0, [kept])
    assert brought(floor_price=1, counter_price=100) == ((598, 100, 254), 1, [kept, low])
    assert brought(floor_price=300) == ((598, 100, 300), 1, [low])
    Style.objects.update(floor_price=None, counter_price=598)
    brought_in(movements=[row(type="采购", unit_cost=180)])
    assert brought(floor_price=200, counter_price=220) == ((598, 220, None), 1, [kept, low])
    assert brought(floor_price=260, tag_price=500) == ((500, 220, 260), 1, [low])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_our_own_tracking_sheet_changes_no_figure_and_says_so(office, language):
    brought_in(styles=STYLES)
    with translation.override(language):
        heads = {
            name: str(BoardTable.base_columns[name].verbose_name) for name in BoardTable.computed
        }
        told = {
            str(BoardTable.base_columns["price"].verbose_name): 1,
            **dict.fromkeys(heads.values(), 7),
        }
    rows = [{"brand": "HP", "style": "X1", **told}, {"style": "合计（Σ÷Σ，不取均值）", **told}]
    _book, outcome = imported(workbook(styles=rows), "w.xlsx")
    sheet = outcome.sheets["styles"]
    assert sheet.counts() | {"warnings": 2} == {
        "read": 1, "created": 0, "updated": 0, "unchanged": 1, "refused": 0, "warnings": 2,
    }  # fmt: skip
    assert sheet.warnings[0].code == "computed_ignored"
    assert all(head in in_words(sheet.warnings[0]) for head in heads.values())
    assert Style.objects.get().counter_price is None


def test_prices_launches_and_requests_are_upserted(office):
    prices = [
        {"office": "ZZ", "style": "X1", "launched_on": "2026-03-01", "counter_price": 569},
        {"office": "ZZ", "style": "X1", "launched_on": "2026-03-01", "current_price": 499,
         "from_on": "2026-05-01"},
    ]  # fmt: skip
    asked = [{"office": "ZZ", "style": "X1", "date": "2026-04-01", "requested": 25, "shipped": 19}]
    first = brought_in(styles=STYLES, prices=prices, requests=asked)
    assert (first.sheets["prices"].created, first.sheets["requests"].created) == (2, 1)
    again = brought_in(prices=prices, requests=asked)
    assert [again.sheets[kind].unchanged for kind in ("prices", "requests")] == [2, 1]
    changed = brought_in(
        prices=[{**prices[1], "current_price": 459}], requests=[{**asked[0], "shipped": 25}]
    )
    assert [changed.sheets[kind].updated for kind in ("prices", "requests")] == [1, 1]
    assert OfficeLaunch.objects.count() == 1
    assert [price.current_price for price in OfficePrice.objects.order_by("from_on")] == [
        None, Decimal("459.00"),
    ]  # fmt: skip
    assert Request.objects.get().shipped == 25


def test_what_is_no_longer_named_is_no_longer_on_its_way(office):
    StoreFactory(code="XA")
    rows = [
        {"office": "ZZ", "style": "X1", "size": 36, "qty": 5, "due_on": "2026-06-12"},
        {"office": "ZZ", "style": "X1", "size": 36, "qty": 1, "due_on": "2026-06-12"},
        {"office": "ZZ", "style": "X1", "size": 37, "qty": 2},
        {"office": "XA", "style": "X1", "size": 37, "qty": 4},
    ]
    brought_in(styles=STYLES, in_transit=rows)
    assert list(InTransit.objects.order_by("pk").values_list("quantity", flat=True)) == [6, 2, 4]
    outcome = brought_in(in_transit=[{**rows[2], "qty": 3}]).sheets["in_transit"]
    assert (outcome.updated, [one.code for one in outcome.warnings]) == (
        1, ["no_longer_on_the_way"],
    )  # fmt: skip
    assert list(InTransit.objects.order_by("pk").values_list("quantity", flat=True)) == [3, 4]


def test_a_sheet_of_mended_rows_on_their_way_takes_nothing_away(office):
    rows = [
        {"office": "ZZ", "style": style, "size": 36, "qty": 5} for style in ("X1", "X9")
    ]  # fmt: skip
    brought_in(styles=STYLES)
    book, outcome = imported(workbook(in_transit=rows), "w.xlsx")
    assert codes(outcome.sheets["in_transit"]) == [(3, "style", "style_unknown")]
    brought_in(styles=[{"brand": "HP", "style": "X9", "tag_price": 699}])
    _book, mended = imported(errors_of(book, outcome), "w.errors.xlsx")
    assert (mended.sheets["in_transit"].created, mended.sheets["in_transit"].removed) == (1, 0)
    assert InTransit.objects.count() == 2


def test_stores_are_read_first_and_rows_without_an_office_are_the_chosen_one_s(office):
    brought_in(
        stores=[{"code": "LY", "name": "洛阳", "region": "河南", "kind": "办事处"}],
        styles=STYLES,
        movements=[row(office="LY")],
    )
    assert Movement.objects.get().office.code == "LY"
    rows = [{key: value for key, value in row(document="d5").items() if key != "office"}]
    content = workbook(movements=rows)
    with pytest.raises(StockNotImported, match="门店/办事处"):
        imported(content, "w.xlsx")
    imported(content, "w.xlsx", store_id=office.pk, choices=Choices(has_office=True))
    assert Movement.objects.filter(office=office).count() == 1


def test_only_merchandisers_bring_stock_in(office):
    content = workbook(styles=STYLES)
    for role in (Role.OPS_MANAGER, Role.STORE_MANAGER, Role.ADMIN):
        with pytest.raises(StockNotImported):
            import_workbook(
                content, filename="w.xlsx", by=PersonFactory(role=role), now=timezone.now()
            )
    brought_in(styles=STYLES, by=PersonFactory(role=Role.MERCHANDISER))
    assert Style.objects.count() == 1


def test_a_total_between_the_rows_is_left_out_and_said(office, in_english):
    brought_in(styles=STYLES)
    total = dict.fromkeys(row(), "")
    rows = [
        row(), {**total, next(iter(total)): "合计：", "qty": 9},
        {**total, "style": "小计", "qty": "9"}, row(document="d2", qty=0),
    ]  # fmt: skip
    book, outcome = imported(csv_of(rows))
    sheet = outcome.sheets["movements"]
    assert (sheet.read, sheet.created, codes(sheet)) == (
        2, 1, [(6, "qty", "quantity_not_positive")],
    )  # fmt: skip
    told = [one for one in sheet.warnings if one.row]
    assert [(one.row, in_words(one)) for one in told] == [
        (at, "A total of other rows; left out.") for at in (4, 5)
    ]
    (table,) = read_workbook("e.xlsx", errors_of(book, outcome)).values()
    assert len(table.rows) == 1
    styles = imported(workbook(styles=[*STYLES, {"style": "Total", "tag_price": 999}]), "s.xlsx")[1]
    assert (styles.sheets["styles"].created, Style.objects.count()) == (0, 1)


def test_a_row_that_is_wrong_is_no_total_for_a_word_in_it(office):
    brought_in(styles=STYLES)
    rows = [row(type="合计"), row(style="SUM-01", document="d2"), row(style="Total Look")]
    sheet = imported(csv_of(rows))[1].sheets["movements"]
    assert [code for _row, _column, code in codes(sheet)] == [
        "type_unknown", "style_unknown", "style_unknown",
    ]  # fmt: skip
