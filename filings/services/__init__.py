"""Writes of the filings room: filing leads, what moves their clocks, settling, ruling."""

from filings.services.acts import (
    FilingNotChanged,
    extend_protection,
    hand_over,
    note_measuring,
    note_test_drive,
    release,
    release_all,
    resume_all,
    take_back_contact,
    void_filing,
)
from filings.services.admission import CrossRegion, Lead, LeadNotFiled, files_leads
from filings.services.disputing import open_dispute
from filings.services.elements import TRADES_OF_HOMES, missing_among, missing_of, missing_to_file
from filings.services.entering import AlreadyProtected
from filings.services.facts import foretell
from filings.services.filing import complete_drafts, file_lead, hold_filers
from filings.services.measuring import record_measuring
from filings.services.proposing import DealNotMade, Sale, propose
from filings.services.settling import settle, undo_deal
from filings.services.violations import ViolationNotCleared, clear_violation

__all__ = [
    "TRADES_OF_HOMES",
    "AlreadyProtected",
    "CrossRegion",
    "DealNotMade",
    "FilingNotChanged",
    "Lead",
    "LeadNotFiled",
    "Sale",
    "ViolationNotCleared",
    "clear_violation",
    "complete_drafts",
    "extend_protection",
    "file_lead",
    "files_leads",
    "foretell",
    "hand_over",
    "hold_filers",
    "missing_among",
    "missing_of",
    "missing_to_file",
    "note_measuring",
    "note_test_drive",
    "open_dispute",
    "propose",
    "record_measuring",
    "release",
    "release_all",
    "resume_all",
    "settle",
    "take_back_contact",
    "undo_deal",
    "void_filing",
]
