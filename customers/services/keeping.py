"""Who keeps a customer, who else may serve them, and what they do not wish."""

from datetime import datetime

from django.db import transaction

from core.services import audit
from customers.models import Access, Customer
from customers.states import Quiet
from staff.models import Person


@transaction.atomic
def assign_keeper(
    *, customer: Customer, keeper: Person | None, by: Person, now: datetime, reason: str = ""
) -> None:
    """Give the customer to another keeper, who may be of another store."""
    before = customer.owner_id
    customer.owner = keeper
    fields = ["owner"]
    store = keeper.store if keeper is not None else None
    if store is not None and store != customer.store:
        customer.store = store
        fields.append("store")
    customer.save(update_fields=fields)
    audit.record(
        verb="assign", of=customer, by=by, reason=reason, before=before, after=customer.owner_id
    )


def give_access(*, customer: Customer, person: Person) -> None:
    """Let `person` see and serve a customer kept by somebody else; twice is once."""
    if person.pk != customer.owner_id:
        Access.objects.get_or_create(customer=customer, person=person)


@transaction.atomic
def set_quiet(*, customer: Customer, quiet: Quiet, reason: str, by: Person, now: datetime) -> None:
    """Note what the customer does not wish to receive (FUP-24)."""
    before = customer.quiet
    customer.quiet = quiet
    customer.save(update_fields=["quiet"])
    audit.record(verb="set_quiet", of=customer, by=by, reason=reason, before=before, after=quiet)
