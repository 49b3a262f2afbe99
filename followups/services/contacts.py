"""Logging a contact: the fact, the closed task, and the next one, in one transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services.once import once
from customers import rules as customers_rules
from customers import services as customers
from customers.models import Contact, Customer, GradeChange
from customers.queries import has_bought
from customers.rules import NextStep
from customers.states import Channel, Grade, NextKind, Outcome, Reason, Touch
from followups import rules
from followups.models import Obligation, Task
from followups.services import booked_work, case_work, engine, guarding, guests, next_steps, tasks
from followups.services.call_undone import Undone, take_back
from followups.services.holding import hold_of, hold_one
from followups.services.quiet import settle_quiet
from followups.states import Anchor, Cause, MoveReason, State
from staff.models import Person
from staff.scope import REASSIGNING_ROLES, reach_of
from staff.states import SALES_ROLES


class ContactNotLogged(Refused):
    """A contact could not be logged as told; what ails itself is told by ContactNotRecorded."""

    messages = {
        "given_up_has_no_step": _(
            "Grade D has no next step. Choose another grade, or “none” as the next step."
        ),
        "task_is_closed": _("This task was closed in the meantime by %(who)s."),
        "not_on_behalf": _("You do not act for this person."),
        "not_yours_to_void": _("Whoever logged a contact takes it back, or a manager."),
        "void_too_late": _(
            "Ten minutes have passed since you logged this. Ask your manager to take it back."
        ),
    }


def _tasks_in_hand(*, customer: Customer, task: Task | None, person: Person, today: date):
    """The tasks that a contact answers: all that its person has with the customer by today, the
    one at hand first. A letter is not answered by talking (decision 19).
    """
    doer = person.pk if task is None else task.assignee_id
    shown = Task.objects.filter(
        customer=customer, assignee=doer, state=State.OPEN, letter=None, shown_on__lte=today
    )
    if task is None:
        return list(shown)
    return [task, *shown.exclude(pk=task.pk)]


def _fresh(task: Task | None, customer: Customer) -> Task | None:
    """The task at hand, as it stands under the lock. Raises ContactNotLogged if it was closed.

    One that became one with another stands there; one that went to another card with an undone
    merge is none of this contact's.
    """
    if task is None:
        return None
    fresh = Task.objects.select_related("closed_by").get(pk=task.pk)
    while fresh.state == State.CANCELLED and fresh.merged_into_id is not None:
        fresh = Task.objects.select_related("closed_by").get(pk=fresh.merged_into_id)
    if fresh.customer_id != customer.pk:
        return None
    if fresh.state != State.OPEN:
        who = fresh.closed_by.name if fresh.closed_by else "—"
        raise ContactNotLogged.because("task_is_closed", who=who)
    return fresh


def _doer(*, customer: Customer, by: Person, on_behalf_of: Person | None) -> Person:
    """Whose next step it becomes: the salesperson's who spoke, else the keeper's."""
    speaker = on_behalf_of or by
    keeper = customer.owner
    if speaker.role in SALES_ROLES or keeper is None or not keeper.is_active:
        return speaker
    return keeper


def _check_delegation(*, by: Person, on_behalf_of: Person | None, today: date) -> None:
    """Nobody speaks for another without a duty given in advance (FUP-30)."""
    if on_behalf_of is not None and on_behalf_of.pk not in reach_of(by, today=today).assists:
        raise ContactNotLogged.because("not_on_behalf")


def _check_next_step(step: NextStep | None, *, grade: Grade | str) -> None:
    """Nobody who is given up is promised a next step."""
    kind = step.kind if step else ""
    refuse_if(ContactNotLogged, rules.next_step_blockers(grade=grade, next_kind=kind))


def _close_and_open(
    in_hand: list[Task],
    *,
    contact: Contact,
    step: NextStep | None,
    doer: Person,
    by: Person,
    now: datetime,
) -> None:
    """Reached: what was at hand is done, and what was agreed is opened, if it is not booked."""
    tasks.close(in_hand, contact=contact, by=by, now=now)
    if step is None or step.kind == NextKind.NONE:
        return
    if not booked_work.is_agreed_already(contact.customer, step.at):
        next_steps.open_next_step(contact=contact, step=step, assignee=doer)


def _try_again(
    in_hand: list[Task], *, contact: Contact, on: date, doer: Person, now: datetime
) -> None:
    """Not reached: what was at hand waits for that day; without any, trying again is a task."""
    for task in in_hand:
        tasks.put_on_day(task, day=on, reason=MoveReason.NO_ANSWER, now=now)
    if not in_hand:
        next_steps.open_retry(contact=contact, on=on, assignee=doer)


def _objections(
    customer: Customer, task: Task | None, *, outcome: Outcome, **attempt: Any
) -> list[Blocker]:
    """What the guard says of this contact; an attempt that reached nobody disturbed nobody."""
    if not customers_rules.is_reached(outcome):
        return []
    return guarding.objections_to(customer=customer, task=task, **attempt)


def _settle(
    in_hand: list[Task],
    *,
    contact: Contact,
    step: NextStep | None,
    retry_on: date | None,
    by: Person,
    now: datetime,
) -> None:
    """What was at hand is done or waits, what was agreed is opened, who is given up is let go."""
    customer = contact.customer
    in_hand = case_work.settle(in_hand, contact=contact, by=by, now=now)
    in_hand = booked_work.settle(in_hand, contact=contact, by=by, now=now)
    in_hand = guests.settle(in_hand)
    doer = _doer(customer=customer, by=by, on_behalf_of=contact.on_behalf_of)
    if contact.reached:
        _close_and_open(in_hand, contact=contact, step=step, doer=doer, by=by, now=now)
    elif retry_on is not None:
        _try_again(in_hand, contact=contact, on=retry_on, doer=doer, now=now)
    if contact.grade == Grade.D:
        next_steps.drop_prospect_work(customer=customer, by=by, now=now)


@transaction.atomic
def log_contact(
    *,
    customer: Customer,
    channel: Channel,
    outcome: Outcome,
    by: Person,
    now: datetime,
    key: UUID,
    reason: Reason | str = "",
    note: str = "",
    occurred_at: datetime | None = None,
    next_step: NextStep | None = None,
    retry_on: date | None = None,
    grade: Grade | str = "",
    task: Task | None = None,
    on_behalf_of: Person | None = None,
    is_inbound: bool = False,
    is_agreed: bool = False,
    touches: Sequence[Touch | str] = (),
    override: str = "",
) -> Contact:
    """Log one contact, close its task and open the next (FUP-01, FIL-29, FIL-30).

    `is_inbound`: the customer began it; `is_agreed`: they expected it at that hour. Where the guard
    objects to one that we began, `override` says why it was made (FUP-09), here and on the trail. A
    reached contact closes the task at hand, or without one all of this person's open tasks for the
    customer by today. An attempt moves them to `retry_on`. `key` is the form's own id: sent twice,
    the same contact comes back. Raises ContactNotLogged, ContactNotRecorded, GradeNotChanged,
    Pestering.
    """
    customer = hold_one(customer)
    today = customer.store.today(now)
    said = (
        customer.pk, channel, outcome, reason, note, occurred_at, next_step, retry_on, grade,
        is_inbound, sorted(touches), override,
    )  # fmt: skip
    content = "|".join(str(part) for part in said)
    with once(key=key, purpose="contact", by=by, content=content) as form:
        if form.result_id:
            return Contact.objects.get(pk=form.result_id)
        _check_delegation(by=by, on_behalf_of=on_behalf_of, today=today)
        task = _fresh(task, customer)
        _check_next_step(next_step, grade=grade or customer.grade)

        objections = _objections(
            customer, task, channel=channel, outcome=outcome, reason=reason,
            is_inbound=is_inbound, is_agreed=is_agreed, at=occurred_at or now,
        )  # fmt: skip
        guarding.check_override(objections=objections, override=override, by=by)
        contact = customers.record_contact(
            customer=customer,
            channel=channel,
            outcome=outcome,
            reason=reason,
            note=note,
            occurred_at=occurred_at,
            next_step=next_step,
            retry_on=retry_on,
            grade=grade,
            on_behalf_of=on_behalf_of,
            is_inbound=is_inbound,
            touches=touches,
            override=override if objections else "",
            by=by,
            now=now,
            today=today,
        )
        guarding.note_override(of=contact, objections=objections, override=override, by=by)
        speaker = on_behalf_of or by
        in_hand = _tasks_in_hand(customer=customer, task=task, person=speaker, today=today)
        _settle(in_hand, contact=contact, step=next_step, retry_on=retry_on, by=by, now=now)
        engine.touch_and_ask(customers=[customer.pk], now=now)
        customers.propose_grades(customers=[customer.pk], now=now)
        form.result_id = contact.pk
    return contact


def blockers_of_void(contact: Contact, *, by: Person, now: datetime) -> list[Blocker]:
    """What stops `by` from taking this contact back now; the page says it before the tap."""
    return rules.void_blockers(
        is_own=contact.by_id == by.pk,
        is_manager=by.role in REASSIGNING_ROLES,
        logged_at=contact.logged_at,
        now=now,
    )


def _give_back_grade(contact: Contact, *, customer: Customer, by: Person, now: datetime) -> None:
    """The grade that only this contact gave is taken back with it."""
    change = GradeChange.objects.filter(customer=customer).order_by("-at", "-pk").first()
    if change is None or (change.at, change.by_id) != (contact.logged_at, contact.by_id):
        return
    if change.after != customer.grade:
        return  # the change of a card that was merged into this one
    if customers_rules.grade_blockers(grade=change.before, has_bought=has_bought(customer)):
        return
    customers.regrade(
        customer=customer, grade=change.before, by=by, now=now, reason=contact.void_reason
    )
    if change.after == Grade.D:
        next_steps.take_up_prospect_work(customer=customer, dropped_at=contact.logged_at)


@transaction.atomic
def void_contact(*, contact: Contact, reason: str, by: Person, now: datetime) -> Undone:
    """Take back a contact logged by mistake; what it closed is open again (decision 12), and what
    came of it alone (a survey, cases, a renewal) goes with it: the answer says what.

    A cadence it closed is worked out anew: an occurrence of its own may be open already. Raises
    ContactNotLogged, ContactNotRecorded.
    """
    customer = hold_of(contact)
    refuse_if(ContactNotLogged, blockers_of_void(contact, by=by, now=now))
    customers.void_contact(contact=contact, reason=reason, by=by, now=now)

    _give_back_grade(contact, customer=customer, by=by, now=now)
    next_steps.cancel_step_of(contact=contact, now=now)
    undone = take_back(contact, reason=reason, by=by, now=now)
    closed = Task.objects.filter(contact=contact, state__in=[State.DONE, State.SKIPPED])
    done = Obligation.objects.filter(task__in=closed, state__in=[State.DONE, State.SKIPPED])
    done.filter(step__anchor=Anchor.CADENCE).update(
        state=State.CANCELLED, cause=Cause.REPLACED, closed_at=now
    )
    done.update(state=State.OPEN, closed_at=None, task=None)
    closed.update(state=State.CANCELLED)
    booked_work.take_up_after_void(contact=contact, state=State.OPEN)
    settle_quiet(customer, now=now)
    engine.touch_and_ask(customers=[customer.pk], now=now)
    customers.propose_grades(customers=[customer.pk], now=now)
    return undone
