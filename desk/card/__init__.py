"""What the customer card shows, worded for its reader: a module a part."""

from desk.card.acts import acts_of
from desk.card.birthdays import birthday_of
from desk.card.facts import Fact, facts_of
from desk.card.filing import FilingShown, filing_of
from desk.card.head import Head, head_of
from desk.card.measured import measured_of
from desk.card.missing import missing_of
from desk.card.next_step import NextStepShown, next_step_of
from desk.card.proposed import Proposed, proposed_for
from desk.card.tabs import TABS, Tab, links_of, tab_named

__all__ = [
    "TABS",
    "Fact",
    "FilingShown",
    "Head",
    "NextStepShown",
    "Proposed",
    "Tab",
    "acts_of",
    "birthday_of",
    "facts_of",
    "filing_of",
    "head_of",
    "links_of",
    "measured_of",
    "missing_of",
    "next_step_of",
    "proposed_for",
    "tab_named",
]
