"""Locking, in one fixed order: the customer's courses, then the customer; tasks come after.

Every act that closes, moves or opens tasks holds its customers first. The engine's round takes
the same courses with SKIP LOCKED, so that it never waits for a person, nor a person for a twin.
"""

from collections.abc import Sequence

from customers.models import Customer
from followups.models import Course


def hold(customers: Sequence[int]) -> list[Customer]:
    """Lock these customers for the rest of the transaction; returns them fresh, in id order."""
    list(
        Course.objects.filter(customer__in=customers)
        .order_by("pk")
        .select_for_update()
        .values_list("pk", flat=True)
    )
    held = Customer.objects.select_related("store", "owner").filter(pk__in=customers)
    return list(held.order_by("pk").select_for_update(of=("self",), no_key=True))


def hold_one(customer: Customer) -> Customer:
    """Lock one customer and read it fresh."""
    return hold([customer.pk])[0]
