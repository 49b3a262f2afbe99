"""What somebody has in hand, before it is handed over, and the report of what went to whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, When
from django.utils import timezone

from core.models import AuditEntry
from customers.models import Access, Appointment, Customer, HandOver, LeadOffer
from customers.queries import are_visible, visible
from customers.services.leaving import appointments_of, sales_of
from customers.states import TAKING_TIME, Grade, OfferState
from filings.services.leaving import held_by
from followups.models import Chore, Obligation, Task
from followups.states import NOT_PASSED_ON, WAITING, State
from orders.services import leaving as papers
from staff.models import Person
from staff.scope import SERVING_ROLES, Reach, visible_people
from staff.services.leaving import open_duties, rota_days_ahead

# What the manager of a leaver reads: the ways in which numbers and lists leave the house.
TRACES = ("reveal", "export", "print")
TRACED_FOR = timedelta(days=30)
MOST_TRACES = 200


@dataclass(frozen=True, kw_only=True)
class InHand:
    """All that somebody has in hand, counted."""

    grades: Mapping[str, int] = field(default_factory=dict)
    tasks_late: int = 0
    tasks_today: int = 0
    tasks_later: int = 0
    opportunities: int = 0
    amount: Decimal | None = None
    appointments: int = 0
    designers: int = 0
    offers: int = 0
    duties: int = 0
    assistants: int = 0
    rota_days: int = 0
    accesses: int = 0
    filings: int = 0
    orders: int = 0
    quotes: int = 0
    credits: int = 0
    chores: int = 0

    @property
    def customers(self) -> int:
        return sum(self.grades.values())

    @property
    def tasks(self) -> int:
        return self.tasks_late + self.tasks_today + self.tasks_later


def in_hand(person: Person, *, now: datetime) -> InHand:
    """What would be handed over, and what would end. A dozen queries, however much it is."""
    today = timezone.localdate(now)
    kept = Customer.objects.filter(owner=person, merged_into=None)
    by_grade = dict(kept.values_list("grade").annotate(n=Count("pk")))
    tasks = Task.objects.filter(assignee=person, state=State.OPEN).aggregate(
        late=Count("pk", filter=Q(due_at__lt=now)),
        today=Count("pk", filter=Q(due_at__gte=now, day__lte=today)),
        later=Count("pk", filter=Q(due_at__gte=now, day__gt=today)),
    )
    sales = sales_of(person).aggregate(count=Count("pk"), amount=Sum("amount"))
    duties = list(open_duties(person, now=now).values_list("person", flat=True))
    return InHand(
        grades={grade.value: by_grade[grade] for grade in Grade if by_grade.get(grade)},
        tasks_late=tasks["late"],
        tasks_today=tasks["today"],
        tasks_later=tasks["later"],
        opportunities=sales["count"],
        amount=sales["amount"],
        appointments=appointments_of(person).count(),
        designers=person.designers.count(),
        offers=LeadOffer.objects.filter(person=person, state=OfferState.OPEN).count(),
        duties=duties.count(person.pk),
        assistants=len(duties) - duties.count(person.pk),
        rota_days=rota_days_ahead(person, now=now).count(),
        accesses=Access.objects.filter(person=person).count(),
        filings=held_by(person).count(),
        orders=papers.orders_of(person).count(),
        quotes=papers.quotes_of(person).count(),
        credits=papers.credits_of(person).count(),
        chores=Chore.objects.filter(person=person, done_at=None, dropped_at=None)
        .exclude(kind__in=NOT_PASSED_ON)
        .count(),
    )


def receivers_for(leaver: Person, *, reach: Reach) -> QuerySet[Person]:
    """Who may take over: those within the manager's reach who serve customers and may sign in,
    the leaver's own unit first.
    """
    people = visible_people(reach).filter(role__in=SERVING_ROLES, is_active=True)
    elsewhere = Case(When(store=leaver.store_id, then=0), default=1)
    return (
        people.exclude(pk=leaver.pk)
        .select_related("store")
        .annotate(
            kept=Count("customers", filter=Q(customers__merged_into=None)), elsewhere=elsewhere
        )
        .order_by("elsewhere", "store__code", "name", "pk")
    )


def customers_to_deal(leaver: Person) -> list[tuple[int, str]]:
    """The leaver's customers with their grades, in the order in which they are dealt: so that each
    receiver gets as many of each grade, and as many who are due soon.
    """
    kept = Customer.objects.filter(owner=leaver, merged_into=None)
    order = ("grade", F("next_contact_on").asc(nulls_last=True), "pk")
    return list(kept.order_by(*order).values_list("pk", "grade"))


def hidden_cards(person: Person) -> list[int]:
    """Cards of this person's that went into others: taken apart again, somebody must keep them."""
    hidden = Customer.objects.filter(owner=person, merged_into__isnull=False)
    return list(hidden.order_by("pk").values_list("pk", flat=True))


def work_elsewhere(person: Person) -> list[int]:
    """Customers whom others keep and for whom this person has something to do."""
    open_work = Obligation.objects.filter(assignee=person, state__in=WAITING).exclude(
        customer__owner=person
    )
    return sorted(set(open_work.values_list("customer", flat=True)))


def clashes_among(appointments: Iterable[int]) -> list[int]:
    """Which of these appointments overlap with another of the person who has them now."""
    other = Appointment.objects.filter(
        person=OuterRef("person"),
        state__in=TAKING_TIME,
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    ).exclude(pk=OuterRef("pk"))
    found = Appointment.objects.filter(Exists(other), pk__in=list(appointments))
    return list(found.order_by("starts_at", "pk").values_list("pk", flat=True))


@dataclass(frozen=True, kw_only=True)
class Share:
    """What one receiver got."""

    person: Person
    customers: Sequence[int] = ()
    tasks: Sequence[int] = ()
    opportunities: Sequence[int] = ()
    appointments: Sequence[int] = ()
    designers: Sequence[int] = ()
    filings: Sequence[int] = ()
    drafts: Sequence[int] = ()
    orders: Sequence[int] = ()
    quotes: Sequence[int] = ()
    credits: Sequence[int] = ()
    chores: Sequence[int] = ()


def shares_of(handed: HandOver) -> list[Share]:
    """What went to whom, the largest share first."""
    to = handed.moved.get("to", {})
    people = Person.objects.select_related("store").in_bulk([int(pk) for pk in to])
    shares = [Share(person=people[int(pk)], **got) for pk, got in to.items()]
    return sorted(shares, key=lambda share: (-len(share.customers), share.person.pk))


def flagged(handed: HandOver, *, reach: Reach) -> list[Appointment]:
    """Appointments of which the receiver has another at the same time, within reach still."""
    found = Appointment.objects.filter(are_visible(reach, path="customer"))
    found = found.select_related("customer", "person")
    return list(found.filter(pk__in=handed.moved.get("clashes", ())).order_by("starts_at", "pk"))


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One act by which something left the house."""

    at: datetime
    verb: str
    customer_id: int | None
    rows: int | None
    reason: str


def traces_of(leaver: Person, *, until: datetime) -> list[Trace]:
    """The last thirty days' reveals, exports and prints of a leaver, the latest first."""
    acts = AuditEntry.objects.filter(
        by=leaver, verb__in=TRACES, at__gt=until - TRACED_FOR, at__lte=until
    )
    return [
        Trace(
            at=act.at,
            verb=act.verb,
            customer_id=act.object_id if act.object_type == "customers.customer" else None,
            rows=act.detail.get("rows"),
            reason=act.reason,
        )
        for act in acts.order_by("-at", "-pk")[:MOST_TRACES]
    ]


def names_of(traces: Iterable[Trace], *, reach: Reach) -> dict[int, str]:
    """The names of the customers of these acts, as far as they lie within reach."""
    ids = {trace.customer_id for trace in traces if trace.customer_id is not None}
    return {card.pk: card.shown_name for card in visible(reach).filter(pk__in=ids).only("name")}


def trace_counts(leaver: Person, *, until: datetime) -> dict[str, int]:
    """How many of each there were in all."""
    acts = AuditEntry.objects.filter(
        by=leaver, verb__in=TRACES, at__gt=until - TRACED_FOR, at__lte=until
    )
    return dict(acts.values_list("verb").annotate(n=Count("pk")))


def hand_overs_of(person: Person) -> QuerySet[HandOver]:
    """What somebody had in hand and was handed over before, the latest first."""
    return HandOver.objects.filter(leaver=person).select_related("by").order_by("-at", "-pk")
