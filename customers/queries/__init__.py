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
from customers.queries.grading import (
    Graded,
    figures_of,
    graded_customers,
    has_bought,
)
from customers.queries.identity import (
    card_that_stands,
    merges,
    open_suspicions,
    suspected_to_be,
    suspicions_of,
    was_merged,
)
from customers.queries.parameters import parameters
from customers.queries.products import products_of
from customers.queries.tags import all_tags, tagged_with
from customers.queries.timeline import TIMELINE, TimelineKind, contacts_of

__all__ = [
    "TIMELINE",
    "Graded",
    "IsAmong",
    "MaskedCustomer",
    "TimelineKind",
    "all_tags",
    "are_visible",
    "card_that_stands",
    "contacts_of",
    "figures_of",
    "for_list",
    "graded_customers",
    "has_bought",
    "matching",
    "merges",
    "open_suspicions",
    "parameters",
    "products_of",
    "suspected_to_be",
    "suspicions_of",
    "tagged_with",
    "visible",
    "was_called",
    "was_merged",
    "with_masked_phone",
    "with_this_number",
]
