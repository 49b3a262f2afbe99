"""Who gets a lead, from which store, and until when: tables at the boundary and a step past it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.rules.leads import (
    Candidate,
    Opening,
    Place,
    choose_person,
    choose_store,
    lapses_at,
    opening_minutes,
)
from customers.states import DispatchMethod

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
DAY = Opening(opens_at=time(9), closes_at=time(21, 30), zone=SHANGHAI)
NIGHT = Opening(opens_at=time(18), closes_at=time(2), zone=SHANGHAI)
ALWAYS = Opening(opens_at=time(0), closes_at=time(0), zone=SHANGHAI)


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("opening", "offered", "minutes", "lapses"),
    [
        (DAY, "2026-03-12 10:00", 15, "2026-03-12 10:15"),
        (DAY, "2026-03-12 21:15", 15, "2026-03-12 21:30"),
        (DAY, "2026-03-12 21:20", 15, "2026-03-13 09:05"),
        (DAY, "2026-03-12 21:30", 15, "2026-03-13 09:15"),
        (DAY, "2026-03-12 23:40", 15, "2026-03-13 09:15"),
        (DAY, "2026-03-13 03:00", 15, "2026-03-13 09:15"),
        (DAY, "2026-03-13 08:59", 1, "2026-03-13 09:01"),
        (DAY, "2026-03-12 20:30", 60 + 750 + 1, "2026-03-14 09:01"),
        (NIGHT, "2026-03-13 01:50", 15, "2026-03-13 18:05"),
        (NIGHT, "2026-03-13 00:30", 15, "2026-03-13 00:45"),
        (ALWAYS, "2026-03-12 23:55", 15, "2026-03-13 00:10"),
    ],
)
def test_an_offer_runs_in_the_stores_opening_time(opening, offered, minutes, lapses):
    found = lapses_at(offered_at=at(offered), minutes=minutes, opening=opening)
    assert found == at(lapses)


def test_a_night_on_which_the_clocks_change_is_as_long_as_it_is():
    open_all_night = Opening(opens_at=time(22), closes_at=time(6), zone=BERLIN)
    offered = at("2026-03-28 23:30", BERLIN)
    found = lapses_at(offered_at=offered, minutes=240, opening=open_all_night)
    assert found - offered == timedelta(hours=4)
    assert found.astimezone(BERLIN).hour == 4  # half past four, an hour was skipped


WHOLE_HOURS = st.builds(time, st.integers(0, 23))


@settings(max_examples=60, deadline=None)
@given(
    offered=st.integers(0, 300 * 24 * 60),
    minutes=st.integers(1, 600),
    opens=WHOLE_HOURS,
    closes=WHOLE_HOURS,
    zone=st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("Pacific/Kiritimati")]),
)
def test_as_many_minutes_of_opening_time_lie_between_offer_and_lapse(
    offered, minutes, opens, closes, zone
):
    since = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=offered)
    opening = Opening(opens_at=opens, closes_at=closes, zone=zone)
    lapses = lapses_at(offered_at=since, minutes=minutes, opening=opening)
    assert opening_minutes(since=since, until=lapses, opening=opening) == minutes


def someone(pk, *, last=None, **facts):
    at_ = None if last is None else datetime(2026, 3, last, tzinfo=UTC)
    return Candidate(person_id=pk, last_offered_at=at_, **facts)


@pytest.mark.parametrize(
    ("method", "candidates", "had", "chosen"),
    [
        ("rota", [someone(1, last=3), someone(2, last=2)], (), 2),
        ("rota", [someone(1, last=3), someone(2)], (), 2),
        ("rota", [someone(2, position=1), someone(3, position=0)], (), 3),
        ("rota", [someone(1, last=3), someone(2, last=2)], (2,), 1),
        ("rota", [someone(1)], (1,), None),
        ("rota", [], (), None),
        ("load", [someone(1, load=3), someone(2, load=2)], (), 2),
        ("load", [someone(1, load=2, last=9), someone(2, load=2, last=8)], (), 2),
        ("load", [someone(1, load=3), someone(2, load=2)], (2,), 1),
        ("hand", [someone(1)], (), None),
    ],
)
def test_the_next_person_by_the_stores_rule(method, candidates, had, chosen):
    found = choose_person(method=DispatchMethod(method), candidates=candidates, had=had)
    assert found == chosen


PLACES = [
    Place(store_id=1, name="望京店", region_id=1, region="北京", open_leads=2),
    Place(store_id=2, name="国贸店", region_id=1, region="北京", open_leads=1),
    Place(store_id=3, name="郑州店", region_id=2, region="河南", open_leads=0),
]


@pytest.mark.parametrize(
    ("said", "store"),
    [
        ({"named_store": 1}, 1),
        ({"named_store": 9, "place": "郑州"}, 3),
        ({"named_store": 1, "place": "郑州"}, 1),
        ({"place": "望京店"}, 1),
        ({"place": " 望 京 "}, 1),
        ({"place": "北京"}, 2),
        ({"place": "北京市朝阳区"}, 2),
        ({"place": "河南省郑州店旁"}, 3),
        ({"place": "上海", "store_of_source": 3}, 3),
        ({"place": "京", "store_of_source": 3}, 3),
        ({"place": "郑州", "store_of_source": 1}, 3),
        ({"store_of_source": 9, "region_of_source": 1}, 2),
        ({"region_of_source": 7}, None),
        ({}, None),
    ],
)
def test_the_store_by_what_the_lead_says_then_by_its_source(said, store):
    asked = {
        "named_store": None, "place": "", "store_of_source": None, "region_of_source": None, **said,
    }  # fmt: skip
    assert choose_store(places=PLACES, **asked) == store
