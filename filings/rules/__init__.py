"""What the rulebook says of lead filing: pure decisions, a module a noun."""

from filings.rules.book import Book, Entry, is_foreign
from filings.rules.deciding import HOME_REGION_DECIDES, Decision, Reason, decide
from filings.rules.elements import lacking, missing_elements
from filings.rules.filing import PROTECTED, FilingState, status
from filings.rules.limits import Clock, month_of
from filings.rules.terms import SHIPPED, Terms

__all__ = [
    "HOME_REGION_DECIDES",
    "PROTECTED",
    "SHIPPED",
    "Book",
    "Clock",
    "Decision",
    "Entry",
    "FilingState",
    "Reason",
    "Terms",
    "decide",
    "is_foreign",
    "lacking",
    "missing_elements",
    "month_of",
    "status",
]
