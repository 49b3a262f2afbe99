"""The words for what is left of a task, at each boundary and one step past it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from followups.timeleft import last_day, time_left
from tests.followups.build import SHANGHAI, at

NOW = at("2026-03-12 09:50")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def told(due: str, *, is_timed=False, has_hour_limit=False, now=NOW):
    left = time_left(
        due_at=at(due), is_timed=is_timed, has_hour_limit=has_hour_limit, now=now, zone=SHANGHAI
    )
    return left.text, left.tone


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("2026-03-13 00:00", ("today", "plain")),
        ("2026-03-14 00:00", ("tomorrow", "plain")),
        ("2026-03-15 00:00", ("2 days left", "plain")),
        ("2026-03-12 00:00", ("1 day late", "late")),
        ("2026-03-11 00:00", ("2 days late", "late")),
    ],
)
def test_a_day_ends_at_its_24_00(due, expected):
    assert told(due) == expected


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("2026-03-12 10:30", ("10:30 in 40 min", "soon")),
        ("2026-03-12 11:50", ("11:50 in 2 h", "soon")),
        ("2026-03-12 11:51", ("11:51", "plain")),
        ("2026-03-12 15:00", ("15:00", "plain")),
        ("2026-03-13 15:00", ("13 Mar (Fri) 15:00", "plain")),
        ("2026-03-12 09:49", ("1 minute late", "late")),
        ("2026-03-12 08:50", ("1 hour late", "late")),
        ("2026-03-11 09:50", ("1 day late", "late")),
    ],
)
def test_an_appointment_says_its_hour(due, expected):
    assert told(due, is_timed=True) == expected


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("2026-03-12 13:02", ("3 h 12 min", "soon")),
        ("2026-03-12 23:50", ("14 h", "soon")),
        ("2026-03-12 09:50", ("1 min", "soon")),
        ("2026-03-13 09:49", ("23 h", "soon")),
        ("2026-03-13 09:50", ("1 d 0 h", "plain")),
        ("2026-03-14 13:50", ("2 d 4 h", "plain")),
        ("2026-03-12 09:20", ("30 minutes late", "late")),
        ("2026-03-10 09:50", ("2 days late", "late")),
    ],
)
def test_a_limit_with_an_hour_counts_down(due, expected):
    assert told(due, has_hour_limit=True) == expected


def test_the_zone_of_the_store_decides_which_day_it_is():
    due, urumqi = at("2026-03-13 00:00"), ZoneInfo("America/New_York")
    assert last_day(due, SHANGHAI).isoformat() == "2026-03-12"
    assert last_day(due, urumqi).isoformat() == "2026-03-12"
    assert last_day(due + timedelta(hours=13), urumqi).isoformat() == "2026-03-13"
