"""Bringing customers in: look first, then write all of it or nothing.

An import works in this order: read the file; take the lock of imports; compare with what stands;
hold the customers who change; write; tell the engine of follow-up. Of two imports at once the
second waits and then finds the first one's customers; a customer registered by hand in between is
caught by the unique key of the numbers, and the import looks again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.models import StoredFile
from core.services import audit
from core.spreadsheets.headers import Column
from core.spreadsheets.write import refusal_sheet
from customers.services.bulk import CardFacts, add_customers, change_customers
from desk.imports import standing
from desk.imports.columns import COLUMNS
from desk.imports.directory import Directory, directory
from desk.imports.facts import Comparison, CustomerRow, Defaults, Fate, Remark
from desk.imports.fates import compare
from desk.imports.rows import Sheet, read_row
from desk.imports.sheets import (
    Advance,
    Choices,
    Opened,
    Reading,
    open_sheet,
    read_rows,
    refuse_unclear,
)
from desk.imports.turns import looking_again, take_the_lock
from desk.imports.wording import ImportRefused, with_column
from followups import services as followups
from staff.models import Person
from staff.scope import IMPORTING_ROLES, Reach
from staff.services.stores_import import import_stores
from staff.states import SALES_ROLES, UNIT_MANAGER_ROLES, Role

# How many rows those who lead a store or team may bring in at a time (reliability, §3).
MOST_ROWS_OF_A_UNIT = 2_000


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is to be brought in, in whose name, and what fills the rows that leave it open."""

    filename: str
    content: bytes
    by: Person
    choices: Choices = field(default_factory=Choices)
    store_id: int | None = None
    keeper_id: int | None = None
    most_rows: int | None = None


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A file read, with all that comparing it needs."""

    request: Request
    opened: Opened
    reading: Reading[CustomerRow]
    directory: Directory
    reach: Reach
    defaults: Defaults
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an import did, or would do."""

    read: int
    created: int
    updated: int
    unchanged: int
    refusals: Sequence[Remark]
    warnings: Sequence[Remark]
    held_back: int = 0

    @property
    def refused(self) -> int:
        return len({(remark.sheet, remark.row) for remark in self.refusals})

    def counts(self) -> dict[str, int]:
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "warnings": len(self.warnings),
        }


def most_rows_of(person: Person) -> int | None:
    """How many rows this person may bring in at a time; None where there is no limit."""
    return MOST_ROWS_OF_A_UNIT if person.role in UNIT_MANAGER_ROLES else None


def prepare(
    request: Request, *, now: datetime, advance: Advance = lambda done, total: None
) -> Prepared:
    """Read the file as this importer may read it. Raises SheetRefused and ImportRefused.

    A sheet 门店 is read first, and written, where the importer is one who sets up stores: in the
    caller's transaction.
    """
    by = request.by
    if not by.is_system and by.role not in IMPORTING_ROLES | set(SALES_ROLES):
        raise ImportRefused.because("not_yours")
    opened = open_for(request, COLUMNS, now=now)
    reach = standing.importer_reach(by, today=timezone.localdate(now))
    known = directory(reach)
    defaults = _defaults(request, known)
    sheet = Sheet(
        columns=opened.columns,
        directory=known,
        now=now,
        zone=known.zones.get(defaults.store_id or 0) or ZoneInfo(settings.TIME_ZONE),
        since_1904=opened.table.since_1904,
    )
    return Prepared(
        request=request,
        opened=opened,
        reading=read_rows(opened, lambda row: read_row(row, sheet), request.choices, advance),
        directory=known,
        reach=reach,
        defaults=defaults,
        now=now,
    )


def open_for(request: Request, wanted: Sequence[Column], *, now: datetime) -> Opened:
    """The sheet with the `wanted` columns, its stores set up. Raises SheetRefused, ImportRefused.

    For a caller who has asked whether the importer may.
    """
    opened = open_sheet(request.filename, request.content, request.choices, wanted)
    refuse_unclear(opened)
    if request.most_rows and len(opened.rows) > request.most_rows:
        raise ImportRefused.because("too_many_rows", limit=request.most_rows, rows=len(opened.rows))
    notes = _stores_first(opened, by=request.by, now=now)
    return replace(opened, notes=[*notes, *opened.notes])


def _stores_first(opened: Opened, *, by: Person, now: datetime) -> list[Remark]:
    """Set up the stores that the workbook carries; what was noticed about them."""
    if opened.stores is None:
        return []
    if by.role != Role.ADMIN:
        return [Remark(row=0, column="", code="stores_not_read")]
    summary = import_stores(opened.stores, by=by, now=now, dry_run=False)
    return [
        Remark(
            row=0,
            column="",
            code="store_row",
            params={"row": note.row, "said": f"{note.column}: {note.text}"},
        )
        for note in (*summary.refusals, *summary.notes)
    ]


def _defaults(request: Request, known: Directory) -> Defaults:
    """The store and keeper of new customers whose row names none.

    A salesperson keeps what they bring; anybody else only where they chose so.
    """
    if request.store_id and request.store_id not in known.store_names:
        raise ImportRefused.because("store_not_yours")
    keeper = request.keeper_id
    if keeper and keeper not in known.keepers:
        raise ImportRefused.because("keeper_not_yours")
    if keeper is None and request.by.role in SALES_ROLES and not request.by.is_system:
        keeper = request.by.pk
    return Defaults(store_id=request.store_id or known.only_store_id, owner_id=keeper)


def weigh(prepared: Prepared) -> Comparison:
    """What would become of each row, as things stand now; nothing is touched."""
    rows = prepared.reading.rows
    return compare(
        rows,
        standing.standing_of(rows, reach=prepared.reach),
        defaults=prepared.defaults,
        key_of=standing.key_of,
        today=timezone.localdate(prepared.now),
    )


def import_customers(
    prepared: Prepared,
    *,
    source: StoredFile | None,
    agreed: Mapping[str, str] | None = None,
    advance: Advance = lambda done, total: None,
) -> Outcome:
    """Write what the sheet says: all of it, or nothing.

    `agreed` (first row → digest) is what somebody saw in a preview: a customer who would now be
    changed otherwise is held back and comes back as a refused row. Raises ImportRefused.
    """
    return looking_again(lambda: _import_once(prepared, source, agreed, advance))


@transaction.atomic
def _import_once(
    prepared: Prepared,
    source: StoredFile | None,
    agreed: Mapping[str, str] | None,
    advance: Advance,
) -> Outcome:
    total = prepared.reading.count
    take_the_lock(lambda: advance(total // 2, total))
    comparison = weigh(prepared)
    changing = [fate.facts.id for fate in comparison.fates if fate.facts.id and fate.changes]
    if changing:
        followups.hold(changing)
        comparison = weigh(prepared)
    advance(total * 6 // 10, total)
    fates, held_back = agreed_only(comparison.fates, agreed)

    origin = {"import": source.pk} if source else {}
    by, now = prepared.request.by, prepared.now
    new = [fate for fate in fates if fate.is_new]
    changed = [fate for fate in fates if fate.changes]
    facts = _with_ids_of(new, fates)
    ids = add_customers([facts[id(fate)] for fate in new], by=by, now=now, origin=origin)
    change_customers(
        [facts[id(fate)] for fate in changed], by=by, now=now, origin=origin, new_ids=ids
    )
    advance(total * 8 // 10, total)
    _tell_the_engine(new, ids, changed, by=by, now=now)

    outcome = _outcome(prepared, fates, comparison, held_back)
    audit.record(verb="import_customers", of=source or by, by=by, counts=outcome.counts())
    return outcome


class Weighed(Protocol):
    """What becomes of one thing of a sheet: the rows that speak of it, whether it stays as it is,
    and a mark of what it does, to tell whether it is still what somebody agreed to.
    """

    @property
    def rows(self) -> tuple[int, ...]: ...
    @property
    def is_same(self) -> bool: ...
    @property
    def digest(self) -> str: ...


OneFate = TypeVar("OneFate", bound=Weighed)


def agreed_only(
    fates: Sequence[OneFate], agreed: Mapping[str, str] | None
) -> tuple[list[OneFate], list[Remark]]:
    """The fates that are as somebody saw them, and the rows held back because they are not."""
    if agreed is None:
        return list(fates), []
    surprising = {
        fate.rows[0]
        for fate in fates
        if not fate.is_same and agreed.get(str(fate.rows[0])) != fate.digest
    }
    held_back = [
        Remark(row=row, column="", code="changed_since_preview")
        for fate in fates
        if fate.rows[0] in surprising
        for row in fate.rows
    ]
    return [fate for fate in fates if fate.rows[0] not in surprising], held_back


def _with_ids_of(new: Sequence[Fate], fates: Sequence[Fate]) -> dict[int, CardFacts]:
    """The facts of each fate, with referrers among the new customers numbered as written."""
    place = {fate.position: index for index, fate in enumerate(new, start=1)}
    facts: dict[int, CardFacts] = {}
    for fate in fates:
        referrer = fate.facts.card.get("referrer_id")
        facts[id(fate)] = fate.facts
        if isinstance(referrer, int) and referrer < 0:
            number = place.get(-referrer)
            card = {**fate.facts.card, "referrer_id": -number if number else None}
            facts[id(fate)] = replace(fate.facts, card=card)
    return facts


def _tell_the_engine(
    new: Sequence[Fate],
    ids: Sequence[int],
    changed: Sequence[Fate],
    *,
    by: Person,
    now: datetime,
) -> None:
    """Plans start and next steps open; the beat makes what is due within a minute."""
    fates = [*zip(ids, new, strict=True)]
    fates += [(fate.facts.id, fate) for fate in changed if fate.facts.id]
    if not fates:
        return
    steps = [
        followups.ImportedStep(customer_id=pk, on=fate.next_on, text=fate.next_step)
        for pk, fate in fates
        if fate.next_on
    ]
    followups.bring_in(customer_ids=[pk for pk, _fate in fates], next_steps=steps, by=by, now=now)


def _outcome(
    prepared: Prepared,
    fates: Sequence[Fate],
    comparison: Comparison,
    held_back: Sequence[Remark],
) -> Outcome:
    refusals = [*prepared.reading.refusals, *comparison.refusals, *held_back]
    refusals.sort(key=lambda remark: remark.row)
    warnings = [*prepared.opened.notes, *prepared.reading.warnings, *comparison.warnings]
    warnings.sort(key=lambda remark: remark.row)
    created = sum(fate.is_new for fate in fates)
    updated = sum(bool(fate.changes) for fate in fates)
    refused = len({remark.row for remark in refusals})
    return Outcome(
        read=prepared.reading.count,
        created=created,
        updated=updated,
        unchanged=prepared.reading.count - created - updated - refused,
        refusals=refusals,
        warnings=warnings,
        held_back=len(held_back),
    )


def foresee(prepared: Prepared) -> tuple[Comparison, Outcome]:
    """What an import would do now."""
    comparison = weigh(prepared)
    return comparison, _outcome(prepared, comparison.fates, comparison, ())


def errors_of(opened: Opened, outcome: Outcome, request: Request) -> bytes:
    """The refused rows as a workbook that can be mended and sent in again; nothing without any.

    Columns chosen by hand carry our own names there, so that they are recognised the next time.
    """
    if not outcome.refusals:
        return b""
    reasons: dict[int, list[str]] = {}
    for remark in outcome.refusals:
        reasons.setdefault(remark.row, []).append(with_column(remark, opened.named))
    names = {column.key: column.names[0] for column in opened.wanted}
    headers = list(opened.headers)
    if request.choices.columns is not None:
        for key, index in opened.columns.items():
            headers[index] = names[key]
    by_number = {row.number: row for row in opened.rows}
    rows = [by_number[number] for number in reasons]
    return refusal_sheet(headers, rows, ["\n".join(said) for said in reasons.values()])
