"""What a setting must look like: predicates that `settings.py` asks before it takes a value."""

import base64
import binascii
import re
from collections.abc import Sequence
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
HOST = re.compile(r"\*|\.?[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")


def are_encryption_keys(keys: Sequence[str]) -> bool:
    """Tell whether these are Fernet keys, one at least."""
    return bool(keys) and all(_holds_32_bytes(key) for key in keys)


def _holds_32_bytes(key: str) -> bool:
    try:
        return len(base64.b64decode(key, altchars=b"-_", validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def is_index_key(key: str) -> bool:
    """Tell whether this is 32 bytes or more, written in hexadecimal."""
    return re.fullmatch(r"[0-9a-fA-F]{64,}", key) is not None


def are_hosts(names: Sequence[str]) -> bool:
    """Tell whether these are host names without scheme, port or path, one at least."""
    return bool(names) and all(HOST.fullmatch(name) for name in names)


def is_origin(text: str) -> bool:
    """Tell whether this is a scheme and a host and nothing after them."""
    parts = urlsplit(text)
    return is_web_address(text) and not (parts.path or parts.query or parts.fragment)


def are_origins(texts: Sequence[str]) -> bool:
    return all(is_origin(text) for text in texts)


def is_web_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def is_broker(text: str) -> bool:
    """Tell whether this names a Redis or Valkey by TCP or TLS."""
    parts = urlsplit(text)
    return parts.scheme in ("redis", "rediss") and bool(parts.hostname)


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
