"""Acts that span rooms."""

from desk.services.cards import CardNotSaved, save_card, version_of
from desk.services.merging import CardsNotMerged, bring_late, merge_cards, version_of_cards
from desk.services.registering import Reception, register
from desk.services.unmerging import undo_blockers, undo_merge, weigh_undoing

__all__ = [
    "CardNotSaved",
    "CardsNotMerged",
    "Reception",
    "bring_late",
    "merge_cards",
    "register",
    "save_card",
    "undo_blockers",
    "undo_merge",
    "version_of",
    "version_of_cards",
    "weigh_undoing",
]
