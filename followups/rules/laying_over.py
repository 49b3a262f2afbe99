"""A plan that two people changed: what the later wants, laid over what the first has saved."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from followups.rules.plans import Difference, PlanTerms, StepTerms, differences


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
