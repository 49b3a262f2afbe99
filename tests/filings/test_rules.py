"""The limits of a filing, held against the worked example."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from filings import rules
from filings.rules.limits import field_limit, is_shortly_before, silence_end, update_due

ZONE = ZoneInfo("Asia/Shanghai")
UNDER = {"terms": rules.Terms(), "clock": rules.Clock(zone=ZONE)}


def march(day, hour=0, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def test_limits_end_on_the_days_of_the_worked_example():
    filed_at = march(1, 15, 20)
    assert update_due(acted_at=filed_at, **UNDER) == march(5)
    assert silence_end(acted_at=filed_at, filed_at=filed_at, **UNDER) == march(12)
    assert field_limit(filed_at=filed_at, **UNDER) == march(17)


@pytest.mark.parametrize("acted_at", [march(4), march(4, 23, 59)])
def test_an_act_moves_duty_and_protection_by_its_day(acted_at):
    assert update_due(acted_at=acted_at, **UNDER) == march(8)
    assert silence_end(acted_at=acted_at, filed_at=march(1), **UNDER) == march(15)


@pytest.mark.parametrize(
    ("left", "is_short"),
    [
        (timedelta(seconds=-1), False),
        (timedelta(0), True),
        (timedelta(days=2), True),
        (timedelta(days=2, seconds=1), False),
    ],
)
def test_shortly_before_an_end_is_within_its_last_two_days(left, is_short):
    assert is_shortly_before(march(11), at=march(11) - left) is is_short
