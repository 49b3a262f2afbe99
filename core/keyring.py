"""The keys that protect phone numbers, read once from the settings."""

from functools import lru_cache

from django.conf import settings

from core.phones import PhoneKeys


@lru_cache(maxsize=1)
def keyring() -> PhoneKeys:
    """The keys of this installation: the first encrypts, all decrypt."""
    return PhoneKeys(
        encryption_key=settings.PHONE_ENCRYPTION_KEYS, index_key=settings.PHONE_INDEX_KEY
    )
