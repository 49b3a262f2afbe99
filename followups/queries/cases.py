"""Service cases: whose somebody sees, who sees to them, how their clocks stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from customers.models import Customer
from customers.queries import are_visible
from customers.queries.serving import people_serving
from followups.models import Case, CaseEvent, Obligation, Task
from followups.queries.tasks import TaskOfDay, with_reasons
from followups.states import RUNNING_CASES, Anchor, CaseKind, CaseState, State
from staff.leaders import leader_of, service_lead_of, service_leads_of
from staff.models import Person
from staff.scope import Reach, reach_of
from staff.states import Role

# What is seen to by who leads the service, not by who sold.
OF_SERVICE = (CaseKind.REPAIR, CaseKind.RETURN)


def late(now: datetime) -> Q:
    """Running cases past their clock, the twin of `rules.is_late`."""
    return Q(state=CaseState.OPEN, due_at__lt=now) | Q(
        state=CaseState.PAUSED, due_at__lt=F("paused_at")
    )


def visible_cases(reach: Reach) -> QuerySet[Case]:
    """The cases of customers within reach."""
    return Case.objects.filter(are_visible(reach, path="customer"))


def cases_for_list(reach: Reach) -> QuerySet[Case]:
    """The visible cases with what a list says of them."""
    return visible_cases(reach).select_related("customer", "assignee", "store", "about")


def get_case_for(reach: Reach, pk: int) -> Case:
    """The case `pk` with all that its page shows; out of reach it does not exist (404)."""
    rows = visible_cases(reach).select_related(
        "customer__store", "customer__owner", "product", "store", "assignee", "about",
        "opened_by", "answered_by", "solved_by", "escalated_to", "contact", "answer__question",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def is_bound(case: Case, person: Person, *, now: datetime) -> bool:
    """Whether this person decides nothing on the case: it is about them, or about somebody without
    whom they would not see it, as an assistant or a stand-in (AFT-15).
    """
    if case.about_id is None or case.about_id == person.pk:
        return case.about_id == person.pk
    today = timezone.localdate(now)
    if case.about_id not in reach_of(person, today=today).assists:
        return False
    alone = reach_of(person, today=today, but=case.about_id)
    return not visible_cases(alone).filter(pk=case.pk).exists()


def events_of(case: Case) -> list[CaseEvent]:
    """The trail of a case, the latest first."""
    return list(case.events.select_related("by", "to").order_by("-at", "-pk"))


def cases_of(customer: Customer) -> list[Case]:
    """The customer's cases, those that run first, the latest first."""
    rows = Case.objects.filter(customer=customer).select_related("assignee", "store", "product")
    return sorted(
        rows.order_by("-opened_at", "-pk"), key=lambda case: case.state not in RUNNING_CASES
    )


def task_of_case(case: Case) -> int | None:
    """The open task on which the case's work stands."""
    rows = Obligation.objects.filter(
        step__anchor=Anchor.CASE, subject_id=case.pk, state=State.OPEN, task__state=State.OPEN
    )
    return rows.values_list("task_id", flat=True).first()


def task_asking_about(case: Case) -> TaskOfDay | None:
    """The open task on which its customer is to be asked how satisfied they are, with its reasons.

    Whoever sees the case may ask, whosever task it is.
    """
    work = Obligation.objects.filter(
        step__anchor=Anchor.SATISFACTION, subject_id=case.pk, state=State.OPEN
    )
    rows = Task.objects.filter(pk__in=work.values("task"), state=State.OPEN)
    return with_reasons(rows).first()


@dataclass(frozen=True, kw_only=True)
class CaseCounts:
    """How many cases run, are past their clock, rest, and wait for the customer's word."""

    running: int
    late: int
    paused: int
    unasked: int


def counts_of_cases(reach: Reach, *, now: datetime) -> CaseCounts:
    """True totals within reach, in one query."""
    wanted = [*RUNNING_CASES, CaseState.SOLVED]
    found = (
        visible_cases(reach)
        .filter(state__in=wanted)
        .aggregate(
            running=Count("pk", filter=Q(state__in=RUNNING_CASES)),
            late=Count("pk", filter=late(now)),
            paused=Count("pk", filter=Q(state=CaseState.PAUSED)),
            unasked=Count("pk", filter=Q(state=CaseState.SOLVED)),
        )
    )
    return CaseCounts(**found)


def staff_of(customer: Customer, people: Sequence[Person]) -> QuerySet[Person]:
    """Whom a complaint of this customer may be about: who works in the store, and the keeper."""
    ids = {person.pk for person in people}
    if customer.owner_id is not None:
        ids.add(customer.owner_id)
    return Person.objects.filter(pk__in=ids).order_by("name", "pk")


def able_people(customer: Customer, *, about: Person | None, now: datetime) -> QuerySet[Person]:
    """Who can be given a case of this customer: who sees to them, and who leads the service; never
    whom it is about.
    """
    store = customer.store
    service = Q(pk__in=service_leads_of(store, today=store.today(now)).values("pk"))
    people = people_serving(customer, also=service)
    return people.exclude(pk=about.pk) if about is not None else people


def default_assignee(
    customer: Customer, *, kind: CaseKind | str, about: Person | None, now: datetime
) -> Person | None:
    """Who sees to a case that nobody was named for; None where the store has nobody at all.

    The service lead for a repair or return, the manager for what is said about a person, else the
    keeper while they work here; whoever it is about is passed over.
    """
    store, leader = customer.store, leader_of(customer.store, but=about)
    lead = service_lead_of(store, today=store.today(now))
    keeper = customer.owner
    if kind in OF_SERVICE:
        wanted = [lead, keeper, leader]
    elif about is not None:
        wanted = [leader, lead]
    else:
        wanted = [keeper, leader, lead]
    for person in wanted:
        if person is not None and person.is_active and person != about:
            return person
    return None


def chief_of(case: Case, *, but: Person | None = None) -> Person | None:
    """To whom a case is reported up: who leads the store, or operations where that is the one who
    has it, whom it is about, or who reports it.
    """
    party = {case.assignee_id, case.about_id, but.pk if but else None}
    leader = leader_of(case.customer.store)
    if leader is not None and leader.pk not in party:
        return leader
    return operations().exclude(pk__in=filter(None, party)).first()


def operations() -> QuerySet[Person]:
    """Who runs operations, the longest here first."""
    return Person.objects.filter(role=Role.OPS_MANAGER, is_active=True).order_by("pk")
