"""Phone numbers inside free text: notes are a side channel of the phone column (decision 7)."""

import re
import unicodedata
from collections.abc import Iterator

# What people put between digits: blanks, dashes, dots, brackets and characters nobody sees.
_GAP = r"[\s\-‐-―−－_.·•*()（）\u00ad\u200b-\u200f\u2060\ufeff]{0,3}"
_WIDE_GAP = r"[\s,，、/／·.]{1,3}"
# A number as people write it: 138 0013 8000, 13800138000. What stands before it is no part of it:
# “1350 138 0013 8000” holds one number, not 1350 138 0013 and a rest that would be shown.
_PLAIN = (
    rf"(?<![0-9])1[3-9][0-9](?:(?:{_GAP}[0-9]{{4}}){{2}}|(?:{_WIDE_GAP}[0-9]{{4}}){{2}})(?![0-9])"
)
_MOBILE = rf"1{_GAP}[3-9](?:{_GAP}(?!{_PLAIN})[0-9]){{9}}"
_GROUPED = rf"1[3-9][0-9]{_WIDE_GAP}[0-9]{{4}}{_WIDE_GAP}[0-9]{{4}}"
_PREFIX = rf"(?:[+＋]?(?:00)?8{_GAP}6{_GAP}|0)?"
_MOBILES = rf"{_PREFIX}(?P<mobiles>(?:{_MOBILE}|{_GROUPED})(?:{_GAP}{_MOBILE}){{0,3}})"
_LANDLINE = rf"0[0-9]{{2,3}}[-‐-―－)） ]{{1,2}}(?!{_PLAIN})[0-9]{{3,4}}{_GAP}[0-9]{{4}}"
_NUMBERS = re.compile(rf"(?<![0-9])(?:{_MOBILES}|{_LANDLINE})(?![0-9])")
# Any other Unicode digit: full-width and mathematical ones give a number away, too.
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")


def mask_in_text(text: str) -> str:
    """`text` with each 11-digit mobile as 138****8000, however spaced, dashed or wide it is typed.

    Landlines written with their area code show the last four digits. May mask another 11-digit
    number that looks like a mobile; it never changes anything else.
    """
    parts, done = [], 0
    for match in _numbers_in(text):
        parts += [text[done : match.start()], _masked(match)]
        done = match.end()
    return "".join([*parts, text[done:]])


def put_back(typed: str, *, kept: str) -> str:
    """`typed` with the numbers of `kept` where it still has their masks: what a form showed masked
    is written back as it stood.
    """
    for match in _numbers_in(kept):
        typed = typed.replace(_masked(match), kept[match.start() : match.end()], 1)
    return typed


def mask_id(text: str) -> str:
    """A WeChat id for those who may not use it: zu****14; of a short one the first letter."""
    if not text:
        return ""
    return f"{text[:2]}****{text[-2:]}" if len(text) > 5 else f"{text[0]}****"


def _numbers_in(text: str) -> Iterator[re.Match[str]]:
    """The numbers of `text`, at their places in it."""
    folded = _FOREIGN_DIGIT.sub(lambda match: str(unicodedata.digit(match[0])), text)
    return _NUMBERS.finditer(folded)


def _masked(match: re.Match[str]) -> str:
    if match["mobiles"] is None:
        digits = re.sub(r"[^0-9]", "", match[0])
        return "*" * (len(digits) - 4) + digits[-4:]
    digits = re.sub(r"[^0-9]", "", match["mobiles"])
    numbers = (digits[at : at + 11] for at in range(0, len(digits), 11))
    return " ".join(f"{number[:3]}****{number[-4:]}" for number in numbers)
