"""Birthdays as the card says them: like other days, lunar ones in words."""

import pytest
from django.utils import translation

from customers.models import Customer
from desk.card import birthday_of


@pytest.mark.parametrize(
    ("year", "month", "day", "lunar", "leap", "zh", "en"),
    [
        (None, 8, 15, True, False, "农历八月十五", "lunar 8-15"),
        (1963, 4, 16, True, False, "农历1963年四月十六", "lunar 1963-4-16"),
        (None, 6, 3, True, True, "农历闰六月初三", "lunar, leap month 6-3"),
        (None, 12, 30, True, False, "农历腊月三十", "lunar 12-30"),
        (None, 11, 20, True, False, "农历冬月二十", "lunar 11-20"),
        (None, 1, 10, True, False, "农历正月初十", "lunar 1-10"),
        (None, 1, 29, True, False, "农历正月廿九", "lunar 1-29"),
        (1988, 5, 1, False, False, "1988年5月1日", "1 May 1988"),
        (None, 2, 29, False, False, "2月29日", "29 Feb"),
        (None, None, None, False, False, "", ""),
    ],
)
def test_a_birthday_is_said_as_people_say_it(year, month, day, lunar, leap, zh, en):
    who = Customer(
        birth_year=year, birth_month=month, birth_day=day, birth_is_lunar=lunar,
        birth_is_leap_month=leap,
    )  # fmt: skip
    for language, words in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert birthday_of(who) == words
