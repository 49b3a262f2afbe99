"""When the customer's home was measured last (FIL-17)."""

from datetime import date

from django.utils.translation import gettext as _

from core.days import day_text
from customers.models import Customer
from filings.queries import last_measuring


def measured_of(customer: Customer, *, today: date) -> str:
    """Measured on 12 Mar (Thu); "" where nobody has measured."""
    row = last_measuring(customer)
    if row is None:
        return ""
    day = day_text(customer.store.today(row.at), today=today)
    return _("Measured on %(day)s") % {"day": day}
