"""Dates, times and amounts in both languages, as they are shown and as they may be typed."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.utils import translation
from django.utils.formats import date_format, get_format, number_format, time_format

LANGUAGES = ["zh-hans", "en"]
AT = datetime(2026, 3, 5, 19, 40)  # noqa: DTZ001 the wall clock, as templates see it


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("zh-hans", "DATE_FORMAT", "2026年3月5日"),
        ("zh-hans", "DATETIME_FORMAT", "2026年3月5日 19:40"),
        ("zh-hans", "MONTH_DAY_FORMAT", "3月5日"),
        ("zh-hans", "YEAR_MONTH_FORMAT", "2026年3月"),
        ("zh-hans", "SHORT_DATE_FORMAT", "2026-03-05"),
        ("en", "DATE_FORMAT", "5 Mar 2026"),
        ("en", "DATETIME_FORMAT", "5 Mar 2026 19:40"),
        ("en", "MONTH_DAY_FORMAT", "5 Mar"),
        ("en", "SHORT_DATE_FORMAT", "2026-03-05"),
    ],
)
def test_a_moment_is_written_as_the_language_writes_it(language, name, text):
    with translation.override(language):
        assert date_format(AT, name) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_has_24_hours_and_a_week_begins_on_monday(language):
    with translation.override(language):
        assert time_format(AT.time()) == "19:40"
        assert get_format("FIRST_DAY_OF_WEEK") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_amounts_are_grouped_by_three(language):
    with translation.override(language):
        assert number_format(Decimal("12800"), 2, force_grouping=True) == "12,800.00"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "typed", ["2026-03-05", "2026-3-5", "2026.3.5", "2026/3/5", "2026年3月5日"]
)
def test_a_day_may_be_typed_as_people_write_it(language, typed):
    with translation.override(language):
        assert forms.DateField().clean(typed) == date(2026, 3, 5)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["03/05/2026", "26-3-5", "5.3.2026", "2026-13-1", "3月5日"])
def test_a_day_that_can_be_read_in_two_ways_is_refused(language, typed):
    with translation.override(language), pytest.raises(forms.ValidationError):
        forms.DateField().clean(typed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_moment_may_be_typed_with_a_chinese_day(language):
    with translation.override(language):
        read = forms.DateTimeField().clean("2026年3月5日 19:40")
    assert read.replace(tzinfo=None) == AT
