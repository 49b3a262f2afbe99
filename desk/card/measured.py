"""When the customer's home was measured last (FIL-17)."""

from datetime import date

from django.utils.translation import gettext as _

from core.days import day_text
from filings.queries.on_card import CustomerWithLeads


def measured_of(customer: CustomerWithLeads, *, today: date) -> str:
    """Measured on 12 Mar (Thu); "" where nobody has measured."""
    at = customer.measured_at
    if at is None:
        return ""
    day = day_text(customer.store.today(at), today=today)
    return _("Measured on %(day)s") % {"day": day}
