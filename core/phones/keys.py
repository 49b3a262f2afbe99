"""The two keys of the phone column: one to read numbers back, one to compare them unread."""

import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

# Apart from any other use somebody may make of the same index key.
_PURPOSE = b"genjin.phone.v1\0"


class PhoneUnreadable(ValueError):
    """None of the encryption keys opens this value: a key was lost, or the value is damaged."""


class PhoneKeys:
    """Encrypts normal forms and indexes them for equality and uniqueness.

    `encryption_key` is a Fernet key (`PhoneKeys.new_key()`), or several: the first encrypts, all
    decrypt, so that a key is changed by putting the new one first and rotating row by row.
    `index_key` is any secret of at least 16 bytes and must not change while rows live.
    """

    def __init__(
        self, encryption_key: str | bytes | Sequence[str | bytes], index_key: str | bytes
    ) -> None:
        keys = [encryption_key] if isinstance(encryption_key, str | bytes) else encryption_key
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._index_key = index_key.encode() if isinstance(index_key, str) else index_key
        if len(self._index_key) < 16:
            raise ValueError("The phone index key needs at least 16 bytes.")

    @staticmethod
    def new_key() -> str:
        """A fresh encryption key, to be kept in the environment."""
        return Fernet.generate_key().decode()

    def encrypt(self, e164: str) -> bytes:
        """The normal form, sealed; differs each time."""
        return self._fernet.encrypt(e164.encode())

    def decrypt(self, sealed: bytes | memoryview) -> str:
        """The normal form again. Raises PhoneUnreadable."""
        try:
            return self._fernet.decrypt(bytes(sealed)).decode()
        except InvalidToken:
            raise PhoneUnreadable("No phone key opens this value.") from None

    def rotate(self, sealed: bytes | memoryview) -> bytes:
        """The same number, sealed by the first key. Raises PhoneUnreadable."""
        try:
            return self._fernet.rotate(bytes(sealed))
        except InvalidToken:
            raise PhoneUnreadable("No phone key opens this value.") from None

    def seal(self, content: bytes) -> bytes:
        """Any bytes, sealed by the first key."""
        return self._fernet.encrypt(content)

    def unseal(self, sealed: bytes | memoryview) -> bytes:
        """The bytes again. Raises PhoneUnreadable."""
        try:
            return self._fernet.decrypt(bytes(sealed))
        except InvalidToken:
            raise PhoneUnreadable("No key opens this content.") from None

    def index(self, e164: str) -> bytes:
        """32 bytes that are equal exactly for equal normal forms (HMAC-SHA-256)."""
        return hmac.new(self._index_key, _PURPOSE + e164.encode(), hashlib.sha256).digest()

    def __repr__(self) -> str:
        return "<PhoneKeys>"
