"""The work that appointments are: one obligation each, at its hour, for who is booked.

What closes an appointment closes its obligation, and what a contact, a grade or a void does to the
one it does to the other. Part of the caller's transaction, which holds the customer and asks the
engine afterwards.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from customers.models import Appointment, Contact, Customer
from customers.rules import appointments as rules
from customers.rules.appointments import TO_WIN
from customers.services.appointments import (
    cancel_appointments,
    close_appointment,
    reopen_appointments,
)
from customers.states import AppointmentKind, AppointmentState
from filings.services import note_test_drive
from followups.models import Obligation, Step, Task
from followups.states import WAITING, Anchor, Cause, State, Way
from staff.models import Person

WAYS = {
    AppointmentKind.STORE_VISIT: Way.STORE_VISIT,
    AppointmentKind.HOME_VISIT: Way.HOME_VISIT,
    AppointmentKind.TEST_DRIVE: Way.TEST_DRIVE,
    AppointmentKind.MEASURING: Way.MEASURING,
    AppointmentKind.DELIVERY: Way.HOME_VISIT,
    AppointmentKind.SERVICE: Way.STORE_VISIT,
}
# An appointment is one thing: its obligation occurs once.
ONCE = 1


def _of(ids: Sequence[int]) -> QuerySet[Obligation]:
    return Obligation.objects.filter(step__anchor=Anchor.APPOINTMENT, subject_id__in=ids)


def open_for(appointment: Appointment, *, customer: Customer) -> None:
    """Put the appointment on the list of who is booked, on its day by its hour."""
    day = customer.store.today(appointment.starts_at)
    resource = appointment.resource
    words = (resource.name if resource else "", appointment.place, appointment.note)
    Obligation.objects.create(
        step=Step.objects.get(anchor=Anchor.APPOINTMENT),
        subject_id=appointment.pk,
        occurrence=ONCE,
        customer=customer,
        assignee=appointment.person,
        due_on=day,
        due_at=appointment.starts_at,
        shown_on=day,
        is_timed=True,
        way=WAYS[AppointmentKind(appointment.kind)],
        text=" · ".join(word for word in words if word)[:200],
    )


def call_off(appointment: Appointment, *, now: datetime) -> None:
    """Moved, missed or cancelled: there is nothing to do any more."""
    _of([appointment.pk]).filter(state__in=WAITING).update(
        state=State.CANCELLED, cause=Cause.CALLED_OFF, closed_at=now
    )


def finish(appointment: Appointment, *, now: datetime) -> None:
    """Kept: its work is done, and a task that held nothing else with it."""
    _of([appointment.pk]).filter(state__in=WAITING).update(state=State.DONE, closed_at=now)


def _booked_on(tasks: Sequence[Task]) -> dict[int, Obligation]:
    """The open obligations of appointments on these tasks, by appointment."""
    rows = Obligation.objects.filter(
        task__in=[task.pk for task in tasks], step__anchor=Anchor.APPOINTMENT, state=State.OPEN
    )
    return {row.subject_id: row for row in rows}


def set_apart(obligations: Sequence[Obligation], tasks: Sequence[Task]) -> list[Task]:
    """Take these obligations off their tasks; answers with the tasks that hold something else.

    A task that held nothing else stays as it is, with them.
    """
    ids = [row.pk for row in obligations]
    others = Obligation.objects.filter(task__in=[task.pk for task in tasks], state=State.OPEN)
    mixed = set(others.exclude(pk__in=ids).values_list("task_id", flat=True))
    Obligation.objects.filter(pk__in=ids, task__in=mixed).update(task=None)
    return [task for task in tasks if task.pk in mixed]


def without_appointments(task: Task) -> list[Task]:
    """The task without the appointments on it, which keep their day; none if it is nothing else."""
    booked = list(_booked_on([task]).values())
    return set_apart(booked, [task]) if booked else [task]


def settle(tasks: Sequence[Task], *, contact: Contact, by: Person, now: datetime) -> list[Task]:
    """What a contact means for the appointments at hand: met, it is kept; not met, missed.

    Any other contact leaves them booked, at their hour. Answers with the tasks that are still to be
    closed or put off.
    """
    booked = _booked_on(tasks)
    if not booked:
        return list(tasks)
    staying = []
    for row in Appointment.objects.filter(pk__in=booked, state=AppointmentState.BOOKED):
        is_kept = rules.is_kept_by(kind=row.kind, channel=contact.channel, outcome=contact.outcome)
        if is_kept:
            close_by(row, state=AppointmentState.KEPT, contact=contact, by=by, now=now)
        elif is_kept is False:
            close_by(row, state=AppointmentState.MISSED, contact=contact, by=by, now=now)
            call_off(row, now=now)
            staying.append(booked[row.pk])
        else:
            staying.append(booked[row.pk])
    return set_apart(staying, tasks)


def close_by(
    appointment: Appointment,
    *,
    state: AppointmentState,
    contact: Contact,
    by: Person,
    now: datetime,
) -> None:
    """The contact says what became of the appointment."""
    close_appointment(
        appointment=appointment, state=state, contact=contact, result=contact.note, by=by, now=now
    )
    if state == AppointmentState.KEPT and appointment.kind == AppointmentKind.TEST_DRIVE:
        note_test_drive(contact=contact)


def is_agreed_already(customer: Customer, at: datetime | None) -> bool:
    """Something is booked at this very hour: a next step that says so is this appointment."""
    if at is None:
        return False
    rows = Appointment.objects.filter(customer=customer, state=AppointmentState.BOOKED)
    return rows.filter(starts_at=at).exists()


def follow_assignees(*, customers: Sequence[int]) -> None:
    """Work has changed hands: who does it is whom the calendar shows."""
    work = Obligation.objects.filter(
        step__anchor=Anchor.APPOINTMENT,
        subject_id=OuterRef("pk"),
        state__in=WAITING,
        assignee__isnull=False,
    )
    rows = Appointment.objects.filter(customer__in=customers, state=AppointmentState.BOOKED)
    rows.filter(Exists(work)).update(person=Subquery(work.values("assignee")[:1]))


def take_up_after_void(*, contact: Contact, state: State) -> None:
    """The contact is void: what it said of appointments is, too, while their car is free."""
    ids = Appointment.objects.filter(contact=contact).values_list("pk", flat=True)
    _open_again(list(ids), state)


def drop_to_win(*, customers: Sequence[int], by: Person, now: datetime) -> None:
    """Given up: what was booked to win these customers is cancelled; care after a sale stays."""
    rows = Appointment.objects.filter(
        customer__in=customers, kind__in=TO_WIN, state=AppointmentState.BOOKED
    )
    ids = cancel_appointments(ids=list(rows.values_list("pk", flat=True)), by=by, now=now)
    _of(ids).filter(state__in=WAITING).update(
        state=State.CANCELLED, cause=Cause.GIVEN_UP, closed_at=now
    )


def take_up_to_win(*, customer: Customer, dropped_at: datetime, state: State) -> None:
    """Given up by mistake: what `drop_to_win` cancelled then is booked again."""
    rows = Obligation.objects.filter(
        customer=customer,
        step__anchor=Anchor.APPOINTMENT,
        cause=Cause.GIVEN_UP,
        closed_at=dropped_at,
    )
    _open_again(list(rows.values_list("subject_id", flat=True)), state)


def _open_again(ids: Sequence[int], state: State) -> None:
    if ids:
        _of(reopen_appointments(ids=ids)).update(state=state, cause="", closed_at=None, task=None)
