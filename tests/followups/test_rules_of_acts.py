"""Who takes back what, which reason is worn, what a step may be: at the boundary and past it."""

from datetime import timedelta

import pytest

from customers.states import Grade
from followups import rules
from followups.rules import StepSpec
from followups.states import Anchor, Unit, Way
from tests.followups.build import at

NOW = at("2026-03-12 10:00")


@pytest.mark.parametrize(
    ("is_own", "is_manager", "minutes", "codes"),
    [
        (True, False, 10, []),
        (True, False, 10.01, ["void_too_late"]),
        (False, False, 0, ["not_yours_to_void"]),
        (False, True, 60 * 24 * 365, []),
        (True, True, 60, []),
    ],
)
def test_who_takes_a_contact_back_and_how_long(is_own, is_manager, minutes, codes):
    blockers = rules.void_blockers(
        is_own=is_own, is_manager=is_manager, logged_at=NOW - timedelta(minutes=minutes), now=NOW
    )
    assert [blocker.code for blocker in blockers] == codes


@pytest.mark.parametrize(
    ("reasons", "worn"),
    [
        ([], ""),
        (["price"], ""),
        (["price", "care"], ""),
        (["price", "price"], "price"),
        (["price", "price", "care"], "price"),
        (["", ""], ""),
    ],
)
def test_a_reason_is_worn_after_two_in_a_row(reasons, worn):
    assert rules.worn_reason(reasons) == worn


def test_a_buyer_has_the_cadence_of_a_former_buyer():
    assert rules.cadence_grade(Grade.B2) == Grade.C1
    assert rules.cadence_grade(Grade.A) == Grade.A


def codes_of(**changes) -> set[str]:
    facts = {
        "anchor": Anchor.DELIVERY, "offset": 7, "unit": Unit.DAYS, "every": 0, "times": 1,
        "ahead_days": 0,
    }  # fmt: skip
    about = {"has_names": True, "way": Way.CALL, "way_before": Way.CALL, "is_kept_by_keeper": True}
    step = {**facts, **{name: value for name, value in changes.items() if name in facts}}
    rest = {**about, **{name: value for name, value in changes.items() if name in about}}
    blockers = rules.step_blockers(step=StepSpec(code="x", **step), **rest)
    return {blocker.code for blocker in blockers}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"offset": 3660}, None),
        ({"offset": 3661}, "step_too_far"),
        ({"offset": 2, "every": 2, "times": 60, "unit": Unit.MONTHS}, None),
        ({"offset": 2, "every": 2, "times": 61, "unit": Unit.MONTHS}, "step_too_far"),
        ({"offset": 1, "every": 1, "times": 120}, None),
        ({"offset": 1, "every": 1, "times": 121}, "step_times_wrong"),
        ({"times": 0}, "step_times_wrong"),
        ({"times": 2}, "step_every_missing"),
        ({"times": 2, "every": 24, "unit": Unit.HOURS}, "hours_do_not_repeat"),
        ({"ahead_days": 60}, None),
        ({"ahead_days": 61}, "step_shown_too_early"),
        ({"offset": 0}, "step_offset_missing"),
        ({"has_names": False}, "step_name_missing"),
        ({"way": Way.LETTER}, "letter_stays_letter"),
        ({"way_before": Way.LETTER}, "letter_stays_letter"),
        ({"way": Way.LETTER, "way_before": Way.LETTER}, None),
        ({"anchor": Anchor.CADENCE}, None),
        ({"anchor": Anchor.CADENCE, "unit": Unit.MONTHS}, "cadence_is_by_days"),
        ({"anchor": Anchor.CADENCE, "is_kept_by_keeper": False}, "cadence_is_by_days"),
        ({"anchor": Anchor.NEXT_STEP}, "next_step_is_fixed"),
    ],
)
def test_a_step_is_within_what_the_calendar_knows(changes, code):
    assert codes_of(**changes) == ({code} if code else set())
