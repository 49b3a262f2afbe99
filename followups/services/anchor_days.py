"""Days of orders from which steps count, as the room above says them by name (ORD-17, ORD-20).

The engine works them out as it does all that falls due (`order_days`); whoever says, moves or ends
a day here has it asked at once for its customer.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from customers.models import Customer
from followups import rules
from followups.models import AnchorDay, Obligation
from followups.services import engine
from followups.services.holding import hold
from followups.states import Anchor, Cause, State
from staff.models import Person

# So many customers' lists are put right at once; those of more by the engine's next round.
AT_ONCE = 200
LONGEST = AnchorDay._meta.get_field("text").max_length or 0
Key = tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day as an order says it: the row `subject_id` that says so, whose customer, which day.

    `assignee_id` does what a step gives to who sold, as long as they see the customer; None: the
    keeper. `text` reads the same in any language, `path` opens what it is about.
    """

    anchor: Anchor
    subject_id: int
    customer_id: int
    on: date
    assignee_id: int | None = None
    text: str = ""
    path: str = ""

    @property
    def key(self) -> Key:
        return (self.anchor.value, self.subject_id)

    def columns(self) -> dict[str, Any]:
        """What is kept of it as it is said."""
        return {
            "customer_id": self.customer_id,
            "on": self.on,
            "assignee_id": self.assignee_id,
            "text": self.text[:LONGEST],
            "path": self.path,
        }


def set_anchor_day(
    *,
    anchor: Anchor,
    subject_id: int,
    customer: Customer,
    on: date,
    now: datetime,
    assignee: Person | None = None,
    text: str = "",
    path: str = "",
    asks: bool = True,
) -> None:
    """Say or move one day of an order (see `set_anchor_days`)."""
    day = Day(
        anchor=anchor,
        subject_id=subject_id,
        customer_id=customer.pk,
        on=on,
        assignee_id=assignee.pk if assignee else None,
        text=text,
        path=path,
    )
    set_anchor_days([day], now=now, asks=asks)


@transaction.atomic
def set_anchor_days(days: Sequence[Day], *, now: datetime, asks: bool = True) -> None:
    """Say or move days of orders, each the whole of what it says; a handful of queries, however
    many. What is open moves with its day, what is done stays; one that had ended stands again.

    With `asks` the engine is asked at once, for many customers by its next round; a caller that
    asks afterwards anyway says no.
    """
    said = {day.key: day for day in days}
    known = _known(said)
    customers = _customers(known.values()) | {day.customer_id for day in said.values()}
    hold(sorted(customers))
    known = _known(said)  # as they stand under the lock

    _bring_back([row for row in known.values() if row.ended_at is not None])
    changed = [row for key, row in known.items() if _say(row, said[key], now=now)]
    AnchorDay.objects.bulk_update(
        changed,
        ["customer", "on", "assignee", "text", "path", "noted_at", "asks_from", "ended_at"],
        batch_size=1000,
    )
    AnchorDay.objects.bulk_create(
        [
            AnchorDay(anchor=day.anchor, subject_id=day.subject_id, noted_at=now, **day.columns())
            for key, day in said.items()
            if key not in known
        ],
        batch_size=1000,
    )
    _ask(customers | _customers(known.values()), now=now, asks=asks)


def _say(row: AnchorDay, day: Day, *, now: datetime) -> bool:
    """Have the row say what is said; whether it does not already."""
    columns = day.columns()
    is_moved = row.on != day.on
    is_new = row.ended_at is not None and rules.is_end_final(ended_at=row.ended_at, now=now)
    if row.ended_at is None and all(getattr(row, name) == said for name, said in columns.items()):
        return False
    for name, said in columns.items():
        setattr(row, name, said)
    if is_moved or is_new:
        row.noted_at, row.asks_from = now, None
    row.ended_at = None
    return True


def _bring_back(rows: Sequence[AnchorDay]) -> None:
    """What was answered by an end that is one no more comes back as its day has it."""
    Obligation.objects.filter(
        _of(rows), state=State.CANCELLED, cause=Cause.ANSWERED
    ).update(cause=Cause.LEFT_OVER)  # fmt: skip


def _of(rows: Iterable[AnchorDay]) -> Q:
    """The obligations of these days."""
    subjects: dict[str, list[int]] = {}
    for row in rows:
        subjects.setdefault(row.anchor, []).append(row.subject_id)
    found = Q(pk__in=[])
    for anchor, ids in subjects.items():
        found |= Q(step__anchor=anchor, subject_id__in=ids)
    return found


def _known(keys: Iterable[Key]) -> dict[Key, AnchorDay]:
    """The rows that there are; one query."""
    subjects: dict[str, list[int]] = {}
    for anchor, subject in keys:
        subjects.setdefault(anchor, []).append(subject)
    wanted = Q(pk__in=[])
    for anchor, ids in subjects.items():
        wanted |= Q(anchor=anchor, subject_id__in=ids)
    return {(row.anchor, row.subject_id): row for row in AnchorDay.objects.filter(wanted)}


def _customers(rows: Iterable[AnchorDay]) -> set[int]:
    return {row.customer_id for row in rows}


def _ask(customers: Iterable[int], *, now: datetime, asks: bool) -> None:
    ids = sorted(customers)
    if asks and len(ids) <= AT_ONCE:
        engine.touch_and_ask(customers=ids, now=now)
    else:
        engine.touch(customers=ids)


def end_anchor_day(*, anchor: Anchor, subject_id: int, now: datetime, asks: bool = True) -> None:
    """Paid, told, refunded: what is open for it is answered (see `end_anchor_days`)."""
    end_anchor_days(anchor=anchor, subject_ids=[subject_id], now=now, asks=asks)


@transaction.atomic
def end_anchor_days(
    *, anchor: Anchor, subject_ids: Sequence[int], now: datetime, asks: bool = True
) -> None:
    """End these days: what is open for them is cancelled as answered. Ended already, or never
    said, they stay as they are.
    """
    _change(
        AnchorDay.objects.filter(anchor=anchor, subject_id__in=subject_ids, ended_at=None),
        lambda rows: rows.update(ended_at=now, paused_from=None),
        now=now,
        asks=asks,
    )


@transaction.atomic
def answer_ahead(*, anchor: Anchor, subject_id: int, now: datetime, asks: bool = True) -> None:
    """What counts down to this day is answered; what falls due on it and after it is still owed."""
    day = AnchorDay.objects.filter(anchor=anchor, subject_id=subject_id, ended_at=None)

    def answer(rows: QuerySet[AnchorDay]) -> None:
        ahead = Obligation.objects.filter(_of(rows), step__is_before=True, state=State.OPEN)
        ahead.update(state=State.CANCELLED, cause=Cause.ANSWERED, closed_at=now)

    _change(day, answer, now=now, asks=asks)


@transaction.atomic
def pause_anchor_day(*, anchor: Anchor, subject_id: int, now: datetime, asks: bool = True) -> None:
    """A disputed amount: its ladder rests, what is open of it is cancelled (formulas 3.10)."""
    rows = AnchorDay.objects.filter(
        anchor=anchor, subject_id=subject_id, paused_from=None, ended_at=None
    )

    def pause(found: QuerySet[AnchorDay]) -> None:
        for row in found.select_related("customer__store"):
            AnchorDay.objects.filter(pk=row.pk).update(paused_from=row.customer.store.today(now))

    _change(rows, pause, now=now, asks=asks)


@transaction.atomic
def resume_anchor_day(*, anchor: Anchor, subject_id: int, now: datetime, asks: bool = True) -> None:
    """The dispute is settled: what falls due from today on is owed again."""
    rows = AnchorDay.objects.filter(
        anchor=anchor, subject_id=subject_id, paused_from__isnull=False, ended_at=None
    )

    def resume(found: QuerySet[AnchorDay]) -> None:
        for row in found.select_related("customer__store"):
            today = row.customer.store.today(now)
            AnchorDay.objects.filter(pk=row.pk).update(paused_from=None, asks_from=today)

    _change(rows, resume, now=now, asks=asks)


def pass_on_days(*, person: Person, receiver: Person) -> None:
    """What orders have somebody who leaves do is of who keeps their customer by now, and where
    nobody does, the receiver's.
    """
    others = Customer.objects.filter(pk=OuterRef("customer")).exclude(owner=person)
    AnchorDay.objects.filter(assignee=person, ended_at=None).update(
        assignee=Coalesce(Subquery(others.values("owner")[:1]), receiver.pk)
    )


def _change(
    rows: QuerySet[AnchorDay],
    change: Callable[[QuerySet[AnchorDay]], object],
    *,
    now: datetime,
    asks: bool,
) -> None:
    """Hold whose days these are, change those that still are so, and ask."""
    customers = set(rows.values_list("customer", flat=True))
    if not customers:
        return
    hold(sorted(customers))
    change(rows)
    _ask(customers, now=now, asks=asks)
