"""The guard against pestering at its edges: a table of cases, and what always holds."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.rules import Blocker
from customers.states import AppointmentKind, Channel, Grade, Quiet, QuietReason, Reason
from followups import rules
from followups.rules import Attempt, GuardFacts, Reached
from followups.states import BIRTHDAY_ANCHORS, Anchor, Override, Way

SHANGHAI, TOKYO = ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Tokyo")


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def reached(when: str, reason: Reason = Reason.PRICE, zone: ZoneInfo = SHANGHAI) -> Reached:
    return Reached(contact_id=7, at=at(when, zone), by="小林", channel="call", reason=reason)


def codes(when: str = "2026-03-12 10:00", *, channel=Channel.CALL, facts=None, **attempt):
    known = GuardFacts(**{"zone": SHANGHAI, **(facts or {})})
    found = rules.pestering(attempt=Attempt(at=at(when), channel=channel, **attempt), facts=known)
    return [each.code for each in found]


@pytest.mark.parametrize(
    ("before", "now", "gap", "is_too_soon"),
    [
        ("2026-03-12 09:00", "2026-03-12 18:00", 1, True),
        ("2026-03-11 23:59", "2026-03-12 00:00", 1, False),  # midnight parts two days
        ("2026-03-12 00:00", "2026-03-12 23:59", 1, True),
        ("2026-03-10 10:00", "2026-03-12 10:00", 3, True),
        ("2026-03-09 23:59", "2026-03-12 00:00", 3, False),
        ("2026-03-12 18:00", "2026-03-12 10:00", 1, True),  # logged late, before it
        ("2026-03-13 10:00", "2026-03-12 10:00", 1, False),
    ],
)
def test_the_gap_is_counted_in_calendar_days(before, now, gap, is_too_soon):
    facts = {"before": [reached(before)], "gap_days": gap}
    assert ("contacted_lately" in codes(now, facts=facts)) is is_too_soon


def test_the_day_is_that_of_the_store():
    """In Tokyo it is past midnight when it is 23:30 in Shanghai."""
    facts = GuardFacts(zone=TOKYO, before=[reached("2026-03-12 22:30")])
    attempt = Attempt(at=at("2026-03-12 23:30"), channel=Channel.CALL)
    assert rules.pestering(attempt=attempt, facts=facts) == []
    here = GuardFacts(zone=SHANGHAI, before=facts.before)
    (objection,) = rules.pestering(attempt=attempt, facts=here)
    assert (objection.params["who"], objection.params["contact"]) == ("小林", 7)


@pytest.mark.parametrize(
    ("change", "is_guarded"),
    [
        ({}, True),
        ({"channel": Channel.WECHAT}, True),
        ({"channel": Channel.HOME_VISIT}, True),
        ({"channel": Channel.STORE_VISIT}, False),
        ({"channel": Channel.MEASURING}, False),
        ({"channel": Channel.SMS}, False),
        ({"channel": Channel.LETTER}, False),
        ({"is_inbound": True}, False),
        ({"is_agreed": True}, False),
    ],
)
def test_what_the_customer_begins_or_expects_is_never_too_much(change, is_guarded):
    facts = {"before": [reached("2026-03-12 09:00")]}
    assert bool(codes(facts=facts, **change)) is is_guarded


@pytest.mark.parametrize(
    ("last", "reason", "is_worn"),
    [
        ([Reason.PRICE, Reason.PRICE], Reason.PRICE, True),
        ([Reason.PRICE, Reason.PRICE], Reason.DESIGN, False),
        ([Reason.PRICE, Reason.DESIGN], Reason.PRICE, False),
        ([Reason.PRICE], Reason.PRICE, False),
        ([Reason.PRICE, Reason.PRICE], "", False),
    ],
)
def test_a_reason_is_worn_the_third_time_running(last, reason, is_worn):
    days = ("2026-03-02 10:00", "2026-03-01 10:00")
    before = [reached(day, why) for day, why in zip(days, last, strict=False)]
    assert ("reason_worn" in codes(facts={"before": before}, reason=reason)) is is_worn


NIGHT = {"quiet_from": time(21), "quiet_until": time(8, 30)}
EVENING = {"contact_from": time(19), "contact_until": time(20)}


@pytest.mark.parametrize(
    ("hour", "facts", "expected"),
    [
        ("20:59", NIGHT, []),
        ("21:00", NIGHT, ["quiet_hours"]),
        ("00:00", NIGHT, ["quiet_hours"]),
        ("08:29", NIGHT, ["quiet_hours"]),
        ("08:30", NIGHT, []),
        ("12:30", {"quiet_from": time(12), "quiet_until": time(14)}, ["quiet_hours"]),
        ("14:00", {"quiet_from": time(12), "quiet_until": time(14)}, []),
        ("03:00", {"quiet_from": time(0), "quiet_until": time(0)}, []),
        ("18:59", EVENING, ["outside_hours"]),
        ("19:00", EVENING, []),
        ("20:00", EVENING, ["outside_hours"]),
        # who says that they may be called at ten in the evening may be
        ("21:30", {**NIGHT, "contact_from": time(21), "contact_until": time(22)}, []),
    ],
)
def test_hours(hour, facts, expected):
    assert codes(f"2026-03-12 {hour}", facts=facts) == expected
    assert codes(f"2026-03-12 {hour}", facts=facts, channel=Channel.WECHAT) == []


@pytest.mark.parametrize(
    ("quiet", "attempt", "expected"),
    [
        (Quiet.ALL, {}, ["wishes_no_contact"]),
        (Quiet.ALL, {"channel": Channel.WECHAT}, ["wishes_no_contact"]),
        (Quiet.ALL, {"is_needed": True}, []),
        (Quiet.ALL, {"is_inbound": True}, []),
        (Quiet.VISITS, {}, []),
        (Quiet.VISITS, {"channel": Channel.HOME_VISIT}, ["wishes_no_visits"]),
        (Quiet.MARKETING, {"reason": Reason.EVENT}, ["wishes_no_marketing"]),
        (Quiet.MARKETING, {"reason": Reason.CARE}, []),
        (Quiet.NONE, {"reason": Reason.EVENT}, []),
    ],
)
def test_wishes(quiet, attempt, expected):
    assert codes(facts={"quiet": quiet}, **attempt) == expected


@pytest.mark.parametrize(
    ("code", "override", "is_manager", "is_left"),
    [
        ("contacted_lately", "", False, True),
        ("contacted_lately", "", True, True),
        ("contacted_lately", Override.NEWS, False, False),
        ("contacted_lately", "他让我再打", False, False),
        ("wishes_no_contact", Override.NEWS, False, True),
        ("wishes_no_contact", "needed: 明天送货", False, False),
        ("wishes_no_contact", Override.NEWS, True, False),
    ],
)
def test_a_reason_answers_the_guard_but_a_seller_not_every_wish(
    code, override, is_manager, is_left
):
    objection = Blocker(code)
    left = rules.override_blockers(objections=[objection], override=override, is_manager=is_manager)
    assert left == ([objection] if is_left else [])


@pytest.mark.parametrize(
    ("quiet", "anchor", "way", "kind", "does_rest"),
    [
        (Quiet.ALL, Anchor.CADENCE, Way.CALL, "", True),
        (Quiet.ALL, Anchor.DELIVERY, Way.LETTER, "", True),
        (Quiet.ALL, Anchor.CASE, Way.CALL, "", False),
        (Quiet.ALL, Anchor.APPOINTMENT, "", AppointmentKind.DELIVERY, False),
        (Quiet.ALL, Anchor.APPOINTMENT, "", AppointmentKind.SERVICE, False),
        (Quiet.ALL, Anchor.APPOINTMENT, "", AppointmentKind.TEST_DRIVE, True),
        (Quiet.MARKETING, Anchor.CAMPAIGN, Way.CALL, "", True),
        (Quiet.MARKETING, Anchor.BIRTHDAY, Way.GREETING, "", True),
        (Quiet.MARKETING, Anchor.DELIVERY, Way.CALL, "", False),
        (Quiet.MARKETING, Anchor.CADENCE, Way.CALL, "", False),
        (Quiet.VISITS, Anchor.DELIVERY, Way.HOME_VISIT, "", False),
        (Quiet.NONE, Anchor.CAMPAIGN, Way.GREETING, "", False),
    ],
)
def test_what_rests_under_a_wish(quiet, anchor, way, kind, does_rest):
    found = rules.rests(quiet=quiet, grade=Grade.C1, anchor=anchor, way=way, appointment_kind=kind)
    assert found is does_rest


@pytest.mark.parametrize(
    ("quiet", "anchor", "way", "does_rest"),
    [
        *((Quiet.NONE, anchor, Way.GREETING, True) for anchor in BIRTHDAY_ANCHORS),
        (Quiet.MARKETING, Anchor.BIRTHDAY, Way.CALL, True),
        (Quiet.VISITS, Anchor.BIRTHDAY, Way.HOME_VISIT, True),
        (Quiet.NONE, Anchor.DELIVERY, Way.CALL, False),
        (Quiet.NONE, Anchor.DELIVERY, Way.LETTER, False),
        (Quiet.NONE, Anchor.INSURANCE, Way.CALL, False),
        (Quiet.NONE, Anchor.CASE, Way.CALL, False),
        (Quiet.ALL, Anchor.CASE, Way.CALL, False),
        (Quiet.ALL, Anchor.DELIVERY, Way.CALL, True),
    ],
)
def test_whom_we_gave_up_is_not_greeted_and_still_cared_for(quiet, anchor, way, does_rest):
    assert rules.rests(quiet=quiet, grade=Grade.D, anchor=anchor, way=way) is does_rest


def test_whoever_wishes_no_marketing_is_not_called_for_a_birthday_either():
    how = {"grade": Grade.C1, "anchor": Anchor.BIRTHDAY, "way": Way.CALL}
    assert rules.rests(quiet=Quiet.MARKETING, **how)
    assert not rules.rests(quiet=Quiet.NONE, **how)


@pytest.mark.parametrize(
    ("before", "after", "reason", "expected"),
    [
        ("", "all", "", ["quiet_reason_missing"]),
        ("", "all", QuietReason.ASKED, []),
        ("", "all", QuietReason.WISHES_AGAIN, ["wishes_again_is_no_silence"]),
        ("all", "", QuietReason.WISHES_AGAIN, []),
        ("all", "marketing", QuietReason.WISHES_AGAIN, []),
        ("marketing", "all", QuietReason.WISHES_AGAIN, ["wishes_again_is_no_silence"]),
    ],
)
def test_a_wish_has_a_fitting_reason(before, after, reason, expected):
    found = rules.quiet_blockers(before=before, after=after, reason=reason)
    assert [blocker.code for blocker in found] == expected


begin = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 365 * 24 * 60).map(lambda minutes: begin + timedelta(minutes=minutes))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    earlier=st.lists(moments, max_size=2),
    now=moments,
    gap=st.integers(1, 30),
    channel=st.sampled_from(Channel.values),
    reason=st.sampled_from(["", *Reason.values]),
    quiet=st.sampled_from(Quiet.values),
)
def test_the_guard_says_when_and_only_when_it_must(earlier, now, gap, channel, reason, quiet):
    """Whatever happened: what the customer begins passes, a reason opens all but one wish, and the
    gap objects exactly when a contact lies fewer days away than the grade is left.
    """
    before = [
        Reached(contact_id=n, at=moment, by="x", channel="call", reason="price")
        for n, moment in enumerate(earlier)
    ]
    facts = GuardFacts(zone=SHANGHAI, before=before, gap_days=gap, quiet=quiet)
    attempt = Attempt(at=now, channel=channel, reason=reason)
    found = rules.pestering(attempt=attempt, facts=facts)

    begun = Attempt(at=now, channel=channel, reason=reason, is_inbound=True)
    assert rules.pestering(attempt=begun, facts=facts) == []
    left = rules.override_blockers(objections=found, override="news", is_manager=False)
    assert {each.code for each in left} <= {"wishes_no_contact"}
    day = (now + timedelta(hours=8)).date()
    near = any(abs(((m + timedelta(hours=8)).date() - day).days) < gap for m in earlier)
    is_ours = channel in ("call", "wechat", "home_visit")
    assert ("contacted_lately" in {each.code for each in found}) is (near and is_ours)
