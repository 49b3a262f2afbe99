"""Reads of the filings room: which parameters hold on a day, when a home was measured."""

from datetime import date, datetime

from django.db.models import QuerySet

from customers.models import Customer
from filings.models import Measuring, Policy
from staff.states import Trade


def policies_in_force(*, day: date) -> QuerySet[Policy]:
    """The policy of each trade that has one, as it holds on `day` (ADJ-07)."""
    return (
        Policy.objects.filter(valid_from__lte=day)
        .order_by("trade", "-valid_from")
        .distinct("trade")
    )


def policy_of(trade: Trade | str, *, day: date) -> Policy | None:
    """The parameters of this trade on `day`; None where it has none."""
    return policies_in_force(day=day).filter(trade=trade).first()


def last_measured_at(customer: Customer) -> datetime | None:
    """When this customer's home was measured last, if the contact stands (FIL-17)."""
    rows = Measuring.objects.filter(customer=customer, contact__voided_at=None)
    return rows.order_by("-at", "-pk").values_list("at", flat=True).first()
