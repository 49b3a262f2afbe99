"""Reads of the filings room."""

from filings.queries.history import book_of, clock_of, journal_of
from filings.queries.looking_up import looked_up
from filings.queries.policies import policies_in_force, policy_of, terms_for, terms_of
from filings.queries.quota import slots_of
from filings.queries.regions import home_region, lies_elsewhere
from filings.queries.standing import (
    ADMITTED,
    drafts_of,
    drafts_with_number,
    filings_of,
    free_since,
    projects_held,
    protecting,
    standing_deal,
    visible_filings,
)

__all__ = [
    "ADMITTED",
    "book_of",
    "clock_of",
    "drafts_of",
    "drafts_with_number",
    "filings_of",
    "free_since",
    "home_region",
    "journal_of",
    "lies_elsewhere",
    "looked_up",
    "policies_in_force",
    "policy_of",
    "projects_held",
    "protecting",
    "slots_of",
    "standing_deal",
    "terms_for",
    "terms_of",
    "visible_filings",
]
