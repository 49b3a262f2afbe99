"""Who keeps a customer, who else may serve them, and what they do not wish."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from core.services import audit
from customers.models import Access, Appointment, Customer, Opportunity
from customers.states import AppointmentState, Quiet, StageKind
from staff.models import Person


@transaction.atomic
def assign_keeper(
    *, customer: Customer, keeper: Person | None, by: Person, now: datetime, reason: str = ""
) -> None:
    """Give one customer to another keeper, who may be of another store."""
    assign_keepers(customers=[customer.pk], keeper=keeper, by=by, now=now, reason=reason)
    customer.refresh_from_db(fields=["owner", "store"])


@transaction.atomic
def assign_keepers(
    *,
    customers: Sequence[int],
    keeper: Person | None,
    by: Person,
    now: datetime,
    reason: str = "",
    **origin: int,
) -> None:
    """Give these customers to another keeper, whose store they go to; a handful of statements.

    What the keeper before had in hand with them goes along: open opportunities, booked
    appointments. `origin` (codes and ids) says in the trail of what act this is a part. The
    caller holds the customers.
    """
    held = Customer.objects.filter(pk__in=customers).order_by("pk")
    before = {pk: (owner, store) for pk, owner, store in held.values_list("pk", "owner", "store")}
    _pass_on_sales(before, keeper)

    values: dict[str, object] = {"owner": keeper}
    if keeper is not None and keeper.store_id is not None:
        values["store"] = keeper.store_id
    held.update(**values)
    if keeper is not None:
        # Who keeps a customer needs no access beside that.
        Access.objects.filter(customer__in=before, person=keeper).delete()

    store = values.get("store")
    audit.record_many(
        verb="assign",
        of=Customer,
        by=by,
        reason=reason,
        rows=[
            (pk, store or was_in, {"before": owner, "after": keeper and keeper.pk, **origin})
            for pk, (owner, was_in) in before.items()
        ],
    )


def _pass_on_sales(before: Mapping[int, tuple[int | None, int]], keeper: Person | None) -> None:
    """The keeper's own open sales and booked appointments with these customers go along."""
    owned_before = F("customer__owner")
    own = Opportunity.objects.filter(customer__in=before, state=StageKind.OPEN)
    own = own.filter(Q(owner=owned_before) | Q(owner=None))
    Opportunity.objects.filter(pk__in=list(own.values_list("pk", flat=True))).update(owner=keeper)
    if keeper is None:
        return  # an appointment stands with somebody
    booked = Appointment.objects.filter(customer__in=before, state=AppointmentState.BOOKED)
    booked = booked.filter(person=owned_before)
    Appointment.objects.filter(pk__in=list(booked.values_list("pk", flat=True))).update(
        person=keeper
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
