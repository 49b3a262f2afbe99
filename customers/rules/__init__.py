"""What the rulebook says of customers: pure decisions, a module a noun."""

from customers.rules.cards import fields_to_complete
from customers.rules.contacts import (
    EFFECTIVE_CHANNELS,
    LATE_AFTER,
    LONGEST_AHEAD,
    NextStep,
    contact_blockers,
    day_blockers,
    is_effective,
    is_late_entry,
    is_reached,
    next_step_blockers,
    note_blockers,
)
from customers.rules.grading import grade_of_letter

__all__ = [
    "EFFECTIVE_CHANNELS",
    "LATE_AFTER",
    "LONGEST_AHEAD",
    "NextStep",
    "contact_blockers",
    "day_blockers",
    "fields_to_complete",
    "grade_of_letter",
    "is_effective",
    "is_late_entry",
    "is_reached",
    "next_step_blockers",
    "note_blockers",
]
