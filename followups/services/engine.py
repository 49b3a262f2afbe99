"""The engine of follow-up: asks the rows what is due and makes it, once, whatever happens.

It does not remember when it last ran. Asked twice, nothing is doubled (natural keys are unique);
not asked for a week, nothing is lost (state is asked, not events); killed half-way, the batch
at hand is as if it had not begun. Beat decides only when to ask; a service that changes a
fact touches the customer's courses and asks at once for that customer alone.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from operator import add

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from followups.models import Course, Task
from followups.services import asking, birthdays, cadence, grouping
from followups.services import occurrences as care
from followups.states import State

# One asker at a time does the round over everybody; others leave it to that one.
ROUND_LOCK = 7_201_001
EVERYBODY = "true"
# A round goes in batches of so many due courses, each its own transaction: nobody who logs a
# contact meanwhile waits for more than a batch.
BATCH = 2000
# Earlier than any day of business: whatever stands on it is looked at when next asked.
LOOK_AGAIN = date(2000, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What one asking of the engine did."""

    at: datetime
    horizon_days: int
    obligations_created: int = 0
    obligations_moved: int = 0
    obligations_cancelled: int = 0
    tasks_open: int = 0

    def as_json(self) -> dict[str, object]:
        """The keys that scripts read."""
        return {**asdict(self), "at": self.at.isoformat()}


def _round_is_mine(cursor) -> bool:
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ROUND_LOCK])
    return cursor.fetchone()[0]


def _only(column: str, customers: Sequence[int] | None) -> str:
    """The condition that keeps a statement to the asked customers."""
    return EVERYBODY if customers is None else f"{column} = ANY(%(customers)s)"


def _run(cursor, statement: str, params: dict) -> int:
    cursor.execute(statement, params)
    return cursor.rowcount


def _fill(cursor, table: str, statement: str, params: dict) -> None:
    """Fill one of the round's temporary tables, and let the planner know its size."""
    cursor.execute(f"DROP TABLE IF EXISTS {table}")
    cursor.execute(statement, params)
    cursor.execute(f"ANALYZE {table}")


def _enrol(cursor, customers: Sequence[int] | None, params: dict) -> None:
    """Every product and every customer has its course."""
    for statement, column in (
        (asking.ENROL_PRODUCTS, "product.customer_id"),
        (asking.ENROL_CUSTOMERS, "customer.id"),
    ):
        cursor.execute(statement.format(some=_only(column, customers)), params)


def _make(cursor, params: dict) -> tuple[int, int, int]:
    """Obligations of the asked courses: how many were made, moved, cancelled.

    Product plans come first: until when they run decides whether the grade's cadence stands.
    """
    _fill(cursor, "occurrence", care.OCCURRENCES, params)
    cancelled = _run(cursor, care.CANCEL_LEFT_OVER, params)
    moved = _run(cursor, care.MOVE_PRODUCT_OBLIGATIONS, params)
    moved += _run(cursor, care.FOLLOW_LEADERS, params)
    made = _run(cursor, care.MAKE_PRODUCT_OBLIGATIONS, params)
    _run(cursor, care.ADVANCE_PRODUCT_COURSES, params)
    _fill(cursor, "wanted", cadence.WANTED_CADENCE, params)
    cancelled += _run(cursor, cadence.CANCEL_CADENCE, params)
    moved += _run(cursor, cadence.MOVE_CADENCE, params)
    made += _run(cursor, cadence.MAKE_CADENCE, params)
    _fill(cursor, "greeting", birthdays.GREETINGS, params)
    cancelled += _run(cursor, birthdays.CANCEL_GREETINGS, params)
    moved += _run(cursor, birthdays.MOVE_GREETINGS, params)
    made += _run(cursor, birthdays.MAKE_GREETINGS, params)
    _run(cursor, cadence.ADVANCE_EVERYDAY_COURSES, params)
    return made, moved, cancelled


def _group(cursor, params: dict) -> None:
    """Loose obligations become tasks; emptied tasks close; cards learn their next contact."""
    _fill(cursor, "loose", grouping.LOOSE, params)
    for statement in (
        grouping.GROUP_INTO_TASKS,
        grouping.ATTACH,
        grouping.CLOSE_EMPTY_TASKS,
        grouping.REFRESH_TASKS,
        grouping.REFRESH_NEXT_CONTACT,
    ):
        cursor.execute(statement, params)


def _work_out(cursor, whom: str, params: dict) -> tuple[int, ...]:
    """Hold the asked customers, make what they are owed; returns made, moved, cancelled."""
    _fill(cursor, "asked", whom, params)
    cursor.execute(asking.ASK_PRODUCTS, params)
    cursor.execute("ANALYZE asked")
    return _make(cursor, params)


def _work_off(cursor, whom: str, params: dict) -> tuple[int, ...]:
    """Make what the asked customers are owed, and put it on tasks."""
    counts = _work_out(cursor, whom, params)
    _group(cursor, params)
    return counts


@transaction.atomic
def _ask_some(customers: list[int], params: dict) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        _enrol(cursor, customers, params)
        return _work_off(cursor, asking.ASK_SOME, params)


@transaction.atomic
def _enrol_everybody(params: dict) -> bool:
    """Give every product and customer its course; false where another round is at work."""
    with connection.cursor() as cursor:
        if not _round_is_mine(cursor):
            return False
        _enrol(cursor, None, params)
    return True


@transaction.atomic
def _ask_batch(params: dict) -> tuple[int, ...] | None:
    """One batch of the round; None where nothing is due any more, or another round is at work."""
    with connection.cursor() as cursor:
        if not _round_is_mine(cursor):
            return None
        counts = _work_off(cursor, asking.ASK_BATCH, params)
        cursor.execute("SELECT EXISTS (SELECT 1 FROM asked)")
        return counts if cursor.fetchone()[0] else None


def _ask_everybody(params: dict) -> tuple[int, ...]:
    """Batch after batch until nothing is due; what somebody holds is left to the next round."""
    total = (0, 0, 0)
    if not _enrol_everybody(params):
        return total
    before = None
    while True:
        counts = _ask_batch(params)
        left = Course.objects.filter(next_due_on__lte=params["until"]).count()
        if counts is None:
            return total
        total = tuple(map(add, total, counts))
        if left in (0, before):
            return total
        before = left


def _params(
    *, now: datetime, today: date | None, horizon: timedelta, customers: list[int] | None
) -> dict[str, object]:
    """What the statements are told."""
    today = today or timezone.localtime(now).date()
    until = today + horizon
    return {"now": now, "today": today, "until": until, "customers": customers, "batch": BATCH}


def rehearse(cursor, *, customers: Sequence[int], now: datetime) -> None:
    """Work out what these customers are owed, and put it on no task.

    For `rehearsal`, which lays copies of the tables over the real ones.
    """
    horizon = timedelta(days=settings.FOLLOW_UP_HORIZON_DAYS)
    params = _params(now=now, today=None, horizon=horizon, customers=list(customers))
    _enrol(cursor, customers, params)
    _work_out(cursor, asking.ASK_SOME, params)


def ask(
    *,
    now: datetime,
    today: date | None = None,
    horizon: timedelta | None = None,
    customers: Sequence[int] | None = None,
) -> Asked:
    """Make all that falls due within the horizon, for everybody or for some customers.

    `today` is the company's business day at `now` unless given. Returns counts; a round over
    everybody that finds another one at work does nothing.
    """
    if horizon is None:
        horizon = timedelta(days=settings.FOLLOW_UP_HORIZON_DAYS)
    ids = None if customers is None else list(customers)
    params = _params(now=now, today=today, horizon=horizon, customers=ids)
    made, moved, cancelled = _ask_everybody(params) if ids is None else _ask_some(ids, params)
    return Asked(
        at=now,
        horizon_days=horizon.days,
        obligations_created=made,
        obligations_moved=moved,
        obligations_cancelled=cancelled,
        tasks_open=Task.objects.filter(state=State.OPEN).count() if ids is None else 0,
    )


def enrol(*, customers: Sequence[int]) -> None:
    """Give these customers and their products their courses, whose locks are what holds them."""
    with connection.cursor() as cursor:
        _enrol(cursor, customers, {"customers": list(customers)})


def touch(*, customers: Sequence[int]) -> None:
    """A fact of these customers changed: their courses are looked at again when next asked."""
    Course.objects.filter(customer__in=customers).update(next_due_on=LOOK_AGAIN)


def touch_and_ask(*, customers: Sequence[int], now: datetime) -> None:
    """A fact of these customers changed: work out at once what it means for their tasks."""
    touch(customers=customers)
    ask(now=now, customers=customers)
