"""Surveys of the last months, held by those whose calls and visits they were.

What the plans of care asked for is answered, at times late, at times not at all; what was late
was reported up, and whoever was told has looked at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet

from core.calendars import add_months
from crm.demo.answers import Mood, answers_of, mood_of, remark_of
from crm.demo.past_care import LEFT_FOR
from crm.demo.served import see_to_complaints
from crm.demo.stage import DAY, Stage, days_back, keeper_of
from customers.models import Customer, OwnedProduct
from customers.rules import NextStep
from customers.states import Channel, NextKind, NoStepReason, Outcome, ProductEventKind
from followups.models import Escalation, Obligation, SurveyVersion, Task
from followups.queries.surveys import as_rules_see, newest_version
from followups.rules.surveys import step_blockers, survey_to_ask
from followups.services import log_survey, skip_task
from followups.services.branches import Branches
from followups.services.escalations import mark_seen, report_overdue
from followups.services.renewals import RenewalSaid
from followups.services.surveys import Held
from followups.states import PRODUCT_ANCHORS, Override, Renewal, SkipReason, State
from staff.models import Person
from staff.scope import reach_of

# So many calls of care are told in full; what is beyond is written at once by `past_care`.
MOST_TOLD = 75
WELL = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.CARED_FOR)
SEEN_TO = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.STANDS)
SKIPPED, PUT_OFF, LATE, LATE_BY_HOURS = 0.09, 0.04, 0.1, 0.35
# What was reported up in the last days may still wait to be looked at.
UNSEEN_FOR = timedelta(days=21)
SEEN = ("已提醒本人，当天补打。", "那天交车多，已让人补上。", "客户出差，约好回来再打，属实。",
        "晨会上说过了，下不为例。")  # fmt: skip
LEFT_OUT = (
    (SkipReason.ALREADY_DONE, "客户当天来店保养，当面问过了"),
    (SkipReason.AWAY, "客户出国，下月回来"),
    (SkipReason.NOT_NEEDED, "客户说这个月不用打"),
    (SkipReason.ALREADY_DONE, "昨天微信聊过，同样的话不再问一遍"),
)


def tasks_to_tell(stage: Stage, *, but: set[int]) -> list[Task]:
    """Calls and visits of care that lie behind and ask a survey, spread over all that there are;
    none of the last days, nor of the customers `but`, nor of whom the main salesperson meets today.
    """
    today = Task.objects.filter(
        state=State.OPEN,
        assignee=stage.company.main.person_id,
        day__range=(stage.today - LEFT_FOR, stage.today),
    )
    reasons = Obligation.objects.select_related("step__survey").filter(state=State.OPEN)
    rows = Task.objects.filter(
        state=State.OPEN,
        day__lt=stage.today - LEFT_FOR,
        letter=None,
        assignee__is_active=True,
        obligations__step__survey__isnull=False,
    ).exclude(Q(customer__in=but) | Q(customer__in=today.values("customer")))
    rows = rows.exclude(assignee=stage.company.leaver.person_id).distinct().order_by("pk")
    found = rows.select_related("customer__store", "assignee")
    found = found.prefetch_related(Prefetch("obligations", reasons, to_attr="reasons"))
    # Most are regular contacts: of these alone some are left out.
    rare = [task for task in found if set(_codes(task)) != {"T4"}][:MOST_TOLD]
    regular = [task for task in found if set(_codes(task)) == {"T4"}]
    every = -(-len(regular) // max(MOST_TOLD - len(rare), 1)) or 1
    return sorted([*rare, *regular[::every]], key=lambda task: task.pk)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What became of one task, and when."""

    at: datetime
    task: Task
    is_late: bool = False
    is_skipped: bool = False
    is_put_off: bool = False


def hold_surveys(stage: Stage, tasks: Sequence[Task]) -> None:
    """Do these tasks one after another, as their people did."""
    turns = sorted((_turn(stage, task) for task in tasks), key=lambda turn: turn.at)
    for turn in turns:
        if not Task.objects.filter(pk=turn.task.pk, state=State.OPEN).exists():
            continue  # another call of that customer has answered it
        if turn.is_late:
            _report(stage, turn)
        if turn.is_skipped:
            reason, note = stage.rng.choice(LEFT_OUT)
            skip_task(task=turn.task, reason=reason, by=_doer(turn.task), now=turn.at, note=note)
            continue
        at = turn.at
        if turn.is_put_off:
            _put_off(stage, turn)
            at += 2 * DAY
        _hold(stage, turn.task, at)
        see_to_complaints(stage, turn.task.customer)


def _doer(task: Task) -> Person:
    if task.assignee is None:
        raise LookupError(f"task {task.pk} is nobody's")
    return task.assignee


def _turn(stage: Stage, task: Task) -> Turn:
    """On its day or the next, or some days late; before an hour's limit where there is one."""
    rng, yesterday = stage.rng, stage.today - DAY
    is_reported = any(row.step.escalates_after is not None for row in task.reasons)  # type: ignore[attr-defined]
    is_late = rng.random() < (LATE_BY_HOURS if is_reported else LATE)
    first = max(task.day, stage.company.went_live_on + rng.randint(1, 6) * DAY)
    ago = (stage.today - first).days
    if is_late:
        at = stage.at(max(ago - rng.randint(2, 4), 1), rng.randint(9, 18))
        at = max(at, task.due_at + timedelta(hours=3)) if task.has_hour_limit else at
    elif task.has_hour_limit:
        at = task.due_at - timedelta(minutes=rng.randint(40, 200))
    else:
        at = stage.at(max(ago - rng.choice((0, 0, 0, 1)), 1), rng.randint(9, 19))
    chance = rng.random()
    return Turn(
        at=at,
        task=task,
        is_late=is_late,
        is_skipped=chance < SKIPPED and not task.has_hour_limit,
        is_put_off=SKIPPED <= chance < SKIPPED + PUT_OFF and at.date() < yesterday - 2 * DAY,
    )


def _report(stage: Stage, turn: Turn) -> None:
    """What was left too long had been reported up an hour before; whoever was told looked at it."""
    if not report_overdue(now=turn.at - timedelta(hours=1)):
        return
    is_fresh = turn.at > stage.at(0, 9, 0) - UNSEEN_FOR
    for row in Escalation.objects.filter(seen_at=None, to__isnull=False).select_related("to"):
        if row.to is not None and not (is_fresh and stage.rng.random() < 0.6):
            reach = reach_of(row.to, today=stage.today)
            note = stage.rng.choice(SEEN)
            mark_seen(escalation=row, note=note, by=row.to, reach=reach, now=turn.at)


def _codes(task: Task) -> list[str]:
    reasons: list[Obligation] = task.reasons  # type: ignore[attr-defined]
    return [row.step.survey.code for row in reasons if row.step.survey is not None]


def _version(task: Task) -> SurveyVersion:
    return newest_version(survey_to_ask(_codes(task)))


def _product(task: Task) -> OwnedProduct | None:
    reasons: list[Obligation] = task.reasons  # type: ignore[attr-defined]
    ids = [row.subject_id for row in reasons if row.step.anchor in PRODUCT_ANCHORS]
    return OwnedProduct.objects.select_related("sold_by").filter(pk__in=ids).order_by("pk").first()


def _put_off(stage: Stage, turn: Turn) -> None:
    """The customer did not wish to talk and named another day."""
    log_survey(
        customer=turn.task.customer,
        held=Held(version=_version(turn.task), product=_product(turn.task), is_willing=False),
        branches=Branches(),
        channel=Channel.CALL,
        outcome=Outcome.DECLINED,
        retry_on=turn.at.date() + 2 * DAY,
        note="客户在忙，说过两天再打。",
        task=turn.task,
        by=_doer(turn.task),
        now=turn.at,
        key=stage.key(),
    )


def _hold(stage: Stage, task: Task, at: datetime) -> None:
    rng, customer = stage.rng, task.customer
    version, mood = _version(task), mood_of(stage.rng, customer.store.trade)
    is_visit = any(
        row.step.way == "home_visit"
        for row in task.reasons  # type: ignore[attr-defined]
    )
    channel, outcome = Channel.CALL, Outcome.CONNECTED
    if is_visit:
        channel, outcome = Channel.HOME_VISIT, Outcome.MET
    elif rng.random() < 0.15:
        channel, outcome = Channel.WECHAT, Outcome.REPLIED
    _ask(
        stage, customer, version, mood, product=_product(task), channel=channel, outcome=outcome,
        task=task, by=_doer(task), at=at,
    )  # fmt: skip


def _ask(
    stage: Stage,
    customer: Customer,
    version: SurveyVersion,
    mood: Mood,
    *,
    product: OwnedProduct | None,
    channel: Channel,
    outcome: Outcome,
    by: Person,
    at: datetime,
    task: Task | None = None,
    renewal: RenewalSaid | None = None,
) -> None:
    """One survey with all that comes of it."""
    remarks = remark_of(stage.rng, mood)
    insurance = renewal.answer.value if renewal else ""
    answers = answers_of(version, mood=mood, rng=stage.rng, insurance=insurance)
    questions = as_rules_see(list(version.questions.prefetch_related("options")))
    is_well = not step_blockers(questions, answers, none_reason=NoStepReason.CARED_FOR)
    log_survey(
        customer=customer,
        held=Held(version=version, product=product, answers=answers, remarks=remarks),
        branches=Branches(renewal=renewal),
        channel=channel,
        outcome=outcome,
        next_step=WELL if is_well else SEEN_TO,
        note=remarks,
        # Care asks for the same reason each time; where that is worn, it is needed all the same.
        override=Override.NEEDED,
        task=task,
        by=by,
        now=at,
        key=stage.key(),
    )


def hold_visits(stage: Stage) -> None:
    """Visits of the year at owners' homes, asked by T5 and T6, and visits by the way, by T3."""
    year = _owned(stage, ("ZZ01", "LY01"), months=(12, 24))
    later = _owned(stage, ("ZZ01", "LY01"), months=(36, 60))
    near = _owned(stage, ("ZZ02", "ZZ03", "XA01", "ZZYW"), months=(3, 24))
    for code, rows, count in (("T5", year, 12), ("T6", later, 8), ("T3", near, 12)):
        visited = stage.cast(rows, count, scene=code)
        for customer, ago in zip(visited, days_back(85, len(visited), least=5), strict=True):
            _visit(stage, customer, code, stage.at(ago, stage.rng.randint(10, 18)))


def _owned(stage: Stage, stores: Sequence[str], *, months: tuple[int, int]) -> QuerySet[Customer]:
    """Owners of these stores with something of such an age, known for a while."""
    least, most = months
    return stage.served(*stores).filter(
        products__delivered_on__range=(
            add_months(stage.today, -most),
            add_months(stage.today, -least),
        ),
        products__gone_on=None,
        registered_at__lt=stage.at(90, 9),
    )


def _visit(stage: Stage, customer: Customer, code: str, at: datetime) -> None:
    product = customer.products.select_related("sold_by").order_by("-delivered_on", "pk").first()
    is_home = stage.rng.random() < 0.7
    _ask(
        stage,
        customer,
        newest_version(code),
        mood_of(stage.rng, customer.store.trade),
        product=product,
        channel=Channel.HOME_VISIT if is_home else Channel.STORE_VISIT,
        outcome=Outcome.MET,
        renewal=_renewal(stage, product, at) if code != "T3" else None,
        by=keeper_of(customer),
        at=at,
    )
    see_to_complaints(stage, customer)


def _renewal(stage: Stage, product: OwnedProduct | None, at: datetime) -> RenewalSaid | None:
    """What becomes of an insurance that ends within the next months; a few renew on the spot."""
    if product is None or product.insurance_until is None or product.events.filter(
        kind=ProductEventKind.RENEWAL
    ).exists():  # fmt: skip
        return None
    ends_in = (product.insurance_until - at.date()).days
    if not 0 < ends_in < 200:
        return None
    answer = stage.rng.choice((Renewal.RENEWED, Renewal.NOT_RENEWING, Renewal.CONSIDERING))
    if answer != Renewal.RENEWED:
        return RenewalSaid(product=product, answer=answer)
    until = add_months(product.insurance_until, 12)
    return RenewalSaid(
        product=product, answer=answer, until=until, insurer=product.insurer or "人保财险"
    )
