"""Leads: who sees which, who has to do something, and what a list and a page show of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models import Value as V

from customers.models import Lead, LeadOffer
from customers.queries.finding import IsAmong
from customers.states import OPEN_LEADS, LeadState, OfferState
from staff.models import Person
from staff.scope import Reach
from staff.states import UNIT_MANAGER_ROLES, Level

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Listed(TypedDict):
        rank: int
        offered_to: str | None
        lapses_at: datetime | None
        leaders: list[str]

    ListedLead = WithAnnotations[Lead, _Listed]
else:
    ListedLead = Lead


def _own_store(reach: Reach) -> QuerySet:
    return Person.objects.filter(pk=reach.person_id).values("store")


def _offered_to(reach: Reach) -> QuerySet:
    """Leads that are this person's to answer."""
    offers = LeadOffer.objects.filter(person=reach.person_id, state=OfferState.OPEN)
    return offers.values("lead")


def visible_leads(reach: Reach) -> QuerySet[Lead]:
    """The leads within reach; all others do not exist for the asker.

    A salesperson sees what is offered to them, what waits in their store, and what they took;
    a manager all of the stores they lead; marketing and operations all, also what has no store.
    """
    if reach.level == Level.ALL:
        return Lead.objects.all()
    if reach.level == Level.NONE:
        return Lead.objects.none()
    own = Q(IsAmong("pk", _offered_to(reach))) | Q(
        state=LeadState.ACCEPTED, closed_by=reach.person_id
    )
    if reach.level == Level.OWN:
        waiting = Q(state=LeadState.WAITING, store__in=_own_store(reach))
        return Lead.objects.filter(own | waiting)
    return Lead.objects.filter(own | Q(store__in=sorted(reach.store_ids)))


def leads_to_answer(reach: Reach) -> QuerySet[Lead]:
    """Open leads for which this person can do something now: the offers they hold, and what
    waits in their store or, for who sees all, anywhere.
    """
    held = Q(IsAmong("pk", _offered_to(reach)))
    waiting = Q(state=LeadState.WAITING)
    return visible_leads(reach).filter(held | waiting, state__in=OPEN_LEADS)


def leads_waiting_for(reach: Reach) -> int:
    """How many leads wait for this person, for the strip on their day."""
    return leads_to_answer(reach).count()


def leads_for_list(leads: QuerySet[Lead]) -> QuerySet[ListedLead]:
    """What a row shows, in one query: source, store, who holds the offer, who leads the store.

    `rank` puts first what waits for somebody, then what is offered, then what is over.
    """
    offers = LeadOffer.objects.filter(lead=OuterRef("pk"), state=OfferState.OPEN)
    rows = leads.select_related("origin", "store", "customer", "closed_by").annotate(
        rank=Case(
            When(state=LeadState.WAITING, then=V(0)),
            When(state=LeadState.OFFERED, then=V(1)),
            default=V(2),
            output_field=IntegerField(),
        ),
        offered_to=Subquery(offers.values("person__name")[:1]),
        lapses_at=Subquery(offers.values("lapses_at")[:1]),
        leaders=ArraySubquery(_leaders("store").values("name")),
    )
    return cast("QuerySet[ListedLead]", rows)


def _leaders(path: str) -> QuerySet[Person]:
    """Who leads the store at `path` of the outer row."""
    return (
        Person.objects.filter(
            Q(store=OuterRef(path)) | Q(other_stores=OuterRef(path)),
            is_active=True,
            role__in=UNIT_MANAGER_ROLES,
        )
        .order_by("pk")
        .distinct()
    )


def lead_with_trail(leads: QuerySet[Lead]) -> QuerySet[ListedLead]:
    """One lead as its page shows it, with every offer that was made."""
    offers = LeadOffer.objects.select_related("person", "offered_by").order_by("offered_at", "pk")
    same = Lead.objects.select_related("origin").order_by("pk")
    return leads_for_list(leads).prefetch_related(
        Prefetch("offers", offers, to_attr="trail"), Prefetch("duplicates", same, to_attr="same")
    )


@dataclass(frozen=True, kw_only=True)
class LeadCounts:
    """How many leads stand where."""

    waiting: int
    offered: int
    accepted: int
    joined: int
    invalid: int


def lead_counts(leads: QuerySet[Lead]) -> LeadCounts:
    """The leads by state, in one query."""
    rows = dict(leads.order_by().values_list("state").annotate(n=Count("pk")))
    return LeadCounts(**{state.value: rows.get(state.value, 0) for state in LeadState})
