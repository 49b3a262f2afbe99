"""What two people changed at once: all of both is kept where they did not mean the same thing."""

import pytest

from followups.rules.laying_over import (
    changed_by_the_other,
    plan_on_top,
    questions_on_top,
    with_codes_of_their_own,
)
from followups.rules.plans import PlanTerms, StepTerms
from followups.rules.surveys import QuestionTerms
from followups.states import Anchor, Assignee, Unit, Way

BEGUN = "abc"


def question(code: str, words: str = "", **more) -> QuestionTerms:
    return QuestionTerms(code=code, kind="text", text_en=code, text_zh=words or code, **more)


def asked(codes: str) -> list[QuestionTerms]:
    return [question(code) for code in codes]


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        ("abc", "abc", "abc"),
        ("abcd", "abc", "abcd"),  # I add one
        ("abc", "abcd", "abcd"),  # the other adds one
        ("abcd", "abce", "abced"),  # each adds one
        ("ac", "abc", "ac"),  # I take one out
        ("abc", "ac", "ac"),  # the other takes one out
        ("ac", "ab", "a"),  # each takes another out
        ("ac", "ac", "ac"),  # both take the same out
        ("cab", "abc", "cab"),  # I set the order
        ("abc", "cab", "cab"),  # the other sets it
        ("cab", "bca", "cab"),  # both: the later does
        ("cab", "abcd", "cabd"),  # the later sets it, the other adds
        ("", "abc", ""),
    ],
)
def test_the_questions_of_two_editors(mine, theirs, merged):
    found = questions_on_top(base=asked(BEGUN), mine=asked(mine), theirs=asked(theirs))
    assert "".join(each.code for each in found) == merged


def test_each_says_one_thing_of_a_question_otherwise_and_both_are_kept():
    theirs, mine = question("a", "新问法"), question("a", is_required=True)
    merged = questions_on_top(base=asked("a"), mine=[mine], theirs=[theirs])
    assert merged == [question("a", "新问法", is_required=True)]


def test_both_say_the_same_thing_otherwise_and_the_later_is_kept():
    theirs, mine = question("a", "他的"), question("a", "我的")
    assert questions_on_top(base=asked("a"), mine=[mine], theirs=[theirs]) == [mine]


@pytest.mark.parametrize("who", ["mine", "theirs"])
def test_a_question_that_one_takes_out_stays_where_the_other_has_changed_it(who):
    both = {"mine": [], "theirs": []} | {who: [question("a", "新问法")]}
    assert questions_on_top(base=asked("a"), **both) == [question("a", "新问法")]


def test_two_new_questions_of_the_same_english_words_are_both_asked():
    base = asked("a")
    theirs, mine = [*base, question("taken", "包装？")], [*base, question("taken", "旧床？")]
    mine = with_codes_of_their_own(mine, theirs=theirs, had={"a"})
    merged = questions_on_top(base=base, mine=mine, theirs=theirs)
    assert [(each.code, each.text_zh) for each in merged] == [
        ("a", "a"), ("taken", "包装？"), ("taken_2", "旧床？"),
    ]  # fmt: skip


def test_a_question_that_both_bring_back_is_asked_once():
    theirs = mine = asked("a")
    mine = with_codes_of_their_own(mine, theirs=theirs, had={"a"})
    assert questions_on_top(base=[], mine=mine, theirs=theirs) == theirs


def step(step_id: int | None, offset: int = 7, **more) -> StepTerms:
    said = {
        "name_en": "call", "name_zh": "回访", "anchor": Anchor.DELIVERY, "unit": Unit.DAYS,
        "way": Way.CALL, "assignee": Assignee.KEEPER,
    }  # fmt: skip
    return StepTerms(step_id=step_id, offset=offset, **{**said, **more})


def plan(*steps: StepTerms, name: str = "plan", **more) -> PlanTerms:
    return PlanTerms(name_en=name, name_zh=name, steps=steps, **more)


BASE = plan(step(1), step(2))


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        (BASE, BASE, BASE),
        (plan(step(1, 3), step(2)), BASE, plan(step(1, 3), step(2))),
        (BASE, plan(step(1, 3), step(2)), plan(step(1, 3), step(2))),
        (
            plan(step(1, 3), step(2)),
            plan(step(1, is_active=False), step(2, 9)),
            plan(step(1, 3, is_active=False), step(2, 9)),
        ),
        (plan(step(1, 3), step(2)), plan(step(1, 5), step(2)), plan(step(1, 3), step(2))),
        (plan(step(1)), BASE, BASE),
        (plan(step(1), step(2), step(None)), plan(step(1), step(2), step(3)),
         plan(step(1), step(2), step(3), step(None))),
        (plan(*BASE.steps, name="mine"), plan(*BASE.steps, trades=("car",)),
         plan(*BASE.steps, name="mine", trades=("car",))),
        (plan(*BASE.steps, trades=("shoe",)), plan(*BASE.steps, trades=("car",)),
         plan(*BASE.steps, trades=("shoe",))),
    ],
)  # fmt: skip
def test_the_plans_of_two_editors(mine, theirs, merged):
    assert plan_on_top(base=BASE, mine=mine, theirs=theirs) == merged


@pytest.mark.parametrize(
    ("offset", "both"), [(7, False), (3, True), (5, False)], ids=["untouched", "other", "same"]
)
def test_what_the_other_changed_is_named_and_whether_both_did(offset, both):
    mine, theirs = plan(step(1, offset), step(2)), plan(step(1, 5), step(2))
    ((change, is_both),) = changed_by_the_other(base=BASE, mine=mine, theirs=theirs)
    assert (change.field, change.before, change.after, is_both) == ("offset", 7, 5, both)
