"""What a change of a plan would do, said by the engine itself, with nothing changed.

For one transaction that is never committed, temporary tables of the same names stand before plans,
steps, courses and obligations (PostgreSQL looks into `pg_temp` first). The change is written to
them by the code that writes it for real, the engine works out what is owed from them, and what
differs from the real obligations afterwards is what will move. Nobody waits for a lock, and no
second wording of the engine's rules can drift from the first.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from customers.models import OwnedProduct
from followups.models import Course, Plan
from followups.queries.plans import days_of, terms_of
from followups.rules.plans import PlanTerms, moves_work
from followups.services import engine, plans

# So many customers are rehearsed while their editor waits; more are background work.
AT_ONCE = 200
BATCH = 2000
# So many of a step are named, of each that moves, falls away or is made.
MOST_NAMED = 20
# Beyond any number that a row has, so that what is made in a rehearsal is told from what stands.
BEYOND = 4_000_000_000_000_000_000

Advance = Callable[[int, int], None]
Place = tuple[str, int]

# What is copied, and which rows of it.
COPIED = {
    "followups_plan": "true",
    "followups_step": "true",
    "followups_course": "customer_id = ANY(%(customers)s)",
    "followups_obligation": "customer_id = ANY(%(customers)s)",
}

WAS_AND_IS = """
      FROM pg_temp.followups_obligation after
      LEFT JOIN {schema}.followups_obligation before ON before.id = after.id
      CROSS JOIN LATERAL (
          SELECT COALESCE(before.state IN ('open', 'suspended'), false) AS was_waiting,
                 COALESCE(before.state IN ('done', 'skipped'), false) AS was_done,
                 after.state IN ('open', 'suspended') AS is_waiting,
                 (after.due_on, after.due_at) IS DISTINCT FROM (before.due_on, before.due_at)
                     AS is_moved,
                 (after.due_on, after.due_at) IS NOT DISTINCT FROM (before.due_on, before.due_at)
                     AND after.shown_on IS DISTINCT FROM before.shown_on AS is_shown,
                 after.assignee_id IS DISTINCT FROM before.assignee_id AS is_handed
      ) said
"""
DIFFER = f"""
    SELECT after.step_id,
           count(*) FILTER (WHERE was_waiting AND is_waiting AND is_moved) AS moved,
           count(*) FILTER (WHERE was_waiting AND is_waiting AND is_shown) AS shown,
           count(*) FILTER (WHERE was_waiting AND is_waiting AND is_handed) AS given,
           count(*) FILTER (WHERE was_waiting AND is_waiting AND (is_moved OR is_handed))
               AS moved_or_given,
           count(*) FILTER (WHERE was_waiting AND NOT is_waiting) AS cancelled,
           count(*) FILTER (WHERE NOT was_waiting AND is_waiting) AS made,
           count(*) FILTER (WHERE was_done) AS done,
           count(*) FILTER (WHERE was_done AND (is_moved OR after.state <> before.state))
               AS done_changed
    {WAS_AND_IS}
     GROUP BY after.step_id
"""
# Which they are: the first of each step, of what moves or is handed over, falls away, is made.
NAME_THEM = f"""
    SELECT step_id, customer_id, before_on, after_on, before_who, after_who FROM (
        SELECT after.step_id, after.customer_id,
               CASE WHEN was_waiting THEN before.due_on END AS before_on,
               CASE WHEN is_waiting THEN after.due_on END AS after_on,
               CASE WHEN was_waiting THEN before.assignee_id END AS before_who,
               CASE WHEN is_waiting THEN after.assignee_id END AS after_who,
               row_number() OVER (
                   PARTITION BY after.step_id, was_waiting, is_waiting
                   ORDER BY COALESCE(before.due_on, after.due_on), after.customer_id, after.due_on
               ) AS place
        {WAS_AND_IS}
         WHERE was_waiting <> is_waiting OR was_waiting AND (is_moved OR is_handed)
    ) found
     WHERE place <= {{most}}
"""
COUNTS = (
    "moved", "shown", "given", "moved_or_given", "cancelled", "made", "done", "done_changed",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Moving:
    """One task that will not be as it was: days as ISO dates, "" where it is not there."""

    customer: int
    was_on: str
    is_on: str
    was_whose: int | None
    is_whose: int | None

    @property
    def fate(self) -> tuple[bool, bool]:
        """Whether it was there, and whether it will be."""
        return bool(self.was_on), bool(self.is_on)


@dataclass(frozen=True, kw_only=True)
class StepMovement:
    """What becomes of the obligations of one step: `at` is its place in the terms, else None."""

    at: int | None
    step_id: int | None
    moved: int = 0
    shown: int = 0
    given: int = 0
    # What moves and is handed over counts in both; here it counts once.
    moved_or_given: int = 0
    cancelled: int = 0
    made: int = 0
    done: int = 0
    done_changed: int = 0
    named: tuple[Moving, ...] = ()

    @property
    def is_still(self) -> bool:
        return not (self.moved or self.shown or self.given or self.cancelled or self.made)


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """What a change will do, step by step, over so many customers."""

    customers: int = 0
    steps: tuple[StepMovement, ...] = field(default=())

    def total(self, name: str) -> int:
        return sum(getattr(step, name) for step in self.steps)

    @property
    def changed(self) -> int:
        """How many open obligations are not as they were."""
        return self.total("moved") + self.total("cancelled") + self.total("made")

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def of_json(cls, said) -> "Rehearsed":
        steps = tuple(
            StepMovement(**{**row, "named": tuple(Moving(**each) for each in row.get("named", ()))})
            for row in said["steps"]
        )
        return cls(customers=said["customers"], steps=steps)


class _NothingHappened(Exception):
    """Raised to take back all that a rehearsal wrote."""


def touched_customers(plan: Plan, terms: PlanTerms) -> list[int]:
    """Whose obligations may change: those under the plan, and those who come under it."""
    if not moves_work(terms_of(plan), terms):
        return []
    found = Q(courses__plan=plan)
    ids = set(Course.objects.filter(plan=plan).values_list("customer", flat=True))
    ids |= set(days_of(plan).values_list("customer", flat=True))
    if terms.is_active and terms.trades:
        comes = OwnedProduct.objects.filter(store__trade__in=terms.trades, gone_on=None)
        ids |= set(comes.exclude(found).values_list("customer", flat=True))
    return sorted(ids)


def rehearse_plan(
    *, plan: Plan, terms: PlanTerms, now: datetime, advance: Advance | None = None
) -> Rehearsed:
    """What writing these terms will do with the engine's next round. Raises PlanNotChanged.

    A batch of customers at a time; `advance` is told how many of how many are done.
    """
    plans.check(plan, terms)
    customers = touched_customers(plan, terms)
    total: dict[Place, Counter] = {}
    named: dict[Place, list[Moving]] = {}
    done = 0
    for start in range(0, len(customers), BATCH):
        batch = customers[start : start + BATCH]
        counted, found = _rehearse(plan, terms, batch, now=now)
        for key, counts in counted:
            total.setdefault(key, Counter()).update(counts)
        _name(named, found)
        done += len(batch)
        if advance is not None and len(customers) > BATCH:
            advance(done, len(customers))
    return Rehearsed(customers=len(customers), steps=tuple(_in_order(terms, total, named)))


def _name(named: dict[Place, list[Moving]], found: Iterable[tuple[Place, Moving]]) -> None:
    """Keep the first of each step and fate, whichever batch they are in."""
    for key, each in found:
        named.setdefault(key, []).append(each)
    for key, rows in named.items():
        rows.sort(key=lambda row: (row.was_on or row.is_on, row.customer, row.is_on))
        kept: Counter = Counter()
        named[key] = []
        for row in rows:
            kept[row.fate] += 1
            if kept[row.fate] <= MOST_NAMED:
                named[key].append(row)


def _in_order(terms: PlanTerms, total, named) -> Iterator[StepMovement]:
    """The plan's own steps as they stand in the terms, then whatever else changes."""
    for at, row in enumerate(terms.steps):
        key = ("at", at)
        yield StepMovement(
            at=at, step_id=row.step_id, named=tuple(named.get(key, ())), **total.pop(key, {})
        )
    for key, counts in sorted(total.items()):
        of_it = tuple(named.get(key, ()))
        other = StepMovement(at=None, step_id=key[1], named=of_it, **counts)
        if not other.is_still:
            yield other


def _rehearse(
    plan: Plan, terms: PlanTerms, batch: Sequence[int], *, now: datetime
) -> tuple[list, list]:
    """One batch: (place in the terms or step, its counts), and who; nothing of it stays."""
    found: tuple[list, list] = ([], [])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _lay_copies(cursor, batch)
            ids = plans.write(plan, terms, today=timezone.localdate(now))
            engine.rehearse(cursor, customers=batch, now=now)
            found = (list(_differences(cursor, ids)), list(_who_moves(cursor, ids)))
            raise _NothingHappened
    except _NothingHappened:
        return found


def _lay_copies(cursor, customers: Iterable[int]) -> None:
    params = {"customers": list(customers)}
    schema = _schema(cursor)
    for table, chosen in COPIED.items():
        cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE {schema}.{table} INCLUDING ALL)")
        cursor.execute(
            f"INSERT INTO pg_temp.{table} OVERRIDING SYSTEM VALUE"
            f" SELECT * FROM {schema}.{table} WHERE {chosen}",
            params,
        )
        cursor.execute(f"ALTER TABLE pg_temp.{table} ALTER COLUMN id RESTART WITH {BEYOND}")
        cursor.execute(f"ANALYZE pg_temp.{table}")


def _schema(cursor) -> str:
    cursor.execute("SELECT quote_ident(current_schema())")
    return cursor.fetchone()[0]


def _differences(cursor, ids: Sequence[int]):
    """(("at", place) or ("step", id), counts) of each step."""
    cursor.execute(DIFFER.format(schema=_schema(cursor)))
    for step_id, *counts in cursor.fetchall():
        yield _place(step_id, ids), dict(zip(COUNTS, counts, strict=True))


def _who_moves(cursor, ids: Sequence[int]) -> Iterator[tuple[Place, Moving]]:
    """The first tasks of each step that will not be as they were."""
    cursor.execute(NAME_THEM.format(schema=_schema(cursor), most=MOST_NAMED))
    for step_id, customer, was_on, is_on, was_whose, is_whose in cursor.fetchall():
        yield (
            _place(step_id, ids),
            Moving(
                customer=customer,
                was_on=was_on.isoformat() if was_on else "",
                is_on=is_on.isoformat() if is_on else "",
                was_whose=was_whose,
                is_whose=is_whose,
            ),
        )


def _place(step_id: int, ids: Sequence[int]) -> Place:
    """The step's place in the terms, else the step of another plan."""
    return ("at", ids.index(step_id)) if step_id in ids else ("step", step_id)
