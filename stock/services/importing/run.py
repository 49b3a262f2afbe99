"""One run of an import: what its sheets share, and how rows are told of to people."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from core.spreadsheets.tables import Row
from staff.models import Person
from stock.services.importing.books import Part
from stock.services.importing.cells import Field, Reader, style_number, text
from stock.services.importing.facts import MOST_SHOWN, Remark, SheetOutcome, Shown
from stock.services.importing.names import Offices, Styles
from stock.services.importing.staging import CHANGED, NEW, SAME, Staging
from stock.states import Kind
from stock.wording.importing import RowRefused

EARLIEST = date(2000, 1, 1)
Advance = Callable[[int, int], None]

# Who and what a row is of: the first fields of every sheet of the ledger.
OFFICE, BRAND, STYLE = 0, 1, 2


@dataclass(kw_only=True)
class Run:
    """What all sheets of a file are read with. `writes` is off for a look."""

    by: Person
    now: datetime
    today: date
    writes: bool
    store_id: int | None = None
    advance: Advance = lambda done, total: None
    read_before: int = 0
    total: int = 0
    # What was set up for this file, by the word of its table.
    made: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def offices(self) -> Offices:
        return Offices()

    @cached_property
    def styles(self) -> Styles:
        """Read after the sheet of styles is in."""
        return Styles()

    def tell(self, part_done: float, part: Part) -> None:
        """How far the file is: all of a sheet's own work is as much as reading it once more."""
        self.advance(int(self.read_before + part_done * part.count), max(1, self.total))


def named(needs_office: bool) -> list[Field]:
    """The fields that say of which office and style a row is."""
    return [
        Field(key="office", read=text(60), needed=needs_office, empty=""),
        Field(key="brand", read=text(60), empty=""),
        Field(key="style", read=style_number(60), needed=True, empty=""),
    ]


class Naming:
    """Turns the names of office and style of a row into keys; each is looked up once."""

    def __init__(self, run: Run, refusals: list[Remark]) -> None:
        self._run, self._refusals = run, refusals
        self._offices: dict[str, int | RowRefused] = {}
        self._styles: dict[tuple[str, str], int | RowRefused] = {}

    def keys_of(self, number: int, values: Sequence[Any]) -> tuple[int, int] | None:
        """Office and style of a row; None, with the reasons noted, where they are not known."""
        office = self._office(values[OFFICE])
        style = self._style(values[STYLE], values[BRAND])
        if type(office) is int and type(style) is int:
            return office, style
        for column, found in (("office", office), ("style", style)):
            if isinstance(found, RowRefused):
                self._refusals.append(Remark(number, column, found.code, found.params))
        return None

    def _office(self, name: str) -> int | RowRefused:
        if not name:
            return self._run.store_id or RowRefused("office_missing")
        found = self._offices.get(name)
        if found is None:
            found = self._offices[name] = _looked_up(self._run.offices.called, name)
        return found

    def _style(self, number: str, brand: str) -> int | RowRefused:
        found = self._styles.get((number, brand))
        if found is None:
            found = _looked_up(self._run.styles.called, number, brand)
            self._styles[number, brand] = found
        return found


def _looked_up(find: Callable[..., int], *names: str) -> int | RowRefused:
    try:
        return find(*names)
    except RowRefused as refusal:
        return refusal


def reader_of(part: Part, fields: Sequence[Field]) -> Reader:
    return Reader(fields, part.columns)


def outcome_of(
    reader: Reader, counts: Mapping[str, int], refusals: Sequence[Remark], warnings: list[Remark]
) -> SheetOutcome:
    """The counts of a sheet whose fates are told."""
    return SheetOutcome(
        read=reader.read,
        created=counts.get(NEW, 0),
        updated=counts.get(CHANGED, 0),
        unchanged=counts.get(SAME, 0),
        refusals=sorted(refusals, key=lambda remark: remark.row),
        warnings=sorted([*warnings, *reader.sums], key=lambda remark: remark.row),
    )


def again_told(staging: Staging, contradicts: str, told_twice: str) -> tuple[list, list]:
    """What is said of rows whose key stood in an earlier row: refusals and warnings."""
    refusals, warnings = [], []
    for number, first, fate in staging.again():
        if fate == SAME:
            warnings.append(Remark(number, "", told_twice, {"row": first}))
        else:
            refusals.append(Remark(number, "", contradicts, {"row": first}))
    return refusals, warnings


def shown_of(run: Run, staging: Staging, keys: Mapping[str, str]) -> dict[str, list[Shown]]:
    """The first rows of each fate, in words; `keys` are the sheet's keys of stored columns."""
    said = {}
    for fate in (NEW, CHANGED, SAME):
        said[fate] = [
            Shown(
                row=number,
                name=_name(run, told),
                said=_said(told, keys) if fate == NEW else (),
                changes=_changes(run, told, known, keys) if fate == CHANGED else (),
            )
            for number, told, known in staging.sample(fate, MOST_SHOWN)
        ]
    return said


def _name(run: Run, told: Mapping[str, Any]) -> str:
    office, style = run.offices.names[told["office_id"]], run.styles.numbers[told["style_id"]]
    return f"{style} · {office}"


def _said(told: Mapping[str, Any], keys: Mapping[str, str]) -> list[str]:
    return [in_words(name, told[name]) for name in keys if told[name] not in (None, "")]


def _changes(
    run: Run, told: Mapping[str, Any], known: Mapping[str, Any], keys: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    changes = []
    if told["style_id"] != known["style_id"]:
        numbers = run.styles.numbers
        changes.append(("style", numbers[known["style_id"]], numbers[told["style_id"]]))
    for name, key in keys.items():
        before, after = known[name], told[name]
        if after not in (None, "") and before != after:
            changes.append((key, in_words(name, before), in_words(name, after)))
    return changes


def in_words(name: str, value: Any) -> str:
    """A stored value as a person reads it."""
    if value is None:
        return ""
    if name == "kind":
        return str(Kind(value).label)
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return str(value)


def wide_rows(rows: Iterable[Row], wanted: set[int]) -> list[Row]:
    """The rows of these numbers."""
    return [row for row in rows if row.number in wanted]
