"""Files in: each bad file, and what an honest file may look like."""

import datetime
import random
import tracemalloc
import zipfile
from decimal import Decimal
from io import BytesIO

import pytest

from core.spreadsheets import cells
from core.spreadsheets.filenames import clean_filename
from core.spreadsheets.headers import Column
from core.spreadsheets.read import (
    AmbiguousEncoding,
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


@pytest.mark.parametrize(
    "xml",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="900000"><c r="B900000" t="str"><v>x</v></c></row>',
    ],
)
def test_what_lies_behind_a_long_gap_is_not_read(xml):
    """Control: without the cut the parser allocates every cell between and ends the process."""
    tracemalloc.start()
    assert values("a.xlsx", with_rows(xml)) == [["张三", "13800138000"]]
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "xml",
    [
        '<row r="3"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="3"><c s="1" r="XFD1048576"><v>1</v></c></row>',
        "<row r='3'><c r='XFD3'><v>1</v></c></row>",
        '<row r="3"><x:c xmlns:x="y" r="XFD1048576"><v>1</v></x:c></row>',
        '<row r="3"><c foo=">" r="XFD1048576"><v>1</v></c></row>',
        '<row r="3"><c r="A3" r="XFD1048576"><v>1</v></c></row>',
        '<row r="3"><c r="ZZZZ9999999999"><v>1</v></c></row>',
        '<row r="3"><c r="A0"><v>1</v></c></row>',
        '<row r="3"><c r=""><v>1</v></c></row>',
        '<!-- --><row r="3"><c r="A3"><v>1</v></c></row>',
        '<row r="3"><c r="A3"><v><![CDATA[1]]></v></c></row>',
        '<?x y?><row r="3"><c r="A3"><v>1</v></c></row>',
        '</sheetData><sheetData><row r="3"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="9999999"><c r="A9999999"><v>1</v></c></row>'
        '<row r="4"><c r="XFD4"><v>1</v></c></row>',
    ],
)
def test_cells_out_of_all_bounds_never_reach_the_parser(xml):
    """A reference past the sheet's end makes the parser abort the whole process."""
    try:
        table = read_table("a.xlsx", with_rows(xml))
    except SheetRefused:
        return
    assert [row.cells for row in table.rows] == [["张三", "13800138000"]]


def test_wide_long_and_large_sheets_are_refused_with_their_limit():
    with pytest.raises(SheetRefused) as caught:
        read_table("a.xlsx", with_rows('<row r="3"><c r="GS3"><v>1</v></c></row>'))
    assert (caught.value.code, caught.value.params) == ("SHEET_TOO_MANY_COLUMNS", {"limit": 200})
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(3, 120))
    assert refused(with_rows(rows), limits=Limits(max_rows=100)) == "SHEET_TOO_MANY_ROWS"
    assert refused(with_rows(rows), limits=Limits(max_cells=100)) == "SHEET_TOO_MANY_CELLS"
    lines = "a,b\n" + "1,2\n" * 200
    assert refused(lines.encode(), "a.csv", limits=Limits(max_rows=100)) == "SHEET_TOO_MANY_ROWS"
    assert refused(b"a" + b"," * 300, "a.csv") == "SHEET_TOO_MANY_COLUMNS"


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


CUSTOMERS = "客户姓名,电话,地址\n张三,13800138000,杭州市余杭区橡树湾\n𠮷野家,13900139000,€\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_text_is_read_in_the_encodings_people_have(encoding, line_end):
    content = CUSTOMERS.replace("\n", line_end).encode(encoding)
    assert values("客户.csv", content) == [
        ["张三", "13800138000", "杭州市余杭区橡树湾"],
        ["𠮷野家", "13900139000", "€"],
    ]


@pytest.mark.parametrize(
    ("delimiter", "filename"), [(",", "a.csv"), (";", "a.csv"), ("\t", "a.tsv"), ("\t", "a.csv")]
)
def test_delimiters_are_told_apart(delimiter, filename):
    content = f'姓名{delimiter}备注\n张三{delimiter}"a{delimiter}""b"", c"\n'.encode()
    assert values(filename, content) == [["张三", f'a{delimiter}"b", c']]


def test_excel_s_own_line_about_the_delimiter_is_obeyed():
    assert values("a.csv", b"sep=;\na;b\n1;2,3\n") == [["1", "2,3"]]


def test_big5_is_asked_about_with_previews_and_read_once_chosen():
    text = "姓名,電話,地址\n張曉明,13800138000,臺北市大安區復興南路\n陳淑芬,13900139000,高雄市\n"
    with pytest.raises(AmbiguousEncoding) as caught:
        read_table("a.csv", text.encode("big5"))
    previews = {candidate.encoding: candidate.preview for candidate in caught.value.candidates}
    assert previews["big5hkscs"][0] == "姓名,電話,地址"
    assert previews["gb18030"][0] != "姓名,電話,地址"
    assert values("a.csv", text.encode("big5"), encoding="big5")[0][0] == "張曉明"
    assert refused(b"a,b", "a.csv", encoding="klingon") == "ENCODING_UNKNOWN"


def test_a_rare_character_does_not_make_gbk_doubtful():
    content = (
        "姓名,地址\n朱镕,杭州市余杭区橡树湾三幢二单元\n张三,杭州市西湖区文三路八十八号\n".encode(
            "gbk"
        )
    )
    assert values("a.csv", content)[0][0] == "朱镕"


def test_lines_of_another_encoding_are_refused_and_never_garbled():
    head, gbk, utf8 = "姓名,地址\n张三,杭州\n", "李四,上海市\n", "王五,北京市\n"
    rows = read_table("a.csv", (head + utf8).encode() + gbk.encode("gbk")).rows
    assert [bool(row.faults) for row in rows] == [False, False, True]
    rows = read_table("a.csv", (head + gbk).encode("gbk") + utf8.encode()).rows
    assert [bool(row.faults) for row in rows] == [False, False, True]
    rows = read_table("a.csv", "姓名,地址\n张\ufffd,杭州\n李四,上海\n".encode()).rows
    assert [bool(row.faults) for row in rows] == [True, False]


def test_a_quote_that_opens_late_closes_nowhere_else():
    content = '姓名,备注\n张三,"5寸\n李四,"好"\n王五,5"管\n"赵六","a\nb"\n'.encode()
    rows = read_table("a.csv", content).rows
    assert [(row.number, bool(row.faults)) for row in rows] == [
        (2, True),
        (3, False),
        (4, False),
        (5, False),
    ]
    assert rows[3].cells == ["赵六", "a\nb"]


def test_empty_rows_end_a_text_file():
    content = b"a,b\n1,2\n" + b",\n" * 1_100 + b"3,4\n"
    assert values("a.csv", content) == [["1", "2"]]


def test_no_mutilated_workbook_gets_past_a_refusal():
    """Whatever is done to the bytes: a table or a refusal, never another exception."""
    chance, whole = random.Random(7), workbook()
    for _ in range(300):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        with_cut = (
            bytes(broken[: chance.randint(1, len(broken))])
            if chance.random() < 0.3
            else bytes(broken)
        )
        try:
            read_workbook("a.xlsx", with_cut)
        except SheetRefused:
            continue


def test_no_mutilated_sheet_gets_past_a_refusal():
    chance = random.Random(8)
    source = zipfile.ZipFile(BytesIO(workbook()))
    whole = source.read("xl/worksheets/sheet1.xml")
    pieces = [
        b"<c",
        b"<row",
        b"/>",
        b">",
        b'"',
        b" r=",
        b"A1",
        b"99",
        b"</c>",
        b"<v>",
        b"s",
        b"&",
        b"x:",
    ]
    for _ in range(300):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(broken))
            broken[at : at + chance.randint(0, 4)] = chance.choice(pieces)
        xml = bytes(broken)
        try:
            read_workbook(
                "a.xlsx", with_part(workbook(), "xl/worksheets/sheet1.xml", lambda _, xml=xml: xml)
            )
        except SheetRefused:
            continue


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


def test_an_endless_line_spoils_only_itself():
    content = b"a,b\n" + b'""' * 500_000 + b"\n1,2\n"
    rows = read_table("a.csv", content).rows
    assert [[fault.code for fault in row.faults] for row in rows] == [["LINE_TOO_LONG"], []]
