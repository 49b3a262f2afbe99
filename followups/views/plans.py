"""Plans: read by everybody, changed by those who set them, with what a change does before it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.days import day_text
from core.refusals import Refused
from followups import queries, rules, services
from followups.forms import PlanForm, SampleForm, StepForm, StepFormSet
from followups.models import Plan, Step
from followups.queries import ListedPlan, Movement
from followups.services.plans import StepTerms
from followups.states import ACT_ANCHORS, Assignee, Way
from staff.access import signed_in
from staff.requests import Request
from staff.scope import PLAN_ROLES
from staff.states import Trade

SAVE = "save"


@signed_in
@require_safe
def plans(request: Request) -> HttpResponse:
    """All plans of care, with their steps."""
    found = list(queries.plans_for_list())
    return TemplateResponse(
        request,
        "followups/plans.html",
        {
            "plans": [
                {
                    "pk": plan.pk,
                    "name": plan.name,
                    "trades": [str(Trade(trade).label) for trade in plan.trades],
                    "steps": _read_plan(plan),
                    "is_active": plan.is_active,
                    "courses": plan.courses_count,
                }
                for plan in found
            ],
            "may_edit": request.reach.has_role(PLAN_ROLES),
        },
    )


def _read_plan(plan: ListedPlan) -> list[dict[str, str]]:
    """A plan in words: the steps in use."""
    return [_read(step) for step in plan.own_steps if step.is_active]


def _read(step: Step) -> dict[str, str]:
    """A step in words: what, when, by whom."""
    return {"name": step.name, "when": when_of(step), "who": step.get_assignee_display()}


def when_of(step: Step) -> str:
    """Delivery + 2 months, then every 2 months, 30 times."""
    anchor = str(step.grade or step.get_anchor_display())
    words = _("%(anchor)s + %(offset)s %(unit)s") % {
        "anchor": anchor, "offset": step.offset, "unit": step.get_unit_display(),
    }  # fmt: skip
    if step.times == 1:
        return words
    return _("%(first)s, then every %(every)s %(unit)s, %(times)s times in all") % {
        "first": words, "every": step.every, "unit": step.get_unit_display(), "times": step.times,
    }  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: Request, pk: int) -> HttpResponse:
    """One plan: its steps, the calendar they make, and, for its editors, what a change moves."""
    found = get_object_or_404(queries.plans_for_list(), pk=pk)
    may_edit = request.reach.has_role(PLAN_ROLES)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    draft = _draft(request, found)
    if request.method == "POST" and draft.is_valid and request.POST.get("act") == SAVE:
        try:
            _save(request, found, draft)
        except Refused as refusal:
            for sentence in refusal.sentences():
                draft.head.add_error(None, sentence)
        else:
            return redirect("followups:plan", found.pk)
    context = {
        "plan": found,
        "may_edit": may_edit,
        "head": draft.head,
        "steps": draft.steps,
        "read": [] if may_edit else _read_plan(found),
        "sample": draft.sample,
        "sample_days": _sample_days(draft),
        "movement": _movement_words(draft.movement) if draft.is_changed else "",
        "is_changed": draft.is_changed,
    }
    is_preview = request.htmx and request.method == "POST"
    template = "followups/plan.html#preview" if is_preview else "followups/plan.html"
    return TemplateResponse(request, template, context)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A plan as it stands in its editor's form."""

    head: PlanForm
    steps: StepFormSet
    sample: SampleForm
    terms: list[StepTerms]
    is_valid: bool
    is_changed: bool
    movement: Movement


def _draft(request: Request, plan: ListedPlan) -> Draft:
    data = request.POST if request.method == "POST" else None
    head = PlanForm(data, initial=PlanForm.initial_of(plan))
    rows = [StepForm.initial_of(step) for step in plan.own_steps]
    steps = StepFormSet(data, initial=rows, prefix="steps")
    sample = SampleForm(data, prefix="sample")
    standing = {step.pk: step for step in plan.own_steps}
    is_valid = data is not None and head.is_valid() and steps.is_valid()
    typed = [form for form in steps if is_valid and not form.is_blank]
    terms = [form.terms(standing) for form in typed] if is_valid else []
    changed = _changed(terms, standing)
    head_changed = is_valid and set(head.changed_data) - {"seen_at"}
    return Draft(
        head=head,
        steps=steps,
        sample=sample,
        terms=terms or [StepForm.terms_of(step) for step in plan.own_steps],
        is_valid=is_valid,
        is_changed=bool(is_valid and (changed or head_changed or _adds(terms))),
        movement=queries.movement_of(changed),
    )


def _adds(terms: list[StepTerms]) -> bool:
    return any(row.step_id is None for row in terms)


def _changed(terms: list[StepTerms], standing: dict[int, Step]) -> dict[int, rules.StepSpec | None]:
    """The steps whose terms differ, with what they are to be; None switches one off."""
    changed: dict[int, rules.StepSpec | None] = {}
    for row in terms:
        step = standing.get(row.step_id or 0)
        if step is not None and row != StepForm.terms_of(step):
            changed[step.pk] = row.spec(step.code) if row.is_active else None
    return changed


def _save(request: Request, plan: Plan, draft: Draft) -> None:
    said = draft.head.cleaned_data
    services.change_plan(plan=plan, steps=draft.terms, by=request.user, now=timezone.now(), **said)
    moved = _movement_words(draft.movement)
    messages.success(request, _("The plan is saved. %(moved)s") % {"moved": moved})


def _movement_words(movement: Movement) -> str:
    """312 open tasks move, 2 fall away, 0 done ones change."""
    parts = [
        ngettext("%(count)s open task moves", "%(count)s open tasks move", movement.moving)
        % {"count": movement.moving}
    ]
    if movement.falling_away:
        parts.append(
            ngettext("%(count)s falls away", "%(count)s fall away", movement.falling_away)
            % {"count": movement.falling_away}
        )
    parts.append(_("0 of the %(count)s done ones change") % {"count": movement.done})
    return _(", ").join(parts) + _(".")


def _sample_days(draft: Draft) -> list[dict[str, object]]:
    """A sample customer's calendar: a line a day, person and letter, as tasks are (decision 9)."""
    active = {f"{at}": row for at, row in enumerate(draft.terms) if row.is_active and row.offset}
    specs = [row.spec(code) for code, row in active.items() if not _refused(row)]
    lines: dict[tuple, dict[str, Any]] = {}
    for day in queries.sample_calendar(specs, **draft.sample.days()):
        row = active[day.spec.code]
        key = (day.due.on, row.assignee, row.way == Way.LETTER)
        line = lines.setdefault(
            key,
            {
                "when": day_text(day.due.on, today=timezone.localdate()),
                "what": [],
                "who": str(Assignee(row.assignee).label),
                "ways": [],
            },
        )
        line["what"].append(name_of(row))
        line["ways"].append(row.way)
    return [
        {
            **line,
            "what": _(", ").join(line["what"]),
            "way": str(Way(rules.leading_way(line["ways"])).label),
        }
        for line in lines.values()
    ]


def name_of(row: StepTerms) -> str:
    """The step's name in the reader's language, the other one where it is missing."""
    names = (row.name_zh, row.name_en)
    first, second = names if (get_language() or "").startswith("zh") else names[::-1]
    return first or second


def _refused(row: StepTerms) -> bool:
    """Terms that the service would refuse make no calendar."""
    return bool(rules.extent_blockers(row.spec())) or row.anchor in ACT_ANCHORS
