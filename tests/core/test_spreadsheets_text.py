"""CSV and TSV in: encodings, delimiters, quotes."""

import pytest

from core.spreadsheets.read import AmbiguousEncoding, SheetRefused, read_table


def refused(content, filename="a.csv", **options):
    with pytest.raises(SheetRefused) as caught:
        read_table(filename, content, **options)
    return caught.value.code


def values(filename, content, **options):
    return [row.cells for row in read_table(filename, content, **options).rows]


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


def test_an_endless_line_spoils_only_itself():
    content = b"a,b\n" + b'""' * 500_000 + b"\n1,2\n"
    rows = read_table("a.csv", content).rows
    assert [[fault.code for fault in row.faults] for row in rows] == [["LINE_TOO_LONG"], []]
