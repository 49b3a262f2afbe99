"""The check at the end of an exported row: what each cell said when it left the house.

A keyed digest a cell, so that a cell that comes back the same is known as untouched, and one that
differs is held against the card; and a keyed seal over all, bound to the customer's number, so that
a row that was mixed up with another is refused in words.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.crypto import constant_time_compare, salted_hmac

from core.spreadsheets import cells
from core.spreadsheets.tables import Cell, CellFault
from core.spreadsheets.write import neutral

VERSION = "1"
LANGUAGES = {"z": "zh-hans", "e": "en"}
DIGITS = 6
SALT = "desk.returning"
# What a list shows where there is nothing.
NOTHING = ("–", "-", "—")
LONGEST = 32_767


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The check of one row: in which language it was written, and a digest a field."""

    language: str
    digests: Mapping[str, str]  # code of a field → digest

    def is_same(self, pk: int, code: str, cell: Cell) -> bool:
        """Whether this cell says what it said when it left."""
        if isinstance(cell, CellFault):
            return False
        return constant_time_compare(self.digests.get(code, ""), digest(pk, code, cell))


def plain(cell: Cell) -> str:
    """The text of a cell as it is compared: without what a spreadsheet program adds or hides."""
    text = cells.text(cell, LONGEST).replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", text).strip()
    if text.startswith("'") and neutral(text[1:]) == text:
        text = text[1:].strip()
    return "" if text in NOTHING else text


def _hmac(*parts: object) -> str:
    value = "\x1f".join(str(part) for part in parts)
    return salted_hmac(SALT, value, algorithm="sha256").hexdigest()


def digest(pk: int, code: str, cell: Cell) -> str:
    return _hmac("cell", pk, code, plain(cell))[:DIGITS]


def write(pk: int, texts: Mapping[str, Cell], *, language: str) -> str:
    """The check of a row: `texts` maps the codes of its fields to the cells as written."""
    short = "z" if language.startswith("zh") else "e"
    body = f"{VERSION}{short}" + "".join(
        f"{code}{digest(pk, code, cell)}" for code, cell in sorted(texts.items())
    )
    return f"{body}.{_hmac('row', pk, body)[:10]}"


def read(pk: int, text: str) -> Mark | None:
    """What `write` wrote for this customer; None for anything else."""
    body, _dot, seal = text.strip().partition(".")
    if not constant_time_compare(seal, _hmac("row", pk, body)[:10]):
        return None
    pairs = body[2:]
    step = 1 + DIGITS
    parts = [pairs[at : at + step] for at in range(0, len(pairs), step)]
    return Mark(
        language=LANGUAGES.get(body[1:2], "en"), digests={part[0]: part[1:] for part in parts}
    )


def seal_of(*parts: object) -> str:
    """A short mark of what a row would change, to tell whether it is still what was agreed to."""
    return _hmac("seal", *parts)[:16]
