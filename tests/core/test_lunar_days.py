"""The lunar day of each day of the table, against the package that knows them."""

from datetime import date, timedelta

import pytest
from borax.calendars.lunardate import LunarDate

from core.lunar import lunar_days, solar_on
from core.models import BusinessDay
from core.services.calendar import rebuild_business_days

pytestmark = pytest.mark.django_db


def test_every_day_of_the_table_knows_its_lunar_day():
    rebuild_business_days()
    rows = BusinessDay.objects.order_by("day").values_list(
        "day", "lunar_year", "lunar_month", "lunar_day", "lunar_is_leap"
    )
    for day, *lunar in rows:
        moon = LunarDate.from_solar(day)
        assert lunar == [moon.year, moon.month, moon.day, bool(moon.leap)], day


def test_rebuilding_mends_a_table_that_knew_no_lunar_days():
    BusinessDay.objects.update(lunar_year=None, lunar_month=None, lunar_day=None)
    rebuild_business_days()
    assert not BusinessDay.objects.filter(lunar_day=None).exists()


def test_each_day_leads_back_to_itself():
    first = date(2024, 1, 1)
    days = dict(lunar_days(first, first + timedelta(days=6200)))
    assert len(days) == 6201
    for day, moon in days.items():
        assert solar_on(moon.year, moon.month, moon.day, moon.is_leap) == day


@pytest.mark.parametrize(
    ("year", "day"), [(2026, "2026-09-25"), (2027, "2027-09-15"), (2028, "2028-10-03")]
)
def test_mid_autumn(year, day):
    assert BusinessDay.objects.get(
        lunar_year=year, lunar_month=8, lunar_day=15, lunar_is_leap=False
    ).day == date.fromisoformat(day)
