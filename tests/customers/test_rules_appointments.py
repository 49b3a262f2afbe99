"""What an appointment may be, at the boundary and one step past it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.rules import appointments as rules
from customers.rules.appointments import Slot
from customers.states import AppointmentKind, Channel, Outcome, ResourceKind

NOW = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def slot(begins: timedelta, lasts: timedelta = HOUR) -> Slot:
    return Slot(starts_at=NOW + begins, ends_at=NOW + begins + lasts)


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (slot(HOUR), []),
        (slot(timedelta()), []),
        (slot(-MINUTE), ["begins_in_the_past"]),
        (slot(HOUR, timedelta()), ["ends_before_it_begins"]),
        (slot(HOUR, -MINUTE), ["ends_before_it_begins"]),
        (slot(HOUR, MINUTE), []),
        (slot(HOUR, 12 * HOUR), []),
        (slot(HOUR, 12 * HOUR + MINUTE), ["too_long"]),
        (slot(timedelta(days=366)), []),
        (slot(timedelta(days=366) + MINUTE), ["too_far_ahead"]),
    ],
)
def test_when_an_appointment_may_be(wanted, codes):
    found = rules.appointment_blockers(slot=wanted, now=NOW)
    assert [blocker.code for blocker in found] == codes


def test_one_ends_when_the_next_begins():
    first, second = slot(HOUR), slot(2 * HOUR)
    assert rules.clashes(slot=first, others=[second]) == []
    assert rules.clashes(slot=first, others=[slot(2 * HOUR - MINUTE), slot(HOUR)]) == [
        slot(HOUR), slot(2 * HOUR - MINUTE),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("begins", "ends", "outside"),
    [
        ("09:00", "10:00", False),
        ("08:59", "10:00", True),
        ("20:30", "21:30", False),
        ("20:30", "21:31", True),
        ("23:30", "00:30", True),
    ],
)
def test_outside_the_hours_of_the_store(begins, ends, outside):
    zone = ZoneInfo("Asia/Shanghai")
    day = datetime(2026, 3, 12, tzinfo=zone)
    starts_at = datetime.combine(day, time.fromisoformat(begins), zone)
    ends_at = datetime.combine(day, time.fromisoformat(ends), zone)
    wanted = Slot(
        starts_at=starts_at, ends_at=ends_at if ends > begins else ends_at + timedelta(days=1)
    )
    found = rules.is_outside_hours(slot=wanted, opens_at=time(9), closes_at=time(21, 30), zone=zone)
    assert found is outside


@pytest.mark.parametrize(
    ("kind", "resource", "facts", "codes"),
    [
        ("test_drive", "test_car", {}, []),
        ("test_drive", "", {"is_wanted": True}, ["car_missing"]),
        ("test_drive", "", {}, []),
        ("test_drive", "crew", {}, ["resource_does_not_fit"]),
        ("delivery", "van", {}, []),
        ("delivery", "crew", {}, []),
        ("store_visit", "van", {}, ["resource_does_not_fit"]),
        ("test_drive", "test_car", {"is_of_store": False}, ["resource_of_another_store"]),
        ("test_drive", "test_car", {"is_active": False}, ["resource_out_of_use"]),
    ],
)
def test_what_serves_an_appointment(kind, resource, facts, codes):
    known = {"is_of_store": True, "is_active": True, **facts}
    found = rules.resource_blockers(kind=kind, resource_kind=resource, **known)
    assert [blocker.code for blocker in found] == codes


@pytest.mark.parametrize(
    ("kind", "channel", "outcome", "verdict"),
    [
        ("test_drive", Channel.STORE_VISIT, Outcome.MET, True),
        ("test_drive", Channel.STORE_VISIT, Outcome.NOT_MET, False),
        ("test_drive", Channel.CALL, Outcome.CONNECTED, None),
        ("measuring", Channel.MEASURING, Outcome.MET, True),
        ("measuring", Channel.HOME_VISIT, Outcome.MET, None),
        ("home_visit", Channel.MEASURING, Outcome.MET, True),
    ],
)
def test_which_contact_is_the_meeting(kind, channel, outcome, verdict):
    assert rules.is_kept_by(kind=kind, channel=channel, outcome=outcome) is verdict


def test_each_kind_and_trade_is_known():
    for kind in AppointmentKind:
        assert set(rules.FITTING[kind]) <= set(ResourceKind)
        assert rules.MEETING[kind]
    assert rules.kinds_of("cars")[0] == AppointmentKind.TEST_DRIVE
    assert AppointmentKind.MEASURING in rules.kinds_of("furniture")
    assert AppointmentKind.TEST_DRIVE not in rules.kinds_of("shoes")


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=14),
)
def test_what_is_drawn_side_by_side_never_covers_another(times):
    slots = sorted(
        (slot(begin * MINUTE, lasts * MINUTE) for begin, lasts in times),
        key=lambda each: (each.starts_at, each.ends_at),
    )
    found = rules.lanes(slots)
    for at, one in enumerate(slots):
        lane, wide = found[at]
        assert 0 <= lane < wide
        for other in range(at):
            if one.overlaps(slots[other]):
                assert found[other][0] != lane
                assert found[other][1] == wide
