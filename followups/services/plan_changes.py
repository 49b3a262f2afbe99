"""A plan's editor looks at what would move, then has it written: work of a job, small or large.

The look keeps the terms and what was promised; whoever goes on has exactly that written, while
the plan still is as it was seen.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_noop

from core.models import Job
from core.services import jobs
from core.services.jobs import Work
from core.services.once import once
from followups.models import Plan
from followups.rules.plans import PlanTerms
from followups.services import rehearsal
from followups.services.plans import change_plan, check
from followups.services.rehearsal import AT_ONCE, Rehearsed
from staff.models import Person
from staff.services.notices import Telling, tell_many
from staff.states import UNIT_MANAGER_ROLES, NoticeKind, Role
from staff.told import in_both

LOOK = "followups.tasks.rehearse_plan"
CHANGE = "followups.tasks.change_plan"
TOLD_OF_PLANS = (*UNIT_MANAGER_ROLES, Role.OPS_MANAGER, Role.MARKETING_MANAGER)


def terms_of_look(look: Job) -> PlanTerms:
    """The plan as whoever looked wants it."""
    return PlanTerms.of_json(look.params["terms"])


def promised_by(look: Job) -> Rehearsed:
    """What the look found."""
    return Rehearsed.of_json(look.result["rehearsed"])


def ask_look(
    *,
    plan: Plan,
    terms: PlanTerms,
    by: Person,
    seen_at: datetime | None,
    note: str = "",
    since: datetime | None = None,
) -> Job:
    """Find out what these terms would move: at once for few, in background for many.

    `since` is when the editor began, where somebody else has changed the plan in between.
    Raises PlanNotChanged.
    """
    check(plan, terms)
    params = {
        "plan": plan.pk,
        "terms": terms.as_json(),
        "seen_at": (seen_at or plan.changed_at).isoformat(),
        "note": note,
        "since": since.isoformat() if since else "",
        "page": {
            "title": gettext_noop("What will move"),
            "result": "followups:plan_look",
            "goes_on": True,
            "back": "followups:plans",
        },
    }
    few = len(rehearsal.touched_customers(plan, terms)) <= AT_ONCE
    return _do(few, LOOK, params, do_look, by=by)


def _do(few: bool, kind: str, params: dict, do: Callable[[int], None], *, by: Person) -> Job:
    """Few are worked off while somebody waits; nobody else is told of them."""
    if not few:
        return jobs.ask(kind=kind, by=by, params=params)
    job = Job.objects.create(kind=kind, asked_by=by, params=params)
    do(job.pk)
    job.refresh_from_db()
    return job


def do_look(job_id: int) -> None:
    """Rehearse what somebody asked about."""
    with jobs.working(job_id) as work:
        if work is not None:
            _look(work)


def _look(work: Work) -> None:
    job = work.job
    plan = Plan.objects.get(pk=job.params["plan"])
    found = rehearsal.rehearse_plan(
        plan=plan, terms=terms_of_look(job), now=timezone.now(), advance=work.advance
    )
    job.result = {"rehearsed": found.as_json()}


def ask_change(*, look: Job, note: str, by: Person, key: UUID) -> Job:
    """Write what was looked at. `key` is the form's own id: sent twice, the same work answers."""
    with transaction.atomic(), once(key=key, purpose="change_plan", by=by) as form:
        if form.result_id:
            return Job.objects.get(pk=form.result_id)
        params = {
            "look": look.pk,
            "plan": look.params["plan"],
            "note": note,
            "page": {
                "title": gettext_noop("Changing the plan"),
                "result": "followups:plan_changed",
                "goes_on": True,
                "back": "followups:plans",
            },
        }
        job = Job.objects.create(kind=CHANGE, asked_by=by, params=params)
        form.result_id = job.pk
    if promised_by(look).customers <= AT_ONCE:
        do_change(job.pk)
    else:
        jobs.nudge(CHANGE, job.pk)
    job.refresh_from_db()
    return job


def do_change(job_id: int) -> None:
    """Write a plan as it was looked at; a refusal ends the job with its sentence."""
    with jobs.working(job_id) as work:
        if work is not None:
            _change(work)


def _change(work: Work) -> None:
    job = work.job
    look = Job.objects.get(pk=job.params["look"])
    promised = promised_by(look)
    now = timezone.now()
    with transaction.atomic():
        version = change_plan(
            plan=Plan.objects.get(pk=job.params["plan"]),
            terms=terms_of_look(look),
            by=job.asked_by,
            now=now,
            note=job.params["note"],
            seen_at=parse_datetime(look.params["seen_at"]),
            moved=promised.changed,
        )
        _tell(version.plan, number=version.number, by=job.asked_by, now=now)
    job.result = {"version": version.pk}


def _tell(plan: Plan, *, number: int, by: Person, now: datetime) -> None:
    """Whoever leads people hears of it."""
    leading = Person.objects.filter(role__in=TOLD_OF_PLANS, is_active=True).exclude(pk=by.pk)
    tell_many(
        [
            Telling(
                person_id=pk,
                kind=NoticeKind.PLAN_CHANGED,
                key=f"plan:{plan.pk}:{number}",
                params={"by": by.name, "plan": in_both(en=plan.name_en, zh=plan.name_zh)},
                path=reverse("followups:plan_versions", args=[plan.pk]),
            )
            for pk in leading.order_by("pk").values_list("pk", flat=True)
        ],
        now=now,
    )
