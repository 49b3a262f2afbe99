"""Locking, in one fixed order: the customer's courses, then the customer; tasks come after.

Every act that closes, moves or opens tasks holds its customers first. The engine's round takes
the same courses with SKIP LOCKED, so that it never waits for a person, nor a person for a twin.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Model

from customers.models import Customer
from followups.models import Course

# A card merged into a card that was merged …: longer than any chain, shorter than for ever.
MOST_MERGES = 12


class _Elsewhere(Exception):
    """What was to be held is on another card by now; raised so that its locks are let go."""

    def __init__(self, customer_id: int) -> None:
        self.customer_id = customer_id


def hold(customers: Sequence[int]) -> list[Customer]:
    """Lock these customers for the rest of the transaction; returns them fresh, in id order.

    Read after they are locked: a locking read that joins the store finds nothing where somebody
    gives the customer to another store while it waits.
    """
    list(
        Course.objects.filter(customer__in=customers)
        .order_by("pk")
        .select_for_update()
        .values_list("pk", flat=True)
    )
    wanted = Customer.objects.filter(pk__in=customers).order_by("pk")
    list(wanted.select_for_update(no_key=True).values_list("pk", flat=True))
    return list(wanted.select_related("store", "owner"))


def _hold_living(pk: int) -> Customer:
    """Lock this card. Raises _Elsewhere, holding nothing, where it has been merged."""
    with transaction.atomic():  # a savepoint: what it locked is let go with it
        held = hold([pk])[0]
        if held.merged_into_id is not None:
            raise _Elsewhere(held.merged_into_id)
    return held


def hold_one(customer: Customer) -> Customer:
    """Lock one customer and read it fresh: the card that this one went into, if it was merged.

    So an act that a merge overtook lands on the kept card. Holding both at once would cross those
    who merge: the lock on the merged card is let go before the other is asked for.
    """
    pk = customer.pk
    for _merge in range(MOST_MERGES):
        try:
            return _hold_living(pk)
        except _Elsewhere as elsewhere:
            pk = elsewhere.customer_id
    raise RuntimeError(f"customer {customer.pk} was merged in a circle")


def _hold_owner(row: Model, pk: int) -> Customer:
    """Lock this card. Raises _Elsewhere, holding nothing, where `row` is not on it any more."""
    with transaction.atomic():
        held = hold([pk])[0]
        now_at = _customer_of(row)
        if now_at != pk:
            raise _Elsewhere(now_at)
    return held


def _customer_of(row: Model) -> int:
    rows = type(row)._default_manager.filter(pk=row.pk)
    return rows.values_list("customer", flat=True).get()


def hold_of(row: Model) -> Customer:
    """Lock the customer whose `row` (a task, a contact …) is, and write it there, read fresh.

    A merge or its undoing may have given the row to another card since it was read.
    """
    pk = _customer_of(row)
    for _merge in range(MOST_MERGES):
        try:
            held = _hold_owner(row, pk)
        except _Elsewhere as elsewhere:
            pk = elsewhere.customer_id
        else:
            row.customer = held  # type: ignore[attr-defined]  # every row handed here has one
            return held
    raise RuntimeError(f"{row._meta.label} {row.pk} does not come to rest")
