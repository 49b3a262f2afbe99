"""Service cases (工单) at work: answered, handed on, paused, solved, opened again, taken back.

Each act is one transaction under the customer's lock, one event of the trail, and one entry of the
audit. Of two who act at once, the later is told who was first.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.queries import business_calendar
from core.refusals import Refused
from core.rules import Blocker
from core.services import audit
from core.services.once import once
from customers.models import Contact
from followups import rules
from followups.models import Case, CaseEvent
from followups.queries.cases import chief_of, default_assignee, is_bound
from followups.services import case_satisfaction, case_work, engine
from followups.services.cases import (
    CaseNotOpened,
    add_event,
    clock_from,
    is_able,
    report_up,
    tell_above,
    tell_assignee,
)
from followups.services.holding import hold_of
from followups.states import (
    RUNNING_CASES,
    SOLVED_CASES,
    CaseAct,
    CaseKind,
    CaseState,
    Cause,
    PauseReason,
)
from staff.models import Person
from staff.scope import REASSIGNING_ROLES


class CaseNotChanged(Refused):
    """An act on a service case is refused."""

    messages = {
        "case_is_open": _("The clock of this case runs already. %(who)s was first."),
        "case_is_paused": _("The clock of this case rests already. %(who)s was first."),
        "case_is_solved": _("%(who)s has solved this case in the meantime."),
        "case_is_closed": _("%(who)s has asked the customer already, and the case is closed."),
        "case_is_void": _("%(who)s has taken this case back."),
        "case_is_answered": _("%(who)s has answered the customer already. Write a note instead."),
        "case_is_escalated": _("This case was reported up already, to %(who)s."),
        "case_is_theirs": _("%(who)s has this case already."),
        "case_is_about_you": _(
            "This case is about you, or about somebody for whom you act. Others decide on it."
        ),
        "words_missing": _("Write it down: whoever opens the case next has to understand."),
        "reason_missing": _("Say why."),
        "nobody_above": _("There is nobody above to report this case to."),
        "assignee_is_out": CaseNotOpened.messages["assignee_is_out"],
        "not_yours_to_void": _("Whoever opened a case takes it back, or a manager."),
        "void_too_late": _(
            "Ten minutes have passed since you opened this case. Ask your manager to take it back."
        ),
    }


def _held(case: Case) -> Case:
    """The case under its customer's lock, read fresh."""
    hold_of(case)
    rows = Case.objects.select_related(
        "customer__store", "customer__owner", "store", "assignee", "about", "answered_by",
        "escalated_to", "solved_by",
    )  # fmt: skip
    return rows.get(pk=case.pk)


def _refuse(case: Case, blockers: list[Blocker]) -> None:
    """Raise CaseNotChanged with these reasons; where somebody was faster, it says who."""
    if blockers:
        last = case.events.exclude(act=CaseAct.NOTED).select_related("by").latest("at", "pk")
        raise CaseNotChanged(
            *(Blocker(row.code, {"who": last.by.name, **row.params}) for row in blockers)
        )


def _check(
    case: Case, by: Person, *wanted: CaseState | str, now: datetime, text: str | None = None
) -> None:
    """Ask the rules whether `by` may act on a case that stands so. Raises CaseNotChanged."""
    is_about = is_bound(case, by, now=now)
    _refuse(case, rules.act_blockers(state=case.state, wanted=wanted, is_about=is_about, text=text))


def _write(case: Case, **values: Any) -> None:
    """Write these columns on the case; the caller holds its customer."""
    Case.objects.filter(pk=case.pk).update(**values)
    for name, value in values.items():
        setattr(case, name, value)


@transaction.atomic
def note_on_case(*, case: Case, text: str, by: Person, now: datetime, key: UUID) -> CaseEvent:
    """Write down what happened; whom the case is about may, too.

    `key` is the form's own id: sent twice, the same note comes back. Raises CaseNotChanged.
    """
    case = _held(case)
    with once(key=key, purpose="case_note", by=by, content=f"{case.pk}|{text}") as form:
        if form.result_id:
            return CaseEvent.objects.get(pk=form.result_id)
        wanted = (*RUNNING_CASES, *SOLVED_CASES)
        _refuse(case, rules.act_blockers(state=case.state, wanted=wanted, text=text))

        event = add_event(case, CaseAct.NOTED, by=by, now=now, text=text.strip())
        form.result_id = event.pk
    return event


@transaction.atomic
def answer_case(*, case: Case, text: str, by: Person, now: datetime) -> None:
    """The customer has had a first answer (FUP-21); told once. Raises CaseNotChanged."""
    case = _held(case)
    _check(case, by, *RUNNING_CASES, now=now, text=text)
    if case.answered_by is not None:
        raise CaseNotChanged.because("case_is_answered", who=case.answered_by.name)

    _write(case, answered_at=now, answered_by=by)
    add_event(case, CaseAct.ANSWERED, by=by, now=now, text=text.strip())
    audit.record(verb="answer_case", of=case, by=by)


@transaction.atomic
def assign_case(*, case: Case, to: Person, by: Person, now: datetime, text: str = "") -> None:
    """Give the case to somebody else; its work goes along, its clock does not stop (ORD-38).

    Raises CaseNotChanged.
    """
    case = _held(case)
    _check(case, by, *RUNNING_CASES, now=now)
    if case.assignee_id == to.pk:
        raise CaseNotChanged.because("case_is_theirs", who=to.name)
    if not is_able(to, case.customer, about=case.about, now=now):
        raise CaseNotChanged.because("assignee_is_out")

    _write(case, assignee=to)
    case_work.give(case, to)
    event = add_event(case, CaseAct.ASSIGNED, by=by, now=now, to=to, text=text.strip())
    audit.record(verb="assign_case", of=case, by=by, to=to.pk)

    tell_assignee(case, event)
    engine.touch_and_ask(customers=[case.customer_id], now=now)


@transaction.atomic
def pause_case(
    *, case: Case, reason: PauseReason | str, by: Person, now: datetime, text: str = ""
) -> None:
    """Let the clock rest, with the reason; nobody has it on their list meanwhile.

    Raises CaseNotChanged.
    """
    case = _held(case)
    _check(case, by, CaseState.OPEN, now=now)
    if not reason:
        raise CaseNotChanged.because("reason_missing")

    _write(case, state=CaseState.PAUSED, paused_at=now, pause_reason=reason)
    case_work.rest(case)
    add_event(case, CaseAct.PAUSED, by=by, now=now, reason=reason, text=text.strip())
    audit.record(verb="pause_case", of=case, by=by, why=str(reason))
    engine.touch_and_ask(customers=[case.customer_id], now=now)


@transaction.atomic
def resume_case(*, case: Case, by: Person, now: datetime, text: str = "") -> None:
    """The clock runs again; the working days of the pause come on top. Raises CaseNotChanged."""
    case = _held(case)
    _check(case, by, CaseState.PAUSED, now=now)

    _run_again(case, now=now)
    case_work.go_on(case)
    add_event(case, CaseAct.RESUMED, by=by, now=now, text=text.strip())
    audit.record(verb="resume_case", of=case, by=by, due_at=case.due_at.isoformat())
    engine.touch_and_ask(customers=[case.customer_id], now=now)


def _run_again(case: Case, *, now: datetime) -> None:
    """End the pause of a case: its clock ends later by the working days that it rested."""
    if case.paused_at is None:
        return
    store, calendar = case.customer.store, business_calendar()
    day = rules.due_after_pause(
        due_on=case_work.last_day_of(case),
        paused_on=store.today(case.paused_at),
        resumed_on=store.today(now),
        add_working_days=calendar.add_working_days,
        working_days_between=calendar.working_days_between,
    )
    _write(
        case,
        state=CaseState.OPEN,
        paused_at=None,
        pause_reason="",
        due_at=rules.end_of_day(day, store.tzinfo),
    )


@transaction.atomic
def escalate_case(*, case: Case, text: str, by: Person, now: datetime) -> Person:
    """“We cannot solve this”: report it up, to whom comes back (AFT-15). Raises CaseNotChanged."""
    case = _held(case)
    _check(case, by, *RUNNING_CASES, now=now, text=text)
    if case.escalated_at is not None:
        who = case.escalated_to.name if case.escalated_to else "—"
        raise CaseNotChanged.because("case_is_escalated", who=who)
    chief = chief_of(case, but=by)
    if chief is None:
        raise CaseNotChanged.because("nobody_above")

    _write(case, escalated_at=now, escalated_to=chief)
    event = add_event(case, CaseAct.ESCALATED, by=by, now=now, to=chief, text=text.strip())
    audit.record(verb="escalate_case", of=case, by=by, to=chief.pk)
    tell_above(chief, case, event, params={"by": by.name, "number": case.pk})
    return chief


@transaction.atomic
def solve_case(*, case: Case, solution: str, by: Person, now: datetime) -> None:
    """Solved, and how; who has not been answered is by this. Raises CaseNotChanged."""
    case = _held(case)
    _check(case, by, *RUNNING_CASES, now=now, text=solution)

    _run_again(case, now=now)
    _write(case, state=CaseState.SOLVED, solved_at=now, solved_by=by, solution=solution.strip())
    if case.answered_at is None:
        _write(case, answered_at=now, answered_by=by)
    case_work.finish(case, now=now)
    case_satisfaction.open_for(case, assignee=_able_assignee(case, now=now), now=now)
    add_event(case, CaseAct.SOLVED, by=by, now=now, text=solution.strip())
    audit.record(verb="solve_case", of=case, by=by)
    engine.touch_and_ask(customers=[case.customer_id], now=now)


@transaction.atomic
def take_rating(
    *,
    case: Case,
    points: int,
    by: Person,
    now: datetime,
    text: str = "",
    log: Callable[[Case], Contact] | None = None,
) -> bool:
    """How satisfied the customer is, 1 to 5; 1 or 2 open the case again, and answer true.

    `log` logs the talk in which they said so, while it is still somebody's to ask. Raises
    CaseNotChanged.
    """
    case = _held(case)
    is_low = rules.is_reopened_by(satisfaction=points)
    _check(case, by, CaseState.SOLVED, now=now, text=text if is_low else None)

    contact = log(case) if log is not None else None
    said = {"points": points, "text": text.strip(), "contact": contact}
    add_event(case, CaseAct.RATED, by=by, now=now, **said)
    audit.record(verb="rate_case", of=case, by=by, points=points)
    case_satisfaction.finish(case, now=now)
    if is_low:
        _open_again(case, text=text, by=by, now=now, is_up=True)
    else:
        _write(case, state=CaseState.CLOSED, satisfaction=points)
        engine.touch_and_ask(customers=[case.customer_id], now=now)
    return is_low


@transaction.atomic
def reopen_case(*, case: Case, text: str, by: Person, now: datetime) -> None:
    """Not solved after all: it is open again, with a clock of its own. Raises CaseNotChanged."""
    case = _held(case)
    _check(case, by, *SOLVED_CASES, now=now, text=text)

    is_complaint = case.kind == CaseKind.COMPLAINT
    _open_again(case, text=text, by=by, now=now, is_up=is_complaint)


def _able_assignee(case: Case, *, now: datetime) -> Person | None:
    """Who has the case, or would get it now where they no longer can."""
    assignee = case.assignee
    if assignee is None or not is_able(assignee, case.customer, about=case.about, now=now):
        assignee = default_assignee(case.customer, kind=case.kind, about=case.about, now=now)
    return assignee


def _open_again(case: Case, *, text: str, by: Person, now: datetime, is_up: bool) -> None:
    """Open it again as work anew; whoever has it hears of it, with `is_up` who leads, too."""
    assignee = _able_assignee(case, now=now)
    _write(
        case,
        state=CaseState.OPEN,
        assignee=assignee,
        solved_at=None,
        solved_by=None,
        solution="",
        satisfaction=None,
        escalated_at=None,
        escalated_to=None,
        times_reopened=case.times_reopened + 1,
        due_at=clock_from(case.customer, kind=case.kind, since=now),
    )
    case_satisfaction.call_off(case, cause=Cause.REPLACED, now=now)
    case_work.open_for(case, now=now)
    event = add_event(case, CaseAct.REOPENED, by=by, now=now, to=assignee, text=text.strip())
    audit.record(verb="reopen_case", of=case, by=by, times=case.times_reopened)

    tell_assignee(case, event)
    if is_up:
        report_up(case, event, as_what="reopened")
    engine.touch_and_ask(customers=[case.customer_id], now=now)


def blockers_of_void_case(case: Case, *, by: Person, now: datetime, reason: str) -> list[Blocker]:
    """What stops `by` from taking this case back; the page says it before the tap."""
    return rules.void_case_blockers(
        state=case.state,
        is_own=case.opened_by_id == by.pk,
        is_manager=by.role in REASSIGNING_ROLES,
        is_about=is_bound(case, by, now=now),
        opened_at=case.opened_at,
        reason=reason,
        now=now,
    )


@transaction.atomic
def void_case(*, case: Case, reason: str, by: Person, now: datetime) -> None:
    """Take back a case opened by mistake; it stays readable. Raises CaseNotChanged."""
    case = _held(case)
    _refuse(case, blockers_of_void_case(case, by=by, now=now, reason=reason))

    _write(case, state=CaseState.VOIDED, paused_at=None, pause_reason="")
    case_work.call_off(case, now=now)
    case_satisfaction.call_off(case, cause=Cause.VOIDED, now=now)
    add_event(case, CaseAct.VOIDED, by=by, now=now, text=reason.strip())
    audit.record(verb="void_case", of=case, by=by, reason=reason)
    engine.touch_and_ask(customers=[case.customer_id], now=now)
