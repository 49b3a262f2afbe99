"""Changing a plan: its steps, and with them what is open everywhere; every version is kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.services import audit
from core.services.jobs import nudge
from core.services.once import once
from followups.models import Course, Plan, PlanVersion, Step, StepVersion
from followups.queries.plans import days_of, own_steps, terms_of
from followups.rules.plans import (
    ANCHORS_OF_HOUSE,
    COLUMNS,
    Difference,
    PlanTerms,
    StepTerms,
    anchors_of_plan,
    begins_anew,
    differences,
    moves_work,
    plan_blockers,
    terms_blockers,
)
from followups.services import engine
from followups.services.doers import doer, people
from followups.states import PRODUCT_ANCHORS
from staff.leaders import LEADERS
from staff.models import Person

LOOK_AGAIN = date(2000, 1, 1)

# A step is somebody else's work from now on: what is open of it goes to them.
GIVE_BY_STEP = f"""
    WITH leader AS ({LEADERS}), named AS (
        SELECT obligation.id, {doer("step.assignee")} AS person_id
          FROM followups_obligation obligation
          JOIN followups_step step ON step.id = obligation.step_id
          JOIN customers_customer customer ON customer.id = obligation.customer_id
          LEFT JOIN customers_ownedproduct product
            ON product.id = obligation.subject_id AND step.anchor = ANY(%(product_anchors)s)
          LEFT JOIN followups_anchorday day
            ON day.anchor = step.anchor AND day.subject_id = obligation.subject_id
          {people("COALESCE(product.sold_by_id, day.assignee_id)")}
         WHERE obligation.step_id = ANY(%(steps)s) AND obligation.state IN ('open', 'suspended'))
    UPDATE followups_obligation obligation
       SET assignee_id = named.person_id, task_id = NULL, is_given = false
      FROM named
     WHERE named.id = obligation.id AND obligation.assignee_id IS DISTINCT FROM named.person_id
"""


class PlanNotChanged(Refused):
    """A plan could not be changed as typed."""

    messages = {
        "plan_changed_meanwhile": _(
            "Somebody else changed this plan in the meantime. Look at it again, then change it."
        ),
        "plan_name_missing": _("Name the plan in both languages."),
        "trade_missing": _("Choose for which trades the plan is, before it is put in use."),
        "everyday_stays": _("This plan stays in use. Switch off single steps instead."),
        "everyday_is_one": _("There is one such plan for all; copy the plan of a trade."),
        "nothing_changed": _("Nothing is different from the plan as it stands."),
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
        "anchor_is_fixed": _(
            "From what a step counts stays as it is. Switch this step off and add another."
        ),
        "anchor_of_another_plan": _(
            "What a customer owns belongs to the plans of its trade; birthdays and the contact by "
            "grade belong to the everyday plan, what an order asks for to the plan of orders."
        ),
        "grade_missing": _("A step by grade names its grade; no other step does."),
        "before_what": _(
            "Only a day that is known beforehand is counted down to: the end of an insurance or a "
            "warranty, a first service, a day of an order. Such a step happens once."
        ),
        "birthday_comes_each_year": _(
            "A birthday comes again by itself: count in days, and let the step happen once."
        ),
        "letter_asks_nothing": _("A letter or a greeting asks no survey."),
        "escalates_too_late": _("What is overdue is reported up within 90 days."),
    }


def check(plan: Plan, terms: PlanTerms) -> None:
    """Raises PlanNotChanged with all that stops these terms."""
    anchors = anchors_of_plan(plan.code)
    standing = {row.step_id: row for row in terms_of(plan).steps}
    blockers = plan_blockers(terms=terms, is_of_house=plan.code in ANCHORS_OF_HOUSE)
    for row in terms.steps:
        if row.step_id is not None and row.step_id not in standing:
            raise PlanNotChanged.because("step_is_foreign")
        before = standing.get(row.step_id)
        blockers += terms_blockers(terms=row, before=before, anchors=anchors)
    refuse_if(PlanNotChanged, blockers)


def _free_code(plan: Plan) -> str:
    """A code for a new step; codes of other plans are taken, too."""
    taken = set(Step.objects.filter(code__startswith=plan.code).values_list("code", flat=True))
    number = plan.steps.count() + 1
    while f"{plan.code}_{number}" in taken:
        number += 1
    return f"{plan.code}_{number}"


def write(plan: Plan, terms: PlanTerms, *, today: date) -> list[int]:
    """Write head and steps, give what is open to whom the steps now name, and have every course
    looked at that the plan touches. The ids of the steps, in their order; no trail.

    A step that the terms leave out stays as it is. Raises PlanNotChanged.
    """
    before = terms_of(plan)
    Plan.objects.filter(pk=plan.pk).update(**terms.head())
    # What is switched off comes first: another step of its grade may take its place.
    places = sorted(range(len(terms.steps)), key=lambda at: terms.steps[at].is_active)
    try:
        with transaction.atomic():
            ids = {
                at: _write_step(
                    plan, row, asks_from=today if begins_anew(before, terms, row) else None
                )
                for at, row in ((at, terms.steps[at]) for at in places)
            }
    except IntegrityError as error:
        raise PlanNotChanged.because("two_cadences") from error
    if moves_work(before, terms):
        _look_again(plan)
        _give_by_step(before, terms, today=today)
    return [ids[at] for at in range(len(terms.steps))]


def _give_by_step(before: PlanTerms, after: PlanTerms, *, today: date) -> None:
    standing = {row.step_id: row.assignee for row in before.steps}
    handed = [
        row.step_id
        for row in after.steps
        if row.step_id in standing and standing[row.step_id] != row.assignee
    ]
    if not handed:
        return
    with connection.cursor() as cursor:
        params: dict[str, Any] = {
            "steps": handed,
            "product_anchors": list(PRODUCT_ANCHORS),
            "today": today,
        }
        cursor.execute(GIVE_BY_STEP, params)


def _write_step(plan: Plan, row: StepTerms, *, asks_from: date | None) -> int:
    """Write one step; `asks_from`, where it is said, is from when on it is asked for."""
    begins = {} if asks_from is None else {"asks_from": asks_from}
    if row.step_id is not None:
        Step.objects.filter(pk=row.step_id).update(**row.values(), **begins)
        return row.step_id
    step = Step.objects.create(
        plan=plan, code=_free_code(plan), position=plan.steps.count(), **row.values(), **begins
    )
    return step.pk


def _look_again(plan: Plan) -> None:
    """Every course that the plan touches is due at once: its own, and the cadence beside it; of a
    plan of orders, the everyday course of whom a day of an order stands for.

    Rows are locked by id, as everywhere, so that no act on a customer meets this crosswise. The
    caller holds the plan's row, and with that has waited for the courses that were being written.
    """
    of_plan = Course.objects.filter(plan=plan)
    beside = Q(product=None, customer__in=of_plan.values("customer"))
    ordered = Q(product=None, customer__in=days_of(plan).values("customer"))
    found = Course.objects.filter(Q(plan=plan) | beside | ordered)
    ids = list(found.order_by("pk").select_for_update().values_list("pk", flat=True))
    Course.objects.filter(pk__in=ids).update(next_due_on=LOOK_AGAIN)


@transaction.atomic
def change_plan(
    *,
    plan: Plan,
    terms: PlanTerms,
    by: Person,
    now: datetime,
    note: str = "",
    seen_at: datetime | None = None,
    moved: int | None = None,
) -> PlanVersion:
    """Write a plan; what is open moves with the engine's next round, what is done stays.

    `seen_at` is the version its editor looked at, `moved` how many changes were promised. Returns
    the new version. Raises PlanNotChanged.
    """
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if seen_at is not None and seen_at != plan.changed_at:
        raise PlanNotChanged.because("plan_changed_meanwhile")
    check(plan, terms)
    before = terms_of(plan)
    found = differences(before, terms)
    # Terms may name some of the steps alone: those that they leave out stay.
    found = [row for row in found if row.field != "taken_out"]
    if not found:
        raise PlanNotChanged.because("nothing_changed")

    ids = write(plan, terms, today=timezone.localdate(now))
    if moves_work(before, terms):
        engine.enrol_under(plan)
    Plan.objects.filter(pk=plan.pk).update(changed_at=now, changed_by=by)
    version = keep_version(plan, by=by, now=now, note=note, moved=moved)
    _record(plan, found, ids, version, by=by)
    nudge("followups.tasks.ask_what_is_due")
    return version


def _record(
    plan: Plan, found: Sequence[Difference], ids: list[int], version: PlanVersion, *, by: Person
) -> None:
    """The trail of a change: one entry for the plan, one for each step that differs."""
    changes: dict[int | None, dict[str, list[object]]] = {}
    for row in found:
        changes.setdefault(row.at, {})[row.field] = [row.before, row.after]
    audit.record(
        verb="change_plan",
        of=plan,
        by=by,
        reason=version.note,
        version=version.number,
        changes=changes.pop(None, {}),
    )
    steps = Step.objects.in_bulk([ids[at] for at in changes if at is not None])
    for at, of_step in changes.items():
        step = steps[ids[at or 0]]
        if "added" in of_step:
            audit.record(verb="add_step", of=step, by=by, plan=plan.pk, code=step.code)
        else:
            audit.record(verb="change_step", of=step, by=by, plan=plan.pk, changes=of_step)


def keep_version(
    plan: Plan, *, by: Person, now: datetime, note: str, moved: int | None = None
) -> PlanVersion:
    """Keep the plan as it stands; the caller holds its row, so that numbers do not collide."""
    plan = Plan.objects.get(pk=plan.pk)
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    version = PlanVersion.objects.create(
        plan=plan,
        number=last + 1,
        name_en=plan.name_en,
        name_zh=plan.name_zh,
        trades=plan.trades,
        is_plan_active=plan.is_active,
        made_at=now,
        made_by=by,
        note=note,
        moved=moved,
    )
    StepVersion.objects.bulk_create(
        StepVersion(version=version, step=step, **{name: getattr(step, name) for name in COLUMNS})
        for step in own_steps(plan)
    )
    return version


@transaction.atomic
def make_plan(
    *,
    name_en: str,
    name_zh: str,
    trades: Sequence[str],
    by: Person,
    now: datetime,
    key: UUID,
    copy_of: Plan | None = None,
) -> Plan:
    """A new plan, not in use yet, empty or with the steps of another. Raises PlanNotChanged.

    `key` is the form's own id: sent twice, the same plan comes back.
    """
    head = PlanTerms(name_en=name_en, name_zh=name_zh, trades=tuple(trades), is_active=False)
    refuse_if(PlanNotChanged, plan_blockers(terms=head, is_of_house=False))
    if copy_of is not None and copy_of.code in ANCHORS_OF_HOUSE:
        raise PlanNotChanged.because("everyday_is_one")

    with once(key=key, purpose="make_plan", by=by) as form:
        if form.result_id:
            return Plan.objects.get(pk=form.result_id)
        plan = Plan.objects.create(code=_free_plan_code(name_en), changed_by=by, **head.head())
        for row in terms_of(copy_of).steps if copy_of is not None else ():
            _write_step(plan, replace(row, step_id=None), asks_from=None)
        keep_version(plan, by=by, now=now, note="")
        audit.record(verb="make_plan", of=plan, by=by, copy_of=copy_of.pk if copy_of else None)
        form.result_id = plan.pk
    return plan


def _free_plan_code(name: str) -> str:
    stem = slugify(name)[:30].replace("-", "_") or "plan"
    taken = set(Plan.objects.filter(code__startswith=stem).values_list("code", flat=True))
    number, code = 1, stem
    while code in taken:
        number += 1
        code = f"{stem}_{number}"
    return code
