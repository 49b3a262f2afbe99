"""What the sheets of a history share: the house they are read in, and cells of one kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.spreadsheets import cells
from core.spreadsheets.tables import Cell
from desk.histories.facts import Standing
from desk.imports.directory import Directory
from desk.imports.rows import EARLIEST, Reader, Unfit
from desk.imports.words import folded
from staff.models import Person


@dataclass(frozen=True, kw_only=True)
class House:
    """What reading the rows needs to know of the house."""

    standing: Standing
    directory: Directory
    by: Person
    now: datetime
    store_id: int | None = None


def one_of(table: Mapping[str, str], allowed: str) -> Callable[[Cell], str]:
    """A reader of a closed list of words."""

    def read(cell: Cell) -> str:
        text = cells.text(cell, 60)
        if text and folded(text) not in table:
            raise Unfit("not_a_choice", {"text": text[:30], "allowed": allowed})
        return table[folded(text)] if text else ""

    return read


def complained(reader: Reader, column: str) -> bool:
    return any(remark.column == column for remark in reader.refusals)


def moment(cell: Cell, reader: Reader) -> datetime | None:
    """The exact time; a day without an hour is the day's beginning, as spreadsheets have it."""
    moment = cells.moment(
        cell,
        reader.zone,
        earliest=EARLIEST,
        latest=reader.today + timedelta(days=366),
        since_1904=reader.sheet.since_1904,
    )
    if moment is None:
        return None
    return moment.at or datetime.combine(moment.day, time(), reader.zone)


def somebody(cell: Cell, house: House) -> int | None:
    """Who did it, by user name or by name; whoever has left did it all the same."""
    text = cells.text(cell, 60, keep_lines=False)
    if not text:
        return None
    found = house.standing.people.get(text.casefold(), ())
    if len(found) > 1:
        raise Unfit("owner_ambiguous", {"name": text[:40]})
    if not found:
        raise Unfit("owner_unknown", {"name": text[:40]})
    return found[0]
