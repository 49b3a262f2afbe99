"""Workbooks made to harm: nothing out of bounds, nothing mutilated reaches the parser."""

import random
import tracemalloc
import zipfile
from io import BytesIO

import pytest

from core.spreadsheets.read import Limits, SheetRefused, read_table, read_workbook
from tests.core.spreadsheet_files import with_part, with_rows, workbook


def refused(content, filename="a.xlsx", **options):
    with pytest.raises(SheetRefused) as caught:
        read_table(filename, content, **options)
    return caught.value.code


def values(filename, content):
    return [row.cells for row in read_table(filename, content).rows]


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
