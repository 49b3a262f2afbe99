"""Acts that span rooms."""

from desk.services.cards import CardNotSaved, save_card, version_of
from desk.services.merging import CardsNotMerged, bring_late, merge_cards, version_of_cards
from desk.services.registering import (
    LeadNotRegistered,
    Reception,
    Registered,
    Typed,
    register,
    register_lead,
)
from desk.services.unmerging import undo_blockers, undo_merge, weigh_undoing
from followups.services.claims import (
    Claim,
    complete_drafts,
    complete_drafts_among,
    complete_ready_drafts,
    file_for,
)

__all__ = [
    "CardNotSaved",
    "CardsNotMerged",
    "Claim",
    "LeadNotRegistered",
    "Reception",
    "Registered",
    "Typed",
    "bring_late",
    "complete_drafts",
    "complete_drafts_among",
    "complete_ready_drafts",
    "file_for",
    "merge_cards",
    "register",
    "register_lead",
    "save_card",
    "undo_blockers",
    "undo_merge",
    "version_of",
    "version_of_cards",
    "weigh_undoing",
]
