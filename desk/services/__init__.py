"""Acts that span rooms."""

from desk.services.cards import CardNotSaved, save_card, version_of
from desk.services.registering import Reception, register

__all__ = ["CardNotSaved", "Reception", "register", "save_card", "version_of"]
