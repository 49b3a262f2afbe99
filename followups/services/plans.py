"""Changing a plan: its steps, and with them what is open everywhere."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.services import audit
from core.services.jobs import nudge
from followups import rules
from followups.models import Course, Plan, Step
from followups.states import Anchor, Assignee, Unit, Way
from staff.models import Person

LOOK_AGAIN = date(2000, 1, 1)


class PlanNotChanged(Refused):
    """A plan could not be changed as typed."""

    messages = {
        "plan_changed_meanwhile": _(
            "Somebody else changed this plan in the meantime. Look at it again, then change it."
        ),
        "step_is_foreign": _("This step belongs to another plan."),
        "step_name_missing": _("Name the step in both languages."),
        "step_offset_missing": _("Say how long after the anchor the step falls due."),
        "step_every_missing": _("Say after how long the step is repeated."),
        "step_times_wrong": _("A step happens at least once and at most %(most)s times."),
        "step_too_far": _("The last time of this step lies more than ten years after the anchor."),
        "step_shown_too_early": _("Show the step at most %(most)s days before it falls due."),
        "hours_do_not_repeat": _("A limit in hours happens once. Repeat in days or months."),
        "letter_stays_letter": _(
            "A letter stays a letter and a contact a contact. Switch this step off and add another."
        ),
        "cadence_is_by_days": _("A step by grade is counted in days, and done by the keeper."),
        "next_step_is_fixed": _("The step that people agree on is not part of what can be edited."),
        "two_cadences": _("This grade has another step in use. Switch that one off first."),
    }


@dataclass(frozen=True, kw_only=True)
class StepTerms:
    """A step as its editor wants it; without `step_id` it is a new one."""

    step_id: int | None
    name_en: str
    name_zh: str
    anchor: Anchor | str
    grade: str
    offset: int
    unit: Unit | str
    every: int
    times: int
    ahead_days: int
    way: Way | str
    assignee: Assignee | str
    is_active: bool

    def values(self) -> dict[str, object]:
        """The columns of the step."""
        return {name: value for name, value in asdict(self).items() if name != "step_id"}

    def spec(self, code: str = "") -> rules.StepSpec:
        """The step as the rules see it."""
        return rules.StepSpec(
            code=code,
            anchor=self.anchor,
            offset=self.offset,
            unit=self.unit,
            every=self.every,
            times=self.times,
            ahead_days=self.ahead_days,
        )


def _blockers_of(terms: StepTerms, step: Step | None) -> list:
    return rules.step_blockers(
        step=terms.spec(),
        has_names=bool(terms.name_en and terms.name_zh),
        way=terms.way,
        way_before=step.way if step else terms.way,
        is_kept_by_keeper=terms.assignee == Assignee.KEEPER,
    )


def _changes(step: Step, terms: StepTerms) -> dict[str, list[object]]:
    """Column → [before, after], for the columns that differ."""
    wanted = terms.values()
    return {
        name: [getattr(step, name), value]
        for name, value in wanted.items()
        if getattr(step, name) != value
    }


def _free_code(plan: Plan) -> str:
    """A code for a new step; codes of other plans are taken, too."""
    taken = set(Step.objects.filter(code__startswith=plan.code).values_list("code", flat=True))
    number = plan.steps.count() + 1
    while f"{plan.code}_{number}" in taken:
        number += 1
    return f"{plan.code}_{number}"


def _save_step(plan: Plan, terms: StepTerms, step: Step | None, by: Person) -> bool:
    """Write one step and its trail; true where it differs from what stood."""
    if step is None:
        step = Step.objects.create(
            plan=plan, code=_free_code(plan), position=plan.steps.count(), **terms.values()
        )
        audit.record(verb="add_step", of=step, by=by, plan=plan.pk, **terms.spec().__dict__)
        return True
    changes = _changes(step, terms)
    if changes:
        Step.objects.filter(pk=step.pk).update(**terms.values())
        audit.record(verb="change_step", of=step, by=by, plan=plan.pk, changes=changes)
    return bool(changes)


def _look_again(plan: Plan) -> None:
    """Every course that the plan touches is due at once: its own, and the cadence beside it.

    Rows are locked by id, as everywhere, so that no act on a customer meets this crosswise.
    """
    of_plan = Course.objects.filter(plan=plan)
    beside = Course.objects.filter(product=None, customer__in=of_plan.values("customer"))
    ids = (of_plan | beside).order_by("pk").values_list("pk", flat=True).distinct()
    locked = Course.objects.filter(pk__in=ids).order_by("pk").select_for_update()
    list(locked.values_list("pk", flat=True))
    Course.objects.filter(pk__in=ids).update(next_due_on=LOOK_AGAIN)


@transaction.atomic
def change_plan(
    *,
    plan: Plan,
    steps: Sequence[StepTerms],
    by: Person,
    now: datetime,
    name_en: str | None = None,
    name_zh: str | None = None,
    is_active: bool = True,
    seen_at: datetime | None = None,
) -> bool:
    """Write a plan's steps; what is open moves with the engine's next round, what is done stays.

    `seen_at` is the version its editor looked at. Returns whether anything changed. Raises
    PlanNotChanged.
    """
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if seen_at is not None and seen_at != plan.changed_at:
        raise PlanNotChanged.because("plan_changed_meanwhile")
    standing = {step.pk: step for step in plan.steps.all()}
    for terms in steps:
        if terms.step_id is not None and terms.step_id not in standing:
            raise PlanNotChanged.because("step_is_foreign")
        refuse_if(PlanNotChanged, _blockers_of(terms, standing.get(terms.step_id or 0)))

    changed = _save_head(plan, name_en=name_en, name_zh=name_zh, is_active=is_active, by=by)
    try:
        with transaction.atomic():
            for terms in steps:
                changed |= _save_step(plan, terms, standing.get(terms.step_id or 0), by)
    except IntegrityError as error:
        raise PlanNotChanged.because("two_cadences") from error
    if changed:
        Plan.objects.filter(pk=plan.pk).update(changed_at=now, changed_by=by)
        _look_again(plan)
        nudge("followups.tasks.ask_what_is_due")
    return changed


def _save_head(
    plan: Plan, *, name_en: str | None, name_zh: str | None, is_active: bool, by: Person
) -> bool:
    """Write the plan's names and whether it is in use; true where they differ."""
    wanted = {
        "name_en": name_en or plan.name_en,
        "name_zh": name_zh or plan.name_zh,
        "is_active": is_active,
    }
    changes = {
        name: [getattr(plan, name), value]
        for name, value in wanted.items()
        if getattr(plan, name) != value
    }
    if changes:
        Plan.objects.filter(pk=plan.pk).update(**wanted)
        audit.record(verb="change_plan", of=plan, by=by, changes=changes)
    return bool(changes)
