"""Plans: read by everybody, changed by those who set them, with what a change does before it."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.days import moment_text
from core.models import Job
from core.refusals import Refused
from core.states import JobState
from followups import queries, services
from followups.forms import LookForm, NewPlanForm
from followups.models import Plan, PlanVersion
from followups.plan_words import (
    difference_words,
    movement_words,
    name_of,
    trades_of,
    when_of,
)
from followups.queries.plans import terms_of, terms_of_version, terms_to_restore, versions_of
from followups.rules.plans import ANCHORS_OF_HOUSE, PlanTerms, StepTerms, differences
from followups.services import plan_changes
from followups.states import Assignee
from followups.views.plan_editor import (
    conflict_of,
    draft_of,
    laid_over,
    names,
    sample_days,
    seen_at_of,
)
from followups.views.plan_movements import steps_that_move
from staff.access import only, signed_in
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES, PLAN_ROLES
from staff.states import Trade

LOOK = "look"
AGAIN = "again"
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@signed_in
@require_safe
def plans(request: Request) -> HttpResponse:
    """All plans of care, with their steps."""
    found = list(queries.plans_for_list())
    covered = {trade for plan in found if plan.is_active for trade in plan.trades}
    return TemplateResponse(
        request,
        "followups/plans.html",
        {
            "plans": [
                {
                    "pk": plan.pk,
                    "name": plan.name,
                    "trades": trades_of(plan.trades),
                    "steps": [
                        _read(queries.step_terms(step, step.pk))
                        for step in plan.own_steps
                        if step.is_active
                    ],
                    "is_active": plan.is_active,
                    "may_copy": plan.code not in ANCHORS_OF_HOUSE,
                }
                for plan in found
            ],
            "without": trades_of([trade for trade in Trade.values if trade not in covered]),
            "may_edit": request.reach.has_role(PLAN_ROLES),
            "may_read_surveys": request.reach.has_role(CUSTOMER_ROLES),
        },
    )


def _read(step: StepTerms) -> dict[str, object]:
    """A step in words: what, when, by whom."""
    return {
        "name": name_of(step),
        "when": when_of(step),
        "who": str(Assignee(step.assignee).label),
        "is_active": step.is_active,
    }


@only(PLAN_ROLES)
@GET_OR_POST
def plan_new(request: Request) -> HttpResponse:
    """A plan that is not there yet, empty or with the steps of another; not in use at first."""
    others = {
        plan.pk: plan for plan in queries.plans_for_list() if plan.code not in ANCHORS_OF_HOUSE
    }
    initial = {"copy_of": request.GET.get("copy_of", "")}
    data = request.POST if request.method == "POST" else None
    form = NewPlanForm(data, initial=initial, plans=[(pk, row.name) for pk, row in others.items()])
    if form.is_valid():
        said = form.cleaned_data
        said["copy_of"] = others.get(said["copy_of"])
        try:
            made = services.make_plan(**said, by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentences())
        else:
            return redirect("followups:plan", made.pk)
    return TemplateResponse(request, "followups/plan_new.html", {"form": form})


@signed_in
@GET_OR_POST
def plan(request: Request, pk: int) -> HttpResponse:
    """One plan: its steps and the calendar they make; its editors go on to what a change moves."""
    found = get_object_or_404(Plan, pk=pk)
    may_edit = request.reach.has_role(PLAN_ROLES)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    draft = draft_of(request, found, _kept_look(request, found) if may_edit else None)
    # The preview is asked for by itself, and names the button that has the focus.
    is_preview = request.htmx and request.method == "POST"
    if draft.is_valid and request.POST.get("act") == LOOK and not is_preview:
        try:
            look = _look_on_top(
                request, found, draft.terms, seen_at=draft.head.cleaned_data["seen_at"]
            )
        except Refused as refusal:
            draft.head.add_error(None, refusal.sentences())
        else:
            return _after(look)
    context = {
        "plan": found,
        "may_edit": may_edit,
        "is_of_house": found.code in ANCHORS_OF_HOUSE,
        "head": draft.head,
        "steps": draft.steps,
        "rows": draft.rows if may_edit else [],
        "read": [] if may_edit else [_read(row) for row in draft.terms.steps if row.is_active],
        "sample": draft.sample,
        "sample_days": sample_days(draft),
    }
    template = "followups/plan.html#preview" if is_preview else "followups/plan.html"
    return TemplateResponse(request, template, context)


def _look_on_top(
    request: Request, plan: Plan, mine: PlanTerms, *, seen_at: datetime | None, note: str = ""
) -> Job:
    """What these terms would move, on top of what somebody else may have saved since."""
    terms, since = laid_over(plan, mine, seen_at)
    return plan_changes.ask_look(
        plan=plan, terms=terms, by=request.user, seen_at=plan.changed_at, note=note, since=since
    )


def _kept_look(request: Request, plan: Plan) -> Job | None:
    """What one has looked at oneself, to change it further; None where the address names none."""
    asked = request.GET.get("look", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
        return None
    looks = Job.objects.filter(kind=plan_changes.LOOK, asked_by=request.user)
    return looks.filter(pk=int(asked), params__plan=plan.pk).first()


def _after(job: Job) -> HttpResponse:
    """To what was found, or to how far it is."""
    if job.state == JobState.DONE:
        return redirect(str(job.params["page"]["result"]), job.pk)
    return redirect("core:job", job.pk)


@only(PLAN_ROLES)
@GET_OR_POST
def plan_look(request: Request, pk: int) -> HttpResponse:
    """What would differ and what would move; the tap that has exactly that written."""
    look = get_object_or_404(
        Job, pk=pk, kind=plan_changes.LOOK, asked_by=request.user, state=JobState.DONE
    )
    found = get_object_or_404(Plan, pk=look.params["plan"])
    wanted = plan_changes.terms_of_look(look)
    seen_at = seen_at_of(look)
    if request.method == "POST" and request.POST.get("act") == AGAIN:
        return _look_again(request, found, look)
    data = request.POST if request.method == "POST" else None
    form = LookForm(data, initial={"note": look.params.get("note", "")})
    if form.is_valid():
        job = plan_changes.ask_change(look=look, by=request.user, **form.cleaned_data)
        if job.state != JobState.FAILED:
            return _after(job)
        found.refresh_from_db()
        if seen_at == found.changed_at:
            form.add_error(None, job.failure or _("This is not possible right now."))
    promised = plan_changes.promised_by(look)
    own, since = laid_over(found, wanted, seen_at)
    began = since or parse_datetime(look.params.get("since", ""))
    # What the terms leave out stays as it is.
    changes = [row for row in differences(terms_of(found), own) if row.field != "taken_out"]
    called = names()
    context = {
        "plan": found,
        "form": form,
        "changes": [difference_words(row, called) for row in changes],
        "is_stale": since is not None,
        "conflict": conflict_of(found, wanted, began) if began else None,
        "total": movement_words(promised),
        "customers": promised.customers,
        "steps": steps_that_move(wanted, promised, reach=request.reach, today=timezone.localdate()),
        "back_url": f"{reverse('followups:plan', args=[found.pk])}?look={look.pk}",
    }
    return TemplateResponse(request, "followups/plan_look.html", context)


def _look_again(request: Request, plan: Plan, look: Job) -> HttpResponse:
    """Look at what was wanted once more, on top of what somebody else has saved."""
    note = request.POST.get("note", "")
    wanted = plan_changes.terms_of_look(look)
    try:
        return _after(_look_on_top(request, plan, wanted, seen_at=seen_at_of(look), note=note))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('followups:plan', args=[plan.pk])}?look={look.pk}")


@only(PLAN_ROLES)
@require_safe
def plan_changed(request: Request, pk: int) -> HttpResponse:
    """To the versions of the plan that a piece of work has changed."""
    job = get_object_or_404(Job, pk=pk, kind=plan_changes.CHANGE, asked_by=request.user)
    version = get_object_or_404(PlanVersion, pk=job.result.get("version"))
    messages.success(request, _("The plan is saved as version %(n)s.") % {"n": version.number})
    return redirect("followups:plan_versions", version.plan_id)


@signed_in
@require_safe
def plan_versions(request: Request, pk: int) -> HttpResponse:
    """How a plan came to be as it is: who, when, why, and what was different."""
    found = get_object_or_404(Plan, pk=pk)
    versions, called, now = list(versions_of(found)), names(), timezone.now()
    rows = []
    for version, before in zip(versions, [*versions[1:], None], strict=True):
        changes = differences(terms_of_version(before), terms_of_version(version)) if before else []
        rows.append(
            {
                **_version(version, now=now),
                "is_first": before is None,
                "is_last": version is versions[0],
                "changes": [difference_words(row, called) for row in changes],
            }
        )
    context = {
        "plan": found,
        "versions": rows,
        "may_edit": request.reach.has_role(PLAN_ROLES),
    }
    return TemplateResponse(request, "followups/plan_versions.html", context)


def _version(version: PlanVersion, *, now) -> dict[str, object]:
    return {
        "pk": version.pk,
        "number": version.number,
        "when": moment_text(version.made_at, now=now),
        "who": version.made_by.name if version.made_by else _("Genjin, as shipped"),
        "note": version.note,
        "moved": version.moved,
    }


@signed_in
@require_safe
def plan_version(request: Request, pk: int) -> HttpResponse:
    """A plan as it stood."""
    version = queries.get_version(pk)
    terms = terms_of_version(version)
    last = version.plan.versions.order_by("-number").values_list("pk", flat=True).first()
    context = {
        "plan": version.plan,
        "version": _version(version, now=timezone.now()),
        "name": name_of(terms),
        "trades": trades_of(terms.trades),
        "is_active": terms.is_active,
        "steps": [_read(row) for row in terms.steps],
        "may_restore": request.reach.has_role(PLAN_ROLES) and version.pk != last,
    }
    return TemplateResponse(request, "followups/plan_version.html", context)


@only(PLAN_ROLES)
@require_POST
def plan_restore(request: Request, pk: int) -> HttpResponse:
    """Look at what making the plan as it was would move."""
    version = queries.get_version(pk)
    try:
        look = plan_changes.ask_look(
            plan=version.plan,
            terms=terms_to_restore(version),
            by=request.user,
            seen_at=version.plan.changed_at,
            note=_("Back to version %(n)s") % {"n": version.number},
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("followups:plan_version", pk)
    return _after(look)
