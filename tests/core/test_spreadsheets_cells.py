"""Typed readers: each bad date, amount and text, and the spellings people use."""

import datetime
import json
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spreadsheets import cells
from core.spreadsheets.cells import CellRefused
from core.spreadsheets.tables import CellFault

DATA = Path(__file__).parent.parent / "data" / "bad_inputs_text.json"
CASES = json.loads(DATA.read_text())["cases"]
DATES = [c for c in CASES if c["category"] == "date" and c["id"] != "date-019"]
MONEY = [c for c in CASES if c["category"] == "money" and c["id"] != "money-022"]
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
RANGE = {"earliest": datetime.date(2000, 1, 1), "latest": datetime.date(2036, 7, 1)}
BIRTHDAYS = {"earliest": datetime.date(1900, 1, 1), "latest": datetime.date(2026, 7, 1)}


def refused(reader, *arguments, **options):
    with pytest.raises(CellRefused) as caught:
        reader(*arguments, **options)
    assert str(caught.value)
    return caught.value.code


@pytest.mark.parametrize("case", DATES, ids=lambda case: case["id"])
def test_each_bad_date_holds(case):
    limits = BIRTHDAYS if case["field"] == "customer.birthday" else RANGE
    options = {**limits, "from_sheet": case["field"].startswith("import.")}
    if case["expect"].startswith("reject"):
        refused(cells.day, case["value"], **options)
        return
    found = cells.moment(case["value"], SHANGHAI, **options)
    assert found.day.isoformat() == case.get("normalized", found.day.isoformat())


def test_a_form_does_not_take_the_compact_date_or_a_serial():
    assert refused(cells.day, "20260305", **RANGE, from_sheet=False) == "DATE_INVALID"
    assert refused(cells.day, 46086, **RANGE, from_sheet=False) == "DATE_INVALID"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-3-5", "2026-03-05"),
        ("2026/03/05", "2026-03-05"),
        ("2026.3.5", "2026-03-05"),
        ("2026年3月5日", "2026-03-05"),
        ("２０２６年３月５日", "2026-03-05"),
        (" 2026-03-05 19:40:00 ", "2026-03-05"),
        (20260305, "2026-03-05"),
        (46086, "2026-03-05"),
        (Decimal("46086.75"), "2026-03-05"),
        (Decimal("44624.99999999"), "2022-03-04"),
        ("46086", "2026-03-05"),
        (datetime.date(2026, 3, 5), "2026-03-05"),
        ("2000-01-01", "2000-01-01"),
        ("2036-07-01", "2036-07-01"),
    ],
)
def test_dates_as_people_and_programs_write_them(cell, expected):
    assert cells.day(cell, **RANGE) == datetime.date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("3/5/26", "DATE_AMBIGUOUS"),
        ("03/05/2026", "DATE_AMBIGUOUS"),
        ("5-3-26", "DATE_AMBIGUOUS"),
        ("26.3.5", "DATE_YEAR"),
        ("26年3月5日", "DATE_YEAR"),
        ("2026-13-01", "DATE_INVALID"),
        ("2026-3/5", "DATE_INVALID"),
        ("2026-3", "DATE_INVALID"),
        ("#N/A", "ERROR_VALUE"),
        ("1999-12-31", "DATE_OUT_OF_RANGE"),
        ("2036-07-02", "DATE_OUT_OF_RANGE"),
        (260305, "DATE_OUT_OF_RANGE"),
        (True, "DATE_INVALID"),
        (2958466, "DATE_INVALID"),
        ("2026-03-05 25:00", "TIME_INVALID"),
        ("2026-03-05 19:61", "TIME_INVALID"),
        ("0001-01-01 00:00+14:00", "TIME_INVALID"),
        ("明天", "DATE_INVALID"),
        (CellFault("FORMULA_CELL"), "FORMULA_CELL"),
        ("2026-03-0５²", "DATE_INVALID"),
        ("٢٠٢٦-٠٣-٠٥", "DATE_INVALID"),
    ],
)
def test_dates_that_cannot_be_told(cell, code):
    assert refused(cells.day, cell, **RANGE) == code


@pytest.mark.parametrize("blank", [None, "", "  ", "\u3000"])
def test_blank_cells_are_none_unless_needed(blank):
    assert cells.day(blank, **RANGE) is None
    assert cells.integer(blank) is None
    assert cells.money(blank) is None
    assert cells.choice(blank, {"a": 1}) is None
    assert cells.text(blank, 5) == ""
    for reader in (cells.integer, cells.money):
        assert refused(reader, blank, needed=True) == "EMPTY"
    assert refused(cells.day, blank, **RANGE, needed=True) == "EMPTY"
    assert refused(cells.choice, blank, {"a": 1}, needed=True) == "EMPTY"
    assert refused(cells.text, blank, 5, needed=True) == "EMPTY"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-05-18 19:40", "2026-05-18T19:40:00+08:00"),
        ("2026年5月18日 19时40分", "2026-05-18T19:40:00+08:00"),
        ("2026/5/18 下午7:40", "2026-05-18T19:40:00+08:00"),
        ("2026-05-18 7:40 PM", "2026-05-18T19:40:00+08:00"),
        ("2026-05-18T11:40:00Z", "2026-05-18T19:40:00+08:00"),
        ("2026-03-05T23:59:59.999999+14:00", "2026-03-05T17:59:59+08:00"),
        (datetime.datetime(2026, 5, 18, 19, 40), "2026-05-18T19:40:00+08:00"),  # noqa: DTZ001
        (Decimal("46160.8194444444"), "2026-05-18T19:40:00+08:00"),
    ],
)
def test_moments_with_a_time(cell, expected):
    found = cells.moment(cell, SHANGHAI, **RANGE)
    assert found.at.astimezone(SHANGHAI).isoformat() == expected


@pytest.mark.parametrize(
    "cell",
    ["2026-05-18", "2026-05-18 00:00:00", datetime.datetime(2026, 5, 18), 46160],  # noqa: DTZ001
)
def test_moments_without_a_time(cell):
    found = cells.moment(cell, SHANGHAI, **RANGE)
    assert (found.day, found.at) == (datetime.date(2026, 5, 18), None)


def test_an_hour_that_comes_twice_is_the_first():
    found = cells.moment("2026-10-25T02:30:00", BERLIN, **RANGE)
    assert found.at.utcoffset() == datetime.timedelta(hours=2)


@given(st.dates(RANGE["earliest"], RANGE["latest"]))
def test_every_serial_is_its_day_in_both_epochs(day):
    assert cells.day((day - datetime.date(1899, 12, 30)).days, **RANGE) == day
    serial = (day - datetime.date(1904, 1, 1)).days
    assert cells.day(serial, **RANGE, since_1904=True) == day


@pytest.mark.parametrize("case", MONEY, ids=lambda case: case["id"])
def test_each_bad_amount_holds(case):
    if case["field"] == "stock.qty":
        assert refused(cells.integer, case["value"]) == "NOT_AN_INTEGER"
    elif case["expect"].startswith("reject"):
        refused(cells.money, case["value"], from_sheet=False)
    else:
        assert cells.money(case["value"], from_sheet=False) == Decimal(case["normalized"])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("¥1,234.50", "1234.50"),
        ("1234.5元", "1234.50"),
        ("0.30000000000000004", "0.30"),
        (Decimal("0.30000000000000004"), "0.30"),
        (86000, "86000.00"),
        ("9999999999.99", "9999999999.99"),
    ],
)
def test_amounts_from_sheets(cell, expected):
    amount = cells.money(cell)
    assert str(amount) == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1234.567", "MONEY_DECIMALS"),
        ("-1", "MONEY_NEGATIVE"),
        ("-0.00", "MONEY_NEGATIVE"),
        ("0", "MONEY_ZERO"),
        ("10000000000", "MONEY_TOO_LARGE"),
        ("12,34", "NOT_A_NUMBER"),
        ("1e5", "NOT_A_NUMBER"),
        ("١٢", "NOT_A_NUMBER"),
        (True, "NOT_A_NUMBER"),
        (datetime.date(2026, 1, 1), "NOT_A_NUMBER"),
        ("#VALUE!", "ERROR_VALUE"),
        (CellFault("DIGITS_LOST"), "DIGITS_LOST"),
        ("1" * 5000, "NOT_A_NUMBER"),
    ],
)
def test_amounts_that_are_refused(cell, code):
    assert refused(cells.money, cell) == code


def test_zero_and_negative_amounts_where_they_are_allowed():
    assert cells.money("0", allow_zero=True) == 0
    assert cells.money("-5", allow_negative=True) == Decimal("-5.00")


@pytest.mark.parametrize(
    ("cell", "expected"), [("3", 3), ("３", 3), (3, 3), ("3.0", 3), ("1,000", 1000), ("-2", -2)]
)
def test_whole_numbers(cell, expected):
    assert cells.integer(cell) == expected


def test_whole_numbers_that_are_refused():
    assert refused(cells.integer, "1.5") == "NOT_AN_INTEGER"
    assert refused(cells.integer, "3.0", from_sheet=False) == "NOT_AN_INTEGER"
    assert refused(cells.integer, "0", minimum=1) == "NUMBER_TOO_SMALL"
    assert refused(cells.integer, "9223372036854775808") == "NUMBER_TOO_LARGE"
    assert refused(cells.integer, "1_000") == "NOT_A_NUMBER"


def test_choices_forgive_width_case_and_blanks():
    grades = {"A": 1, "B1": 2, "先生": 3}
    assert cells.choice("ｂ１", grades) == 2
    assert cells.choice(" 先 生 ", grades) == 3
    assert refused(cells.choice, "E", grades) == "NOT_A_CHOICE"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("第一行\r\n第二行", "第一行\n第二行"),
        ("a\u200bb\x07c\ufeff", "abc"),
        ("𠮷野家", "𠮷野家"),
        (12, "12"),
        (Decimal("1.50"), "1.50"),
        (True, "TRUE"),
        (datetime.date(2026, 3, 5), "2026-03-05"),
        ("None", "None"),
        ("=1+1", "=1+1"),
    ],
)
def test_text_is_kept_as_it_is_seen(cell, expected):
    assert cells.text(cell, 64) == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("a\x00b", "TEXT_DAMAGED"),
        ("a" + chr(0xD800), "TEXT_DAMAGED"),
        ("a\ufffd", "TEXT_DAMAGED"),
        ("张" * 65, "TEXT_TOO_LONG"),
        ("张" * 10_000_000, "TEXT_TOO_LONG"),
        ("e" + "\u0301" * 4, "TEXT_COMBINING"),
        (CellFault("ERROR_VALUE"), "ERROR_VALUE"),
    ],
)
def test_text_that_is_refused(cell, code):
    assert refused(cells.text, cell, 64) == code


def test_phone_cells_split_join_and_drop_doubles():
    found = cells.phone_cells(
        "13800138000/13900139000", 13800138000, None, "１３７００１３７０００"
    )
    assert [phone.e164 for phone in found] == ["+8613800138000", "+8613900139000", "+8613700137000"]
    assert cells.phone_cells("1.3800138E+10", "13900139000.0")[0].e164 == "+8613800138000"
    assert cells.phone_cells(None, "") == ()
    assert refused(cells.phone_cells, "", needed=True) == "EMPTY"
    assert refused(cells.phone_cells, "1.38E+10") == "PHONE_DIGITS_LOST"
    assert refused(cells.phone_cells, "13800138000/张三") == "PHONE_CHARACTERS"
    assert refused(cells.phone_cells, "=13800138000+0") == "PHONE_FORMULA"
    assert refused(cells.phone_cells, CellFault("FORMULA_CELL")) == "FORMULA_CELL"


@given(st.one_of(st.text(max_size=30), st.integers(), st.decimals(allow_nan=False), st.booleans()))
def test_no_reader_raises_anything_else(cell):
    readers = [
        lambda: cells.text(cell, 20),
        lambda: cells.integer(cell),
        lambda: cells.money(cell),
        lambda: cells.day(cell, **RANGE),
        lambda: cells.choice(cell, {"a": 1}),
        lambda: cells.phone_cells(cell),
    ]
    for reader in readers:
        try:
            reader()
        except CellRefused:
            continue
