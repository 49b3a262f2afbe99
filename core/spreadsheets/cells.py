"""Typed readers of cells, and of form fields that hold the same things.

Each takes one cell as `read` gives it and answers with a value, with None (text: "") for a blank
one, or raises CellRefused.
"""

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from core import phones
from core.plain_text import TextRefused, clean_text
from core.spreadsheets.days import Moment, day, moment
from core.spreadsheets.faults import CellRefused, refuse
from core.spreadsheets.tables import Cell, CellFault

__all__ = [
    "CellRefused",
    "Moment",
    "choice",
    "day",
    "integer",
    "moment",
    "money",
    "phone_cells",
    "text",
]

Choice = TypeVar("Choice")

_WIDE = {0xFF10 + n: str(n) for n in range(10)} | {
    ord(wide): narrow for wide, narrow in zip("，．－＋￥　−", ",.-+¥ -", strict=True)
}
_NUMBER = re.compile(
    r"[¥$]? ?(?P<sign>[+-]?)(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))? ?元?"
)
_LONGEST_NUMBER = 40
# Floats of spreadsheets differ from the amount meant by less than this.
_ARTEFACT = Decimal("1e-9")


def text(cell: Cell, max_length: int, *, needed: bool = False, keep_lines: bool = True) -> str:
    """The text of a cell without controls and invisible characters; "" where it is blank."""
    try:
        cleaned = clean_text(_written(cell), max_length=max_length, keep_lines=keep_lines)
    except TextRefused as refusal:
        raise CellRefused(refusal.code, refusal.params) from None
    if needed and not cleaned:
        raise CellRefused("EMPTY")
    return cleaned


def integer(
    cell: Cell,
    *,
    minimum: int | None = None,
    maximum: int = 2_147_483_647,
    needed: bool = False,
    from_sheet: bool = True,
) -> int | None:
    """A whole number; `3.0` only from a sheet."""
    number = _number(cell, needed)
    if number is None:
        return None
    if number != number.to_integral_value() or (not from_sheet and number.as_tuple().exponent):
        raise CellRefused("NOT_AN_INTEGER")
    if minimum is not None and number < minimum:
        raise CellRefused("NUMBER_TOO_SMALL", {"minimum": minimum})
    if number > maximum or number < -maximum:
        raise CellRefused("NUMBER_TOO_LARGE", {"maximum": maximum})
    return int(number)


def money(
    cell: Cell,
    *,
    allow_zero: bool = False,
    allow_negative: bool = False,
    decimals: int = 2,
    max_digits: int = 12,
    needed: bool = False,
    from_sheet: bool = True,
) -> Decimal | None:
    """An amount with exactly `decimals` decimals, never rounded.

    From a sheet 0.30000000000000004 is 0.30: that is a float's way to write it.
    """
    number = _number(cell, needed)
    if number is None:
        return None
    if abs(number) >= Decimal(10) ** (max_digits - decimals):
        raise CellRefused("MONEY_TOO_LARGE")
    amount = round(number, decimals)
    if amount != number and not (from_sheet and abs(amount - number) < _ARTEFACT):
        raise CellRefused("MONEY_DECIMALS", {"decimals": decimals})
    if number.is_signed() and (not amount or not allow_negative):
        raise CellRefused("MONEY_NEGATIVE")
    if not amount and not allow_zero:
        raise CellRefused("MONEY_ZERO")
    return amount


def choice(cell: Cell, mapping: Mapping[str, Choice], *, needed: bool = False) -> Choice | None:
    """What `mapping` has under the text of the cell, width, case and blanks aside."""
    written = _folded(_written(cell))
    if not written:
        if needed:
            raise CellRefused("EMPTY")
        return None
    folded = {_folded(name): value for name, value in mapping.items()}
    if written not in folded:
        raise CellRefused("NOT_A_CHOICE", {"allowed": ", ".join(list(mapping)[:20])})
    return folded[written]


def phone_cells(*cells: Cell, needed: bool = False) -> tuple[phones.Phone, ...]:
    """The numbers of one or more cells, several in a cell split, each once, in order (`FIL-31`)."""
    found: dict[str, phones.Phone] = {}
    for part in _phone_parts(cells):
        try:
            phone = phones.normalise(part, from_sheet=True)
        except phones.PhoneRefused as refusal:
            raise CellRefused(refusal.code, refusal.params) from None
        found.setdefault(phone.e164, phone)
    if needed and not found:
        raise CellRefused("EMPTY")
    return tuple(found.values())


def _phone_parts(cells: Sequence[Cell]) -> list[str]:
    return [part for cell in cells for part in phones.split(_written(cell)) if part.strip()]


def _written(cell: Cell) -> str:
    """A cell as the text that somebody would have typed."""
    if isinstance(cell, CellFault):
        raise refuse(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    return cell.isoformat() if isinstance(cell, datetime.date) else str(cell)


def _number(cell: Cell, needed: bool) -> Decimal | None:
    """The number in a cell, its sign kept also at zero; None where it is blank."""
    if isinstance(cell, bool | datetime.date):
        raise CellRefused("NOT_A_NUMBER")
    written = _written(cell).translate(_WIDE).strip()
    if not written:
        if needed:
            raise CellRefused("EMPTY")
        return None
    match = _NUMBER.fullmatch(written) if len(written) <= _LONGEST_NUMBER else None
    if not match:
        raise CellRefused("ERROR_VALUE" if written.startswith("#") else "NOT_A_NUMBER")
    whole = match["whole"].replace(",", "")
    return Decimal(f"{match['sign']}{whole}.{match['part'] or ''}")


def _folded(written: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", written)).casefold()
