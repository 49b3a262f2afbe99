"""Reads of the customers room."""

from customers.queries.finding import (
    IsAmong,
    MaskedCustomer,
    for_list,
    matching,
    reveals_today,
    visible,
    with_masked_phone,
    with_this_number,
)
from customers.queries.timeline import TIMELINE_COLUMNS, TimelineKind, contacts_of, timeline_rows

__all__ = [
    "TIMELINE_COLUMNS",
    "IsAmong",
    "MaskedCustomer",
    "TimelineKind",
    "contacts_of",
    "for_list",
    "matching",
    "reveals_today",
    "timeline_rows",
    "visible",
    "with_masked_phone",
    "with_this_number",
]
