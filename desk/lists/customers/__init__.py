"""The customer list: what it shows, by what it is filtered and sorted."""

from datetime import date, datetime
from decimal import Decimal

from core.listing import ListPage, SortKey
from desk.lists.customers.filters import CustomerFilters
from desk.lists.customers.table import CustomerTable

__all__ = ["CUSTOMERS"]

CUSTOMERS = ListPage(
    name="customers",
    table=CustomerTable,
    filters=CustomerFilters,
    sorts=(
        SortKey(name="next", field="next_contact_on", kind=date, nullable=True),
        SortKey(
            name="last", field="last_contact_at", kind=datetime, nullable=True, nulls_first=True
        ),
        SortKey(name="registered", field="registered_at", kind=datetime, descends_first=True),
        SortKey(name="grade", field="grade", kind=str),
        SortKey(name="total", field="bought_total", kind=Decimal, descends_first=True),
        SortKey(
            name="bought",
            field="last_bought_on",
            kind=date,
            nullable=True,
            nulls_first=True,
            descends_first=True,
        ),
    ),
)
