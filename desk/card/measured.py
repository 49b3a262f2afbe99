"""When the customer's home was measured last (FIL-17)."""

from datetime import date

from django.utils.translation import gettext as _

from core.days import day_text
from customers.models import Customer
from filings.queries import last_measured_at


def measured_of(customer: Customer, *, today: date) -> str:
    """Measured on 12 Mar (Thu); "" where nobody has measured."""
    at = last_measured_at(customer)
    if at is None:
        return ""
    day = day_text(customer.store.today(at), today=today)
    return _("Measured on %(day)s") % {"day": day}
