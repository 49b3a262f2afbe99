"""What is past its clock is reported up, once (AFT-15, ORD-38)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.services import audit
from followups.models import Case, CaseEvent
from followups.queries.cases import operations
from followups.services import case_work
from followups.states import CaseAct, CaseState
from staff.leaders import leaders_of
from staff.models import Person
from staff.queries_of_absences import stand_ins_of
from staff.services.notices import Telling, tell_many
from staff.services.system import system_account
from staff.states import NoticeKind

log = structlog.get_logger(__name__)

# One round at a time; others leave it to that one.
ROUND_LOCK = 7_201_021
BATCH = 500


def late_cases(now: datetime) -> QuerySet[Case]:
    """Cases past their clock of which nobody above has heard; the twin of `rules.is_late`."""
    return Case.objects.filter(state=CaseState.OPEN, due_at__lt=now, escalated_at=None)


def escalate_late_cases(*, now: datetime) -> int:
    """Report every late case up, once, a batch and transaction at a time; how many there were.

    A case that somebody is working on right now is left to the next round. Where nobody is above,
    it waits until somebody is.
    """
    done, last = 0, 0
    while True:
        with transaction.atomic():
            if not _round_is_mine():
                return done
            rows = late_cases(now).filter(pk__gt=last).order_by("pk").select_related("customer")
            cases = list(rows.select_for_update(of=("self",), skip_locked=True)[:BATCH])
            done += _report_up(cases, now=now)
        if len(cases) < BATCH:
            break
        last = cases[-1].pk
    if done:
        log.info("late_cases_reported", count=done)
    return done


def _round_is_mine() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ROUND_LOCK])
        return cursor.fetchone()[0]


def _report_up(cases: Sequence[Case], *, now: datetime) -> int:
    if not cases:
        return 0
    leaders = leaders_of({case.customer.store_id for case in cases})
    above = list(operations())
    told = []
    for case in cases:
        leader = leaders.get(case.customer.store_id)
        case.escalated_to = _chief(case, [*([leader] if leader else []), *above])
        if case.escalated_to is not None:
            case.escalated_at = now
            told.append(case)
    Case.objects.bulk_update(told, ["escalated_at", "escalated_to"])
    _record(told, now=now)
    return len(told)


def _chief(case: Case, above: Iterable[Person]) -> Person | None:
    """The first above who neither has the case nor is what it is about."""
    return next((one for one in above if one.pk not in (case.assignee_id, case.about_id)), None)


def _record(cases: Sequence[Case], *, now: datetime) -> None:
    """The trail, the audit and the notices of what was reported up; who stands in hears it, too."""
    system = system_account()
    events = CaseEvent.objects.bulk_create(
        CaseEvent(case=case, act=CaseAct.ESCALATED, at=now, by=system, to=case.escalated_to)
        for case in cases
    )
    audit.record_many(
        verb="escalate_case",
        of=Case,
        by=system,
        rows=[(case.pk, case.store_id, {"to": case.escalated_to_id}) for case in cases],
    )
    chiefs = {case.escalated_to_id for case in cases if case.escalated_to_id is not None}
    stand_ins = stand_ins_of(chiefs, on=timezone.localdate(now))
    tellings = [
        Telling(
            person_id=person,
            kind=NoticeKind.CASE_LATE,
            key=f"case_event:{event.pk}",
            params={"number": event.case_id},
            path=case_work.path_of(event.case_id),
        )
        for event in events
        if event.to_id is not None
        for person in (event.to_id, *stand_ins.get(event.to_id, ()))
        if person not in (event.case.assignee_id, event.case.about_id)
    ]
    tell_many(tellings, now=now)
