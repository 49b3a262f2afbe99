"""The company's own days, and the table that SQL counts with."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.models import AuditEntry, BusinessDay, DayOverride
from core.queries import business_calendar
from core.services.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    DayNotChanged,
    clear_day,
    rebuild_business_days,
    set_day,
)
from staff.states import Role
from tests.factories.staff import PersonFactory

NOW = datetime(2026, 3, 12, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
MONDAY = date(2026, 3, 16)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ops():
    if not BusinessDay.objects.exists():  # a test that flushes all tables ran before
        rebuild_business_days()
    return PersonFactory(role=Role.OPS_MANAGER)


def table_agrees() -> bool:
    rows = business_calendar().rows(FIRST_YEAR, LAST_YEAR)
    kept = BusinessDay.objects.order_by("day").values_list("day", "is_working", "name", "ordinal")
    return list(kept) == [tuple(row) for row in rows]


def test_a_fresh_table_holds_every_day_from_2000_to_2060(ops):
    assert BusinessDay.objects.count() == 22281
    assert table_agrees()


def test_set_day_moves_the_count_of_every_day_after_it(ops):
    before = BusinessDay.objects.get(day=date(2060, 12, 31)).ordinal
    set_day(day=MONDAY, is_working=False, name="盘点", by=ops, now=NOW)

    assert table_agrees()
    day = BusinessDay.objects.get(day=MONDAY)
    assert (day.is_working, day.name) == (False, "盘点")
    assert BusinessDay.objects.get(day=date(2060, 12, 31)).ordinal == before - 1
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.by, entry.detail["day"]) == ("day_set", ops, "2026-03-16")


def test_set_day_twice_keeps_one_override_with_the_last_word(ops):
    for name in ("盘点", "年会"):
        set_day(day=MONDAY, is_working=False, name=name, by=ops, now=NOW)
    assert DayOverride.objects.get().name == "年会"
    assert table_agrees()


def test_clear_day_lets_the_statutory_calendar_speak_again(ops):
    set_day(day=MONDAY, is_working=False, name="盘点", by=ops, now=NOW)
    clear_day(day=MONDAY, by=ops, now=NOW)
    assert not DayOverride.objects.exists()
    assert table_agrees()
    with pytest.raises(DayNotChanged) as refused:
        clear_day(day=MONDAY, by=ops, now=NOW)
    assert refused.value.codes == ("not_set",)


@pytest.mark.parametrize(
    ("day", "name", "code"),
    [
        (date(2026, 3, 11), "盘点", "day_is_past"),
        (date(2061, 1, 1), "盘点", "day_out_of_range"),
        (date(1999, 12, 31), "盘点", "day_out_of_range"),
        (MONDAY, "  ", "name_missing"),
    ],
)
def test_set_day_is_refused_in_words(ops, day, name, code):
    with pytest.raises(DayNotChanged) as refused:
        set_day(day=day, is_working=False, name=name, by=ops, now=NOW)
    assert refused.value.codes == (code,)
    assert "%" not in str(refused.value)
    assert not DayOverride.objects.exists()


def test_today_may_still_be_set(ops):
    set_day(day=date(2026, 3, 12), is_working=False, name="停电", by=ops, now=NOW)
    assert table_agrees()


def test_rebuilding_twice_changes_nothing_the_second_time(ops):
    set_day(day=MONDAY, is_working=False, name="盘点", by=ops, now=NOW)
    assert rebuild_business_days() == 0


def test_control_a_wrong_ordinal_is_found_and_mended(ops):
    BusinessDay.objects.filter(day=MONDAY).update(ordinal=1)
    assert not table_agrees()
    assert rebuild_business_days() == 1
    assert table_agrees()
