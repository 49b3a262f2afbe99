"""The stage on which the last months are lived: who acts, when, and for which customer.

Every act goes through the services with an hour of its own in the past, so that whoever looks at
the demonstration sees what the same taps would have left. Nothing is done today: the same day
tells the same at any hour.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.demo.company import LEAVER, ZONE, Company
from crm.demo.past_care import LEFT_FOR
from customers.models import Customer
from customers.states import Grade, Quiet
from followups.models import Obligation, Task
from followups.states import Anchor, State
from staff.models import Person

DAY = timedelta(days=1)
# When something was done, its number among all, and what it was.
Moment = tuple[datetime, int, Callable[[datetime], Any]]


@dataclass(kw_only=True)
class Stage:
    """Draws customers, hours and keys; a customer plays once in a scene."""

    company: Company
    rng: Random
    today: date
    now: datetime
    people: dict[str, Person] = field(default_factory=dict)
    taken: set[tuple[str, int]] = field(default_factory=set)
    told: list[Task] = field(default_factory=list)
    left: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.people = {person.username: person for person in Person.objects.all()}

    def at(self, days_ago: int, hour: int, minute: int | None = None) -> datetime:
        """A moment of a past day; the minute is drawn where none is named."""
        minute = self.rng.randint(0, 59) if minute is None else minute
        return datetime.combine(self.today - days_ago * DAY, time(hour, minute), ZONE)

    def key(self) -> UUID:
        """The id that a form would have had."""
        return UUID(int=self.rng.getrandbits(128), version=4)

    def served(self, *stores: str) -> QuerySet[Customer]:
        """Customers of these stores whose keeper works here, whom nobody expects to hear today.

        None of those who asked for silence, or were given up.
        """
        soon = Task.objects.filter(
            customer=OuterRef("pk"),
            state=State.OPEN,
            day__range=(self.today - LEFT_FOR, self.today),
        )
        agreed = Obligation.objects.filter(
            customer=OuterRef("pk"), state=State.OPEN, step__anchor=Anchor.APPOINTMENT
        )
        rows = Customer.objects.filter(
            ~Exists(soon), ~Exists(agreed), store__code__in=stores, owner__is_active=True
        )
        rows = rows.filter(quiet=Quiet.NONE, merged_into=None).exclude(grade=Grade.D)
        return rows.exclude(owner__username=LEAVER).select_related("store", "owner")

    def cast(self, rows: QuerySet[Customer], most: int, *, scene: str) -> list[Customer]:
        """Up to so many of these, drawn by chance; nobody twice for one scene."""
        free = [row for row in rows.order_by("pk") if (scene, row.pk) not in self.taken]
        self.rng.shuffle(free)
        chosen = free[:most]
        self.taken.update((scene, row.pk) for row in chosen)
        return chosen


def play(moments: Iterable[Moment]) -> None:
    """All of them in the order of time."""
    for at, _number, act in sorted(moments, key=lambda moment: moment[:2]):
        act(at)


def keeper_of(customer: Customer) -> Person:
    """Who cares for a customer that was drawn from `served`."""
    if customer.owner is None:
        raise LookupError(f"customer {customer.pk} has no keeper")
    return customer.owner


def prospects() -> Q:
    """Those who may buy."""
    return Q(grade__in=[Grade.A, Grade.B1, Grade.C2])


def owners() -> Q:
    """Those who have bought."""
    return Q(grade__in=[Grade.B2, Grade.C1], bought_count__gt=0)


def days_back(most: int, count: int, *, least: int = 1) -> Iterator[int]:
    """`count` days ago, spread evenly from the earliest to the latest."""
    for number in range(count):
        yield most - (most - least) * number // max(count - 1, 1)
