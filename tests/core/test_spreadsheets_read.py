"""Files in: each bad file, and what an honest file may look like."""

import datetime
import random
import zipfile
from decimal import Decimal
from io import BytesIO

import pytest

from core.spreadsheets import cells
from core.spreadsheets.filenames import clean_filename
from core.spreadsheets.headers import Column
from core.spreadsheets.read import (
    CellFault,
    Limits,
    SheetRefused,
    read_table,
    read_workbook,
)
from tests.core.spreadsheet_files import (
    CASES,
    case_file,
    replaced,
    with_part,
    with_rows,
    workbook,
    zipped,
)

EBCDIC = b'<?xml version="1.0" encoding="cp500"?>' + "<!DOCTYPE a []><a/>".encode("cp500")
OLE, BOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xl/workbook.xml"
COLUMNS = [Column("name", ("客户姓名", "姓名", "name"), True), Column("phone", ("电话",), True)]
RANGE = {"earliest": datetime.date(2000, 1, 1), "latest": datetime.date(2036, 7, 1)}


def values(filename, content, **options):
    return [row.cells for row in read_table(filename, content, **options).rows]


def refused(content, filename="a.xlsx", **options):
    with pytest.raises(SheetRefused) as caught:
        read_table(filename, content, **options)
    assert str(caught.value)
    return caught.value.code


ACCEPTED = {
    "file-001": [["张三", "13800138000", "北京", "x"]],
    "file-002": [["张三", 13800138000, "北京", None], ["李四", 13900139000, None, None]],
    "file-004": [["张三", "13800138000", "北京", None]],
    "file-005": [["张三", "男", "13800138000", "北京"]],
    "file-006": [["13800138000", "13900139000", "张三"]],
    "file-007": [["张三", "13800138000", "北京"]],
    "file-008": [["张三", "13800138000", "北京", "x"]],
    "file-026": [["张三", "13800138000"]],
}


@pytest.mark.parametrize("case_id", ACCEPTED)
def test_honest_files_are_read(case_id):
    filename, content = case_file(case_id)
    assert values(filename, content) == ACCEPTED[case_id]


@pytest.mark.parametrize(
    ("case_id", "code"),
    [
        ("file-020", "FILE_DAMAGED"),
        ("file-022", "FILE_OLD_XLS"),
        ("file-023", "FILE_IS_TEXT"),
        ("file-024", "FILE_IS_HTML"),
        ("file-036", "FILE_INFLATES"),
        ("file-041", "FILE_UNSAFE"),
        ("file-042", "FILE_UNSAFE"),
        ("file-043", "FILE_UNSAFE"),
        ("file-050", "FILE_IS_HTML"),
    ],
)
def test_dangerous_and_foreign_files_are_refused(case_id, code):
    filename, content = case_file(case_id)
    assert refused(content, filename) == code


def test_a_csv_with_the_name_of_a_workbook_is_read_once_it_is_renamed():
    _, content = case_file("file-023")
    assert values("csv.csv", content) == [["张三", "13800138000"]]


def test_formulas_are_refused_cell_by_cell_and_never_vanish():
    table = read_table(*case_file("file-003"))
    assert [cell.code for cell in table.rows[0].cells] == ["FORMULA_WITHOUT_VALUE"] * 4
    with pytest.raises(cells.CellRefused) as caught:
        cells.text(table.rows[0].cells[0], 64)
    assert caught.value.code == "FORMULA_WITHOUT_VALUE"


def test_the_cached_value_of_a_formula_is_not_trusted_either():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write(1, 1, 5)
        sheet.write_array_formula(2, 0, 3, 0, "{=B2:B3}", None, 7)
        sheet.write(2, 1, 1)
        sheet.write(3, 1, 1)

    rows = values("a.xlsx", workbook(fill))
    assert rows == [[CellFault("FORMULA_CELL"), value] for value in (5, 1, 1)]


def test_error_values_are_faults():
    content = replaced('<c r="B2" t="s"><v>3</v></c>', '<c r="B2" t="e"><v>#N/A</v></c>')
    assert values("a.xlsx", content) == [["张三", CellFault("ERROR_VALUE")]]


def test_title_rows_and_two_level_headers_are_found():
    table = read_table(*case_file("file-004"))
    assert (table.title_rows_skipped, table.headers) == (1, ["客户姓名", "电话", "地址", "备注"])
    assert table.rows[0].number == 3
    assert read_table(*case_file("file-005")).headers == ["姓名", "性别", "电话", "地址"]


def test_hidden_sheets_are_skipped_and_named():
    table = read_table(*case_file("file-008"))
    assert table.hidden_sheets == ("隐藏", "vh")
    assert set(read_workbook(*case_file("file-008"))) == {"Sheet"}


def test_hidden_rows_are_counted_and_marked():
    table = read_table(*case_file("file-009"))
    assert table.hidden_rows == 1
    assert [row.is_hidden for row in table.rows] == [False, True]


def test_three_spellings_of_a_date_are_one_day():
    table = read_table(*case_file("file-012"))
    found = {cells.day(row.cells[2], **RANGE, since_1904=table.since_1904) for row in table.rows}
    assert found == {datetime.date(2026, 3, 5)}


def test_days_counted_from_1904_are_honoured():
    table = read_table(*case_file("file-013"))
    assert table.since_1904
    assert cells.day(table.rows[0].cells[2], **RANGE, since_1904=table.since_1904) == datetime.date(
        2026, 3, 5
    )


def test_duplicate_rows_keep_their_numbers():
    assert [row.number for row in read_table(*case_file("file-015")).rows] == [2, 3, 4]


def test_a_long_cell_spoils_its_own_row():
    table = read_table(*case_file("file-016"))
    with pytest.raises(cells.CellRefused) as caught:
        cells.text(table.rows[0].cells[0], 64)
    assert caught.value.code == "TEXT_TOO_LONG"
    assert cells.text(table.rows[1].cells[0], 64) == "李四"


def test_bad_bytes_spoil_their_own_line():
    rows = read_table(*case_file("file-030")).rows
    assert [(row.number, [fault.code for fault in row.faults]) for row in rows] == [
        (2, []),
        (3, ["BAD_BYTES"]),
    ]


def test_an_unclosed_quote_does_not_swallow_the_file():
    filename, content = case_file("file-032")
    rows = read_table(filename, content + '李四,139\n"王五",137\n'.encode()).rows
    assert [(row.number, row.cells[0], [f.code for f in row.faults]) for row in rows] == [
        (2, "张三\n二号", []),
        (4, '"未闭合,1', ["UNCLOSED_QUOTE"]),
        (5, "李四", []),
        (6, "王五", []),
    ]


def test_ragged_rows_are_told_by_line():
    rows = read_table(*case_file("file-033")).rows
    assert [(row.number, [fault.code for fault in row.faults]) for row in rows] == [
        (2, ["TOO_MANY_CELLS"]),
        (3, []),
    ]
    assert rows[1].cells == ["李四", None]


def test_too_many_shared_strings_are_refused():
    strings = "".join(f"<si><t>{n:x}</t></si>" for n in random.Random(1).sample(range(10**9), 5000))
    content = with_part(
        workbook(), "xl/sharedStrings.xml", lambda _: f"<sst>{strings}</sst>".encode()
    )
    assert refused(content, limits=Limits(max_strings=4000)) == "FILE_TOO_MANY_STRINGS"


def test_a_million_styled_empty_rows_are_an_empty_sheet():
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(1, 60_001))
    content = replaced("<sheetData>", f"<sheetData>{rows}</sheetData><!--")
    assert refused(content) == "FILE_UNSAFE"  # a comment could hide cells
    xml = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    content = with_part(workbook(), "xl/worksheets/sheet1.xml", lambda _: xml)
    assert refused(content, limits=Limits(max_ratio=1000)) == "SHEET_EMPTY"


def test_too_many_parts_are_refused():
    content = zipped({f"xl/worksheets/sheet{n}.xml": b"" for n in range(2_001)})
    assert refused(content) == "FILE_TOO_MANY_PARTS"


def test_external_links_and_connections_are_ignored():
    connection = b'<connections><connection id="1" dbPr="http://127.0.0.1:55432"/></connections>'
    content = with_part(workbook(), "xl/connections.xml", lambda _: connection)
    content = with_part(content, "xl/externalLinks/externalLink1.xml", lambda _: b"<externalLink/>")
    assert values("a.xlsx", content) == [["张三", "13800138000"]]


def test_names_of_files_are_fit_to_be_shown():
    hostile = CASES["file-048"]["recipe"].removeprefix("file name: ")
    assert clean_filename(hostile.encode().decode("unicode_escape").encode("latin1").decode()) == (
        "客户Set-Cookie_ a=b.xlsx"
    )
    long = clean_filename("长" * 255 + ".xlsx")
    assert len(long) == 100
    assert long.endswith("长.xlsx")
    assert clean_filename("../../etc/passwd") == "passwd"
    assert clean_filename("C:\\客户.csv") == "客户.csv"
    assert clean_filename("\u202e") == "file"
    assert clean_filename("a\u202excod.xlsx") == "axcod.xlsx"


def test_files_over_the_limit_are_refused_before_they_are_looked_at():
    assert refused(b"PK\x03\x04" + b"x" * 11 * 1024 * 1024) == "FILE_TOO_LARGE"
    assert refused(b" \n") == "FILE_EMPTY"


@pytest.mark.parametrize(
    ("content", "filename", "code"),
    [
        (zipped({"mimetype": b"x", "content.xml": b"<a/>"}), "a.ods", "FILE_ODS"),
        (zipped({"xl/workbook.bin": b"x"}), "a.xlsb", "FILE_BINARY_XLS"),
        (zipped({"word/document.xml": b"<a/>"}), "a.docx", "FILE_UNKNOWN"),
        (b"%PDF-1.7\n\x01", "a.pdf", "FILE_UNKNOWN"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.csv", "FILE_NUL_BYTES"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "FILE_ENCRYPTED"),
        (b"a,b\n1,\x002\n", "a.csv", "FILE_NUL_BYTES"),
        (b'<?xml version="1.0"?><Workbook/>', "a.xls", "FILE_IS_HTML"),
        ("姓名,电话\n".encode(), "a.xlsx", "FILE_IS_TEXT"),
        (with_part(workbook(), "xl/vbaProject.bin", lambda _: b"x"), "a.xlsm", "FILE_HAS_MACROS"),
        (with_part(workbook(), "/etc/passwd", lambda _: b"x"), "a.xlsx", "FILE_UNSAFE"),
        (with_part(workbook(), BOOK, lambda _: b"<a"), "a.xlsx", "FILE_DAMAGED"),
        (with_part(workbook(), BOOK, lambda _: EBCDIC), "a.xlsx", "FILE_UNSAFE"),
        (with_part(workbook(), BOOK, lambda _: "<a/>".encode("utf-16")), "a.xlsx", "FILE_UNSAFE"),
    ],
)  # fmt: skip
def test_what_is_no_spreadsheet_is_refused_by_its_content(content, filename, code):
    assert refused(content, filename) == code


def test_xlsm_without_macros_is_harmless():
    assert values("a.xlsm", workbook()) == [["张三", "13800138000"]]


def test_a_part_that_inflates_beyond_its_declared_size_is_counted_as_it_comes():
    """The real bytes count: the size that the zip declares of itself is a lie here."""
    bomb = bytearray(with_part(workbook(), "xl/media/a.xml", lambda _: b"<a>" + b" " * 3_000_000))
    info = zipfile.ZipFile(BytesIO(bomb)).getinfo("xl/media/a.xml")
    honest = info.file_size.to_bytes(4, "little")
    lied = bytes(bomb).replace(honest, (10).to_bytes(4, "little"))
    assert refused(bytes(bomb)) == "FILE_INFLATES"
    assert refused(lied) in ("FILE_INFLATES", "FILE_DAMAGED")
    assert refused(bytes(bomb), limits=Limits(max_ratio=10**6, max_inflated_bytes=10**6)) == (
        "FILE_INFLATES"
    )


def test_cells_without_references_and_with_prefixes_are_read():
    assert values("a.xlsx", with_rows("<row><c><v>7</v></c><c><v>8</v></c></row>"))[1] == [7, 8]
    assert values("a.xlsx", with_rows("<row r='3'><c r='A3'><v>7</v></c></row>"))[1] == [7, None]
    prefixed = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c>'
        b'</x:row><x:row r="2"><x:c r="A2"><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row>'
        b"</x:sheetData></x:worksheet>"
    )
    content = with_part(workbook(), "xl/worksheets/sheet1.xml", lambda _: prefixed)
    assert values("a.xlsx", content) == [[CellFault("FORMULA_CELL")]]


def test_numbers_dates_and_booleans_are_typed():
    def fill(book):
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        clock = book.add_format({"num_format": "hh:mm"})
        sheet.write_row(0, 0, list("abcdefg"))
        sheet.write_row(1, 0, [1, 1.5, True])
        sheet.write_datetime(1, 3, datetime.date(2026, 3, 5), day)
        sheet.write_datetime(1, 4, datetime.datetime(2026, 3, 5, 19, 40), time)  # noqa: DTZ001
        sheet.write_number(1, 5, 0.5, clock)
        sheet.write_number(1, 6, 123456789012345678)

    assert values("a.xlsx", workbook(fill)) == [
        [
            1,
            Decimal("1.5"),
            True,
            datetime.date(2026, 3, 5),
            datetime.datetime(2026, 3, 5, 19, 40),  # noqa: DTZ001
            "12:00:00",
            CellFault("DIGITS_LOST"),
        ]
    ]


def test_a_value_merged_down_stands_in_each_row_and_a_title_does_not_spread():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 1, "客户登记")
        sheet.write_row(1, 0, ["门店", "客户姓名"])
        sheet.merge_range(2, 0, 3, 0, "一店")
        sheet.write(2, 1, "张三")
        sheet.write(3, 1, "李四")

    table = read_table("a.xlsx", workbook(fill))
    assert table.headers == ["门店", "客户姓名"]
    assert [row.cells for row in table.rows] == [["一店", "张三"], ["一店", "李四"]]


def test_a_header_cell_merged_over_two_rows_keeps_its_text():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 1, 0, "门店")
        sheet.merge_range(0, 1, 0, 2, "客户")
        sheet.write_row(1, 1, ["姓名", "电话"])
        sheet.write_row(2, 0, ["一店", "张三", "13800138000"])

    assert read_table("a.xlsx", workbook(fill), columns=COLUMNS).headers == ["门店", "姓名", "电话"]


def test_sheets_are_found_by_name():
    def fill(book):
        for name in ("款式", "收发存", "空"):
            sheet = book.add_worksheet(name)
            if name != "空":
                sheet.write_row(0, 0, ["款号", name])
                sheet.write_row(1, 0, ["A1", 1])

    content = workbook(fill)
    assert list(read_workbook("a.xlsx", content)) == ["款式", "收发存"]
    assert read_table("a.xlsx", content, sheet="收发存").headers == ["款号", "收发存"]
    with pytest.raises(SheetRefused) as caught:
        read_table("a.xlsx", content, sheet="门店")
    assert caught.value.params == {"sheet": "门店", "found": "款式, 收发存, 空"}
    assert refused(content, sheet="空") == "SHEET_EMPTY"


@pytest.mark.parametrize("case_id", sorted(CASES))
def test_no_case_is_forgotten(case_id):
    """Recipes and photos have tests of their own here or where photos are taken in."""
    case = CASES[case_id]
    if case["kind"] == "file" and case["field"] == "import.file":
        filename, content = case_file(case_id)
        try:
            tables = read_workbook(filename, content)
        except SheetRefused:
            assert case["expect"] == "reject_file"
        else:
            assert case["expect"] != "reject_file"
            assert tables
