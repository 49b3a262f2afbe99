"""A plan as its editor wants it: what stops it, and how it differs from what stood (design.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from core.rules import Blocker
from followups.rules.care import StepSpec, step_blockers
from followups.states import (
    AHEAD_ANCHORS,
    APART_WAYS,
    BIRTHDAY_ANCHORS,
    ORDER_ANCHORS,
    PRODUCT_ANCHORS,
    TERM_ANCHORS,
    Anchor,
    Assignee,
    Unit,
    Way,
)

# The plans of the house: for every trade, one of each, and always in use.
EVERYDAY, ORDERS = "everyday", "orders"
ANCHORS_OF_HOUSE: Mapping[str, tuple[Anchor, ...]] = {
    EVERYDAY: (Anchor.CADENCE, *BIRTHDAY_ANCHORS),
    ORDERS: ORDER_ANCHORS,
}
# Counted from a day that may be the day of the contact itself: a birthday, the end of a term, a
# day of an order.
DAY_ITSELF = (*BIRTHDAY_ANCHORS, *TERM_ANCHORS, *ORDER_ANCHORS)
# So long an overdue task may wait before it is reported up.
MOST_ESCALATION_HOURS = 24 * 90


@dataclass(frozen=True, kw_only=True)
class StepTerms:
    """A step as its editor wants it; without `step_id` it is a new one."""

    step_id: int | None = None
    name_en: str
    name_zh: str
    anchor: Anchor | str
    grade: str = ""
    offset: int
    is_before: bool = False
    unit: Unit | str
    every: int = 0
    times: int = 1
    ahead_days: int = 0
    way: Way | str
    assignee: Assignee | str
    survey_id: int | None = None
    script_id: int | None = None
    escalates_after: int | None = None
    is_active: bool = True

    def values(self) -> dict[str, Any]:
        """The columns of the step."""
        return {name: value for name, value in asdict(self).items() if name != "step_id"}

    def spec(self, code: str = "") -> StepSpec:
        """The step as the rules of care see it."""
        known = {field.name for field in fields(StepSpec)}
        said = {name: value for name, value in self.values().items() if name in known}
        return StepSpec(code=code, **said)


COLUMNS = tuple(field.name for field in fields(StepTerms) if field.name != "step_id")


@dataclass(frozen=True, kw_only=True)
class PlanTerms:
    """A plan as its editor wants it: names, trades, whether it is in use, and its steps."""

    name_en: str
    name_zh: str
    trades: tuple[str, ...] = ()
    is_active: bool = True
    steps: tuple[StepTerms, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> "PlanTerms":
        steps = tuple(StepTerms(**row) for row in said["steps"])
        return cls(**{**said, "trades": tuple(said["trades"]), "steps": steps})

    def head(self) -> dict[str, object]:
        """The columns of the plan itself."""
        return {
            "name_en": self.name_en,
            "name_zh": self.name_zh,
            "trades": list(self.trades),
            "is_active": self.is_active,
        }


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that two versions of a plan say differently; `step` None speaks of the plan.

    `field` is the column, or `added`, `taken_out`: the step stands in the one version alone. `at`
    is the place of the step in the later version.
    """

    step: StepTerms | None
    field: str
    at: int | None = None
    before: object = None
    after: object = None


def changes_of(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list]:
    """Column → [before, after], for the columns that differ."""
    return {
        name: [before[name], value] for name, value in after.items() if before.get(name) != value
    }


def differences(before: PlanTerms, after: PlanTerms) -> list[Difference]:
    """What `after` says differently, the plan itself first, then step by step."""
    found = [
        Difference(step=None, field=name, before=was, after=value)
        for name, (was, value) in changes_of(before.head(), after.head()).items()
    ]
    standing = {step.step_id: step for step in before.steps if step.step_id is not None}
    for at, step in enumerate(after.steps):
        was = standing.pop(step.step_id, None) if step.step_id is not None else None
        if was is None:
            found.append(Difference(step=step, field="added", at=at))
            continue
        found += [
            Difference(step=step, field=name, at=at, before=old, after=new)
            for name, (old, new) in changes_of(was.values(), step.values()).items()
        ]
    found += [Difference(step=step, field="taken_out") for step in standing.values()]
    return found


# What may change without a single obligation changing: words, and what stands beside the form.
STILL = frozenset({"name_en", "name_zh", "way", "survey_id", "script_id", "escalates_after"})


def moves_work(before: PlanTerms, after: PlanTerms) -> bool:
    """Whether any obligation may change by this; new names and scripts change none."""
    if not (before.is_active or after.is_active):
        return False
    used = {step.step_id for step in before.steps if step.is_active}
    for row in differences(before, after):
        if row.field in STILL:
            continue
        if row.step is None or row.step.is_active or row.step.step_id in used:
            return True
    return False


TIMING = ("offset", "is_before", "unit", "every", "times")


def begins_anew(before: PlanTerms, after: PlanTerms, row: StepTerms) -> bool:
    """Whether this step of `after` may fall due from now on where it never did before.

    It is new, in use again or counted otherwise, or the whole plan is, or it is for another trade:
    nobody is then asked for what would have been due years ago.
    """
    was = next((step for step in before.steps if step.step_id == row.step_id), None)
    if row.step_id is None or was is None or not before.is_active:
        return True
    if not was.is_active or set(after.trades) - set(before.trades):
        return True
    return any(getattr(was, name) != getattr(row, name) for name in TIMING)


def anchors_of_plan(code: str) -> tuple[Anchor, ...]:
    """From what the steps of this plan may count: what a customer owns, but for plans of the
    house.
    """
    return ANCHORS_OF_HOUSE.get(code, PRODUCT_ANCHORS)


def plan_blockers(*, terms: PlanTerms, is_of_house: bool) -> list[Blocker]:
    """What stops the plan itself from being written so."""
    blockers = []
    if not (terms.name_en and terms.name_zh):
        blockers.append(Blocker("plan_name_missing"))
    if terms.is_active and not terms.trades and not is_of_house:
        blockers.append(Blocker("trade_missing"))
    if is_of_house and not terms.is_active:
        blockers.append(Blocker("everyday_stays"))
    return blockers


def terms_blockers(
    *, terms: StepTerms, before: StepTerms | None, anchors: Sequence[Anchor]
) -> list[Blocker]:
    """Everything that stops a step from being written so; `before` is how it stands, `anchors`
    from what the steps of its plan may count.
    """
    way_before = before.way if before else terms.way
    blockers = step_blockers(
        step=terms.spec(),
        has_names=bool(terms.name_en and terms.name_zh),
        way=_apart(terms.way),
        way_before=_apart(way_before),
        is_kept_by_keeper=terms.assignee == Assignee.KEEPER,
    )
    if terms.anchor in DAY_ITSELF:
        blockers = [row for row in blockers if row.code != "step_offset_missing"]
    return blockers + [Blocker(code) for code in _codes(terms, before, anchors)]


def _apart(way: Way | str) -> Way | str:
    """Letters and greetings are of one kind: what stands apart from contacts (decision 19)."""
    return Way.LETTER if way in APART_WAYS else way


def _codes(terms: StepTerms, before: StepTerms | None, anchors: Sequence[Anchor]) -> Sequence[str]:
    codes = []
    if before is not None and (terms.anchor, terms.grade) != (before.anchor, before.grade):
        codes.append("anchor_is_fixed")
    if terms.anchor not in anchors:
        codes.append("anchor_of_another_plan")
    if (terms.anchor == Anchor.CADENCE) != bool(terms.grade):
        codes.append("grade_missing")
    if terms.is_before and (terms.anchor not in AHEAD_ANCHORS or terms.times != 1):
        codes.append("before_what")
    if terms.anchor in BIRTHDAY_ANCHORS and (terms.times != 1 or terms.unit == Unit.HOURS):
        codes.append("birthday_comes_each_year")
    if terms.way in APART_WAYS and terms.survey_id is not None:
        codes.append("letter_asks_nothing")
    if (terms.escalates_after or 0) > MOST_ESCALATION_HOURS:
        codes.append("escalates_too_late")
    return codes
