"""When we learnt of a birthday, or of the days ahead of a product: care counts from then
(decision 9). Every service that writes one of these days says so with these columns.
"""

from collections.abc import Iterable
from datetime import datetime

from customers.models import OwnedProduct

# The day itself: its year, told later, makes it no other.
BIRTHDAY = frozenset({"birth_month", "birth_day", "birth_is_lunar", "birth_is_leap_month"})
TERMS = frozenset({"insurance_until", "first_service_on", "warranty_until"})
Noted = dict[str, datetime | None]


def noted_birthday(*, changed: Iterable[str], month: object, now: datetime) -> Noted:
    """The column to write beside a birthday, where it is another than before; `month` is its
    month, None where there is no birthday any more.
    """
    if BIRTHDAY.isdisjoint(changed):
        return {}
    return {"birthday_noted_at": now if month else None}


def noted_terms(row: OwnedProduct, *, changed: Iterable[str], now: datetime) -> Noted:
    """The column to write beside the days ahead of a product, where one is another than before."""
    if TERMS.isdisjoint(changed):
        return {}
    is_known = any(getattr(row, name) for name in TERMS)
    return {"terms_noted_at": now if is_known else None}
