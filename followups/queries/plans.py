"""Plans for their editor: the list, how they stand, and how they stood."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Count, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from followups.models import AnchorDay, Article, Plan, PlanVersion, Step, StepVersion, Survey
from followups.rules.plans import COLUMNS, PlanTerms, StepTerms
from followups.states import ACT_ANCHORS, Anchor, ArticleKind

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Listed(TypedDict):
        own_steps: list[Step]
        courses_count: int

    ListedPlan = WithAnnotations[Plan, _Listed]
else:
    ListedPlan = Plan


def cadence_days() -> dict[str, int]:
    """After how many days a customer of each grade is met again, where by grade at all."""
    steps = Step.objects.filter(anchor=Anchor.CADENCE, is_active=True)
    return dict(steps.values_list("grade", "offset"))


def plans_for_list() -> QuerySet[ListedPlan]:
    """All plans with their steps; steps that people's acts open are none of a plan's own."""
    steps = Step.objects.exclude(anchor__in=ACT_ANCHORS).order_by("position", "pk")
    plans = (
        Plan.objects.prefetch_related(Prefetch("steps", steps, to_attr="own_steps"))
        .annotate(courses_count=Count("courses", filter=Q(courses__next_due_on__isnull=False)))
        .order_by("-is_active", "pk")
    )
    return cast("QuerySet[ListedPlan]", plans)


def own_steps(plan: Plan) -> QuerySet[Step]:
    """The steps that are a plan's own, in their order: none that people's acts open."""
    return plan.steps.exclude(anchor__in=ACT_ANCHORS).order_by("position", "pk")


def days_of(plan: Plan) -> QuerySet[AnchorDay]:
    """The days of orders from which steps of this plan count."""
    return AnchorDay.objects.filter(ended_at=None, anchor__in=plan.steps.values("anchor"))


def terms_of(plan: Plan) -> PlanTerms:
    """A plan as it stands."""
    head = Plan.objects.get(pk=plan.pk)
    return PlanTerms(
        name_en=head.name_en,
        name_zh=head.name_zh,
        trades=tuple(head.trades),
        is_active=head.is_active,
        steps=tuple(step_terms(step, step.pk) for step in own_steps(plan)),
    )


def step_terms(step: Step | StepVersion, step_id: int | None) -> StepTerms:
    """A step's terms as they stand, or stood in a version."""
    return StepTerms(step_id=step_id, **{name: getattr(step, name) for name in COLUMNS})


def versions_of(plan: Plan) -> QuerySet[PlanVersion]:
    """The plan's versions, the newest first, each with its steps."""
    versions = plan.versions.select_related("made_by")
    return _with_steps(versions).order_by("-number")


def version_at(plan: Plan, at: datetime) -> PlanVersion | None:
    """The version that was made at this moment, with its steps; none: the plan as it came."""
    versions = versions_of(plan)
    return versions.filter(made_at=at).first() or versions.last()


def get_version(pk: int) -> PlanVersion:
    """A version with its plan and steps; one that is none is not found (404)."""
    return get_object_or_404(
        _with_steps(PlanVersion.objects.select_related("plan", "made_by")), pk=pk
    )


def _with_steps(versions: QuerySet[PlanVersion]) -> QuerySet[PlanVersion]:
    steps = StepVersion.objects.order_by("step__position", "step")
    return versions.prefetch_related(Prefetch("steps", steps))


def terms_of_version(version: PlanVersion) -> PlanTerms:
    """A plan as it stood in this version."""
    return PlanTerms(
        name_en=version.name_en,
        name_zh=version.name_zh,
        trades=tuple(version.trades),
        is_active=version.is_plan_active,
        steps=tuple(step_terms(step, step.step_id) for step in version.steps.all()),
    )


def terms_to_restore(version: PlanVersion) -> PlanTerms:
    """What makes the plan as it was: steps added since are switched off, none is deleted."""
    then = terms_of_version(version)
    known = {step.step_id for step in then.steps}
    since = [row for row in terms_of(version.plan).steps if row.step_id not in known]
    return replace(then, steps=(*then.steps, *(replace(row, is_active=False) for row in since)))


def survey_choices(*, only_active: bool = True) -> list[tuple[int, str]]:
    """Surveys that a step may ask."""
    rows = Survey.objects.filter(is_active=True) if only_active else Survey.objects.all()
    return [(row.pk, row.name) for row in rows.order_by("code", "pk")]


def script_choices(*, only_active: bool = True) -> list[tuple[int, str]]:
    """Scripts that may stand beside the form of a step."""
    rows = Article.objects.filter(kind=ArticleKind.SCRIPT)
    rows = rows.filter(is_active=True) if only_active else rows
    shown = rows.only("title_en", "title_zh").order_by("position", "pk")
    return [(row.pk, row.title) for row in shown]


def name_of_step(step_id: int | None) -> str:
    """A step with its plan, where it is not of the plan at hand."""
    if step_id is None:
        return "—"
    step = Step.objects.select_related("plan").filter(pk=step_id).first()
    return f"{step.plan.name} · {step.name}" if step else "—"
