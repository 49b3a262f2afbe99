"""The work of asking: a case is solved, and its customer is asked how satisfied they are (AFT-21).

One obligation each time a case is solved, of whoever saw to it. Unlike the case it is put off, or
left undone with a reason, as other work is, and rests while no contact is wished. Only the answer
does it: a talk about something else leaves it standing. Part of the caller's transaction, which
holds the customer and asks the engine afterwards.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from core.queries import business_calendar
from customers.models import Contact, Customer
from followups import rules
from followups.models import Case, Obligation, Step, Task
from followups.services import booked_work
from followups.states import WAITING, Anchor, CaseState, Cause, State, Way
from staff.models import Person


def _asked() -> QuerySet[Obligation]:
    return Obligation.objects.filter(step__anchor=Anchor.SATISFACTION)


def _of(case: Case) -> QuerySet[Obligation]:
    return _asked().filter(subject_id=case.pk, state__in=WAITING)


def open_for(case: Case, *, assignee: Person | None, now: datetime) -> None:
    """Solved: the customer is asked on the next working day, by this person."""
    customer, store = case.customer, case.customer.store
    day = rules.asked_on(
        solved_on=store.today(now), add_working_days=business_calendar().add_working_days
    )
    Obligation.objects.create(
        step=Step.objects.get(anchor=Anchor.SATISFACTION),
        subject_id=case.pk,
        occurrence=case.times_reopened + 1,
        customer=customer,
        assignee=assignee,
        due_on=day,
        due_at=rules.end_of_day(day, store.tzinfo),
        shown_on=day,
        way=Way.CALL,
        text=case.text[:200],
        state=_standing(customer),
    )


def _standing(customer: Customer) -> State:
    """Who wishes no contact is asked when they wish it again (FUP-24)."""
    rests = rules.rests(
        quiet=customer.quiet, grade=customer.grade, anchor=Anchor.SATISFACTION, way=Way.CALL
    )
    return State.SUSPENDED if rests else State.OPEN


def finish(case: Case, *, now: datetime) -> None:
    """The customer has said it: there is nothing more to ask."""
    _of(case).update(state=State.DONE, closed_at=now)


def take_up(case: Case, *, done_at: datetime) -> None:
    """What they said at that moment was a mistake: it is to be asked again."""
    done = _asked().filter(subject_id=case.pk, state=State.DONE, closed_at=done_at)
    done.update(state=_standing(case.customer), closed_at=None, task=None)


def asked_by(case: Case) -> Person | None:
    """Who has it to ask, while nobody has."""
    work = _of(case).select_related("assignee").first()
    return work.assignee if work is not None else None


def call_off(case: Case, *, cause: Cause, now: datetime) -> None:
    """Open again, or opened by mistake: nobody is asked."""
    _of(case).update(state=State.CANCELLED, cause=cause, closed_at=now)


def give(case: Case, person: Person | None) -> None:
    """Somebody else asks."""
    _of(case).update(assignee=person, task=None)


def asked_by_whom_it_is_about(customers: Sequence[int]) -> list[int]:
    """The cases of these customers whose own subject would have to ask."""
    theirs = _asked().filter(
        subject_id=OuterRef("pk"), state__in=WAITING, assignee=OuterRef("about")
    )
    rows = Case.objects.filter(Exists(theirs), customer__in=customers, state=CaseState.SOLVED)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def without_asking(tasks: Sequence[Task]) -> list[Task]:
    """The tasks without what is asked on them, which stays; those that are nothing else are left
    out.
    """
    rows = list(_asked().filter(task__in=[task.pk for task in tasks], state=State.OPEN))
    return booked_work.set_apart(rows, tasks) if rows else list(tasks)


def settle(tasks: Sequence[Task], *, contact: Contact) -> list[Task]:
    """A talk about something else leaves the customer to be asked; an attempt puts it off, too.

    Answers with the tasks that are still to be closed or put off.
    """
    return without_asking(tasks) if contact.reached else list(tasks)
