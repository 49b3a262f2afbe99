"""A slow, obvious account of whose work a step is, written apart from the engine and its rules."""

from collections.abc import Sequence
from datetime import date

from customers.models import Access, OwnedProduct
from followups.models import Obligation
from staff.models import Duty, Person, Store


def by_role(store: Store, people: Sequence[Person]) -> int | None:
    """A slow account: whoever works there, else whoever is shared there, the first of them."""
    leading = [person for person in people if person.is_active and person.role != "sales_store"]
    own = [person.pk for person in leading if person.store_id == store.pk]
    shared = [person.pk for person in leading if store in person.other_stores.all()]
    return min(own or shared, default=None)


def by_duty(kind: str, store: Store, duties: Sequence[Duty], *, on: date) -> int | None:
    """A slow account: the duty for the store, else the region's, else everybody's, the first."""
    running = [
        duty for duty in duties
        if duty.kind == kind and duty.person.is_active and duty.starts_on <= on
        and (duty.ends_on is None or duty.ends_on >= on)
    ]  # fmt: skip
    near = [duty for duty in running if duty.store_id == store.pk]
    middle = [duty for duty in running if duty.region_id == store.region_id]
    far = [duty for duty in running if not duty.store_id and not duty.region_id]
    for found in (near, middle, far):
        if found:
            return min(found, key=lambda duty: duty.pk).person_id
    return None


def whose(row: Obligation, *, on: date) -> int | None:
    """Whose this work of a plan is on a day, if nobody has given it to somebody."""
    customer, role = row.customer, row.step.assignee
    people = list(Person.objects.prefetch_related("other_stores"))
    keeper = customer.owner_id if customer.owner and customer.owner.is_active else None
    if role in ("sales_manager", "service_lead"):
        duties = list(Duty.objects.select_related("person"))
        holder = by_duty(role, customer.store, duties, on=on)
        return holder or by_role(customer.store, people)
    if role == "seller":
        seller = OwnedProduct.objects.get(pk=row.subject_id).sold_by
        sees = Access.objects.filter(customer=customer, person=seller).exists()
        if seller and seller.is_active and sees:
            return seller.pk
    return keeper
