"""The engine of follow-up: asks the rows what is due and makes it, once, whatever happens.

It does not remember when it last ran. Asked twice, nothing is doubled (natural keys are unique);
not asked for a week, nothing is lost (state is asked, not events); killed half-way, the batch
at hand is as if it had not begun. Beat decides only when to ask; a service that changes a
fact touches the customer's courses and asks at once for that customer alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from operator import add
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from core.services.temporary import refill
from followups.models import Course, Plan, Task
from followups.services import (
    asking,
    birthdays,
    cadence,
    filing_duty,
    following,
    grouping,
    order_days,
)
from followups.services import occurrences as care
from followups.states import State

# One asker at a time does the round over everybody; others leave it to that one.
ROUND_LOCK = 7_201_001
EVERY, NONE = "true", "false"
# A round goes in batches of so many due courses, each its own transaction: nobody who logs a
# contact meanwhile waits for more than a batch.
BATCH = 2000
# Whoever writes a customer or product asks for it at once. What came by another way is found among
# the newest rows, or within the hour: each minute looks at its share of all. Where something was
# found, all are looked at.
NEWEST = 2000
MINUTES = 60
GROWING = "followups_course, followups_obligation, followups_task"
# Plans of many small look-ups look dear, and compiling them takes longer than they do; of temporary
# tables it is enough to know roughly how large they are. What a batch looks up lies in memory, so
# that reading a page by an index costs no more than reading the next one, and little; neither does
# going down the index cost much, or small tables would be read whole for each batch.
SWIFTLY = """
    SET LOCAL jit = off; SET LOCAL default_statistics_target = 1;
    SET LOCAL seq_page_cost = 0.1; SET LOCAL random_page_cost = 0.05;
    SET LOCAL cpu_operator_cost = 0.0005
"""
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

    def as_json(self) -> dict[str, object]:
        """The keys that scripts read, with how many tasks are open now."""
        tasks_open = Task.objects.filter(state=State.OPEN).count()
        return {**asdict(self), "at": self.at.isoformat(), "tasks_open": tasks_open}


def _round_is_mine(cursor) -> bool:
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ROUND_LOCK])
    return cursor.fetchone()[0]


def _run(cursor, statement: str, params: dict) -> int:
    cursor.execute(statement, params)
    return cursor.rowcount


def _enrol(cursor, products: str, everyday: str, params: dict) -> int:
    """Customers and products that meet the conditions have their courses; how many had none."""
    found = _run(cursor, asking.ENROL_CUSTOMERS.format(some=everyday), params)
    return found + _run(
        cursor, asking.ENROL_PRODUCTS.format(products=products, plans=EVERY), params
    )


def _enrol_some(cursor, params: dict) -> None:
    """These customers have their everyday course; their products get theirs when asked."""
    some = "customer.id = ANY(%(customers)s)"
    _run(cursor, asking.ENROL_CUSTOMERS.format(some=some), params)


def _known(cursor) -> dict[str, bool]:
    """Whether anything was ever made for those who are held, was filed, or has a day of orders."""
    cursor.execute(asking.STANDS)
    return dict(zip(("stands", "filed", "orders"), cursor.fetchone(), strict=True))


def _mend(cursor, params: dict, *statements: str) -> int:
    """Take back or move what stands of the asked customers; how many rows."""
    if not params["stands"]:
        return 0
    return sum(_run(cursor, statement, params) for statement in statements)


def _make_care(cursor, params: dict) -> tuple[int, ...]:
    """What is owed for products, where any are asked of."""
    if not params["owns"]:
        return (0, 0, 0)
    refill(cursor, "occurrence", care.OCCURRENCES, params)
    moved = cancelled = 0
    if params["stands"] and refill(cursor, "standing", care.STANDING, params):
        cancelled = _run(cursor, care.CANCEL_LEFT_OVER, params)
        moved = _run(cursor, care.MOVE_PRODUCT_OBLIGATIONS, params)
    fresh = _run(cursor, care.FRESH_CARE, params)
    _run(cursor, care.ADVANCE_PRODUCT_COURSES, params)
    return fresh, moved, cancelled


def _make_cadence(cursor, params: dict) -> tuple[int, ...]:
    """What is owed by the grade."""
    refill(cursor, "wanted", cadence.WANTED_CADENCE, params)
    cancelled = _mend(cursor, params, cadence.CANCEL_CADENCE)
    moved = _mend(cursor, params, cadence.MOVE_CADENCE)
    return _run(cursor, cadence.FRESH_CADENCE, params), moved, cancelled


def _make_greetings(cursor, params: dict) -> tuple[int, ...]:
    """What is owed for birthdays."""
    greetings = refill(cursor, "greeting", birthdays.GREETINGS, params)
    cancelled = _mend(cursor, params, birthdays.CANCEL_GREETINGS)
    if not greetings:
        return 0, 0, cancelled
    moved = _mend(cursor, params, birthdays.MOVE_GREETINGS)
    return _run(cursor, birthdays.FRESH_GREETINGS, params), moved, cancelled


def _make(cursor, params: dict) -> tuple[int, ...]:
    """Work out what the asked courses owe, into `fresh`: how many that is, how many others moved,
    were cancelled.

    Product plans come first: until when they run decides whether the grade's cadence stands.
    """
    refill(cursor, "fresh", care.NOTHING_FRESH)
    made = _make_care(cursor, params)
    followed = _mend(cursor, params, following.FOLLOW)
    others = (
        filing_duty.make(cursor, params),
        order_days.make(cursor, params),
        _make_cadence(cursor, params),
        _make_greetings(cursor, params),
    )
    _run(cursor, cadence.ADVANCE_EVERYDAY_COURSES, params)
    order_days.advance(cursor, params)
    fresh, moved, cancelled = map(sum, zip(made, *others, strict=True))
    return fresh, moved + followed, cancelled


def _group(cursor, params: dict) -> None:
    """What stands on no task gets one, written already or about to be."""
    if refill(cursor, "loose", grouping.LOOSE, params):
        _run(cursor, grouping.GROUP_INTO_TASKS, params)
        _mend(cursor, params, grouping.ATTACH)


def _write(cursor, params: dict) -> int:
    """Write the obligations that were worked out, each on its task; how many."""
    cursor.execute("ANALYZE fresh")
    return _run(cursor, grouping.WRITE_FRESH, params)


def _tidy(cursor, params: dict) -> None:
    """Emptied tasks close; tasks say what they hold; cards learn their next contact."""
    _mend(cursor, params, grouping.CLOSE_EMPTY_TASKS, grouping.REFRESH_TASKS)
    is_first = not params["stands"]
    _run(cursor, grouping.SET_FIRST_CONTACT if is_first else grouping.REFRESH_NEXT_CONTACT, params)


def _hold(cursor, whom: str, params: dict) -> dict | None:
    """Hold the asked customers, with what is due of their products; None where nobody is held.

    Returns the params with what spares statements that could find nothing: whether anything
    `stands` yet, whether anybody was ever `filed`, has `orders`, or `owns` something.
    """
    cursor.execute(SWIFTLY)
    if not refill(cursor, "asked", whom, params):
        return None
    refill(cursor, "leader", asking.LEADING, params)
    owns = _run(cursor, asking.ASK_PRODUCTS, params) + _run(cursor, asking.ASK_UNENROLLED, params)
    if owns:
        cursor.execute("ANALYZE asked")
    return {**params, **_known(cursor), "owns": owns > 0}


def _work_off(cursor, whom: str, params: dict) -> tuple[int, ...]:
    """Make what the asked customers are owed, on its tasks; returns made, moved, cancelled."""
    held = _hold(cursor, whom, params)
    if held is None:
        return (0, 0, 0)
    fresh, moved, cancelled = _make(cursor, held)
    _group(cursor, held)
    made = _write(cursor, held) if fresh else 0
    _tidy(cursor, held)
    return made, moved, cancelled


@transaction.atomic
def _ask_some(customers: list[int], params: dict) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        _enrol_some(cursor, params)
        return _work_off(cursor, asking.ASK_SOME, params)


def _spans(highest: int | None, now: datetime) -> tuple[tuple[int, int], ...]:
    """The ids that a round looks at: the newest, and this minute's share of all."""
    last = highest or 0
    share = last // MINUTES + 1
    return (last - NEWEST, last), (share * now.minute, share * (now.minute + 1))


def _within(column: str, highest: int | None, now: datetime) -> str:
    spans = _spans(highest, now)
    return "(" + " OR ".join(f"{column} BETWEEN {first} AND {last}" for first, last in spans) + ")"


@transaction.atomic
def _enrol_everybody(params: dict) -> bool:
    """Give products and customers without a course theirs; false where another round is at work."""
    with connection.cursor() as cursor:
        if not _round_is_mine(cursor):
            return False
        cursor.execute(asking.HIGHEST)
        highest = cursor.fetchone()
        of_products = (
            f"{_within('product.id', highest[0], params['now'])} AND {asking.OF_NOBODY_ASKED}"
        )
        of_customers = _within("customer.id", highest[1], params["now"])
        if _enrol(cursor, of_products, of_customers, params):
            for products, customers in ((NONE, EVERY), (asking.OF_NOBODY_ASKED, NONE)):
                cursor.execute("ANALYZE followups_course")
                _enrol(cursor, products, customers, params)
            cursor.execute("ANALYZE followups_course")
    return True


@transaction.atomic
def _ask_batch(customers: list[int], params: dict) -> tuple[int, ...] | None:
    """One batch of the round; None where another round is at work."""
    with connection.cursor() as cursor:
        if not _round_is_mine(cursor):
            return None
        return _work_off(cursor, asking.ASK_BATCH, {**params, "customers": customers})


def _batches(params: dict) -> Iterator[list[int]]:
    """Whom something is due for, whose work stands on no task, whose leader's call has strayed,
    whose filing's duty has: each once, a batch at a time.
    """
    after: dict[str, Any] = {
        "after_day": date.min,
        "after_course": 0,
        "after_obligation": 0,
        "after_call": 0,
        "after_filing": 0,
    }
    # Each is read until it has no more: what the round itself makes stands on tasks, and is with
    # whose it is.
    sources: dict[str, tuple[str, ...]] = {
        asking.DUE: ("after_day", "after_course"),
        asking.UNGROUPED: ("after_obligation",),
        following.STRAYED: ("after_call",),
        filing_duty.STRAYED: ("after_filing",),
    }
    with connection.cursor() as cursor:
        while sources:
            found: set[int] = set()
            for statement, keys in tuple(sources.items()):
                cursor.execute(statement, {**params, **after})
                rows = cursor.fetchall()
                found.update(row[-1] for row in rows)
                if len(rows) < BATCH:
                    del sources[statement]
                else:
                    after.update(zip(keys, rows[-1], strict=False))
            if found:
                yield sorted(found)


@transaction.atomic
def _note_growth(made: int) -> bool:
    """Tables that have doubled since they were last looked at mislead the planner: where so many
    obligations made since are more than it knows of, they are looked at; whether they were.
    """
    with connection.cursor() as cursor:
        cursor.execute(asking.HAS_DOUBLED, {"made": made})
        (has_doubled,) = cursor.fetchone()
        if has_doubled:
            cursor.execute(f"ANALYZE {GROWING}")
    return has_doubled


def _ask_everybody(params: dict) -> tuple[int, ...]:
    """Batch after batch until nothing is due; what somebody holds is left to the next round."""
    total, grown = (0, 0, 0), 0
    if not _enrol_everybody(params):
        return total
    for customers in _batches(params):
        counts = _ask_batch(customers, params)
        if counts is None:
            return total
        total = tuple(map(add, total, counts))
        grown += counts[0]
        if grown >= BATCH and _note_growth(grown):
            grown = 0
    return total


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
    _enrol_some(cursor, params)
    held = _hold(cursor, asking.ASK_SOME, params)
    if held is not None:
        _make(cursor, held)
        _write(cursor, held)


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
    )


def enrol(*, customers: Sequence[int]) -> None:
    """Give these customers and their products their courses; the everyday one is what is held."""
    products, everyday = (
        f"{column} = ANY(%(customers)s)" for column in ("product.customer_id", "customer.id")
    )
    with connection.cursor() as cursor:
        _enrol(cursor, products, everyday, {"customers": list(customers)})


def enrol_under(plan: Plan) -> None:
    """Give every product that comes under this plan its course: trades were added, or it is on."""
    with connection.cursor() as cursor:
        cursor.execute(
            asking.ENROL_PRODUCTS.format(products=EVERY, plans="plan.id = %(plan)s"),
            {"plan": plan.pk},
        )


def touch(*, customers: Sequence[int]) -> None:
    """A fact of these customers changed: their courses are looked at again when next asked."""
    Course.objects.filter(customer__in=customers).update(next_due_on=LOOK_AGAIN)


def touch_and_ask(*, customers: Sequence[int], now: datetime) -> None:
    """A fact of these customers changed: work out at once what it means for their tasks."""
    touch(customers=customers)
    ask(now=now, customers=customers)
