"""Text as people type and paste it, rid of what nobody sees."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from core.input_refused import InputRefused

MOST_COMBINING_MARKS = 3

MESSAGES = {
    "TEXT_EMPTY": _("Fill this in."),
    "TEXT_TOO_LONG": _("This has more than %(limit)s characters. Shorten it."),
    "TEXT_DAMAGED": _("Some characters are damaged. Type the text again."),
    "TEXT_COMBINING": _("There are too many accents on one letter. Type the text again."),
}

# Line feeds and tabs are for the caller; everything else below 0x20 and the C1 range is dropped.
_UNSEEN = re.compile(
    "[\x01-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
# A joiner between two pictures makes one picture (a family); anywhere else it hides.
_PICTURE = "[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]"
_STRAY_JOINER = re.compile(f"(?<!{_PICTURE})\u200d|\u200d(?!{_PICTURE})")
_DAMAGED = re.compile("[\x00\ud800-\udfff\ufffd]")
_MAY_COMBINE = re.compile("[^\x00-\u02ff\u2e80-\u3029\u3100-\u9fff\uff00-\uffef]")
# Fillers that fonts draw as nothing although they count as letters or symbols.
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"


class TextRefused(InputRefused):
    """The text cannot be kept; `code` is a key of `MESSAGES`."""

    messages = MESSAGES


def clean_text(text: str, *, max_length: int, keep_lines: bool = True) -> str:
    """`text` without controls and invisible characters, stripped; may be empty.

    Refuses NUL, lone surrogates, U+FFFD, more than three combining marks in a row and more than
    `max_length` characters (not bytes). Nothing else is changed. Without `keep_lines` a line break
    becomes a blank. Raises TextRefused.
    """
    if len(text) > max_length * 4 + 1000:
        raise TextRefused("TEXT_TOO_LONG", {"limit": max_length})
    if _DAMAGED.search(text):
        raise TextRefused("TEXT_DAMAGED")
    cleaned = _STRAY_JOINER.sub("", _UNSEEN.sub("", text)) if not text.isprintable() else text
    if not keep_lines:
        cleaned = re.sub(r"[\n\t\u2028\u2029]+", " ", cleaned)
    cleaned = cleaned.strip()
    if len(cleaned) > max_length:
        raise TextRefused("TEXT_TOO_LONG", {"limit": max_length})
    if _MAY_COMBINE.search(cleaned) and _most_marks_in_a_row(cleaned) > MOST_COMBINING_MARKS:
        raise TextRefused("TEXT_COMBINING")
    return cleaned


def has_visible(text: str) -> bool:
    """Whether anybody would see something."""
    return any(
        unicodedata.category(character)[0] not in "ZCM" and character not in _BLANKS
        for character in text
    )


def _most_marks_in_a_row(text: str) -> int:
    most = run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        most = max(most, run)
    return most
