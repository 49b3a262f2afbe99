"""When a home was measured."""

from datetime import datetime

from customers.models import Customer
from filings.models import Measuring


def last_measured_at(customer: Customer) -> datetime | None:
    """When this customer's home was measured last, if the contact stands (FIL-17)."""
    rows = Measuring.objects.filter(customer=customer, contact__voided_at=None)
    return rows.order_by("-at", "-pk").values_list("at", flat=True).first()
