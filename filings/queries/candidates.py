"""To whom a dispute may be given: the parties, the keeper of a buyer, the home region (XRG-04)."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from filings.models import Dispute, Party
from filings.states import DisputeKind
from staff.models import Person
from staff.scope import running_duties
from staff.states import STORE_BOUND_ROLES, DutyKind

# By these a region is led; whoever leads it decides, and is given nothing.
LEADING = (DutyKind.DEPARTMENT_MANAGER, DutyKind.SALES_MANAGER)
# Of a home region at most so many are offered.
MOST_AT_HOME = 200


def keepers_of(dispute: Dispute) -> list[Person]:
    """Who keeps the buyer, where the rules would give the sale to the keeper (FIL-05)."""
    deal, buyer = dispute.deal, dispute.customer
    if deal is not None:
        return [deal.keeper] if deal.keeper is not None else []
    is_bought = dispute.kind == DisputeKind.NEW_PROJECT and buyer.bought_count
    return [buyer.owner] if is_bought and buyer.owner is not None else []


def home_sellers(*, today: date) -> QuerySet[Person]:
    """Who serves customers in the region of their store, and leads no region nor hears appeals."""
    duties = running_duties(on=today).filter(person=OuterRef("pk"))
    is_leading = Q(kind__in=LEADING, region=OuterRef("store__region")) | Q(kind=DutyKind.APPEAL)
    return Person.objects.filter(
        ~Exists(duties.filter(is_leading)), store__region__isnull=False, is_active=True,
        is_system=False, role__in=STORE_BOUND_ROLES,
    )  # fmt: skip


def candidates_of(
    dispute: Dispute, parties: Iterable[Party], *, today: date | None = None
) -> list[Person]:
    """To whom the decider may give it: the parties, the keeper of a buyer, and between regions
    whoever serves in the customer's home region, or in the two of which one may be it, in the same
    trade (XRG-04).
    """
    people: dict[int, Person] = {party.person_id: party.person for party in parties}
    for keeper in keepers_of(dispute):
        people.setdefault(keeper.pk, keeper)
    deal = dispute.deal
    if deal is not None and dispute.kind == DisputeKind.CROSS_REGION and deal.region_id:
        home = home_sellers(today=today or timezone.localdate()).filter(
            store__region__in=[deal.region_id, deal.own_region_id or deal.region_id],
            store__trade=dispute.customer.store.trade,
        )
        for person in home.select_related("store").order_by("name", "pk")[:MOST_AT_HOME]:
            people.setdefault(person.pk, person)
    return list(people.values())
