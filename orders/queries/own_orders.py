"""One's own open orders for the weekly look, and who has looked through theirs (FUP-27, ORD-14)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, TypedDict
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from followups.models import Chore
from followups.states import ChoreKind
from orders.models import Look, Order, OrderEvent, OrderLine
from orders.queries.completion import IS_OPEN, with_completion
from orders.queries.deliveries import first_delivered_on
from orders.queries.ledger import LEDGER_COLUMNS, LedgerOrder, for_ledger
from orders.rules.looking import WORST_FIRST, monday_of
from orders.states import OPEN_ORDERS, Completion, LineState
from staff.models import Person
from staff.scope import ORDERING_ROLES, Reach

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Watched(TypedDict):
        moved_at: datetime
        expected_on: date | None
        is_looked: bool
        handed_on: date | None

    OwnOrder = WithAnnotations[LedgerOrder, _Watched]
else:
    OwnOrder = Order

AWAITED_LINES = (LineState.SUBMITTED, LineState.IN_PRODUCTION)


def open_orders() -> QuerySet[Order]:
    """What is neither done nor cancelled."""
    return Order.objects.filter(IS_OPEN, state__in=OPEN_ORDERS)


def week_began_at(day: date, *, zone: ZoneInfo) -> datetime:
    """When the week of this day began."""
    return datetime.combine(monday_of(day), time(), zone)


def looked_through(person: Person, *, since: datetime) -> Exists:
    """Whether an order was looked through for this person since then."""
    return Exists(Look.objects.filter(order=OuterRef("pk"), person=person, looked_at__gte=since))


def own_orders(person: Person, *, since: datetime, reach: Reach, today: date) -> QuerySet[OwnOrder]:
    """The open orders that this person sold, the worst colour first, each with what a look at it
    wants to know: one query. `since` is when the week began.
    """
    events = OrderEvent.objects.filter(order=OuterRef("pk")).order_by("-at", "-pk")
    awaited = OrderLine.objects.filter(
        order=OuterRef("pk"), state__in=AWAITED_LINES, arrives_on__isnull=False
    )
    rows = for_ledger(open_orders().filter(seller=person), reach=reach, today=today)
    rows = with_completion(rows, today=today).annotate(
        moved_at=Coalesce(Subquery(events.values("at")[:1]), "made_at"),
        expected_on=Subquery(awaited.order_by("arrives_on").values("arrives_on")[:1]),
        is_looked=looked_through(person, since=since),
        handed_on=first_delivered_on(),
        weight=Case(
            *(When(completion=each, then=Value(at)) for at, each in enumerate(WORST_FIRST)),
            output_field=IntegerField(),
        ),
    )
    # What waits longest comes first among those of a colour; without a day it has waited since then
    return rows.only(*LEDGER_COLUMNS, "made_at", "store__zone").order_by(
        "weight", Coalesce("current_on", "ordered_on"), "pk"
    )


def left_to_look(person: Person, *, since: datetime) -> int:
    """How many open orders of this person were not looked through since then."""
    return open_orders().filter(~looked_through(person, since=since), seller=person).count()


def owing_people(*, zone: str, today: date, since: datetime) -> QuerySet[Person]:
    """Who works in this time zone, sold something that was open when the week began, and neither
    has a look open nor has looked since.
    """
    sold = open_orders().filter(seller=OuterRef("pk"), ordered_on__lt=monday_of(today))
    looks = Chore.objects.filter(kind=ChoreKind.OWN_ORDERS, subject_id=OuterRef("pk"))
    stands = looks.filter(Q(done_at=None, dropped_at=None) | Q(done_at__gte=since))
    people = Person.objects.filter(
        is_active=True, is_system=False, role__in=ORDERING_ROLES, store__zone=zone
    )
    return people.filter(Exists(sold), ~Exists(stands)).order_by("pk")


def idle_looks() -> QuerySet[Chore]:
    """Looks that are open although there is nothing to look at, or nobody who would."""
    sold = open_orders().filter(seller=OuterRef("subject_id"))
    rows = Chore.objects.filter(kind=ChoreKind.OWN_ORDERS, done_at=None, dropped_at=None)
    return rows.filter(~Exists(sold) | Q(person__is_active=False))


def look_of(person: Person, *, since: datetime) -> Chore | None:
    """The look that this person owes; else the one that was done this week; else None."""
    rows = Chore.objects.filter(
        Q(done_at=None, dropped_at=None) | Q(done_at__gte=since),
        kind=ChoreKind.OWN_ORDERS,
        subject_id=person.pk,
    )
    return rows.select_related("done_by").order_by("done_at", "due_on").last()


def looks_of_people(reach: Reach, *, since: datetime) -> QuerySet[Chore]:
    """Whose look is open or was done this week, within reach: who is late comes first."""
    rows = Chore.objects.filter(
        Q(done_at=None, dropped_at=None) | Q(done_at__gte=since), kind=ChoreKind.OWN_ORDERS
    )
    if not reach.sees_all:
        rows = rows.filter(store__in=reach.store_ids)
    named = rows.select_related("person", "store", "done_by")
    still_open = F("done_at").desc(nulls_first=True)
    return named.order_by(still_open, "due_on", "store__code", "person__name", "pk")


@dataclass(frozen=True, kw_only=True)
class OpenCount:
    """How many open orders somebody has, and how many of them are red."""

    open: int = 0
    red: int = 0


def counts_of(people: Collection[int], *, today: date) -> dict[int, OpenCount]:
    """By seller; one query."""
    rows = with_completion(open_orders().filter(seller__in=people), today=today)
    is_red = Q(completion=Completion.OVERDUE)
    found = rows.order_by().values("seller").annotate(many=Count("pk"),
                                                      late=Count("pk", filter=is_red))  # fmt: skip
    return {row["seller"]: OpenCount(open=row["many"], red=row["late"]) for row in found}


def orders_shown(person: Person, ids: Sequence[int]) -> QuerySet[Order]:
    """Of these orders those that are this person's and open."""
    return open_orders().filter(seller=person, pk__in=ids)
