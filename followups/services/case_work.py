"""The work that service cases are: one obligation each while it runs, on its assignee's Today.

Its limit is the case's clock, which only acts on the case move: a contact, another day, a skip or a
wish for no contact leave it standing (decision 15). Part of the caller's transaction, which holds
the customer and asks the engine afterwards.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from followups.models import Case, Obligation, Step, Task
from followups.states import RUNNING_CASES, Anchor, Cause, State, Way
from followups.timeleft import last_day
from staff.models import Person

WAITING = (State.OPEN, State.SUSPENDED)


def _of(case: Case) -> QuerySet[Obligation]:
    rows = Obligation.objects.filter(step__anchor=Anchor.CASE, subject_id=case.pk)
    return rows.filter(state__in=WAITING)


def open_for(case: Case, *, now: datetime) -> None:
    """Put the case on its assignee's list, from today on; opened again, it is work anew."""
    store = case.store
    Obligation.objects.create(
        step=Step.objects.get(anchor=Anchor.CASE),
        subject_id=case.pk,
        occurrence=case.times_reopened + 1,
        customer=case.customer,
        assignee=case.assignee,
        due_on=last_day(case.due_at, store.tzinfo),
        due_at=case.due_at,
        shown_on=store.today(now),
        way=Way.CALL,
        text=case.text[:200],
    )


def follow_clock(case: Case) -> None:
    """The case's clock has moved: so has its work."""
    _of(case).update(due_on=last_day(case.due_at, case.store.tzinfo), due_at=case.due_at, task=None)


def give(case: Case, person: Person) -> None:
    """The case is somebody else's now: so is its work."""
    _of(case).update(assignee=person, task=None)


def finish(case: Case, *, now: datetime) -> None:
    """Solved: its work is done."""
    _of(case).update(state=State.DONE, closed_at=now)


def call_off(case: Case, *, now: datetime) -> None:
    """Opened by mistake: there is nothing to do."""
    _of(case).update(state=State.CANCELLED, cause=Cause.VOIDED, closed_at=now)


def on_tasks(tasks: Sequence[Task]) -> list[Obligation]:
    """The open work of cases on these tasks."""
    rows = Obligation.objects.filter(
        task__in=[task.pk for task in tasks], step__anchor=Anchor.CASE, state=State.OPEN
    )
    return list(rows)


def follow_assignees(*, customers: Sequence[int]) -> None:
    """Work has changed hands: who does it has the case."""
    work = Obligation.objects.filter(
        step__anchor=Anchor.CASE, subject_id=OuterRef("pk"), state__in=WAITING
    )
    rows = Case.objects.filter(customer__in=customers, state__in=RUNNING_CASES)
    rows.update(assignee=Subquery(work.values("assignee")[:1]))
