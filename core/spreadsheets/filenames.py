"""Names of uploaded files, fit to be shown and sent back."""

import re
import unicodedata

from core.phones import mask_in_text

LONGEST = 100
_UNSAFE = re.compile(r'[\\/:*?"<>|]')


def clean_filename(name: str) -> str:
    """`name` without path, control and invisible characters, at most 100 characters long.

    The ending survives the cut; an empty name becomes `file`. A phone number is masked.
    """
    last = mask_in_text(re.split(r"[\\/]", name)[-1])
    visible = "".join(
        c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    stem, dot, ending = _UNSAFE.sub("_", visible).strip(" .").rpartition(".")
    if not dot or len(ending) > 10:
        return (stem + dot + ending)[:LONGEST] or "file"
    return f"{stem[: LONGEST - 1 - len(ending)] or 'file'}.{ending}"
