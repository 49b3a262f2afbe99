"""Decides cell by cell what becomes of a sheet that came back; nothing is touched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.input_refused import InputRefused
from core.phones import Phone, mask_in_text
from core.spreadsheets.tables import Cell, CellFault, Row
from customers.models import Customer
from desk.imports.facts import Remark
from desk.imports.rows import Reader
from desk.returning import marks
from desk.returning.fields import FIELDS, Field
from desk.returning.marks import Mark

LONGEST_SHOWN = 120


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One cell that somebody changed: what the card says now, and what the cell says.

    A conflict where the card says something else than when the sheet left.
    """

    field: str
    label: str
    before: str
    after: str
    values: Mapping[str, Any]
    is_conflict: bool = False

    @property
    def name(self) -> str:
        return self.field


@dataclass(frozen=True, kw_only=True)
class EditedRow:
    """One row with the cells that somebody changed."""

    number: int
    pk: int
    name: str
    edits: Sequence[Edit] = ()

    @property
    def seal(self) -> str:
        """What the row would do, to tell whether it is still what was agreed to."""
        told = [
            (edit.field, edit.is_conflict, edit.before, sorted(map(str, edit.values.items())))
            for edit in self.edits
        ]
        return marks.seal_of(self.pk, told)


@dataclass(kw_only=True)
class Weighed:
    """What becomes of the rows of a sheet that came back."""

    edited: list[EditedRow] = field(default_factory=list)
    same: int = 0
    refusals: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)

    @property
    def changes(self) -> int:
        return sum(not edit.is_conflict for row in self.edited for edit in row.edits)

    @property
    def conflicts(self) -> int:
        return sum(edit.is_conflict for row in self.edited for edit in row.edits)


@dataclass(frozen=True, kw_only=True)
class Known:
    """A customer whom a row speaks of, as things stand now."""

    customer: Customer
    texts: Mapping[str, Cell]  # code → what an export would say
    numbers: frozenset[bytes] = frozenset()


def edits_of(
    row: Row, columns: Mapping[str, int], mark: Mark, known: Known, reader: Reader
) -> list[Edit]:
    """The cells of a row that say something else than when they left, and than the card does."""
    edits = []
    for each in FIELDS:
        if each.key not in columns or each.code not in mark.digests:
            continue
        cell = row.cell(columns[each.key])
        if mark.is_same(known.customer.pk, each.code, cell):
            continue
        try:
            values = each.read("" if cell is None else cell, known.customer, reader)
        except InputRefused as refusal:
            reader.refuse(each.key, refusal.code, **refusal.params)
            continue
        if not _says_something_new(each, values, known):
            continue
        edits.append(_edit(each, cell, values, mark, known))
    return edits


def _says_something_new(each: Field, values: Mapping[str, Any], known: Known) -> bool:
    if "phones" in values:
        return bool(values["phones"])
    return dict(values) != each.stands(known.customer)


def _edit(each: Field, cell: Cell, values: Mapping[str, Any], mark: Mark, known: Known) -> Edit:
    now = known.texts.get(each.code)
    is_known = mark.is_same(known.customer.pk, each.code, now)
    return Edit(
        field=each.key,
        label=each.heading,
        before=_shown(now),
        after=_numbers(values["phones"]) if "phones" in values else _shown(cell),
        values=values,
        is_conflict=not is_known and "phones" not in values,
    )


def _numbers(phones: Sequence[Phone]) -> str:
    return ", ".join(phone.masked for phone in phones)


def _shown(cell: Cell) -> str:
    """A cell as a page shows it: numbers masked, long texts cut."""
    if isinstance(cell, CellFault):
        return ""
    text = mask_in_text(marks.plain(cell))
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
