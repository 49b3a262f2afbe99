"""What a leaver had in hand beside the own customers: it goes to somebody, or it ends."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from customers.models import Access, Appointment, Designer, Lead, LeadOffer, Opportunity
from customers.states import AppointmentState, LeadState, OfferState, StageKind
from staff.models import Person

# By receiver, the ids of what went to them.
Shares = dict[int, list[int]]


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What ended because nobody else can have it."""

    offers: int = 0
    accesses: int = 0

    def as_json(self) -> dict[str, int]:
        return asdict(self)


def sales_of(person: Person) -> QuerySet[Opportunity]:
    """The open opportunities that are this person's."""
    return Opportunity.objects.filter(owner=person, state=StageKind.OPEN)


def appointments_of(person: Person) -> QuerySet[Appointment]:
    """The booked appointments that are this person's: what lies back waits for its result."""
    return Appointment.objects.filter(person=person, state=AppointmentState.BOOKED)


@transaction.atomic
def pass_on_sales(*, person: Person, receiver: Person) -> tuple[Shares, Shares]:
    """Opportunities and appointments with customers whom others keep go to their keepers.

    Where nobody keeps them they go to `receiver`. Answers with both by receiver.
    """
    return (
        _to_keepers(sales_of(person), "owner", person=person, receiver=receiver),
        _to_keepers(appointments_of(person), "person", person=person, receiver=receiver),
    )


def _to_keepers(rows: QuerySet, column: str, *, person: Person, receiver: Person) -> Shares:
    """Write the customer's active keeper, else `receiver`, into `column` of these rows."""
    keeps = When(
        ~Q(customer__owner=person),
        customer__owner__is_active=True,
        then=F("customer__owner"),
    )
    found = rows.order_by("pk").annotate(to=Case(keeps, default=Value(receiver.pk)))
    shares: Shares = {}
    for pk, to in found.values_list("pk", "to"):
        shares.setdefault(to, []).append(pk)
    for to, ids in shares.items():
        rows.model._default_manager.filter(pk__in=ids).update(**{column: to})
    return shares


@transaction.atomic
def pass_on_designers(*, shares: Mapping[int, Sequence[int]], person: Person) -> None:
    """These designers (receiver → ids) have another keeper in touch with them."""
    for receiver, ids in shares.items():
        Designer.objects.filter(pk__in=ids, keeper=person).update(keeper=receiver)


@transaction.atomic
def end_the_rest(*, person: Person, now: datetime) -> Ended:
    """Leads offered go back to those who wait, and customers of others are closed to a leaver."""
    offers = LeadOffer.objects.filter(person=person, state=OfferState.OPEN)
    # The lead before its offer, as whoever hands leads out holds them.
    offered = Lead.objects.filter(pk__in=offers.values("lead")).order_by("pk")
    leads = list(offered.select_for_update(no_key=True).values_list("pk", flat=True))
    offers = offers.filter(lead__in=leads)
    offers.update(state=OfferState.WITHDRAWN, answered_at=now)
    Lead.objects.filter(pk__in=leads, state=LeadState.OFFERED).update(state=LeadState.WAITING)

    accesses, _by_model = Access.objects.filter(person=person).delete()
    return Ended(offers=len(leads), accesses=accesses)
