"""Next steps that came in with an old ledger, and what happens when it is taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q

from customers.models import Customer
from customers.states import Grade
from followups import rules
from followups.models import Course, Obligation, Task
from followups.services import engine
from followups.services.next_steps import standing_state, step_agreed
from followups.states import Anchor, State, Way


@dataclass(frozen=True, kw_only=True)
class HistoryStep:
    """What the last contact of a ledger with a customer agreed on, for a day that lies ahead."""

    contact_id: int
    customer_id: int
    on: date
    text: str = ""


def open_history_steps(*, steps: Sequence[HistoryStep], customers: Sequence[int]) -> int:
    """Make these next steps obligations of the keepers, but where one stands for that day already.

    The caller holds `customers`, whose plans the engine looks at in its next round.
    """
    agreed = step_agreed()
    found = Customer.objects.select_related("store", "owner").in_bulk(
        [step.customer_id for step in steps]
    )
    standing = Obligation.objects.filter(step=agreed, customer__in=found)
    days = set(standing.values_list("customer", "due_on"))
    rows = [
        _obligation(agreed, step, found[step.customer_id])
        for step in steps
        if (step.customer_id, step.on) not in days and found[step.customer_id].grade != Grade.D
    ]
    Obligation.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    engine.touch(customers=customers)
    return len(rows)


def _obligation(agreed, step: HistoryStep, customer: Customer) -> Obligation:
    keeper = customer.owner
    return Obligation(
        step=agreed,
        subject_id=customer.pk,
        occurrence=step.contact_id,
        customer=customer,
        assignee=keeper if keeper and keeper.is_active else None,
        due_on=step.on,
        due_at=rules.end_of_day(step.on, customer.store.tzinfo),
        shown_on=step.on,
        way=Way.CALL,
        text=step.text[:200],
        state=standing_state(customer),
    )


def _opened_by(contacts: Sequence[int]):
    return Obligation.objects.filter(step__anchor=Anchor.NEXT_STEP, occurrence__in=contacts)


def followed_contacts(*, contacts: Sequence[int]) -> list[int]:
    """Contacts of a ledger with whose next step somebody went on: done, skipped or moved."""
    worked_on = Q(state__in=[State.DONE, State.SKIPPED]) | Q(task__moved_reason__gt="")
    found = _opened_by(contacts).filter(worked_on)
    return sorted(found.values_list("occurrence", flat=True))


# The grade's own call that stood back for a step that is gone stands again, as it was.
_STAND_AGAIN = """
    WITH last AS (
        SELECT DISTINCT ON (obligation.customer_id) obligation.id, obligation.task_id
          FROM followups_obligation obligation
          JOIN followups_step step ON step.id = obligation.step_id AND step.anchor = 'cadence'
         WHERE obligation.customer_id = ANY(%(customers)s)
         ORDER BY obligation.customer_id, obligation.occurrence DESC, obligation.id DESC),
    again AS (
        UPDATE followups_obligation obligation
           SET state = 'open', cause = '', closed_at = NULL
          FROM last
         WHERE obligation.id = last.id AND obligation.state = 'cancelled'
           AND obligation.cause = 'replaced' AND obligation.closed_at >= %(since)s
        RETURNING obligation.task_id, obligation.customer_id)
    UPDATE followups_task task SET state = 'open', closed_at = NULL
      FROM again
     WHERE task.id = again.task_id AND task.state = 'cancelled' AND task.closed_at >= %(since)s
       AND task.merged_into_id IS NULL AND NOT EXISTS (
           SELECT 1 FROM followups_task twin
            WHERE twin.customer_id = task.customer_id AND twin.state = 'open'
              AND twin.day = task.day AND twin.assignee_id IS NOT DISTINCT FROM task.assignee_id
              AND twin.letter_id IS NOT DISTINCT FROM task.letter_id)
"""


@transaction.atomic
def take_back_steps(
    *, contacts: Sequence[int], customers: Sequence[int], since: datetime, now: datetime
) -> None:
    """Delete what the contacts of a ledger agreed on, with the tasks that held nothing else, and
    put back what had stood back for it `since` then. The caller holds `customers`.
    """
    steps = _opened_by(contacts)
    tasks = set(steps.exclude(task=None).values_list("task", flat=True))
    steps.delete()
    empty = Task.objects.filter(pk__in=tasks, obligations=None, contact=None)
    empty.filter(made_at__gte=since).delete()
    with connection.cursor() as cursor:
        cursor.execute(_STAND_AGAIN, {"customers": list(customers), "since": since})
    enrolled = Course.objects.filter(customer__in=customers, product=None)
    engine.touch_and_ask(customers=list(enrolled.values_list("customer", flat=True)), now=now)
