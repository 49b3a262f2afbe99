"""Logging a contact: the fact, the closed task, and the next one, in one transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Required, TypedDict, Unpack, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services.once import once
from customers import rules as customers_rules
from customers import services as customers
from customers.models import Contact, Customer, Project
from customers.rules import NextStep
from customers.states import Channel, Grade, NextKind, Outcome, Reason, Touch
from filings import services as filings
from filings.models import Filing
from filings.queries import ADMITTED
from followups import rules
from followups.models import Obligation, Task
from followups.queries.giving_up import giving_up_blockers
from followups.services import (
    answering,
    booked_work,
    case_satisfaction,
    case_work,
    engine,
    filing_duty,
    guarding,
    guests,
    next_steps,
    tasks,
)
from followups.services.call_undone import Undone, take_back
from followups.services.giving_up import give_back_grade, give_up
from followups.services.holding import hold_of, hold_one
from followups.services.quiet import settle_quiet
from followups.states import Anchor, Cause, MoveReason, State
from staff.models import Person
from staff.scope import REASSIGNING_ROLES, reach_of
from staff.states import SALES_ROLES


class Said(TypedDict, total=False):
    """What was said in a contact, as `record_contact` keeps it.

    `is_inbound`: the customer began it; `is_agreed`: they expected it at that hour. Where the guard
    objects to one that we began, `override` says why it was made (FUP-09), here and on the trail.
    `booked_as`: the kind of appointment that is its next step; `brings_case`: it opens a case.
    `keeps_filing`: grade D lets what is filed lapse by itself.
    """

    channel: Required[Channel]
    outcome: Required[Outcome]
    reason: Reason | str
    note: str
    occurred_at: datetime | None
    next_step: NextStep | None
    retry_on: date | None
    grade: Grade | str
    is_inbound: bool
    is_agreed: bool
    touches: Sequence[Touch | str]
    override: str
    booked_as: str
    brings_case: bool
    keeps_filing: bool
    project: Project | None


# Whether a filing of its customer stands, read with the task: who was never filed costs nothing.
OF_FILED = Exists(Filing.objects.filter(ADMITTED, customer=OuterRef("customer"), ended=""))
# What the caller tells of a contact that is not kept with it.
NOT_KEPT = ("is_agreed", "override", "booked_as", "brings_case", "keeps_filing")


class ContactNotLogged(Refused):
    """A contact could not be logged as told; what ails itself is told by ContactNotRecorded."""

    messages = {
        "given_up_has_no_step": _(
            "Grade D has no next step. Choose another grade, or “none” as the next step."
        ),
        "held_by_another": customers.GradeNotChanged.messages["held_by_another"],
        "wishes_no_step": _(
            "They wish no contact, and no case or delivery is open. Choose none as the next step, "
            "or write down first that they wish to hear from us again."
        ),
        "wishes_no_appointment": _(
            "They wish no contact, and no case or delivery is open. Book nothing to win them, or "
            "write down first that they wish to hear from us again."
        ),
        "task_is_closed": _("This task was closed in the meantime by %(who)s."),
        "not_on_behalf": _("You do not act for this person."),
        "not_yours_to_void": _("Whoever logged a contact takes it back, or a manager."),
        "void_too_late": _(
            "Ten minutes have passed since you logged this. Ask your manager to take it back."
        ),
    }


def _tasks_in_hand(*, customer: Customer, task: Task | None, person: Person, today: date):
    """All that the person of a contact has with the customer by today, the one at hand first. A
    letter is not answered by talking (decision 19).
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
    rows = Task.objects.select_related("closed_by").annotate(is_of_filed=OF_FILED)
    fresh = rows.get(pk=task.pk)
    while fresh.state == State.CANCELLED and fresh.merged_into_id is not None:
        fresh = rows.get(pk=fresh.merged_into_id)
    if fresh.customer_id != customer.pk:
        return None
    fresh.customer = customer
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


def _check_promise(customer: Customer, said: Said, *, task: Task | None, now: datetime) -> None:
    """Nobody who wishes no contact is promised one (FUP-24)."""
    step = said.get("next_step")
    against = guarding.objections_to_promise(
        customer=customer,
        task=task,
        channel=said["channel"],
        is_inbound=said.get("is_inbound", False),
        next_kind=step.kind if step else "",
        booked_as=said.get("booked_as", ""),
        opens_case=said.get("brings_case", False),
        at=now,
    )
    refuse_if(ContactNotLogged, against)


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


def _content(customer: Customer, said: Said) -> str:
    """What makes two sendings of one form the same."""
    parts = (
        customer.pk, said["channel"], said["outcome"], said.get("reason", ""),
        said.get("note", ""), said.get("occurred_at"), said.get("next_step"),
        said.get("retry_on"), said.get("grade", ""), said.get("is_inbound", False),
        sorted(said.get("touches", ())), said.get("override", ""), said.get("keeps_filing", False),
    )  # fmt: skip
    return "|".join(str(part) for part in parts)


def _objections(
    customer: Customer, said: Said, *, task: Task | None, now: datetime
) -> list[Blocker]:
    """What the guard says of this contact, or of this attempt."""
    return guarding.objections_to(
        customer=customer,
        task=task,
        channel=said["channel"],
        reason=said.get("reason", ""),
        is_inbound=said.get("is_inbound", False),
        is_agreed=said.get("is_agreed", False),
        is_reached=customers_rules.is_reached(said["outcome"]),
        at=said.get("occurred_at") or now,
    )


def _record(
    customer: Customer,
    said: Said,
    *,
    task: Task | None,
    on_behalf_of: Person | None,
    by: Person,
    now: datetime,
) -> Contact:
    """Write the contact down, unless the grade or the guard speaks against it."""
    _check_next_step(said.get("next_step"), grade=said.get("grade") or customer.grade)
    if said.get("grade") == Grade.D and customer.grade != Grade.D:
        against = giving_up_blockers(customer, by=by, now=now, on_behalf_of=on_behalf_of)
        refuse_if(ContactNotLogged, against)
    objections = _objections(customer, said, task=task, now=now)
    override = said.get("override", "")
    guarding.check_override(objections=objections, override=override, by=by)
    _check_promise(customer, said, task=task, now=now)
    told = {name: value for name, value in said.items() if name not in NOT_KEPT}
    contact = customers.record_contact(
        customer=customer,
        on_behalf_of=on_behalf_of,
        override=override if objections else "",
        by=by,
        now=now,
        today=customer.store.today(now),
        **cast(Any, told),
    )
    guarding.note_override(of=contact, objections=objections, override=override, by=by)
    return contact


def _without_what_stays(
    in_hand: list[Task], *, contact: Contact, retry_on: date | None, by: Person, now: datetime
) -> list[Task]:
    """What goes its own way of the work at hand is settled; the tasks that hold anything else."""
    if not in_hand:
        return in_hand
    rows = Obligation.objects.filter(task__in=[task.pk for task in in_hand], state=State.OPEN)
    kinds = set(rows.values_list("step__anchor", flat=True))
    if Anchor.CASE in kinds:
        in_hand = case_work.settle(in_hand, contact=contact, by=by, now=now)
    if Anchor.SATISFACTION in kinds:
        in_hand = case_satisfaction.settle(in_hand, contact=contact)
    if Anchor.APPOINTMENT in kinds:
        in_hand = booked_work.settle(in_hand, contact=contact, by=by, now=now)
    if Anchor.CAMPAIGN in kinds:
        in_hand = guests.settle(in_hand)
    if Anchor.FILING in kinds:
        in_hand = filing_duty.settle(in_hand, contact=contact, retry_on=retry_on)
    return in_hand


def _settle(
    in_hand: list[Task],
    *,
    at_hand: Task | None,
    contact: Contact,
    step: NextStep | None,
    retry_on: date | None,
    keeps_filing: bool,
    by: Person,
    now: datetime,
) -> None:
    """What was at hand is done or waits, what was agreed is opened, who is given up is let go."""
    customer = contact.customer
    in_hand = _without_what_stays(in_hand, contact=contact, retry_on=retry_on, by=by, now=now)
    doer = _doer(customer=customer, by=by, on_behalf_of=contact.on_behalf_of)
    if contact.reached:
        in_hand = answering.settle(in_hand, at_hand=at_hand, contact=contact)
        _close_and_open(in_hand, contact=contact, step=step, doer=doer, by=by, now=now)
    elif retry_on is not None:
        _try_again(in_hand, contact=contact, on=retry_on, doer=doer, now=now)
    if contact.grade == Grade.D:
        give_up(contact=contact, keeps_filing=keeps_filing, by=by, now=now)


@transaction.atomic
def log_contact(
    *,
    customer: Customer,
    by: Person,
    now: datetime,
    key: UUID,
    task: Task | None = None,
    on_behalf_of: Person | None = None,
    leaves_rest: bool = False,
    **said: Unpack[Said],
) -> Contact:
    """Log one contact, close what it answers and open the next step (FUP-01, FIL-29, FIL-30).

    Reached: the task at hand is done, and of all else that this person has with the customer by
    today what the talk answers (`rules.is_done_by_talk`); with `leaves_rest` none of it, because
    the caller knows what the talk was about. An attempt moves all of it to `retry_on`. `key` is the
    form's own id: sent twice, the same contact comes back. Raises ContactNotLogged,
    ContactNotRecorded, GradeNotChanged, Pestering.
    """
    customer = hold_one(customer)
    with once(key=key, purpose="contact", by=by, content=_content(customer, said)) as form:
        if form.result_id:
            return Contact.objects.get(pk=form.result_id)
        today = customer.store.today(now)
        _check_delegation(by=by, on_behalf_of=on_behalf_of, today=today)
        task = _fresh(task, customer)

        contact = _record(customer, said, task=task, on_behalf_of=on_behalf_of, by=by, now=now)
        if getattr(task, "is_of_filed", True):
            filings.extend_protection(contact=contact)
        speaker = on_behalf_of or by
        in_hand = _tasks_in_hand(customer=customer, task=task, person=speaker, today=today)
        _settle(
            [] if leaves_rest else in_hand,
            at_hand=task,
            contact=contact,
            step=said.get("next_step"),
            retry_on=said.get("retry_on"),
            keeps_filing=said.get("keeps_filing", False),
            by=by,
            now=now,
        )
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


@transaction.atomic
def void_contact(*, contact: Contact, reason: str, by: Person, now: datetime) -> Undone:
    """Take back a contact logged by mistake; what it closed is open again (decision 12), and what
    came of it alone (a survey, cases, a renewal) goes with it: the answer says what.

    A cadence and a filing's duty that it closed are worked out anew: an occurrence of their own may
    be open already. Raises ContactNotLogged, ContactNotRecorded.
    """
    customer = hold_of(contact)
    refuse_if(ContactNotLogged, blockers_of_void(contact, by=by, now=now))
    customers.void_contact(contact=contact, reason=reason, by=by, now=now)
    filings.take_back_contact(contact=contact, by=by, now=now)

    give_back_grade(contact, customer=customer, by=by, now=now)
    next_steps.cancel_step_of(contact=contact, now=now)
    undone = take_back(contact, reason=reason, by=by, now=now)
    closed = Task.objects.filter(contact=contact, state__in=[State.DONE, State.SKIPPED])
    done = Obligation.objects.filter(task__in=closed, state__in=[State.DONE, State.SKIPPED])
    done.filter(step__anchor__in=[Anchor.CADENCE, Anchor.FILING]).update(
        state=State.CANCELLED, cause=Cause.REPLACED, closed_at=now
    )
    done.update(state=State.OPEN, closed_at=None, task=None)
    closed.update(state=State.CANCELLED)
    booked_work.take_up_after_void(contact=contact, state=State.OPEN)
    settle_quiet(customer, now=now, was_mistaken=undone.wish)
    engine.touch_and_ask(customers=[customer.pk], now=now)
    customers.propose_grades(customers=[customer.pk], now=now)
    return undone
