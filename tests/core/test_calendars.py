"""Working days, month steps (formulas 3.11) and lunar days."""

import datetime
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import lunar
from core.calendars import BusinessCalendar, add_months

CALENDAR = BusinessCalendar()


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2025-09-30", ["2025-10-09", "2025-10-10", "2025-10-11"]),
        ("2026-07-03", ["2026-07-06", "2026-07-07", "2026-07-08"]),
        ("2026-07-04", ["2026-07-06", "2026-07-07", "2026-07-08"]),
        ("2026-01-31", ["2026-02-02", "2026-02-03", "2026-02-04"]),
    ],
)
def test_working_days_after_a_purchase(start, expected):
    found = [CALENDAR.add_working_days(day(start), n) for n in (1, 2, 3)]
    assert found == [day(text) for text in expected]


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (
            "2024-02-29",
            (2, 4, 6, 8, 10, 12, 24, 36, 48, 60),
            "2024-04-29 2024-06-29 2024-08-29 2024-10-29 2024-12-29 2025-02-28 2026-02-28 "
            "2027-02-28 2028-02-29 2029-02-28",
        ),
        (
            "2025-12-31",
            (2, 4, 6, 8, 10, 12, 60),
            "2026-02-28 2026-04-30 2026-06-30 2026-08-31 2026-10-31 2026-12-31 2030-12-31",
        ),
        (
            "2026-05-18",
            (2, 4, 6, 8, 10, 12, 60),
            "2026-07-18 2026-09-18 2026-11-18 2027-01-18 2027-03-18 2027-05-18 2031-05-18",
        ),
        (
            "2026-08-31",
            (2, 4, 6, 8, 10, 12, 60),
            "2026-10-31 2026-12-31 2027-02-28 2027-04-30 2027-06-30 2027-08-31 2031-08-31",
        ),
        (
            "2026-01-31",
            range(1, 13),
            "2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30 2026-07-31 2026-08-31 "
            "2026-09-30 2026-10-31 2026-11-30 2026-12-31 2027-01-31",
        ),
    ],
)
def test_months_are_counted_from_the_anchor(start, months, expected):
    found = " ".join(str(add_months(day(start), n)) for n in months)
    assert found == expected


def test_months_keep_the_time_of_a_datetime_and_count_backwards():
    at = datetime.datetime(2026, 3, 31, 19, 40, tzinfo=datetime.UTC)
    assert add_months(at, -1) == datetime.datetime(2026, 2, 28, 19, 40, tzinfo=datetime.UTC)
    assert add_months(day("2026-01-15"), -1) == day("2025-12-15")


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(-600, 600))
def test_a_month_step_lands_in_its_month_and_never_later_in_it(start, n):
    found = add_months(start, n)
    assert found.year * 12 + found.month == start.year * 12 + start.month + n
    assert found.day <= start.day


def test_make_up_days_and_holidays_have_names():
    assert CALENDAR.is_working(day("2025-10-11"))
    assert CALENDAR.name(day("2025-10-11")) == "调休上班"
    assert CALENDAR.name(day("2025-10-01")) == "国庆节"
    assert CALENDAR.name(day("2026-07-01")) == CALENDAR.name(day("2026-07-04")) == ""
    assert not CALENDAR.is_working(day("2026-07-04"))


def test_overrides_win():
    shop = BusinessCalendar({day("2026-07-01"): (False, "盘点"), day("2026-07-04"): (True, "店庆")})
    assert shop.add_working_days(day("2026-06-30"), 1) == day("2026-07-02")
    assert shop.add_working_days(day("2026-07-03"), 1) == day("2026-07-04")
    assert shop.name(day("2026-07-01")) == "盘点"
    assert not shop.is_working(datetime.datetime(2026, 7, 1, 9, tzinfo=datetime.UTC))


def test_day_zero_and_counting_back():
    assert CALENDAR.add_working_days(day("2026-07-04"), 0) == day("2026-07-04")
    assert CALENDAR.add_working_days(day("2026-07-06"), -1) == day("2026-07-03")
    assert CALENDAR.working_days_between(day("2025-09-30"), day("2025-10-11")) == 3
    assert CALENDAR.working_days_between(day("2025-10-11"), day("2025-09-30")) == 0


def test_years_without_a_notice_are_provisional():
    assert [CALENDAR.is_provisional(year) for year in (2001, 2025, 2026, 2090)] == [
        False,
        False,
        False,
        True,
    ]
    assert not BusinessCalendar(confirmed_years={2090}).is_provisional(2090)


def test_the_table_answers_as_the_calendar_does():
    rows = list(CALENDAR.rows(2025, 2026))
    assert (rows[0].day, rows[-1].day) == (day("2025-01-01"), day("2026-12-31"))
    by_day = {row.day: row for row in rows}
    nth = {row.ordinal: row.day for row in rows if row.is_working}
    for start in rows[:400]:
        expected = CALENDAR.add_working_days(start.day, 3)
        assert nth[by_day[start.day].ordinal + 3] == expected
    assert by_day[day("2025-10-01")].name == "国庆节"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("农历8-15", lunar.LunarDay(8, 15)),
        ("农历八月十五", lunar.LunarDay(8, 15)),
        ("农历 ８－１５", lunar.LunarDay(8, 15)),
        ("农历闰六月初三", lunar.LunarDay(6, 3, True)),
        ("农历闰6-3", lunar.LunarDay(6, 3, True)),
        ("农历正月初一", lunar.LunarDay(1, 1)),
        ("阴历腊月三十", lunar.LunarDay(12, 30)),
        ("农历十一月廿三", lunar.LunarDay(11, 23)),
        ("农历二月初十", lunar.LunarDay(2, 10)),
        ("农历一九九〇年八月二十", lunar.LunarDay(8, 20, False, 1990)),
        ("农历1990-8-20", lunar.LunarDay(8, 20, False, 1990)),
    ],
)
def test_lunar_days_are_read(text, expected):
    assert lunar.parse(text) == expected
    assert lunar.parse(str(expected)) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("8-15", "LUNAR_UNREADABLE"),
        ("农历", "LUNAR_UNREADABLE"),
        ("农历八月", "LUNAR_UNREADABLE"),
        ("农历13-1", "LUNAR_NO_SUCH_DAY"),
        ("农历8-31", "LUNAR_NO_SUCH_DAY"),
        ("农历0-1", "LUNAR_NO_SUCH_DAY"),
    ],
)
def test_other_text_is_no_lunar_day(text, code):
    with pytest.raises(lunar.LunarRefused) as caught:
        lunar.parse(text)
    assert caught.value.code == code


def test_the_mid_autumn_birthday_in_three_years():
    assert [lunar.solar_on(year, 8, 15) for year in (2026, 2027, 2028)] == [
        day("2026-09-25"),
        day("2027-09-15"),
        day("2028-10-03"),
    ]


def test_a_missing_thirtieth_is_the_twenty_ninth_and_a_missing_leap_month_the_ordinary_one():
    assert lunar.solar_on(2025, 2, 30) == lunar.solar_on(2025, 2, 29)
    assert lunar.solar_on(2026, 6, 3, is_leap=True) == lunar.solar_on(2026, 6, 3)
    assert lunar.solar_on(2025, 6, 3, is_leap=True) == day("2025-07-27")


def test_lunar_years_outside_the_tables_are_refused():
    for arguments, code in [((1899, 1, 1), "LUNAR_YEAR"), ((2026, 13, 1), "LUNAR_NO_SUCH_DAY")]:
        with pytest.raises(lunar.LunarRefused) as caught:
            lunar.solar_on(*arguments)
        assert caught.value.code == code


def test_a_day_late_in_the_lunar_year_falls_into_the_next_solar_year():
    assert lunar.solar_dates_in(2026, 12, 15) == [day("2026-02-02")]
    assert {len(lunar.solar_dates_in(year, 12, 1)) for year in range(2000, 2040)} == {0, 1, 2}


@given(st.integers(1901, 2099), st.integers(1, 12), st.integers(1, 30), st.booleans())
def test_every_lunar_birthday_falls_somewhere_in_every_year(year, month, dayno, is_leap):
    assert 0 < (lunar.solar_on(year, month, dayno, is_leap) - date(year, 1, 1)).days < 410
