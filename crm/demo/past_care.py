"""What fell due after sales while the company worked with Genjin: done by the people whose it was.

The engine says what fell due, so that no rule is written twice; here somebody did it in time,
most of it. Then the person who has left is let go.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import connection

from core.services.copying import take_ids
from crm.demo import talk
from crm.demo.company import LEAVER, ZONE, Company
from crm.demo.writing import CONTACT_COLUMNS, CONTACTS, LOGGED_AFTER, copy_plain
from customers.states import Channel, NextKind, NoStepReason, Outcome, Reason
from staff.models import Person

BATCH = 10_000
LEFT_FOR = timedelta(days=3)

_BEHIND = """
    SELECT task.id, task.customer_id, task.assignee_id, task.letter_id IS NOT NULL, task.day,
           task.due_at, task.has_hour_limit, customer.grade, store.trade,
           EXISTS (SELECT 1 FROM followups_obligation obligation
                     JOIN followups_step step ON step.id = obligation.step_id
                    WHERE obligation.task_id = task.id AND step.way = 'home_visit')
      FROM followups_task task
      JOIN customers_customer customer ON customer.id = task.customer_id
      JOIN staff_store store ON store.id = customer.store_id
     WHERE task.state = 'open' AND task.day < %(today)s AND task.assignee_id IS NOT NULL
       AND CASE WHEN %(only)s::bigint[] IS NULL THEN task.is_care OR task.letter_id IS NOT NULL
                ELSE task.customer_id = ANY(%(only)s::bigint[]) END
       AND task.id > %(after)s
     ORDER BY task.id LIMIT %(most)s
"""

_CLOSE = (
    """
    UPDATE followups_obligation obligation SET state = 'done', closed_at = did.at
      FROM did WHERE obligation.task_id = did.task_id AND obligation.state = 'open'
    """,
    """
    UPDATE followups_task task
       SET state = 'done', closed_at = did.at, closed_by_id = did.by_id, contact_id = did.contact_id
      FROM did WHERE task.id = did.task_id
    """,
    """
    UPDATE customers_customer customer
       SET last_contact_at = GREATEST(customer.last_contact_at, told.at)
      FROM (SELECT contact.customer_id, max(contact.occurred_at) AS at
              FROM did JOIN customers_contact contact ON contact.id = did.contact_id
             GROUP BY contact.customer_id) told
     WHERE customer.id = told.customer_id
    """,
    """
    UPDATE followups_course course SET next_due_on = '2000-01-01'
      FROM did JOIN followups_task task ON task.id = did.task_id
     WHERE course.customer_id = task.customer_id AND course.product_id IS NULL
    """,
)


@dataclass(frozen=True, kw_only=True)
class Behind:
    """One task of care whose day has passed."""

    id: int
    customer_id: int
    assignee_id: int
    is_letter: bool
    day: date
    due_at: datetime
    has_hour_limit: bool
    grade: str
    trade: str
    is_visit: bool


def do_past_care(
    *,
    company: Company,
    rng: Random,
    left: Set[int],
    told: Set[int],
    only: Set[int] | None = None,
) -> None:
    """Close what fell due before today, but for a little of the last days.

    `left` are customers whose late work stays; the main salesperson has no other. `told` are tasks
    that somebody does by and by, survey and all. With `only`, all that was owed to these customers
    is done, whatever it was.
    """
    last = 0
    while tasks := list(_behind(company.today, after=last, only=only)):
        last = tasks[-1].id
        rest = [task for task in tasks if task.id not in told]
        _close([task for task in rest if not _stays(task, company, rng, left)], company, rng)


def _behind(today: date, *, after: int, only: Set[int] | None) -> Iterator[Behind]:
    names = tuple(Behind.__dataclass_fields__)
    chosen = None if only is None else sorted(only)
    with connection.cursor() as cursor:
        cursor.execute(
            _BEHIND,
            {
                "today": today,
                "after": after,
                "most": BATCH,
                "only": chosen,
            },
        )
        for row in cursor.fetchall():
            yield Behind(**dict(zip(names, row, strict=True)))


def _stays(task: Behind, company: Company, rng: Random, left: Set[int]) -> bool:
    if task.assignee_id == company.leaver.person_id:
        return task.day > company.left_on
    if task.day < company.today - LEFT_FOR:
        return False
    if task.assignee_id == company.main.person_id:
        return task.customer_id in left
    return rng.random() < 0.15


def _close(tasks: list[Behind], company: Company, rng: Random) -> None:
    """These tasks were done: letters sent, the others by a contact each."""
    contact_ids = iter(take_ids(CONTACTS, len(tasks)))
    contacts, did = [], []
    for task in tasks:
        at = _done_at(task, company, rng)
        contact_id = None if task.is_letter else next(contact_ids)
        if contact_id is not None:
            contacts.append(_contact(contact_id, task, at, rng))
        did.append((task.id, contact_id, at + LOGGED_AFTER, task.assignee_id))
    copy_plain(CONTACTS, CONTACT_COLUMNS, contacts)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE did (task_id bigint PRIMARY KEY, contact_id bigint,"
            " at timestamptz, by_id bigint) ON COMMIT DROP"
        )
        copy_plain("did", ("task_id", "contact_id", "at", "by_id"), did)
        cursor.execute("ANALYZE did")
        for statement in _CLOSE:
            cursor.execute(statement)
        cursor.execute("DROP TABLE did")


def _done_at(task: Behind, company: Company, rng: Random) -> datetime:
    """In time: before an hour limit, else on the day itself or the next, in business hours."""
    if task.has_hour_limit:
        return task.due_at - timedelta(minutes=rng.randint(40, 200))
    day = max(task.day, company.went_live_on + timedelta(days=rng.randint(1, 6)))
    day = min(day + timedelta(days=rng.choice((0, 0, 0, 1))), company.today - timedelta(days=1))
    if task.assignee_id == company.leaver.person_id:
        day = min(day, company.left_on)
    return datetime.combine(day, time(rng.randint(9, 19), rng.randint(0, 59)), ZONE)


def _contact(contact_id: int, task: Behind, at: datetime, rng: Random) -> tuple:
    """A contact that found all well; the plan goes on."""
    channel, outcome = Channel.CALL, Outcome.CONNECTED
    if task.is_visit and rng.random() < 0.5:
        channel, outcome = Channel.HOME_VISIT, Outcome.MET
    elif rng.random() < 0.2:
        channel, outcome = Channel.WECHAT, Outcome.REPLIED
    return (
        contact_id, task.customer_id, task.assignee_id, channel, outcome, True, True, False,
        False, False, Reason.CARE, talk.say(rng, talk.CARE[task.trade]), at, at + LOGGED_AFTER,
        NextKind.NONE, None, None, "", NoStepReason.CARED_FOR, task.grade, "",
    )  # fmt: skip


def let_go(company: Company) -> None:
    """Nobody may sign in any more as the person who left; what was theirs waits for a manager."""
    last_day = datetime.combine(company.left_on, time(18), ZONE)
    Person.objects.filter(username=LEAVER).update(is_active=False, disabled_at=last_day)
