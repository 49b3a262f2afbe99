"""What a contact does to the speaker's filing, in words, for the forms that log one (log-390)."""

from collections.abc import Sequence
from datetime import datetime

from core.days import date_text
from customers.models import Customer
from filings.queries.foreseeing import foreseen


def filed_panel(
    customer: Customer, *, holders: Sequence[int], now: datetime
) -> dict[str, object] | None:
    """The days of the filing that one of these people holds; None where nobody of them does.

    Whoever holds none learns nothing (decision 4). `is_filed` is read with the customer: who was
    never filed costs nothing more.
    """
    if not getattr(customer, "is_filed", True):
        return None
    found = foreseen(customer.pk, holders=holders, now=now)
    if found is None:
        return None
    today = customer.store.today(now)
    return {
        "is_protected": found.is_protected,
        "is_void": found.is_void,
        "is_longer": found.is_longer,
        "now_until": date_text(found.now_on, today=today),
        "until": date_text(found.then_on, today=today),
        "limit": date_text(found.limit_on, today=today) if found.limit_on else "",
        "measured_until": date_text(found.measured_on, today=today),
    }
