"""Service cases: whose somebody sees, who sees to them, how their clocks stand."""

from datetime import datetime

from django.db.models import Q, QuerySet

from customers.models import Access, Customer
from followups.models import Case
from followups.states import CaseKind
from staff.models import Person
from staff.queries import leader_of, service_leads_of
from staff.scope import SERVING_ROLES
from staff.states import UNIT_MANAGER_ROLES, Role

# What is seen to by who leads the service, not by who sold.
OF_SERVICE = (CaseKind.REPAIR, CaseKind.RETURN)


def able_people(customer: Customer, *, about: Person | None, now: datetime) -> QuerySet[Person]:
    """Who can be given a case of this customer: the keeper, who has access, who leads the store or
    its service; never whom it is about.
    """
    store = customer.store
    opened = Access.objects.filter(customer=customer).values("person")
    leads = Q(store=store, role__in=UNIT_MANAGER_ROLES)
    shared = Q(other_stores=store, role__in=UNIT_MANAGER_ROLES)
    service = Q(pk__in=service_leads_of(store, today=store.today(now)).values("pk"))
    people = Person.objects.filter(
        Q(pk=customer.owner_id) | Q(pk__in=opened) | leads | shared | service,
        is_active=True,
        role__in=SERVING_ROLES,
    )
    return people.exclude(pk=about.pk if about else None).distinct().order_by("name", "pk")


def default_assignee(
    customer: Customer, *, kind: CaseKind | str, about: Person | None, now: datetime
) -> Person | None:
    """Who sees to a case that nobody was named for; None where the store has nobody at all.

    The service lead for a repair or return, the manager for what is said about a person, else the
    keeper while they work here; whoever it is about is passed over.
    """
    store, leader = customer.store, leader_of(customer.store)
    lead = service_leads_of(store, today=store.today(now)).first()
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
