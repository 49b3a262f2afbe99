"""The keys of an installation that nobody set up: made once, kept under `var/`, never remade.

A lost phone key makes every stored number unreadable, so a missing file beside existing data is
refused: new keys would look like a working system and hide the loss.
"""

import base64
import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from crm.embedded.account import share_with_owner
from crm.embedded.errors import EngineError

NAMES = ("SECRET_KEY", "PHONE_ENCRYPTION_KEY", "PHONE_INDEX_KEY")
MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    # The form of a Fernet key, made without importing cryptography.
    "PHONE_ENCRYPTION_KEY": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "PHONE_INDEX_KEY": lambda: secrets.token_hex(32),
}


def made_keys() -> dict[str, str]:
    """Return fresh keys by the name of their environment variable."""
    return {name: make() for name, make in MAKERS.items()}


def kept_keys(file: Path, *, data_exists: bool) -> dict[str, str]:
    """Return the keys kept in the file, making them first where there is neither key nor data.

    Raises EngineError where the keys of existing data are missing, whole or in part.
    """
    if not file.exists():
        if data_exists:
            raise EngineError(
                f"{file} is missing, but there is data that was encrypted with its keys. Put the "
                "file back from your backup. (To begin anew without that data, move the whole "
                f"folder {file.parent} away.)"
            )
        _write_whole(file, made_keys())
    kept = read_keys(file)
    if missing := [name for name in NAMES if not kept.get(name)]:
        raise EngineError(
            f"{file} lacks {', '.join(missing)}. Put the file back from your backup: new keys "
            "could not read the phone numbers already stored."
        )
    return kept


def read_keys(file: Path) -> dict[str, str]:
    """Return the keys in a file of NAME=value lines, which systemd and compose read too."""
    try:
        lines = file.read_text().splitlines()
    except OSError as error:
        raise EngineError(f"{file} cannot be read ({error.strerror}).") from error
    pairs = (line.partition("=") for line in lines if not line.startswith("#"))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def _write_whole(file: Path, keys: dict[str, str]) -> None:
    """Write the file so that it is there whole or not at all, even if power fails."""
    text = "# Keys of this installation. Keep a copy with your backups: without them the phone\n"
    text += "# numbers in the database cannot be read by anybody.\n"
    text += "".join(f"{name}={value}\n" for name, value in keys.items())
    descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=".keys-")
    with os.fdopen(descriptor, "w") as output:
        output.write(text)
        output.flush()
        os.fsync(output.fileno())
    share_with_owner(Path(draft))
    Path(draft).replace(file)
    with contextlib.suppress(OSError):
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
