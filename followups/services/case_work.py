"""The work that service cases are: one obligation each while it runs, on its assignee's Today.

Its limit is the case's clock, which only acts on the case move: a contact, another day, a skip or a
wish for no contact leave it standing (decision 15). Part of the caller's transaction, which holds
the customer and asks the engine afterwards.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.urls import reverse

from customers.models import Contact
from followups.models import Case, CaseEvent, Obligation, Step, Task
from followups.queries.cases import default_assignee
from followups.services import booked_work, case_satisfaction
from followups.states import (
    CASE_ANCHORS,
    RUNNING_CASES,
    WAITING,
    Anchor,
    CaseAct,
    CaseState,
    Cause,
    State,
    Way,
)
from followups.timeleft import last_day
from staff.models import Person
from staff.services.notices import tell
from staff.states import NoticeKind

MINUTE = timedelta(minutes=1)


def path_of(pk: int) -> str:
    """The page of a case, as notices name it."""
    return reverse("followups:case", args=[pk])


def _all_of(case: Case) -> QuerySet[Obligation]:
    return Obligation.objects.filter(step__anchor=Anchor.CASE, subject_id=case.pk)


def _of(case: Case) -> QuerySet[Obligation]:
    return _all_of(case).filter(state__in=WAITING)


def open_for(case: Case, *, now: datetime) -> None:
    """Put the case on its assignee's list, from today on; opened again, it is work anew: where that
    was a mistake before, in the row that was called off then.
    """
    work: dict[str, Any] = {
        "customer": case.customer,
        "assignee": case.assignee,
        "due_on": last_day_of(case),
        "due_at": case.due_at,
        "shown_on": case.store.today(now),
        "way": Way.CALL,
        "text": case.text[:200],
    }
    occurrence = case.times_reopened + 1
    if case.times_reopened:
        mistaken = _all_of(case).filter(occurrence=occurrence, cause=Cause.VOIDED)
        if mistaken.update(state=State.OPEN, cause="", closed_at=None, task=None, **work):
            return
    Obligation.objects.create(
        step=Step.objects.get(anchor=Anchor.CASE),
        subject_id=case.pk,
        occurrence=occurrence,
        **work,
    )


def due_before(case: Case) -> datetime:
    """When the clock ended that ran before the case was opened again."""
    before = _all_of(case).filter(occurrence=case.times_reopened)
    return before.values_list("due_at", flat=True).first() or case.due_at


def last_day_of(case: Case) -> date:
    """The working day at whose end the case's clock stops."""
    return last_day(case.due_at, case.store.tzinfo)


def rest(case: Case) -> None:
    """The clock rests: nobody has the case on their list."""
    _of(case).update(state=State.SUSPENDED, task=None)


def go_on(case: Case) -> None:
    """The clock runs again, perhaps to another day: the case is back on its assignee's list."""
    _of(case).update(state=State.OPEN, due_on=last_day_of(case), due_at=case.due_at, task=None)


def give(case: Case, person: Person) -> None:
    """The case is somebody else's now: so is its work."""
    _of(case).update(assignee=person, task=None)


def finish(case: Case, *, now: datetime) -> None:
    """Solved: its work is done, by the clock as it stands after a last pause."""
    due = {"due_on": last_day_of(case), "due_at": case.due_at}
    _of(case).update(state=State.DONE, closed_at=now, **due)


def call_off(case: Case, *, now: datetime) -> None:
    """Opened by mistake: there is nothing to do."""
    _of(case).update(state=State.CANCELLED, cause=Cause.VOIDED, closed_at=now)


def _on(tasks: Sequence[Task]) -> list[Obligation]:
    rows = Obligation.objects.filter(
        task__in=[task.pk for task in tasks], step__anchor=Anchor.CASE, state=State.OPEN
    )
    return list(rows)


def without_cases(tasks: Sequence[Task]) -> list[Task]:
    """The tasks without the cases on them, which stay; those that are nothing else are left out."""
    cases = _on(tasks)
    return booked_work.set_apart(cases, tasks) if cases else list(tasks)


def settle(tasks: Sequence[Task], *, contact: Contact, by: Person, now: datetime) -> list[Task]:
    """What a contact means for the cases at hand: talked with the customer since they were opened,
    they are answered, when that was.

    None is solved by that. Answers with the tasks that are still to be closed or put off.
    """
    cases = _on(tasks)
    if not cases:
        return list(tasks)
    if contact.reached:
        _answer([row.subject_id for row in cases], contact=contact, by=by, now=now)
    return booked_work.set_apart(cases, tasks)


def _answer(ids: Sequence[int], *, contact: Contact, by: Person, now: datetime) -> None:
    """A talk is the first answer of these cases; one before them, or of whom they are about, is
    none. Its hour may have been typed to the minute.
    """
    rows = Case.objects.filter(
        pk__in=ids,
        answered_at=None,
        state__in=RUNNING_CASES,
        opened_at__lt=contact.occurred_at + MINUTE,
    )
    for case in rows.exclude(about__in=[by.pk, contact.on_behalf_of_id or by.pk]):
        at = max(contact.occurred_at, case.opened_at)
        Case.objects.filter(pk=case.pk).update(answered_at=at, answered_by=by)
        CaseEvent.objects.create(
            case=case,
            act=CaseAct.ANSWERED,
            at=now,
            by=by,
            contact=contact,
            text=contact.note[:1000],
        )


def take_back_answers(contact: Contact, *, reason: str, by: Person, now: datetime) -> int:
    """The contact is void, and answered no case: how many wait for their first answer again.

    One that is solved meanwhile was answered by that.
    """
    told = CaseEvent.objects.filter(act=CaseAct.ANSWERED, contact=contact)
    count = 0
    for case in Case.objects.filter(pk__in=told.values("case")).order_by("pk"):
        solved_at, solved_by = case.solved_at, case.solved_by
        Case.objects.filter(pk=case.pk).update(answered_at=solved_at, answered_by=solved_by)
        CaseEvent.objects.create(
            case=case, act=CaseAct.UNANSWERED, at=now, by=by, text=reason.strip()[:1000]
        )
        count += solved_at is None
    return count


def holds_one_about(task: Task, person: Person) -> bool:
    """Whether a case about this person stands on the task: it is never theirs to see to."""
    work = Obligation.objects.filter(task=task, step__anchor__in=CASE_ANCHORS, state=State.OPEN)
    return Case.objects.filter(pk__in=work.values("subject_id"), about=person).exists()


def give_to_others(cases: Sequence[int], *, now: datetime) -> None:
    """Whoever got the rest of the work is whom these cases are about: others see to them.

    There are few; each goes where it would, were it opened now, or to nobody, and is reported up
    when it is late.
    """
    rows = Case.objects.filter(pk__in=cases).select_related("customer__store", "customer__owner")
    for case in rows.select_related("about").order_by("pk"):
        to = default_assignee(case.customer, kind=case.kind, about=case.about, now=now)
        if case.state == CaseState.SOLVED:  # Whoever saw to it did so; another one asks.
            case_satisfaction.give(case, to)
            continue
        case.assignee = to
        Case.objects.filter(pk=case.pk).update(assignee=case.assignee)
        _of(case).update(assignee=case.assignee, task=None)
        if case.assignee is not None:
            tell(
                person=case.assignee,
                kind=NoticeKind.CASE_ASSIGNED,
                key=f"case_passed_on:{case.pk}:{now.isoformat()}",
                params={"number": case.pk},
                path=path_of(case.pk),
                now=now,
            )


def follow_assignees(*, customers: Sequence[int], now: datetime) -> None:
    """Work has changed hands: who does it has the case, unless it is about them."""
    work = Obligation.objects.filter(
        step__anchor=Anchor.CASE, subject_id=OuterRef("pk"), state__in=WAITING
    )
    rows = Case.objects.filter(customer__in=customers, state__in=RUNNING_CASES)
    rows.update(assignee=Subquery(work.values("assignee")[:1]))
    ours = rows.filter(about__isnull=False, assignee=F("about"))
    asked = case_satisfaction.asked_by_whom_it_is_about(customers)
    give_to_others([*ours.values_list("pk", flat=True), *asked], now=now)
