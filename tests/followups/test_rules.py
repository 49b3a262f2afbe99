"""Dates of care, the cadence and the order of a day, held against the worked tables."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.calendars import BusinessCalendar
from followups import rules
from followups.rules import Anchored, Cadence, Care, Kind, StepSpec
from followups.states import Anchor, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING = BusinessCalendar().add_working_days

LETTER = StepSpec(code="letter", anchor=Anchor.DELIVERY, offset=24, unit=Unit.HOURS)
WEEK = StepSpec(code="7d", anchor=Anchor.DELIVERY, offset=7, unit=Unit.DAYS, ahead_days=4)
TWO_MONTHS = StepSpec(
    code="2m", anchor=Anchor.DELIVERY, offset=2, unit=Unit.MONTHS, every=2, times=30
)
YEARS = StepSpec(code="12m", anchor=Anchor.DELIVERY, offset=12, unit=Unit.MONTHS, every=12, times=5)
MONTHLY = StepSpec(code="m", anchor=Anchor.DELIVERY, offset=1, unit=Unit.MONTHS, every=1, times=12)
THREE_WORKING = StepSpec(
    code="3wd", anchor=Anchor.DELIVERY, offset=3, unit=Unit.WORKING_DAYS, ahead_days=3
)
DAYS = {"A": 7, "B1": 5, "C1": 90, "C2": 30}


def days(step: StepSpec, delivered: date, at: datetime | None = None) -> list[date]:
    anchored = Anchored(on=delivered, at=at, noted_on=delivered)
    dues = rules.occurrences(step=step, anchored=anchored, zone=SHANGHAI, add_working_days=WORKING)
    return [due.on for due in dues]


def iso(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    ("delivered", "week", "first_six", "years"),
    [
        (
            "2024-02-29",
            "2024-03-07",
            ["2024-04-29", "2024-06-29", "2024-08-29", "2024-10-29", "2024-12-29", "2025-02-28"],
            ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"],
        ),
        (
            "2025-12-31",
            "2026-01-07",
            ["2026-02-28", "2026-04-30", "2026-06-30", "2026-08-31", "2026-10-31", "2026-12-31"],
            ["2026-12-31", "2027-12-31", "2028-12-31", "2029-12-31", "2030-12-31"],
        ),
        (
            "2026-05-18",
            "2026-05-25",
            ["2026-07-18", "2026-09-18", "2026-11-18", "2027-01-18", "2027-03-18", "2027-05-18"],
            ["2027-05-18", "2028-05-18", "2029-05-18", "2030-05-18", "2031-05-18"],
        ),
        (
            "2026-08-31",
            "2026-09-07",
            ["2026-10-31", "2026-12-31", "2027-02-28", "2027-04-30", "2027-06-30", "2027-08-31"],
            ["2027-08-31", "2028-08-31", "2029-08-31", "2030-08-31", "2031-08-31"],
        ),
    ],
)
def test_dealer_plan_counts_every_date_from_the_delivery_itself(delivered, week, first_six, years):
    day = date.fromisoformat(delivered)
    assert days(WEEK, day) == iso(week)
    assert days(TWO_MONTHS, day)[:6] == iso(*first_six)
    assert days(YEARS, day) == iso(*years)


def test_furniture_months_clamp_to_month_end_and_are_never_chained():
    assert days(MONTHLY, date(2026, 1, 31)) == iso(
        "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31",
        "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2025-09-30", "2025-10-11"),  # a make-up Saturday after the long holiday
        ("2026-07-03", "2026-07-08"),
        ("2026-07-04", "2026-07-08"),
        ("2026-01-31", "2026-02-04"),
    ],
)
def test_three_working_days_skip_holidays_and_count_make_up_days(start, due):
    assert days(THREE_WORKING, date.fromisoformat(start)) == iso(due)


def test_24_hours_are_exact_where_the_hour_is_known():
    at = datetime(2026, 5, 18, 19, 40, tzinfo=SHANGHAI)
    anchored = Anchored(on=at.date(), at=at, noted_on=at.date())
    due = rules.due_after(
        step=LETTER, anchored=anchored, occurrence=1, zone=SHANGHAI, add_working_days=WORKING
    )
    assert (due.at, due.on) == (at + timedelta(days=1), date(2026, 5, 19))


def test_24_hours_without_an_hour_end_at_the_next_days_midnight():
    anchored = Anchored(on=date(2026, 5, 18), noted_on=date(2026, 5, 18))
    due = rules.due_after(
        step=LETTER, anchored=anchored, occurrence=1, zone=SHANGHAI, add_working_days=WORKING
    )
    assert due.on == date(2026, 5, 19)
    assert due.at == datetime(2026, 5, 20, 0, 0, tzinfo=SHANGHAI)


def test_a_step_shows_its_days_ahead_but_is_due_on_its_own():
    anchored = Anchored(on=date(2026, 5, 18), noted_on=date(2026, 5, 18))
    due = rules.due_after(
        step=WEEK, anchored=anchored, occurrence=1, zone=SHANGHAI, add_working_days=WORKING
    )
    assert (due.shown_on, due.on) == (date(2026, 5, 21), date(2026, 5, 25))


@pytest.mark.parametrize(
    ("due_on", "made"),
    [
        ("2026-03-02", False),  # eight days before the anchor was registered
        ("2026-03-03", True),
        ("2026-05-09", True),
        ("2026-05-10", False),  # one day past the horizon
    ],
)
def test_obligations_are_made_from_a_week_back_to_the_horizon(due_on, made):
    assert (
        rules.is_made(
            due_on=date.fromisoformat(due_on),
            noted_on=date(2026, 3, 10),
            today=date(2026, 3, 10),
            horizon=timedelta(days=60),
        )
        is made
    )


@pytest.mark.parametrize(("due_on", "made"), [("2026-03-02", False), ("2026-03-03", True)])
def test_a_step_asks_for_nothing_that_was_past_when_the_plan_began_to_ask(due_on, made):
    said = {"noted_on": date(2023, 3, 1), "today": date(2026, 3, 10), "horizon": timedelta(days=60)}
    asked = date.fromisoformat(due_on)
    assert rules.is_made(due_on=asked, asks_from=date(2026, 3, 10), **said) is made
    assert rules.is_made(due_on=asked, asks_from=None, **said)


def care(**facts) -> Care:
    return Care(**{"grade": "A", "quiet": "", "registered_on": date(2026, 3, 1), **facts})


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({}, Cadence(grade="A", due_on=date(2026, 3, 8))),
        ({"grade": "B1"}, Cadence(grade="B1", due_on=date(2026, 3, 6))),
        ({"grade": "C2"}, Cadence(grade="C2", due_on=date(2026, 3, 31))),
        ({"grade": "B2"}, Cadence(grade="C1", due_on=date(2026, 5, 30))),
        ({"grade": "D"}, None),
        ({"quiet": "all"}, None),
        ({"quiet": "marketing"}, Cadence(grade="A", due_on=date(2026, 3, 8))),
        ({"last_contact_on": date(2026, 3, 5)}, Cadence(grade="A", due_on=date(2026, 3, 12))),
        # a contact of before the card was opened (moved in) does not count back
        ({"last_contact_on": date(2026, 2, 1)}, Cadence(grade="A", due_on=date(2026, 3, 8))),
        ({"last_closed_on": date(2026, 3, 9)}, Cadence(grade="A", due_on=date(2026, 3, 16))),
        # an open next step replaces it while dated not later than it
        ({"next_step_on": date(2026, 3, 8)}, None),
        ({"next_step_on": date(2026, 3, 9)}, Cadence(grade="A", due_on=date(2026, 3, 8))),
        # after a silence, or after having been given up, it counts from its end
        ({"again_on": date(2026, 5, 1)}, Cadence(grade="A", due_on=date(2026, 5, 8))),
        # a running plan replaces it; afterwards the cadence counts on
        ({"plan_runs_until": date(2026, 3, 8)}, Cadence(grade="A", due_on=date(2026, 3, 15))),
        ({"plan_runs_until": date(2026, 3, 7)}, Cadence(grade="A", due_on=date(2026, 3, 8))),
    ],
)
def test_cadence_follows_grade_contact_plan_and_next_step(facts, wanted):
    assert rules.cadence(care=care(**facts), days=DAYS) == wanted


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"is_timed": True, "has_hour_limit": True}, Kind.TIMED),
        ({"has_hour_limit": True, "is_letter": True}, Kind.HOUR_LIMIT),
        ({"grade": "A"}, Kind.ACTIVE),
        ({"grade": "A", "is_care": True}, Kind.CARE),
        ({"grade": "C2"}, Kind.CARE),
        ({"is_letter": True}, Kind.LETTER),
        ({"grade": "A", "shown_early": True}, Kind.LATER),
        ({"grade": "A", "opens_later": True}, Kind.WAITING),
        ({"grade": "A", "opens_later": True, "is_timed": True}, Kind.TIMED),
        ({"has_hour_limit": True, "opens_later": True}, Kind.WAITING),
        ({"is_letter": True, "opens_later": True}, Kind.LETTER),
        ({"opens_later": True, "shown_early": True}, Kind.LATER),
    ],
)
def test_the_day_is_ranked_as_a_good_salesperson_would(facts, kind):
    plain = {
        "is_timed": False,
        "has_hour_limit": False,
        "is_letter": False,
        "is_care": False,
        "grade": "B1",
        "shown_early": False,
    }
    assert rules.kind_of_task(**{**plain, **facts}) == kind


def test_kinds_stand_in_the_order_of_the_day():
    assert list(Kind) == sorted(Kind)


def test_a_visit_leads_a_task_that_also_asks_for_a_call():
    assert rules.leading_way(["call", "home_visit"]) == "home_visit"
    assert rules.leading_way(["wechat", "call"]) == "call"


def test_whoever_wishes_no_visits_is_called():
    assert rules.leading_way(["home_visit"], quiet="visits") == "call"
    assert rules.leading_way(["home_visit"], quiet="marketing") == "home_visit"


@pytest.mark.parametrize(
    ("day", "reason", "codes"),
    [
        ("2026-03-10", "no_time", []),
        ("2026-03-09", "no_time", ["move_to_past"]),
        ("2027-03-11", "no_time", []),
        ("2027-03-12", "no_time", ["move_too_far"]),
        ("2026-03-10", "", ["move_reason_missing"]),
    ],
)
def test_a_task_moves_forward_within_a_year_and_with_a_reason(day, reason, codes):
    blockers = rules.move_blockers(
        day=date.fromisoformat(day), today=date(2026, 3, 10), reason=reason
    )
    assert [blocker.code for blocker in blockers] == codes


def test_grade_d_and_a_dated_step_exclude_each_other():
    assert [b.code for b in rules.next_step_blockers(grade="D", next_kind="call")] == [
        "given_up_has_no_step"
    ]
    assert rules.next_step_blockers(grade="D", next_kind="none") == []
    assert rules.next_step_blockers(grade="A", next_kind="call") == []
