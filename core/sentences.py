"""Whole sentences, one after the other."""

from collections.abc import Iterable

# After these Chinese puts no blank.
_CLOSING = tuple("。！？；：…”）")


def joined(sentences: Iterable[str]) -> str:
    """Several sentences as one text: a blank between them, none where Chinese ends one."""
    text = ""
    for sentence in filter(None, sentences):
        blank = "" if not text or text.endswith(_CLOSING) else " "
        text += f"{blank}{sentence}"
    return text
