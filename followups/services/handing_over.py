"""Customers handed to another keeper: what is to be done for them goes along.

One mechanism for one card, for a list of cards, for spreadsheets that name another keeper and for
all that a leaver had in hand. Tasks keep their day, their limit and their place; where the receiver
has one for the same customer and day already, the two become one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from core.services.temporary import refill
from customers import services as customers
from customers.models import Customer
from followups.services import case_work, engine
from followups.services.holding import hold, hold_one
from staff.models import Person

# Customers of one transaction: nobody who serves one of them waits for more than a batch.
BATCH = 500

# Open work and to whom it goes. A sales manager's own call goes with the store, and a filing's duty
# with who holds the filing.
_MOVING = """
    SELECT obligation.id, obligation.task_id, obligation.customer_id, {receiver} AS receiver_id
      FROM followups_obligation obligation
      JOIN followups_step step ON step.id = obligation.step_id
      JOIN customers_customer customer ON customer.id = obligation.customer_id
      LEFT JOIN staff_person keeper ON keeper.id = customer.owner_id AND keeper.is_active
     WHERE obligation.state IN ('open', 'suspended') AND {chosen}
"""

# One customer or many, to one receiver: the work of the keeper before, and what nobody had.
_OF_KEEPER = _MOVING.format(
    receiver="%(receiver)s::bigint",
    chosen="""obligation.customer_id = ANY(%(customers)s) AND step.assignee <> 'sales_manager'
       AND step.anchor <> 'filing'
       AND (obligation.assignee_id IS NULL OR obligation.assignee_id = customer.owner_id)""",
)

# A sheet has named keepers: what somebody has who neither keeps the customer nor has access.
_OF_OTHERS = _MOVING.format(
    receiver="keeper.id",
    chosen="""obligation.customer_id = ANY(%(customers)s)
       AND step.anchor <> 'filing'
       AND (step.assignee = 'keeper' OR step.anchor IN ('case', 'satisfaction') AND EXISTS (
            SELECT 1 FROM staff_person seller
             WHERE seller.id = obligation.assignee_id AND seller.role LIKE 'sales%%'
               AND NOT EXISTS (SELECT 1 FROM staff_duty duty
                                WHERE duty.person_id = seller.id AND duty.kind = 'service_lead')))
       AND keeper.id IS NOT NULL AND obligation.assignee_id IS DISTINCT FROM keeper.id
       AND NOT EXISTS (SELECT 1 FROM customers_access access
                        WHERE access.customer_id = obligation.customer_id
                          AND access.person_id = obligation.assignee_id)""",
)

# What somebody has to do for customers whom others keep: it goes to their keepers.
_OF_PERSON = _MOVING.format(
    receiver="COALESCE(NULLIF(keeper.id, %(person)s), %(receiver)s)",
    chosen="obligation.customer_id = ANY(%(customers)s) AND obligation.assignee_id = %(person)s",
)

# A case never lands with whom it is about, whoever gets the rest, nor does asking whether it is
# solved: both are given to somebody else.
_SPARE = """
    DELETE FROM moving
     USING followups_obligation obligation, followups_step step, followups_case running
     WHERE obligation.id = moving.id AND step.id = obligation.step_id
       AND step.anchor IN ('case', 'satisfaction')
       AND running.id = obligation.subject_id AND running.about_id = moving.receiver_id
 RETURNING running.id
"""

# The tasks that the moving work stands on; `is_whole` where nothing stays behind on them.
_LEAVING = """
    SELECT task.id, task.customer_id, task.day, task.letter_id, moving.receiver_id,
           NOT EXISTS (SELECT 1 FROM followups_obligation staying
                        WHERE staying.task_id = task.id AND staying.state = 'open'
                          AND staying.id NOT IN (SELECT id FROM moving)) AS is_whole
      FROM (SELECT DISTINCT task_id, receiver_id FROM moving) moving
      JOIN followups_task task ON task.id = moving.task_id AND task.state = 'open'
     WHERE task.assignee_id IS DISTINCT FROM moving.receiver_id
"""

# A whole task changes hands as it is, unless the receiver has one there already.
_HAND_OVER = """
    WITH first AS (
        SELECT DISTINCT ON (customer_id, day, letter_id, receiver_id)
               id, customer_id, day, letter_id, receiver_id
          FROM leaving WHERE is_whole
         ORDER BY customer_id, day, letter_id, receiver_id, id),
    handed AS (
        UPDATE followups_task task SET assignee_id = first.receiver_id FROM first
         WHERE task.id = first.id AND NOT EXISTS (
               SELECT 1 FROM followups_task twin
                WHERE twin.customer_id = first.customer_id AND twin.day = first.day
                  AND twin.letter_id IS NOT DISTINCT FROM first.letter_id
                  AND twin.assignee_id IS NOT DISTINCT FROM first.receiver_id
                  AND twin.state = 'open')
        RETURNING task.id)
    DELETE FROM leaving WHERE id IN (SELECT id FROM handed)
"""

# The rest joins the receiver's task of that day, or gets one that says the same.
_OPEN_TWINS = """
    INSERT INTO followups_task AS task
           (customer_id, assignee_id, letter_id, day, shown_on, due_at, is_timed, has_hour_limit,
            is_care, state, moved_reason, skip_reason)
    SELECT source.customer_id, leaving.receiver_id, source.letter_id, source.day,
           min(source.shown_on), min(source.due_at), bool_or(source.is_timed),
           bool_or(source.has_hour_limit), bool_or(source.is_care), 'open',
           max(source.moved_reason), ''
      FROM leaving JOIN followups_task source ON source.id = leaving.id
     GROUP BY source.customer_id, leaving.receiver_id, source.letter_id, source.day
     ORDER BY source.customer_id, leaving.receiver_id, source.letter_id, source.day
    ON CONFLICT (customer_id, assignee_id, day, letter_id) WHERE state = 'open'
    DO UPDATE SET shown_on = LEAST(task.shown_on, excluded.shown_on),
                  due_at = LEAST(task.due_at, excluded.due_at),
                  is_timed = task.is_timed OR excluded.is_timed,
                  has_hour_limit = task.has_hour_limit OR excluded.has_hour_limit,
                  is_care = task.is_care OR excluded.is_care
"""

_FIND_TWINS = """
    SELECT leaving.id, leaving.is_whole, leaving.receiver_id, twin.id AS twin_id
      FROM leaving JOIN followups_task twin
        ON twin.customer_id = leaving.customer_id AND twin.day = leaving.day
       AND twin.letter_id IS NOT DISTINCT FROM leaving.letter_id
       AND twin.assignee_id IS NOT DISTINCT FROM leaving.receiver_id AND twin.state = 'open'
"""

_JOIN = """
    UPDATE followups_obligation obligation SET task_id = joining.twin_id
      FROM moving JOIN joining
        ON joining.id = moving.task_id
       AND joining.receiver_id IS NOT DISTINCT FROM moving.receiver_id
     WHERE obligation.id = moving.id
"""

_CLOSE_JOINED = """
    UPDATE followups_task task
       SET state = 'cancelled', closed_at = %(now)s, merged_into_id = joining.twin_id
      FROM joining WHERE task.id = joining.id AND joining.is_whole
"""

_GIVE = """
    UPDATE followups_obligation obligation SET assignee_id = moving.receiver_id
      FROM moving WHERE obligation.id = moving.id
"""

# Who does the work is whom the calendar shows; booked with nobody, it stays with who had it.
_GIVE_BOOKED = """
    UPDATE customers_appointment appointment SET person_id = moving.receiver_id
      FROM moving
      JOIN followups_obligation obligation ON obligation.id = moving.id
      JOIN followups_step step ON step.id = obligation.step_id AND step.anchor = 'appointment'
     WHERE appointment.id = obligation.subject_id AND appointment.state = 'booked'
       AND moving.receiver_id IS NOT NULL
       AND appointment.person_id IS DISTINCT FROM moving.receiver_id
 RETURNING appointment.id, moving.receiver_id
"""

# Who does the work has the case.
_GIVE_CASES = """
    UPDATE followups_case running SET assignee_id = moving.receiver_id
      FROM moving
      JOIN followups_obligation obligation ON obligation.id = moving.id
      JOIN followups_step step ON step.id = obligation.step_id AND step.anchor = 'case'
     WHERE running.id = obligation.subject_id
       AND running.assignee_id IS DISTINCT FROM moving.receiver_id
"""

# Who asks a guest is whom the list of guests shows; what was answered stays with who asked.
_GIVE_INVITED = """
    UPDATE followups_invitation invitation SET assignee_id = moving.receiver_id
      FROM moving
      JOIN followups_obligation obligation ON obligation.id = moving.id
      JOIN followups_step step ON step.id = obligation.step_id AND step.anchor = 'campaign'
     WHERE invitation.id = obligation.subject_id
"""

_COUNT_TASKS = """
    SELECT DISTINCT obligation.task_id, moving.receiver_id
      FROM moving JOIN followups_obligation obligation ON obligation.id = moving.id
     WHERE obligation.task_id IS NOT NULL AND obligation.state = 'open'
"""

Shares = dict[int | None, list[int]]


@dataclass(frozen=True, kw_only=True)
class Work:
    """The tasks and the appointments that went to each receiver, by id.

    `spared` are cases about their receiver: they wait for `case_work.give_to_others`.
    """

    tasks: Shares
    appointments: Shares
    spared: list[int]


@dataclass(kw_only=True)
class Moved:
    """What went to another keeper, by id."""

    customers: list[int] = field(default_factory=list)
    tasks: list[int] = field(default_factory=list)
    opportunities: list[int] = field(default_factory=list)
    appointments: list[int] = field(default_factory=list)

    def add(self, other: "Moved") -> None:
        self.customers += other.customers
        self.tasks += other.tasks
        self.opportunities += other.opportunities
        self.appointments += other.appointments


def _move(choosing: str, params: Mapping[str, Any]) -> Work:
    """Move the chosen work in the running transaction; what went to each receiver."""
    with connection.cursor() as cursor:
        refill(cursor, "moving", choosing, params)
        cursor.execute(_SPARE)
        spared = [pk for (pk,) in cursor.fetchall()]
        refill(cursor, "leaving", _LEAVING)
        for statement in (_HAND_OVER, _OPEN_TWINS):
            cursor.execute(statement, params)
        refill(cursor, "joining", _FIND_TWINS)
        for statement in (_JOIN, _CLOSE_JOINED):
            cursor.execute(statement, params)
        cursor.execute(_GIVE, params)
        cursor.execute(_GIVE_INVITED, params)
        cursor.execute(_GIVE_CASES, params)
        cursor.execute(_GIVE_BOOKED, params)
        appointments = _shares(cursor.fetchall())
        cursor.execute(_COUNT_TASKS)
        tasks = _shares(cursor.fetchall())
    return Work(tasks=tasks, appointments=appointments, spared=spared)


def _shares(rows: Iterable[tuple[int, int | None]]) -> Shares:
    """Pairs of what went and to whom, by whom."""
    shares: Shares = {}
    for pk, receiver_id in rows:
        shares.setdefault(receiver_id, []).append(pk)
    return shares


def batches(ids: Sequence[int]) -> Iterator[list[int]]:
    """The ids in order, a transaction's worth at a time: two who go the same way never cross."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


def reassign(
    *,
    customers: Sequence[int],
    keeper: Person | None,
    by: Person,
    now: datetime,
    reason: str = "",
    **origin: int,
) -> Moved:
    """Give these customers to another keeper; open tasks go along, with their days and order.

    Set-based, in batches that are each a transaction of their own unless the caller has opened
    one. `origin` (codes and ids) says in the trail of what act it is a part.
    """
    moved = Moved()
    for batch in batches(customers):
        moved.add(_reassign_some(batch, keeper, by=by, now=now, reason=reason, origin=origin))
    return moved


@transaction.atomic
def _reassign_some(
    ids: list[int],
    keeper: Person | None,
    *,
    by: Person,
    now: datetime,
    reason: str,
    origin: dict[str, int],
) -> Moved:
    held = [customer.pk for customer in hold(ids)]
    receiver = keeper.pk if keeper else None
    # The work first: it is known by the keeper before.
    work = _move(_OF_KEEPER, {"customers": held, "receiver": receiver, "now": now})
    passed_on = customers.assign_keepers(
        customers=held, keeper=keeper, by=by, now=now, reason=reason, **origin
    )
    case_work.give_to_others(work.spared, now=now)
    engine.touch_and_ask(customers=held, now=now)
    return Moved(
        customers=held,
        tasks=work.tasks.get(receiver, []),
        opportunities=list(passed_on.opportunities),
        appointments=[*work.appointments.get(receiver, []), *passed_on.appointments],
    )


@transaction.atomic
def assign_keeper(
    *, customer: Customer, keeper: Person | None, by: Person, now: datetime, reason: str = ""
) -> None:
    """Give one customer to another keeper; the open tasks follow, with their days."""
    held = hold_one(customer)
    reassign(customers=[held.pk], keeper=keeper, by=by, now=now, reason=reason)


@transaction.atomic
def pass_on_work(
    *, customers: Sequence[int], person: Person, receiver: Person, now: datetime
) -> Work:
    """What `person` has to do for these customers, whom others keep, goes to their keepers.

    Where nobody keeps them it goes to `receiver`. Answers with the tasks and appointments, by
    who has them now.
    """
    held = [customer.pk for customer in hold(sorted(set(customers)))]
    params = {"customers": held, "person": person.pk, "receiver": receiver.pk, "now": now}
    moved = _move(_OF_PERSON, params)
    case_work.give_to_others(moved.spared, now=now)
    engine.touch_and_ask(customers=held, now=now)
    return moved


def follow_keepers(*, customers: Sequence[int], now: datetime) -> None:
    """A sheet has named other keepers: the work goes to them; others with access keep theirs.

    Part of the caller's transaction, which holds the customers.
    """
    if customers:
        work = _move(_OF_OTHERS, {"customers": list(customers), "now": now})
        case_work.give_to_others(work.spared, now=now)
