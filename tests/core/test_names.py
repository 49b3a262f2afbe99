"""Names: each bad input, comparison and pinyin."""

import json
import urllib.parse
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.names import NameRefused, clean_name, comparison_key, pinyin, search_text

DATA = Path(__file__).parent.parent / "data" / "bad_inputs_text.json"
CASES = [c for c in json.loads(DATA.read_text())["cases"] if c["category"] == "name"]


def name_of(case):
    """The name as it reaches us: the web layer has decoded the body, replacing what it cannot."""
    if case["kind"] == "recipe":
        return "张" * 1_000_000
    if case["id"] == "name-032":
        return "张\ud800"
    if case["id"] == "name-034":
        return urllib.parse.unquote("%C5%C5%FD%FE", errors="replace")
    return case["value"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_each_bad_input_holds(case):
    name = name_of(case)
    if case["expect"].startswith(("reject", "http")):
        with pytest.raises(NameRefused) as caught:
            clean_name(name)
        assert str(caught.value)
    elif case["expect"] == "accept_verbatim":
        assert clean_name(name) == name
    else:
        assert clean_name(name) == name.replace("\r", "")


def test_the_cases_are_all_there():
    assert len(CASES) == 26


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  张三　", "张三"),
        ("张\u200b三", "张三"),
        ("张\u200d三", "张三"),
        ("张\u202e三", "张三"),
        ("张三\n李四", "张三 李四"),
        ("e\u0301\u0301\u0301", "e\u0301\u0301\u0301"),
        ("𠮷" * 64, "𠮷" * 64),
    ],
)
def test_invisible_characters_are_dropped(typed, kept):
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "NAME_EMPTY"),
        (" \u3000\u200b", "NAME_EMPTY"),
        ("\u3164", "NAME_EMPTY"),
        ("张\x00三", "TEXT_DAMAGED"),
        ("张" * 65, "TEXT_TOO_LONG"),
        ("e\u0301\u0301\u0301\u0301", "TEXT_COMBINING"),
    ],
)
def test_refusals_say_why(typed, code):
    with pytest.raises(NameRefused) as caught:
        clean_name(typed)
    assert caught.value.code == code


def test_dots_kangxi_radicals_width_and_case_do_not_part_two_spellings():
    dots = "·•・･‧"
    assert len({comparison_key(f"阿卜杜拉{dot}买买提") for dot in dots}) == 1
    assert comparison_key("⾦先生") == comparison_key("金先生")
    assert comparison_key("Ｌee Ｗei") == comparison_key("lee wei")
    assert comparison_key("张三") != comparison_key("张四")


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("张伟", ("zhangwei",), ("zw",)),
        ("单伟", ("shanwei", "danwei"), ("sw", "dw")),
        ("仇小明", ("qiuxiaoming", "chouxiaoming"), ("qxm", "cxm")),
        ("区小姐", ("ouxiaojie", "quxiaojie"), ("oxj", "qxj")),
        ("解先生", ("xiexiansheng", "jiexiansheng"), ("xxs", "jxs")),
        ("曾先生", ("zengxiansheng", "cengxiansheng"), ("zxs", "cxs")),
        ("尉迟恭", ("yuchigong",), ("ycg",)),
        ("吕布", ("lvbu", "lubu"), ("lb",)),
        ("O'Brien-Nuñez", ("obriennuñez",), ("obn",)),
        ("张A", ("zhanga",), ("za",)),
        ("%", (), ()),
        ("", (), ()),
    ],
)
def test_both_readings_of_a_surname_are_found(name, full, initials):
    keys = pinyin(name)
    assert set(full) <= set(keys.full)
    assert set(initials) <= set(keys.initials)
    assert keys.full[:1] == full[:1]


def test_the_search_text_holds_names_pinyin_and_initials():
    words = search_text("单伟", "王芳").split()
    assert words == [
        "单伟", "shanwei", "danwei", "sw", "dw", "伟", "王芳", "wangfang", "wf", "芳",
    ]  # fmt: skip
    assert search_text("⾦ Lee").split()[:2] == ["⾦", "lee"]
    assert "金lee" in search_text("⾦ Lee")


def test_a_given_name_begins_a_word_of_the_search_text():
    assert {"许文博", "文博", "博"} <= set(search_text("许文博").split())
    assert "买买提" in search_text("阿卜杜拉·买买提").split()
    assert "绿城置业" in search_text("郑州绿城置业").split()


@given(st.text(max_size=80))
def test_any_text_is_a_name_or_a_refusal(text):
    try:
        name = clean_name(text)
    except NameRefused:
        return
    assert clean_name(name) == name
    name.encode()
    assert comparison_key(comparison_key(name)) == comparison_key(name)
    assert comparison_key(name) in search_text(name).split()
