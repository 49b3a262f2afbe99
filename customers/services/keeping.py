"""Who keeps a customer, who else may serve them, and what they do not wish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from core.services import audit
from customers.models import Access, Appointment, Contact, Customer, Opportunity, QuietChange
from customers.states import AppointmentState, Quiet, QuietReason, StageKind
from staff.models import Person


@dataclass(frozen=True, kw_only=True)
class PassedOn:
    """What went along with customers who changed hands, by id."""

    opportunities: Sequence[int] = ()
    appointments: Sequence[int] = ()


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
) -> PassedOn:
    """Give these customers to another keeper, whose store they go to; a handful of statements.

    What the keeper before had in hand with them goes along: open opportunities, booked
    appointments. `origin` (codes and ids) says in the trail of what act this is a part. The
    caller holds the customers.
    """
    held = Customer.objects.filter(pk__in=customers).order_by("pk")
    before = {pk: (owner, store) for pk, owner, store in held.values_list("pk", "owner", "store")}
    passed_on = _pass_on_sales(before, keeper)

    values: dict[str, object] = {"owner": keeper}
    if keeper is not None and keeper.store_id is not None:
        values["store"] = keeper.store_id
    held.update(**values)
    if keeper is not None:
        # Who keeps a customer needs no access beside that.
        Access.objects.filter(customer__in=before, person=keeper).delete()

    store = keeper.store_id if keeper is not None and "store" in values else None
    after = keeper.pk if keeper is not None else None
    rows: list[tuple[int, int | None, Mapping[str, object]]] = [
        (pk, store or was_in, {"before": owner, "after": after, **origin})
        for pk, (owner, was_in) in before.items()
    ]
    audit.record_many(
        verb="assign",
        of=Customer,
        by=by,
        reason=reason,
        rows=rows,
    )
    return passed_on


def _pass_on_sales(before: Mapping[int, tuple[int | None, int]], keeper: Person | None) -> PassedOn:
    """The keeper's own open sales and booked appointments with these customers go along."""
    own = Opportunity.objects.filter(customer__in=before, state=StageKind.OPEN)
    own = own.filter(Q(owner=F("customer__owner")) | Q(owner=None))
    opportunities = list(own.order_by("pk").values_list("pk", flat=True))
    Opportunity.objects.filter(pk__in=opportunities).update(owner=keeper)
    if keeper is None:  # an appointment stands with somebody
        return PassedOn(opportunities=opportunities)
    booked = Appointment.objects.filter(customer__in=before, state=AppointmentState.BOOKED)
    booked = booked.filter(person=F("customer__owner"))
    appointments = list(booked.order_by("pk").values_list("pk", flat=True))
    Appointment.objects.filter(pk__in=appointments).update(person=keeper)
    return PassedOn(opportunities=opportunities, appointments=appointments)


def give_access(*, customer: Customer, person: Person) -> None:
    """Let `person` see and serve a customer kept by somebody else; twice is once."""
    if person.pk != customer.owner_id:
        Access.objects.get_or_create(customer=customer, person=person)


@transaction.atomic
def set_quiet(
    *,
    customer: Customer,
    quiet: Quiet | str,
    reason: QuietReason | str,
    by: Person,
    now: datetime,
    note: str = "",
    contact: Contact | None = None,
) -> None:
    """Note what the customer does not wish to receive, who says so and why (FUP-24)."""
    before = customer.quiet
    customer.quiet = quiet
    customer.save(update_fields=["quiet"])
    QuietChange.objects.create(
        customer=customer,
        before=before,
        after=quiet,
        reason=reason,
        note=note,
        contact=contact,
        by=by,
        at=now,
    )
    audit.record(
        verb="set_quiet",
        of=customer,
        by=by,
        reason=note,
        before=before,
        after=quiet,
        because=reason,
    )
