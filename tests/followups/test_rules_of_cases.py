"""The clock of a service case, by the calendar of 2026 (AFT-21, AFT-22)."""

from datetime import date, timedelta

import pytest

from core.calendars import BusinessCalendar
from followups import rules
from followups.states import CaseKind, CaseState
from tests.followups.build import at

CALENDAR = BusinessCalendar()


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("kind", "days"),
    [("problem", 3), ("complaint", 3), ("repair", 3), ("return", 3), ("need", 2)],
)
def test_a_need_is_met_sooner_than_a_problem_is_solved(kind, days):
    assert rules.working_days_of(kind=CaseKind(kind), problem_days=3, need_days=2) == days


@pytest.mark.parametrize(
    ("opened", "days", "due"),
    [
        ("2026-07-03", 3, "2026-07-08"),  # Friday: Mon, Tue, Wed
        ("2026-07-03", 2, "2026-07-07"),
        ("2026-07-06", 3, "2026-07-09"),  # Monday: the day itself is not counted
        ("2026-07-04", 3, "2026-07-08"),  # Saturday
        ("2026-07-05", 3, "2026-07-08"),  # Sunday
        ("2026-02-13", 3, "2026-02-25"),  # Spring festival; Sat 14 makes up for it: 14, 24, 25
        ("2026-02-27", 2, "2026-03-02"),  # Sat 28 is worked: 28, Mon 2
        ("2026-09-30", 3, "2026-10-10"),  # national holidays: 8, 9, and Sat 10 is worked
    ],
)
def test_the_clock_ends_after_so_many_working_days(opened, days, due):
    found = rules.due_day(
        opened_on=day(opened), days=days, add_working_days=CALENDAR.add_working_days
    )
    assert found == day(due)


@pytest.mark.parametrize(
    ("due", "paused", "resumed", "then"),
    [
        ("2026-07-08", "2026-07-06", "2026-07-06", "2026-07-08"),
        ("2026-07-08", "2026-07-06", "2026-07-08", "2026-07-10"),
        ("2026-07-08", "2026-07-03", "2026-07-05", "2026-07-08"),  # a weekend only
        ("2026-07-08", "2026-07-03", "2026-07-06", "2026-07-09"),
        ("2026-07-08", "2026-07-08", "2026-07-08", "2026-07-08"),  # its last day, not a day gone
        ("2026-07-08", "2026-07-08", "2026-07-11", "2026-07-13"),  # given back on a working day
        ("2026-07-08", "2026-07-08", "2026-07-10", "2026-07-10"),
        ("2026-07-08", "2026-07-09", "2026-07-13", "2026-07-10"),  # late before, late after
        ("2026-02-25", "2026-02-13", "2026-02-24", "2026-02-27"),  # Sat 14 and Tue 24 were worked
        ("2026-09-30", "2026-09-28", "2026-10-08", "2026-10-10"),  # 29, 30, 8 → 8, 9, Sat 10
    ],
)
def test_the_working_days_of_a_pause_come_on_top(due, paused, resumed, then):
    found = rules.due_after_pause(
        due_on=day(due),
        paused_on=day(paused),
        resumed_on=day(resumed),
        add_working_days=CALENDAR.add_working_days,
        working_days_between=CALENDAR.working_days_between,
    )
    assert found == day(then)


DUE = at("2026-07-09 00:00")


@pytest.mark.parametrize(
    ("state", "paused", "now", "is_late"),
    [
        (CaseState.OPEN, None, DUE, False),
        (CaseState.OPEN, None, DUE + timedelta(seconds=1), True),
        (CaseState.PAUSED, DUE - timedelta(hours=1), DUE + timedelta(days=9), False),
        (CaseState.PAUSED, DUE + timedelta(hours=1), DUE + timedelta(days=9), True),
        (CaseState.SOLVED, None, DUE + timedelta(days=9), False),
        (CaseState.VOIDED, None, DUE + timedelta(days=9), False),
    ],
)
def test_late_is_a_comparison_and_a_clock_that_rests_does_not_run_out(state, paused, now, is_late):
    assert rules.is_late(due_at=DUE, state=state, paused_at=paused, now=now) is is_late


@pytest.mark.parametrize(
    ("solved", "times", "is_in_time"),
    [
        (None, 0, False),
        (DUE, 0, True),
        (DUE + timedelta(seconds=1), 0, False),
        (DUE, 1, False),
    ],
)
def test_in_time_is_within_the_clock_and_at_the_first_go(solved, times, is_in_time):
    found = rules.is_in_time(due_at=DUE, solved_at=solved, times_reopened=times)
    assert found is is_in_time


@pytest.mark.parametrize(("points", "is_reopened"), [(1, True), (2, True), (3, False), (5, False)])
def test_one_or_two_points_open_the_case_again(points, is_reopened):
    assert rules.is_reopened_by(satisfaction=points) is is_reopened


def codes(blockers):
    return [blocker.code for blocker in blockers]


def test_nobody_decides_on_what_is_said_about_them():
    found = rules.act_blockers(
        state=CaseState.OPEN, wanted=(CaseState.OPEN,), is_about=True, text=""
    )
    assert codes(found) == ["case_is_about_you", "words_missing"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"is_own": True, "minutes": 10}, []),
        ({"is_own": True, "minutes": 11}, ["void_too_late"]),
        ({"is_own": False, "minutes": 1}, ["not_yours_to_void"]),
        ({"is_manager": True, "minutes": 99999}, []),
        ({"is_manager": True, "minutes": 1, "is_about": True}, ["case_is_about_you"]),
        ({"is_manager": True, "minutes": 1, "reason": " "}, ["reason_missing"]),
        ({"is_manager": True, "minutes": 1, "state": CaseState.VOIDED}, ["case_is_void"]),
    ],
)
def test_who_opened_a_case_takes_it_back_within_ten_minutes_and_a_manager_ever(said, found):
    minutes = said.pop("minutes")
    facts = {"state": CaseState.OPEN, "is_own": False, "is_manager": False, "is_about": False}
    blockers = rules.void_case_blockers(
        **{**facts, "reason": "wrong card", **said},
        opened_at=DUE,
        now=DUE + timedelta(minutes=minutes),
    )
    assert codes(blockers) == found
