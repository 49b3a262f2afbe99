"""Headers in any order, width and company."""

from core.spreadsheets.headers import REASON_HEADERS, Column, find_header, match_table
from core.spreadsheets.read import read_table
from tests.core.spreadsheet_files import case_file

COLUMNS = [
    Column("name", ("客户姓名", "姓名", "name"), True),
    Column("phone", ("电话", "phone"), True),
    Column("phone2", ("第二电话", "phone2")),
    Column("address", ("地址", "联系地址", "address")),
    Column("product", ("产品 / 车型", "product")),
]


def test_any_order_language_width_and_remark():
    match = find_header(
        [["Ｐｈｏｎｅ（必填）", " 联系　地址 ", "*客户 姓名：", "产品/车型"]], COLUMNS
    )
    assert match.columns == {"phone": 0, "address": 1, "name": 2, "product": 3}
    assert (match.unknown, match.missing, match.needs_mapping) == ([], [], False)


def test_titles_above_are_passed_over():
    rows = [["客户登记表", None], ["2026年", None], [None, None], ["姓名", "电话"], ["张三", "138"]]
    match = find_header(rows, COLUMNS)
    assert (match.row_index, match.number, match.columns) == (3, 4, {"name": 0, "phone": 1})


def test_a_row_of_data_that_looks_like_a_header_does_not_win():
    rows = [["姓名", "电话", "地址"], ["姓名", "139", "x"]]
    assert find_header(rows, COLUMNS).row_index == 0


def test_unknown_columns_are_listed_and_missing_ones_named():
    match = find_header([["姓名", "星座", None, "血型"]], COLUMNS)
    assert (match.unknown, match.missing) == (["星座", "血型"], ["电话"])


def test_without_any_match_the_first_text_is_the_header():
    match = find_header([[None], ["甲", "乙"]], COLUMNS)
    assert (match.row_index, match.missing) == (1, ["客户姓名", "电话"])
    assert find_header([], COLUMNS).missing == ["客户姓名", "电话"]


def test_duplicates_are_asked_about_and_settled_by_a_choice():
    table, match = match_table(read_table(*case_file("file-006")), COLUMNS)
    assert match.needs_mapping
    assert match.duplicates == {"phone": (0, 1)}
    assert match.duplicate_headers == ["电话"]
    assert "phone" not in match.columns
    assert match.missing == []
    assert table.headers == ["电话", "电话", "姓名"]

    _, settled = match_table(table, COLUMNS, chosen={"phone": 0, "phone2": 1})
    assert settled.columns == {"name": 2, "phone": 0, "phone2": 1}
    assert not settled.needs_mapping


def test_an_unknown_column_can_be_named_by_hand():
    match = find_header([["姓名", "手机"]], COLUMNS, chosen={"phone": 1})
    assert (match.columns, match.unknown, match.missing) == ({"name": 0, "phone": 1}, [], [])


def test_stray_blanks_in_headers_are_folded():
    _, match = match_table(read_table(*case_file("file-007")), COLUMNS)
    assert match.columns == {"name": 0, "phone": 1, "address": 2}


def test_the_reason_column_is_ignored_without_a_word():
    for header in REASON_HEADERS:
        assert find_header([[header, "姓名", "电话"]], COLUMNS).unknown == []


def test_the_number_is_the_one_of_the_file():
    table, match = match_table(read_table(*case_file("file-004")), COLUMNS)
    assert match.number == 2
    assert table.rows[0].number == 3
