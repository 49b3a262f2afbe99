"""Reads of the customers room."""

from customers.queries.finding import (
    IsAmong,
    MaskedCustomer,
    are_visible,
    for_list,
    matching,
    visible,
    was_called,
    with_masked_phone,
    with_this_number,
)
from customers.queries.parameters import parameters
from customers.queries.timeline import TIMELINE, TimelineKind, contacts_of

__all__ = [
    "TIMELINE",
    "IsAmong",
    "MaskedCustomer",
    "TimelineKind",
    "are_visible",
    "contacts_of",
    "for_list",
    "matching",
    "parameters",
    "visible",
    "was_called",
    "with_masked_phone",
    "with_this_number",
]
