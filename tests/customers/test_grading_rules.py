"""What the rules propose: tables of cases at the edge and one step past it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendars import add_months
from customers.rules import (
    Bought,
    GradeFacts,
    GradeFigures,
    Silence,
    Ticks,
    grade_blockers,
    grade_of_letter,
    proposed_grade,
    undo_blockers,
)
from customers.states import Grade, ProposalReason

GRADED = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
AFTER = GRADED + timedelta(days=5)
TODAY = date(2026, 3, 12)
FACTS = GradeFacts(graded_at=GRADED)
ALL_TICKS = Ticks(spent_time=True, gave_data=True, showed_interest=True)


def proposed(grade, today=TODAY, figures=GradeFigures(), **facts):  # noqa: B008
    found = proposed_grade(grade=grade, facts=replace(FACTS, **facts), today=today, figures=figures)
    return found and (found.grade, found.because)


def bought(on, *, noted_at=AFTER):
    return Bought(last_on=on, noted_at=noted_at)


@pytest.mark.parametrize(
    ("grade", "last_on", "expected"),
    [
        (Grade.A, date(2026, 3, 10), (Grade.B2, ProposalReason.BOUGHT)),
        (Grade.B1, date(2026, 3, 10), (Grade.B2, ProposalReason.BOUGHT)),
        (Grade.C1, date(2026, 3, 10), (Grade.B2, ProposalReason.BOUGHT)),
        (Grade.D, date(2026, 3, 10), (Grade.B2, ProposalReason.BOUGHT)),
        (Grade.B2, date(2026, 3, 10), None),
        # Twelve months to the day are within twelve months; the day after is long ago.
        (Grade.B2, date(2025, 3, 12), None),
        (Grade.B2, date(2025, 3, 11), (Grade.C1, ProposalReason.OWNED_LONG)),
        (Grade.A, date(2025, 3, 12), (Grade.B2, ProposalReason.BOUGHT)),
        (Grade.A, date(2025, 3, 11), (Grade.C1, ProposalReason.OWNED_LONG)),
        (Grade.C2, date(2020, 1, 1), (Grade.C1, ProposalReason.OWNED_LONG)),
        (Grade.C1, date(2020, 1, 1), None),
    ],
)
def test_a_purchase_makes_b2_and_twelve_months_later_c1(grade, last_on, expected):
    assert proposed(grade, bought=bought(last_on)) == expected


def test_months_are_counted_as_calendars_do():
    delivered = bought(date(2024, 2, 29))
    assert proposed(Grade.B2, today=date(2025, 2, 28), bought=delivered) is None
    assert proposed(Grade.B2, today=date(2025, 3, 1), bought=delivered) is not None


@pytest.mark.parametrize(
    ("grade", "is_proposed"),
    [(Grade.A, False), (Grade.B1, False), (Grade.C1, False), (Grade.C2, True), (Grade.D, True)],
)
def test_what_was_known_when_the_grade_was_given_is_not_proposed_again(grade, is_proposed):
    known = bought(date(2026, 2, 1), noted_at=GRADED - timedelta(seconds=1))
    assert (proposed(grade, bought=known) is not None) == is_proposed


def test_an_open_order_makes_b2_whatever_was_delivered_before():
    old = bought(date(2019, 1, 1), noted_at=GRADED - timedelta(days=900))
    assert proposed(Grade.A, has_open_order=True) == (Grade.B2, ProposalReason.BOUGHT)
    assert proposed(Grade.B2, has_open_order=True, bought=old) is None
    assert proposed(Grade.C1, has_open_order=True, bought=old)[0] == Grade.B2


def silence(count, *, at=AFTER, contact_id=7):
    return Silence(count=count, contact_id=contact_id, noted_at=at)


@pytest.mark.parametrize(
    ("silent", "unreached", "expected"),
    [
        (silence(1), None, None),
        (silence(2), None, ProposalReason.SILENT),
        (silence(3), None, ProposalReason.SILENT),
        (silence(2, at=GRADED), None, None),
        (None, silence(4), None),
        (None, silence(5), ProposalReason.UNREACHED),
        (None, silence(9), ProposalReason.UNREACHED),
        (None, silence(5, at=GRADED), None),
        (silence(1), silence(4), None),
        (silence(2), silence(5), ProposalReason.SILENT),
    ],
)
@pytest.mark.parametrize("grade", [Grade.A, Grade.B1, Grade.C2])
def test_d_is_proposed_as_decision_14_says(grade, silent, unreached, expected):
    found = proposed(grade, silent=silent, unreached=unreached)
    assert found == (expected and (Grade.D, expected))


@pytest.mark.parametrize("grade", [Grade.B2, Grade.C1, Grade.D])
def test_nobody_of_a_buyers_grade_is_proposed_to_be_given_up(grade):
    assert proposed(grade, silent=silence(4), unreached=silence(9)) is None


def test_the_figures_can_be_changed():
    figures = GradeFigures(silent_contacts=3, unreached_attempts=7, b2_months=6)
    assert proposed(Grade.A, figures=figures, silent=silence(2)) is None
    assert proposed(Grade.A, figures=figures, unreached=silence(6)) is None
    assert proposed(Grade.A, figures=figures, unreached=silence(7))[0] == Grade.D
    assert proposed(Grade.B2, figures=figures, bought=bought(date(2025, 9, 11)))[0] == Grade.C1


def test_attempts_after_a_declined_proposal_propose_again_only_when_as_many_more():
    def basis(count):
        facts = replace(FACTS, unreached=silence(count))
        return proposed_grade(grade=Grade.A, facts=facts, today=TODAY, figures=GradeFigures()).basis

    assert basis(5) == basis(9) == "attempts:7:1"
    assert basis(10) == "attempts:7:2"


@pytest.mark.parametrize(
    ("ticks", "heard_at", "expected"),
    [
        (ALL_TICKS, AFTER, (Grade.A, ProposalReason.WARM)),
        (ALL_TICKS, GRADED, None),
        (ALL_TICKS, None, None),
        (replace(ALL_TICKS, spent_time=False), AFTER, None),
        (replace(ALL_TICKS, gave_data=False), AFTER, None),
        (replace(ALL_TICKS, showed_interest=False), AFTER, None),
    ],
)
def test_three_ticks_propose_a_to_who_was_meant_for_later(ticks, heard_at, expected):
    assert proposed(Grade.C2, ticks=ticks, heard_at=heard_at) == expected


@pytest.mark.parametrize("grade", [Grade.A, Grade.B1])
def test_three_ticks_say_nothing_new_of_an_active_prospect(grade):
    assert proposed(grade, ticks=ALL_TICKS, heard_at=AFTER) is None


@pytest.mark.parametrize(
    ("grade", "facts", "expected"),
    [
        (Grade.D, {"came_at": AFTER}, Grade.C2),
        (Grade.D, {"came_at": AFTER, "ticks": ALL_TICKS}, Grade.A),
        (Grade.D, {"visited_at": AFTER}, Grade.C2),
        (Grade.D, {"came_at": GRADED}, None),
        (Grade.C2, {"came_at": AFTER}, Grade.A),
        (Grade.C1, {"came_at": AFTER}, Grade.A),
        (Grade.C2, {"visited_at": AFTER}, None),
        (Grade.A, {"came_at": AFTER}, None),
        (Grade.B2, {"came_at": AFTER}, None),
    ],
)
def test_who_gets_in_touch_again_is_ready(grade, facts, expected):
    found = proposed(grade, **facts)
    assert found == (expected and (expected, ProposalReason.BACK))


def test_a_former_buyer_who_asks_again_may_become_a_and_stays_it():
    long_ago = bought(date(2021, 5, 1), noted_at=GRADED - timedelta(days=400))
    asked = {"bought": long_ago, "came_at": AFTER}
    assert proposed(Grade.C1, **asked) == (Grade.A, ProposalReason.BACK)
    assert proposed(Grade.A, **asked, graded_at=AFTER) is None


moments = st.integers(0, 20).map(lambda hours: GRADED + timedelta(hours=hours))
maybe = st.one_of(st.none(), moments)
silences = st.none() | st.builds(
    Silence, count=st.integers(1, 12), contact_id=st.integers(1, 9), noted_at=moments
)
any_facts = st.builds(
    GradeFacts,
    graded_at=moments,
    bought=st.none()
    | st.builds(
        Bought,
        last_on=st.integers(0, 60).map(lambda months: add_months(TODAY, -months)),
        noted_at=moments,
    ),
    has_open_order=st.booleans(),
    silent=silences,
    unreached=silences,
    ticks=st.builds(
        Ticks, spent_time=st.booleans(), gave_data=st.booleans(), showed_interest=st.booleans()
    ),
    heard_at=maybe,
    came_at=maybe,
    visited_at=maybe,
)


def _ask(grade, facts):
    return proposed_grade(grade=grade, facts=facts, today=TODAY, figures=GradeFigures())


@given(grade=st.sampled_from(Grade), facts=any_facts)
def test_nobody_who_has_bought_is_ever_proposed_to_be_given_up(grade, facts):
    found = _ask(grade, facts)
    assert found is None or found.grade != grade
    if found and found.grade == Grade.D:
        assert not facts.has_bought
        assert grade not in (Grade.B2, Grade.C1)


@given(grade=st.sampled_from(Grade), facts=any_facts)
def test_a_confirmed_proposal_rests_until_something_new_is_known(grade, facts):
    found = _ask(grade, facts)
    if found is None:
        return
    confirmed = GRADED + timedelta(days=3)
    again = _ask(found.grade, replace(facts, graded_at=confirmed))
    assert again is None or (again.grade, again.basis) == (Grade.B2, "order")


@pytest.mark.parametrize(
    ("grade", "has_bought", "codes"),
    [
        (Grade.D, True, ["buyer_is_not_given_up"]),
        (Grade.D, False, []),
        (Grade.C1, True, []),
        (Grade.A, True, []),
    ],
)
def test_a_buyer_is_not_given_up(grade, has_bought, codes):
    found = grade_blockers(grade=grade, has_bought=has_bought)
    assert [blocker.code for blocker in found] == codes


@pytest.mark.parametrize(
    ("letter", "has_bought", "grade"),
    [
        ("b", True, Grade.B2),
        ("C", False, Grade.C2),
        ("D", False, Grade.D),
        ("D", True, None),
        ("x", True, None),
    ],
)
def test_letters_are_read_as_people_write_them(letter, has_bought, grade):
    assert grade_of_letter(letter, has_bought=has_bought) == grade


@pytest.mark.parametrize(
    ("is_own", "is_manager", "seconds", "codes"),
    [
        (True, False, 600, []),
        (True, False, 601, ["undo_too_late"]),
        (False, True, 600, []),
        (False, True, 601, ["undo_too_late"]),
        (False, False, 1, ["not_yours_to_undo"]),
    ],
)
def test_a_grade_is_taken_back_within_ten_minutes(is_own, is_manager, seconds, codes):
    found = undo_blockers(
        is_own=is_own,
        is_manager=is_manager,
        changed_at=GRADED,
        now=GRADED + timedelta(seconds=seconds),
    )
    assert [blocker.code for blocker in found] == codes
