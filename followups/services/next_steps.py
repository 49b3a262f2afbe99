"""Next steps agreed with a customer, as obligations of their own (decision 9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from customers.models import Contact, Customer
from customers.rules import NextStep
from customers.services import propose_grades
from customers.states import Grade, NextKind, Quiet
from followups import rules
from followups.models import Obligation, Step
from followups.services import booked_work, engine
from followups.services.handing_over import follow_keepers
from followups.states import WAITING, Anchor, Cause, State, Way
from staff.models import Person

# Done to win a customer; what is not asked by the grade comes back with one given up by mistake.
TAKEN_UP_ANCHORS = (Anchor.NEXT_STEP, Anchor.LEAD, Anchor.CAMPAIGN, Anchor.CAMPAIGN_NEWS)
PROSPECT_ANCHORS = (Anchor.CADENCE, *TAKEN_UP_ANCHORS)


@dataclass(frozen=True, kw_only=True)
class ImportedStep:
    """A dated next step that came in with a spreadsheet."""

    customer_id: int
    on: date
    text: str = ""


def standing_state(customer: Customer) -> State:
    """Work for somebody who wishes no contact rests (FUP-24)."""
    return State.SUSPENDED if customer.quiet == Quiet.ALL else State.OPEN


def step_agreed() -> Step:
    """The step of which every agreed next step is an occurrence; its id is all that is read."""
    return Step.objects.only("pk").get(anchor=Anchor.NEXT_STEP)


def open_next_step(
    *, contact: Contact, step: NextStep, assignee: Person, state: State = State.OPEN
) -> Obligation:
    """Make the next step of `contact` an obligation; an hour makes it an appointment."""
    if step.on is None:
        raise ValueError("a next step that is an obligation has a day")
    zone = contact.customer.store.tzinfo
    return Obligation.objects.create(
        step=step_agreed(),
        subject_id=contact.customer_id,
        occurrence=contact.pk,
        customer=contact.customer,
        assignee=assignee,
        due_on=step.on,
        due_at=step.at or rules.end_of_day(step.on, zone),
        shown_on=step.on,
        is_timed=step.at is not None,
        way=Way(step.kind),
        text=step.text,
        state=state,
    )


def open_retry(*, contact: Contact, on: date, assignee: Person) -> Obligation:
    """An attempt without a task: try again on this day. Nobody agreed on it: it rests while the
    customer wishes no contact.
    """
    step = NextStep(kind=NextKind.CALL, on=on)
    state = standing_state(contact.customer)
    return open_next_step(contact=contact, step=step, assignee=assignee, state=state)


def cancel_step_of(*, contact: Contact, now: datetime) -> None:
    """The contact is void: so is the step it agreed on, while it is open."""
    Obligation.objects.filter(
        step__anchor=Anchor.NEXT_STEP,
        occurrence=contact.pk,
        state__in=WAITING,
    ).update(state=State.CANCELLED, cause=Cause.VOIDED, closed_at=now)


def drop_prospect_work(*, customer: Customer, by: Person, now: datetime) -> None:
    """Given up: what was meant to win the customer is cancelled; care after a sale stays."""
    booked_work.drop_to_win(customers=[customer.pk], by=by, now=now)
    Obligation.objects.filter(
        customer=customer,
        state__in=WAITING,
        step__anchor__in=PROSPECT_ANCHORS,
    ).update(state=State.CANCELLED, cause=Cause.GIVEN_UP, closed_at=now)


def take_up_prospect_work(*, customer: Customer, dropped_at: datetime) -> None:
    """Given up by mistake: what `drop_prospect_work` cancelled then is open again.

    The cadence comes by itself.
    """
    booked_work.take_up_to_win(
        customer=customer, dropped_at=dropped_at, state=standing_state(customer)
    )
    Obligation.objects.filter(
        customer=customer,
        state=State.CANCELLED,
        cause=Cause.GIVEN_UP,
        closed_at=dropped_at,
        step__anchor__in=TAKEN_UP_ANCHORS,
    ).update(state=standing_state(customer), cause="", closed_at=None, task=None)


def _imported_key(step: ImportedStep) -> int:
    """The occurrence of an imported step: its day, negative so that it is never a contact's id."""
    return -step.on.toordinal()


def _cancel_superseded(steps: Sequence[ImportedStep], now: datetime) -> None:
    """A sheet that names another day replaces the open step an earlier sheet brought."""
    wanted = {(step.customer_id, _imported_key(step)) for step in steps}
    earlier = Obligation.objects.filter(
        step__anchor=Anchor.NEXT_STEP,
        customer__in=[step.customer_id for step in steps],
        occurrence__lt=0,
        state=State.OPEN,
    )
    stale = [
        pk
        for pk, customer_id, occurrence in earlier.values_list("pk", "customer_id", "occurrence")
        if (customer_id, occurrence) not in wanted
    ]
    Obligation.objects.filter(pk__in=stale).update(
        state=State.CANCELLED, cause=Cause.REPLACED, closed_at=now
    )


def _open_imported(steps: Sequence[ImportedStep]) -> None:
    """Make the imported steps obligations of the keepers; brought twice, made once."""
    agreed = step_agreed()
    found = Customer.objects.select_related("store", "owner").in_bulk(
        [step.customer_id for step in steps]
    )
    rows = []
    for step in steps:
        customer = found[step.customer_id]
        rows.append(
            Obligation(
                step=agreed,
                subject_id=customer.pk,
                occurrence=_imported_key(step),
                customer=customer,
                assignee=customer.owner if customer.owner and customer.owner.is_active else None,
                due_on=step.on,
                due_at=rules.end_of_day(step.on, customer.store.tzinfo),
                shown_on=step.on,
                way=Way.CALL,
                text=step.text[:200],
                state=standing_state(customer),
            )
        )
    Obligation.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)


def _drop_work_of_given_up(customer_ids: Sequence[int], by: Person, now: datetime) -> None:
    """Who came in as D has no tasks (GRD-08)."""
    given_up = Customer.objects.filter(pk__in=customer_ids, grade=Grade.D)
    booked_work.drop_to_win(customers=list(given_up.values_list("pk", flat=True)), by=by, now=now)
    Obligation.objects.filter(
        customer__in=given_up,
        state__in=WAITING,
        step__anchor__in=PROSPECT_ANCHORS,
    ).update(state=State.CANCELLED, cause=Cause.GIVEN_UP, closed_at=now)


@transaction.atomic
def bring_in(
    *, customer_ids: Sequence[int], next_steps: Sequence[ImportedStep], by: Person, now: datetime
) -> None:
    """Customers came in or changed by a spreadsheet: their dated next steps are opened, and their
    plans and cadence looked at by the engine's next round, their grades held against the rules.
    The caller holds the customers.
    """
    if next_steps:
        _cancel_superseded(next_steps, now)
        _open_imported(next_steps)
    _drop_work_of_given_up(customer_ids, by, now)
    follow_keepers(customers=customer_ids, now=now)
    engine.touch(customers=customer_ids)
    propose_grades(customers=customer_ids, now=now)
