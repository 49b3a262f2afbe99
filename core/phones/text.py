"""Phone numbers inside free text: notes are a side channel of the phone column (decision 7)."""

import re
import unicodedata

# What people put between digits: blanks, dashes, dots, brackets and characters nobody sees.
_GAP = r"[\s\-‐-―−－_.·•*()（）\u00ad\u200b-\u200f\u2060\ufeff]{0,3}"
_WIDE_GAP = r"[\s,，、/／·.]{1,3}"
_MOBILE = rf"1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}"
_GROUPED = rf"1[3-9][0-9]{_WIDE_GAP}[0-9]{{4}}{_WIDE_GAP}[0-9]{{4}}"
_PREFIX = rf"(?:[+＋]?(?:00)?8{_GAP}6{_GAP}|0)?"
_MOBILES = rf"{_PREFIX}(?P<mobiles>(?:{_MOBILE}|{_GROUPED})(?:{_GAP}{_MOBILE}){{0,3}})"
_LANDLINE = rf"0[0-9]{{2,3}}[-‐-―－)） ]{{1,2}}[0-9]{{3,4}}{_GAP}[0-9]{{4}}"
_NUMBERS = re.compile(rf"(?<![0-9])(?:{_MOBILES}|{_LANDLINE})(?![0-9])")
# Any other Unicode digit: full-width and mathematical ones give a number away, too.
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")


def mask_in_text(text: str) -> str:
    """`text` with each 11-digit mobile as 138****8000, however spaced, dashed or wide it is typed.

    Landlines written with their area code show the last four digits. May mask another 11-digit
    number that looks like a mobile; it never changes anything else.
    """
    folded = _FOREIGN_DIGIT.sub(lambda match: str(unicodedata.digit(match[0])), text)
    parts, done = [], 0
    for match in _NUMBERS.finditer(folded):
        parts += [text[done : match.start()], _masked(match)]
        done = match.end()
    return "".join([*parts, text[done:]])


def _masked(match: re.Match[str]) -> str:
    if match["mobiles"] is None:
        digits = re.sub(r"[^0-9]", "", match[0])
        return "*" * (len(digits) - 4) + digits[-4:]
    digits = re.sub(r"[^0-9]", "", match["mobiles"])
    numbers = (digits[at : at + 11] for at in range(0, len(digits), 11))
    return " ".join(f"{number[:3]}****{number[-4:]}" for number in numbers)
