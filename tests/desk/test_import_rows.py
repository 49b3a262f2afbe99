"""Reading one row: each kind of cell, and everything wrong with it told at once."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from core.spreadsheets.tables import CellFault, Row
from desk.imports.birthdays import BirthdayRefused, birthday
from desk.imports.columns import KEYS
from desk.imports.directory import Directory, Somebody
from desk.imports.rows import Sheet, read_row
from desk.imports.wording import MESSAGES
from desk.imports.words import grade_letter

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
LIN = Somebody(id=5, name="小林", can_keep=True)
GONE = Somebody(id=6, name="老周", can_keep=False)
TWINS = [Somebody(id=n, name="张伟", can_keep=True) for n in (7, 8)]
HOUSE = Directory(
    people={"lin": LIN, "zhou": GONE},
    namesakes={"小林": [LIN], "张伟": TWINS},
    stores={"hz01": 1, "杭州一店": 1, "nyc": 2},
    store_names={1: "杭州一店", 2: "New York"},
    zones={1: SHANGHAI, 2: ZoneInfo("America/New_York")},
)


def read(**cells):
    row = {"name": "王建国", "phone": "13800138001", **cells}
    keys = [key for key in KEYS if key in row]
    sheet = Sheet(
        columns={key: index for index, key in enumerate(keys)},
        directory=HOUSE,
        now=NOW,
        zone=SHANGHAI,
    )
    return read_row(Row(2, [row[key] for key in keys]), sheet)


def refused(**cells) -> list[tuple[str, str]]:
    return [(remark.column, remark.code) for remark in read(**cells).refusals]


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("19:00-21:00", ("19:00", "21:00")),
        ("9：30—18：00", ("09:30", "18:00")),
        ("9点到18点半", ("09:00", "18:30")),
        ("9点30分 至 12点", ("09:30", "12:00")),
        ("9-18", ("09:00", "18:00")),
        ("", None),
    ],
)
def test_contact_hours_as_people_write_them(cell, hours):
    found = read(contact_hours=cell).row.card.get("contact_hours")
    told = found and tuple(f"{found[end]:%H:%M}" for end in ("contact_from", "contact_until"))
    assert told == hours


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("晚上", "hours_unreadable"),
        ("19:00", "hours_unreadable"),
        ("19:70-21:00", "hours_unreadable"),
        ("9:00-24:00", "hours_unreadable"),
        (date(2026, 3, 5), "hours_unreadable"),
        ("21:00-19:00", "hours_not_in_order"),
        ("19:00-19:00", "hours_not_in_order"),
    ],
)
def test_hours_that_are_none_are_refused_in_words(cell, code):
    assert refused(contact_hours=cell) == [("contact_hours", code)]
    assert MESSAGES[code]


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("13800138001", ["+8613800138001"]),
        (13800138001, ["+8613800138001"]),
        ("13800138001.0", ["+8613800138001"]),
        (Decimal("13800138001"), ["+8613800138001"]),
        ("1.3800138001E+10", ["+8613800138001"]),
        ("13800138001/13900139000", ["+8613800138001", "+8613900139000"]),
        ("13800138001、13900139000；无", ["+8613800138001", "+8613900139000"]),
        ("138 0013 8001 13800138001", ["+8613800138001"]),
        ("0571-88888888转8001", ["+8657188888888;ext=8001"]),
    ],
)
def test_numbers_as_sheets_spell_them(cell, numbers):
    assert [phone.e164 for phone in read(phone=cell).row.phones] == numbers


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1.38E+10", "PHONE_DIGITS_LOST"),
        ("1380013800", "PHONE_LENGTH"),
        ("=13800138000+0", "PHONE_FORMULA"),
        ("138****8001", "PHONE_MASKED"),
        ("无", "no_way_to_reach"),
        ("   ", "no_way_to_reach"),
        (None, "no_way_to_reach"),
        (CellFault("FORMULA_CELL"), "FORMULA_CELL"),
    ],
)
def test_numbers_that_cannot_be_kept(cell, code):
    assert refused(phone=cell) == [("phone", code)]


def test_a_wechat_id_stands_for_a_number():
    assert read(phone=None, wechat="wang_1985").row.wechat == "wang_1985"


def test_all_that_is_wrong_with_a_row_is_told_at_once():
    wrong = refused(name="", phone="12", grade="E", store="XX", delivered_at="26.3.5")
    assert set(wrong) == {
        ("store", "store_unknown"),
        ("name", "NAME_EMPTY"),
        ("phone", "PHONE_LENGTH"),
        ("grade", "grade_unknown"),
        ("delivered_at", "DATE_YEAR"),
    }


@pytest.mark.parametrize(
    "cell", ["3/5/26", "26.3.5", "-1", "2958466", "1e400", "#N/A", "2026-02-29"]
)
def test_days_that_cannot_be_told(cell):
    assert [column for column, _code in refused(delivered_at=cell)] == ["delivered_at"]


def test_a_delivery_has_its_hour_in_the_zone_of_the_rows_store():
    product = read(product="X", delivered_at="2026-05-18 19:40", store="NYC").row.product
    assert product.delivered_at == datetime(2026, 5, 18, 19, 40, tzinfo=HOUSE.zones[2])
    assert product.delivered_on == date(2026, 5, 18)
    assert read(product="X", delivered_at="2026-05-18").row.product.delivered_at is None


def test_what_has_not_happened_yet_is_refused():
    assert refused(product="X", delivered_at="2026-11-22") == [
        ("delivered_at", "delivered_in_future")
    ]
    assert refused(product="X", purchased_on="2026-11-22") == [
        ("purchased_on", "purchased_in_future")
    ]
    assert refused(product="X", purchased_on="2026-05-02", delivered_at="2026-05-01") == [
        ("delivered_at", "delivered_before_purchase")
    ]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("7天内", {"expected_purchase": "week", "expected_on": None}),
        ("within 3 months", {"expected_purchase": "quarter", "expected_on": None}),
        ("3月", {"expected_purchase": "quarter", "expected_on": None}),
        ("2026-12-31", {"expected_purchase": "", "expected_on": date(2026, 12, 31)}),
    ],
)
def test_expected_purchase_is_a_word_or_a_day(cell, expected):
    assert read(expected_purchase=cell).row.card["expected_purchase"] == expected


def test_people_and_stores_are_found_by_code_and_by_unambiguous_name():
    assert read(owner="LIN", store="hz01").row.card["owner"] == {"owner_id": 5}
    assert read(owner="小林", store="杭州一店").row.card["store"] == {"store_id": 1}
    assert refused(owner="张伟") == [("owner", "owner_ambiguous")]
    assert refused(owner="zhou") == [("owner", "owner_cannot_keep")]
    assert refused(owner="ghost") == [("owner", "owner_unknown")]


def test_a_formula_in_any_column_refuses_the_row():
    for key in KEYS:
        assert (key, "FORMULA_CELL") in refused(**{key: CellFault("FORMULA_CELL", {"a": 1})})


def test_the_referrer_is_a_number_or_a_name_and_numbers_in_names_are_masked():
    assert read(referrer="13800138002").row.referrer.e164 == "+8613800138002"
    assert read(referrer="王姐").row.referrer == "王姐"
    assert read(referrer="王姐 13800138002").row.referrer == "王姐 138****8002"
    assert refused(referrer="12345") == [("referrer", "PHONE_LENGTH")]


@pytest.mark.parametrize(
    ("day", "on", "said"),
    [
        ("2026-12-01", date(2026, 12, 1), []),
        ("2026-11-14", date(2026, 11, 14), []),
        ("2026-11-13", None, ["next_contact_is_past"]),
    ],
)
def test_a_next_contact_of_the_last_week_still_counts(day, on, said):
    found = read(next_contact_on=day, next_step="call")
    assert found.row.next_on == on
    assert [remark.code for remark in found.warnings] == said


def test_a_next_contact_beyond_a_year_is_refused():
    assert refused(next_contact_on="2027-11-23") == [("next_contact_on", "next_day_is_too_far")]


@pytest.mark.parametrize(
    ("cell", "year", "month", "day", "lunar", "leap"),
    [
        ("1985-08-15", 1985, 8, 15, False, False),
        ("8-15", None, 8, 15, False, False),
        ("8月15日", None, 8, 15, False, False),
        (Decimal("8.15"), None, 8, 15, False, False),
        (date(2026, 8, 15), None, 8, 15, False, False),  # Excel's own year behind a bare 8-15
        (date(1991, 4, 14), 1991, 4, 14, False, False),
        ("农历8-15", None, 8, 15, True, False),
        ("农历八月十五", None, 8, 15, True, False),
        ("农历闰六月初三", None, 6, 3, True, True),
        ("2-29", None, 2, 29, False, False),
    ],
)
def test_birthdays(cell, year, month, day, lunar, leap):
    found = birthday(cell, today=NOW.date())
    assert found.get("birth_year") == year
    assert (found["birth_month"], found["birth_day"]) == (month, day)
    assert (found["birth_is_lunar"], found["birth_is_leap_month"]) == (lunar, leap)


@pytest.mark.parametrize("cell", ["13-1", "2-30", "昨天"])
def test_birthdays_that_no_year_has(cell):
    with pytest.raises(BirthdayRefused):
        birthday(cell, today=NOW.date())


@pytest.mark.parametrize(
    ("text", "letter"),
    [("A", "A"), ("b1 ", "B1"), ("Ｃ级", "C"), ("D类", "D"), ("B3", ""), ("优", "")],
)
def test_grades_as_people_write_them(text, letter):
    assert grade_letter(text) == letter
