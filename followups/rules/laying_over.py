"""What two people changed at once: what the later wants, laid over what the first has saved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from followups.rules.plans import Difference, PlanTerms, StepTerms, differences
from followups.rules.surveys import QuestionTerms, code_of

# What an editor changes of a question that stands.
QUESTION_COLUMNS = tuple(
    field.name for field in fields(QuestionTerms) if field.name not in ("code", "kind")
)


def plan_on_top(*, base: PlanTerms, mine: PlanTerms, theirs: PlanTerms) -> PlanTerms:
    """`theirs` with all that `mine` says otherwise than `base`, from which both began.

    A step that `mine` leaves out stays as it is.
    """
    began = {row.step_id: row for row in base.steps}
    wanted: dict[int | None, StepTerms] = {row.step_id: row for row in mine.steps if row.step_id}
    steps = [_step_on_top(began.get(row.step_id), wanted.get(row.step_id), row)
             for row in theirs.steps]  # fmt: skip
    new = [row for row in mine.steps if row.step_id is None]
    head = _changed(base.head(), mine.head()) | {"steps": (*steps, *new)}
    if "trades" in head:
        head["trades"] = mine.trades
    return replace(theirs, **head)


def _step_on_top(base: StepTerms | None, mine: StepTerms | None, theirs: StepTerms) -> StepTerms:
    if base is None or mine is None:
        return mine or theirs
    return replace(theirs, **_changed(base.values(), mine.values()))


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if before[name] != value}


def changed_by_the_other(
    *, base: PlanTerms, mine: PlanTerms, theirs: PlanTerms
) -> list[tuple[Difference, bool]]:
    """What the first changed, and whether the later wants the same thing otherwise."""
    own = {_place(row): row.after for row in differences(base, mine)}
    return [
        (row, _place(row) in own and own[_place(row)] != row.after)
        for row in differences(base, theirs)
    ]


def _place(row: Difference) -> tuple[int | None, str]:
    return (row.step.step_id if row.step else None, row.field)


def with_codes_of_their_own(
    mine: Sequence[QuestionTerms], *, theirs: Sequence[QuestionTerms], had: Collection[str]
) -> list[QuestionTerms]:
    """`mine`, where a new question has no code that the other has given to a new one, too.

    `had` are the codes up to the version that was read: what has one of them is the same question,
    brought back by both.
    """
    given = {each.code for each in theirs}.difference(had)
    taken = {*had, *given, *(each.code for each in mine)}
    found = []
    for each in mine:
        if each.code in given:
            each = replace(each, code=code_of(each.text_en, taken=taken))
            taken.add(each.code)
        found.append(each)
    return found


def questions_on_top(
    *, base: Sequence[QuestionTerms], mine: Sequence[QuestionTerms], theirs: Sequence[QuestionTerms]
) -> list[QuestionTerms]:
    """`theirs` with all that `mine` says otherwise than `base`; who changed the order sets it."""
    began, own, others = by_code(base), by_code(mine), by_code(theirs)
    has_moved = [each.code for each in mine if each.code in began] != [
        each.code for each in base if each.code in own
    ]
    first, second = (own, others) if has_moved else (others, own)
    merged = {code: _question_on_top(began.get(code), own.get(code), others.get(code))
              for code in [*first, *(code for code in second if code not in first)]}  # fmt: skip
    return [each for each in merged.values() if each is not None]


def _question_on_top(
    base: QuestionTerms | None, mine: QuestionTerms | None, theirs: QuestionTerms | None
) -> QuestionTerms | None:
    """One question of the three; whoever took it out did so unless the other changed it."""
    if base is None:
        return mine or theirs
    if mine is None or theirs is None:
        left = mine or theirs
        return left if left != base else None
    return replace(theirs, **_changed(_written(base), _written(mine)))


def _written(question: QuestionTerms) -> dict[str, Any]:
    return {name: getattr(question, name) for name in QUESTION_COLUMNS}


def by_code(questions: Sequence[QuestionTerms]) -> dict[str, QuestionTerms]:
    """The questions by what tells them apart."""
    return {each.code: each for each in questions}
