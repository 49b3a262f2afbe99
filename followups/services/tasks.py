"""Tasks: closed by a contact, moved or skipped with a reason."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.services import audit
from customers.models import Contact
from followups import rules
from followups.models import Obligation, Task
from followups.queries.closing import blockers_of_closing
from followups.services import booked_work, case_satisfaction, case_work, engine
from followups.services.holding import hold_of
from followups.states import MoveReason, SkipReason, State
from staff.models import Person


class TaskNotChanged(Refused):
    """A task could not be moved, skipped or closed."""

    messages = {
        "task_is_closed": _("This task was closed in the meantime."),
        "move_reason_missing": _("Say why the task is moved."),
        "move_to_past": _("A task moves to today or later."),
        "move_too_far": _("A task moves at most a year ahead."),
        "skip_reason_missing": _("Say why the task is skipped."),
        "is_an_appointment": _("This is an appointment. Move, cancel or close it on its own page."),
        "is_a_case": _("This is a service case. Answer, pause or solve it on its own page."),
        "is_to_be_asked": _(
            "The customer of a solved case is asked how satisfied they are. Note their answer."
        ),
        "not_a_letter": _("This task is not a letter. Log the contact instead."),
        "is_a_letter": _("A letter is not done by talking. Send it on its own page."),
        "asks_something": _(
            "This call asks or tells the customer something. Log it, or leave it out with a reason."
        ),
        "contact_is_void": _("This contact was taken back. Log the contact instead."),
        "not_this_customer": _("This contact was with somebody else."),
        "contact_is_theirs": _("The customer began this contact. Log the contact instead."),
        "contact_is_too_old": _(
            "This contact was so long ago that another one is welcome. Log the contact instead."
        ),
        "contact_is_before_it": _(
            "This contact was before what the task follows from. Log the contact instead."
        ),
    }


def close(tasks: Sequence[Task], *, contact: Contact, by: Person, now: datetime) -> None:
    """These tasks, and all that stands on them, are done by `contact`."""
    if not tasks:
        return
    ids = [task.pk for task in tasks]
    Obligation.objects.filter(task__in=ids, state=State.OPEN).update(
        state=State.DONE, closed_at=now
    )
    Task.objects.filter(pk__in=ids, state=State.OPEN).update(
        state=State.DONE, closed_at=now, closed_by=by, contact=contact
    )


def close_some(rows: Sequence[Obligation], *, contact: Contact, by: Person, now: datetime) -> None:
    """This open work is done by `contact`; what else stands on its tasks stays there."""
    ids = [row.pk for row in rows]
    others = Obligation.objects.filter(task__in={row.task_id for row in rows}, state=State.OPEN)
    mixed = set(others.exclude(pk__in=ids).values_list("task", flat=True))
    whole = {row.task_id for row in rows if row.task_id} - mixed
    close(list(Task.objects.filter(pk__in=whole)), contact=contact, by=by, now=now)

    apart: dict[int | None, list[Obligation]] = {}
    for row in rows:
        if row.task_id not in whole:
            apart.setdefault(row.assignee_id, []).append(row)
    for assignee, some in apart.items():
        task = Task.objects.create(
            customer=contact.customer,
            assignee_id=assignee,
            day=min(row.due_on for row in some),
            shown_on=min(row.shown_on for row in some),
            due_at=min(row.due_at for row in some),
            is_care=True,
            state=State.DONE,
            closed_at=now,
            closed_by=by,
            contact=contact,
        )
        Obligation.objects.filter(pk__in=[row.pk for row in some]).update(
            task=task, state=State.DONE, closed_at=now
        )


def become_one(task: Task, *, into: Task, now: datetime) -> None:
    """Two tasks of one person, customer and day are one."""
    Obligation.objects.filter(task=task).update(task=into)
    Task.objects.filter(pk=into.pk).update(
        due_at=Least(F("due_at"), task.due_at),
        shown_on=Least(F("shown_on"), task.shown_on),
        is_care=F("is_care") if not task.is_care else True,
        is_timed=F("is_timed") if not task.is_timed else True,
        has_hour_limit=F("has_hour_limit") if not task.has_hour_limit else True,
    )
    Task.objects.filter(pk=task.pk).update(state=State.CANCELLED, closed_at=now, merged_into=into)


def _change_or_merge(task: Task, *, now: datetime, **values: object) -> None:
    """Write `values` on the task, or merge it into the one that stands there already."""
    for name, value in values.items():
        setattr(task, name, value)
    try:
        with transaction.atomic():
            Task.objects.filter(pk=task.pk).update(**values)
    except IntegrityError:
        twin = Task.objects.get(
            customer=task.customer_id,
            assignee=task.assignee_id,
            day=task.day,
            letter=task.letter_id,
            state=State.OPEN,
        )
        become_one(task, into=twin, now=now)


def put_on_day(task: Task, *, day: date, reason: MoveReason, now: datetime) -> None:
    """Plan the task for another day; what was due keeps its own limit, and goes on that day to
    whatever task it comes.
    """
    Obligation.objects.filter(task=task, state=State.OPEN).update(planned_on=day)
    _change_or_merge(task, now=now, day=day, shown_on=day, moved_reason=reason)


def put_in_hand(task: Task, *, assignee: Person, now: datetime) -> int:
    """Give the task to another person; answers with the task on which the work stands now."""
    _change_or_merge(task, now=now, assignee=assignee)
    merged = Task.objects.filter(pk=task.pk).values_list("merged_into", flat=True).get()
    return merged or task.pk


def _open(task: Task) -> Task:
    """The task under the customer's lock. Raises TaskNotChanged if it is closed."""
    hold_of(task)
    fresh = Task.objects.select_related("customer__store").get(pk=task.pk)
    if fresh.state != State.OPEN:
        raise TaskNotChanged.because("task_is_closed")
    return fresh


def _without_appointments(task: Task) -> None:
    """What is booked keeps its day, as a case does. Raises TaskNotChanged if it is nothing else."""
    if not case_work.without_cases([task]):
        raise TaskNotChanged.because("is_a_case")
    if not booked_work.without_appointments(task):
        raise TaskNotChanged.because("is_an_appointment")


@transaction.atomic
def move_task(*, task: Task, day: date, reason: MoveReason, by: Person, now: datetime) -> None:
    """Move a task to another day, with a reason. Raises TaskNotChanged."""
    task = _open(task)
    today = task.customer.store.today(now)
    refuse_if(TaskNotChanged, rules.move_blockers(day=day, today=today, reason=reason))

    _without_appointments(task)
    before = task.day
    put_on_day(task, day=day, reason=reason, now=now)
    audit.record(verb="move", of=task, by=by, reason=reason, before=str(before), after=str(day))
    engine.touch_and_ask(customers=[task.customer_id], now=now)


@transaction.atomic
def skip_task(*, task: Task, reason: SkipReason, by: Person, now: datetime, note: str = "") -> None:
    """Leave a task undone, with a reason; a cadence counts anew today. Raises TaskNotChanged."""
    task = _open(task)
    if not reason:
        raise TaskNotChanged.because("skip_reason_missing")

    _without_appointments(task)
    Obligation.objects.filter(task=task, state=State.OPEN).update(
        state=State.SKIPPED, closed_at=now
    )
    Task.objects.filter(pk=task.pk).update(
        state=State.SKIPPED, closed_at=now, closed_by=by, skip_reason=reason
    )
    audit.record(verb="skip", of=task, by=by, reason=note or reason)
    engine.touch_and_ask(customers=[task.customer_id], now=now)


@transaction.atomic
def close_with(*, task: Task, contact: Contact, by: Person, now: datetime) -> None:
    """Somebody has just reached the customer: the task says by which contact it is answered, and
    counts as done by it (FUP-09). A cadence counts anew today. Raises TaskNotChanged.
    """
    task = _open(task)
    fresh = Contact.objects.select_related("by").get(pk=contact.pk)
    refuse_if(TaskNotChanged, blockers_of_closing(task, fresh, now=now))

    _without_appointments(task)
    if not case_satisfaction.without_asking([task]):
        raise TaskNotChanged.because("is_to_be_asked")
    Obligation.objects.filter(task=task, state=State.OPEN).update(
        state=State.SKIPPED, closed_at=now
    )
    Task.objects.filter(pk=task.pk).update(
        state=State.SKIPPED,
        closed_at=now,
        closed_by=by,
        contact=contact,
        skip_reason=SkipReason.ALREADY_DONE,
    )
    audit.record(verb="skip", of=task, by=by, reason=SkipReason.ALREADY_DONE, contact=contact.pk)
    engine.touch_and_ask(customers=[task.customer_id], now=now)


def close_sent(task: Task, *, by: Person, now: datetime) -> None:
    """What stays apart from contacts, a letter or a greeting, is done by being sent."""
    Obligation.objects.filter(task=task, state=State.OPEN).update(state=State.DONE, closed_at=now)
    Task.objects.filter(pk=task.pk).update(state=State.DONE, closed_at=now, closed_by=by)


@transaction.atomic
def send_letter(*, task: Task, by: Person, now: datetime) -> None:
    """The letter is in the post: its task is done (AFT-01). Raises TaskNotChanged."""
    task = _open(task)
    if task.letter_id is None:
        raise TaskNotChanged.because("not_a_letter")

    close_sent(task, by=by, now=now)
    audit.record(verb="send_letter", of=task, by=by)
    engine.touch_and_ask(customers=[task.customer_id], now=now)
