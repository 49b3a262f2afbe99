"""Reads one row of a sheet of orders into typed facts, or into the reasons why it is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.names import clean_name
from core.phones import Phone
from core.spreadsheets import cells
from core.spreadsheets.tables import Cell, Row
from desk.imports.rows import AHEAD, EARLIEST, Reader, ReadRow, Sheet, Unfit, numbers_in
from desk.imports.words import folded
from desk.order_imports import words
from desk.order_imports.facts import Delivered, House, LineRow, Seller

MOST_PIECES = 9_999
LONGEST_NUMBER, LONGEST_NOTE = 40, 200
# Texts of a line: column, how long.
TEXTS = (("product", 120), ("spec", 80), ("colour", 40), ("note", LONGEST_NOTE))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the rows of a sheet are read: what the house knows, and the store of the file."""

    sheet: Sheet
    house: House
    store_id: int | None


def read_row(row: Row, place: Place) -> ReadRow[LineRow]:
    """Read all cells of `row`, so that all that is wrong with it is told at once.

    What belongs to the order as a whole may stand in its first row alone.
    """
    reader = Reader(row, place.sheet)
    for fault in row.faults:
        reader.refuse("", fault.code, **fault.params)
    if row.faults:
        return ReadRow(row=None, refusals=tuple(reader.refusals))
    store_id = _store(reader, place)
    nobody: tuple[Phone, ...] = ()
    facts = LineRow(
        number=row.number,
        order_no=_needed(reader, "order_no", lambda cell: _line(cell, LONGEST_NUMBER), ""),
        ordered_on=reader.day("ordered_on"),
        store_id=store_id,
        phones=reader.take("phone", numbers_in, nobody),
        name=reader.take("name", _name, ""),
        order=_order(reader, place.house),
        line=_goods(reader),
    )
    _check_days(reader, facts)
    return reader.told(facts)


def _line(cell: Cell, longest: int) -> str:
    return cells.text(cell, longest, keep_lines=False)


def _needed(reader: Reader, key: str, read: Callable[[Cell], Any], default: Any) -> Any:
    """What must stand in every row."""
    value = reader.take(key, read, default)
    if value == default and not any(remark.column == key for remark in reader.refusals):
        reader.refuse(key, "EMPTY")
    return value


def _store(reader: Reader, place: Place) -> int | None:
    """The store first: in its zone all days of the row are read."""
    directory = place.sheet.directory
    told = reader.look_up("store", directory.store_called, None)
    store_id = told or place.store_id
    if store_id is not None:
        reader.zone = directory.zones[store_id]
        reader.today = reader.sheet.now.astimezone(reader.zone).date()
    return told


def _name(cell: Cell) -> str:
    text = _line(cell, 64)
    return clean_name(text) if text else ""


def _order(reader: Reader, house: House) -> Mapping[str, Any]:
    """What the row says of the order as a whole."""
    said: dict[str, Any] = {
        "seller": reader.look_up("seller", lambda cell: _seller(cell, house), None),
        "address": reader.take("address", lambda cell: _line(cell, 120), ""),
        "promised_on": reader.day("promised_on"),
        "paid": reader.take("paid", lambda cell: cells.money(cell, allow_zero=True), None),
        "method": reader.look_up("method", _one_of(words.METHODS, words.METHODS_SHOWN), ""),
        "designer": _designer(reader, house),
    }
    return {key: value for key, value in said.items() if value}


def _seller(cell: Cell, house: House) -> Seller | None:
    """Who sold, by user name or by name; whoever has left sold it all the same."""
    text = _line(cell, 60)
    if not text:
        return None
    found = house.sellers.get(text.casefold(), ())
    if len(found) > 1:
        raise Unfit("owner_ambiguous", {"name": text[:40]})
    if not found:
        raise Unfit("owner_unknown", {"name": text[:40]})
    return found[0]


def _designer(reader: Reader, house: House) -> int | None:
    """A designer of the house; an unknown one is told, and left out."""
    text = reader.take("designer", lambda cell: _line(cell, 64), "")
    found = house.designers.get(text.casefold(), ()) if text else ()
    if text and len(found) != 1:
        reader.warn("designer", "designer_unknown", name=text[:40])
    return found[0] if len(found) == 1 else None


def _one_of(table: Mapping[str, str], allowed: str) -> Callable[[Cell], str]:
    """A reader of a closed list of words."""

    def read(cell: Cell) -> str:
        text = cells.text(cell, 60)
        if text and folded(text) not in table:
            raise Unfit("not_a_choice", {"text": text[:30], "allowed": allowed})
        return table[folded(text)] if text else ""

    return read


def _goods(reader: Reader) -> Mapping[str, Any]:
    """What the row says of its goods."""
    said: dict[str, Any] = {
        key: reader.take(key, lambda cell: _line(cell, longest), "")  # noqa: B023
        for key, longest in TEXTS
    }
    if not said["product"] and not any(one.column == "product" for one in reader.refusals):
        reader.refuse("product", "EMPTY")
    said["qty"] = _needed(
        reader, "qty", lambda cell: cells.integer(cell, minimum=1, maximum=MOST_PIECES), None
    )
    said["price"] = _needed(reader, "price", lambda cell: cells.money(cell, allow_zero=True), None)
    said["supply"] = reader.look_up("supply", _one_of(words.SUPPLIES, words.SUPPLIES_SHOWN), "")
    said["eta"] = reader.day("eta")
    said["arrived_on"] = reader.day("arrived_on")
    said["delivered_at"] = reader.take("delivered_at", lambda cell: _delivered(cell, reader), None)
    return {key: value for key, value in said.items() if value not in ("", None)}


def _delivered(cell: Cell, reader: Reader) -> Delivered | None:
    found = cells.moment(
        cell,
        reader.zone,
        earliest=EARLIEST,
        latest=reader.today + AHEAD,
        since_1904=reader.sheet.since_1904,
    )
    return Delivered(on=found.day, at=found.at) if found else None


def _check_days(reader: Reader, facts: LineRow) -> None:
    """What has happened lies not ahead, and nothing before the order but its goods."""
    delivered = facts.line.get("delivered_at")
    happened = {
        "ordered_on": facts.ordered_on,
        "arrived_on": facts.line.get("arrived_on"),
        "delivered_at": delivered.on if delivered else None,
    }
    for column, day in happened.items():
        if day is not None and day > reader.today:
            reader.refuse(column, "day_lies_ahead")
