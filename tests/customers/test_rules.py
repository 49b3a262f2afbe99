"""What the rulebook says of contacts, grades and cards; no database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from customers import rules
from customers.rules import NextStep
from customers.states import Channel, Grade, NextKind, NoStepReason, Outcome, Reason

NOW = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 12)
TOMORROW = NextStep(kind=NextKind.CALL, on=date(2026, 3, 13))


@pytest.mark.parametrize(
    ("outcome", "reached"),
    [
        (Outcome.CONNECTED, True),
        (Outcome.MET, True),
        (Outcome.REPLIED, True),
        (Outcome.UNANSWERED, False),
        (Outcome.DECLINED, False),
        (Outcome.SENT, False),
    ],
)
def test_who_spoke_or_met_was_reached(outcome, reached):
    assert rules.is_reached(outcome) is reached


@pytest.mark.parametrize(
    ("after", "late"), [(timedelta(hours=24), False), (timedelta(hours=24, seconds=1), True)]
)
def test_an_entry_is_late_after_24_hours_end_included(after, late):
    assert rules.is_late_entry(occurred_at=NOW, logged_at=NOW + after) is late


@pytest.mark.parametrize(
    ("channel", "outcome", "is_late", "effective"),
    [
        (Channel.CALL, Outcome.CONNECTED, False, True),
        (Channel.CALL, Outcome.CONNECTED, True, False),
        (Channel.CALL, Outcome.UNANSWERED, False, False),
        (Channel.MEASURING, Outcome.MET, False, True),
        (Channel.SMS, Outcome.REPLIED, False, False),
        (Channel.LETTER, Outcome.SENT, False, False),
    ],
)
def test_only_a_timely_talk_is_a_follow_up(channel, outcome, is_late, effective):
    assert rules.is_effective(channel=channel, outcome=outcome, is_late=is_late) is effective


@pytest.mark.parametrize(("note", "refused"), [("。。。。", True), ("ok", False), (".", False)])
def test_a_note_is_more_than_one_repeated_character(note, refused):
    assert bool(rules.note_blockers(note)) is refused


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (None, "next_step_missing"),
        (NextStep(kind=NextKind.NONE), "none_reason_missing"),
        (NextStep(kind=NextKind.NONE, none_reason=NoStepReason.BUDGET), None),
        (NextStep(kind=NextKind.CALL), "next_day_missing"),
        (NextStep(kind=NextKind.CALL, on=TODAY - timedelta(days=1)), "next_day_is_past"),
        (NextStep(kind=NextKind.CALL, on=TODAY), None),
        (NextStep(kind=NextKind.CALL, on=TODAY + timedelta(days=366)), None),
        (NextStep(kind=NextKind.CALL, on=TODAY + timedelta(days=367)), "next_day_is_too_far"),
    ],
)
def test_a_contact_ends_with_a_dated_step_or_with_none_and_why(step, code):
    found = rules.next_step_blockers(step, today=TODAY)
    assert [blocker.code for blocker in found] == ([code] if code else [])


def blockers(**changes):
    asked = {
        "reached": True, "reason": Reason.PRICE, "note": "", "occurred_at": NOW,
        "next_step": TOMORROW, "retry_on": None, "now": NOW, "today": TODAY,
    }  # fmt: skip
    return [blocker.code for blocker in rules.contact_blockers(**(asked | changes))]


def test_a_reached_contact_needs_a_reason_and_a_step_an_attempt_a_day():
    assert blockers() == []
    assert blockers(reason="", next_step=None) == ["reason_missing", "next_step_missing"]
    assert blockers(reached=False, reason="", next_step=None) == ["next_day_missing"]
    assert blockers(reached=False, retry_on=TODAY) == []
    later = NOW + timedelta(seconds=1)
    assert blockers(occurred_at=later) == ["contact_is_in_the_future"]


@pytest.mark.parametrize(
    ("letter", "has_bought", "grade"),
    [
        ("B", True, Grade.B2),
        (" b ", False, Grade.B1),
        ("C", True, Grade.C1),
        ("c", False, Grade.C2),
        ("B2", False, Grade.B2),
        ("H", False, None),
    ],
)
def test_plain_letters_mean_what_the_customer_is(letter, has_bought, grade):
    assert rules.grade_of_letter(letter, has_bought=has_bought) == grade


def test_a_card_says_what_it_is_still_without_what_files_it_first():
    card = {
        "has_phone": False, "address": "", "need": "沙发", "expected": "",
        "source": "walk_in", "contact_time": "",
    }  # fmt: skip
    missing = rules.fields_to_complete(**card)
    assert missing == ["phone", "address", "expected", "contact_time"]
    card |= {"has_phone": True, "address": "7-502", "expected": "week", "contact_time": "晚上"}
    assert rules.fields_to_complete(**card) == []
