"""Bringing customers in: look first, then write all of it or nothing.

An import works in this order: read the file; take the lock of imports; compare with what stands;
hold the customers who change; write; tell the engine of follow-up. Of two imports at once the
second waits and then finds the first one's customers; a customer registered by hand in between is
caught by the unique key of the numbers, and the import looks again.
"""

import hashlib
import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from core.models import StoredFile
from core.services import audit
from core.spreadsheets.write import refusal_sheet
from customers.services.bulk import CardFacts, add_customers, change_customers
from desk.imports import standing
from desk.imports.columns import COLUMNS
from desk.imports.directory import Directory, directory
from desk.imports.facts import Change, Comparison, Defaults, Fate, Remark
from desk.imports.fates import compare
from desk.imports.rows import Sheet
from desk.imports.sheets import (
    Advance,
    Choices,
    Opened,
    Reading,
    open_sheet,
    read_rows,
    refuse_unclear,
)
from desk.imports.wording import ImportRefused, with_column
from followups import services as followups
from staff.models import Person
from staff.scope import IMPORTING_ROLES, Reach
from staff.services.stores_import import import_stores
from staff.states import SALES_ROLES, UNIT_MANAGER_ROLES, Role

# One import of customers writes at a time; the others wait for it.
IMPORT_LOCK = 7_201_004
LONGEST_WAIT_SECONDS = 600.0
TURN_SECONDS, TURNS_A_BEAT = 0.2, 50
MOST_TRIES = 3
# Unique key taken, deadlock, serialisation, lock not to be had.
LOOK_AGAIN = ("23505", "40P01", "40001", "55P03")
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
    reading: Reading
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
    opened = open_sheet(request.filename, request.content, request.choices)
    refuse_unclear(opened)
    if request.most_rows and len(opened.rows) > request.most_rows:
        raise ImportRefused.because("too_many_rows", limit=request.most_rows, rows=len(opened.rows))
    notes = _stores_first(opened, by=by, now=now)
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
        opened=replace(opened, notes=[*notes, *opened.notes]),
        reading=read_rows(opened, sheet, request.choices, advance),
        directory=known,
        reach=reach,
        defaults=defaults,
        now=now,
    )


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


def digest(fate: Fate) -> str:
    """A mark of what a fate does, to tell whether it is still what somebody agreed to."""
    if fate.is_new:
        return "new"
    told = "\n".join(sorted(_line(change) for change in fate.changes))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _line(change: Change) -> str:
    after = change.after
    if isinstance(after, Mapping) and isinstance(after.get("referrer_id"), int):
        after = "somebody" if after["referrer_id"] < 0 else after
    return f"{change.column}: {change.before!r} -> {after!r}"


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
    for attempt in range(1, MOST_TRIES + 1):
        try:
            return _import_once(prepared, source, agreed, advance)
        except (IntegrityError, OperationalError) as error:
            # Somebody registered one of these numbers, or worked on one of these customers, at
            # the same moment; their work stands, and the import looks again.
            if getattr(error.__cause__, "pgcode", "") not in LOOK_AGAIN:
                raise
            if attempt == MOST_TRIES:
                raise ImportRefused.because("busy") from error
    raise AssertionError("unreachable")


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
    fates, held_back = _agreed_only(comparison.fates, agreed)

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


def take_the_lock(beat: Callable[[], None]) -> None:
    """Wait for other imports, and be allowed to think while holding the lock.

    Who waits says so (`beat`), else the job would be thought dead and given to a second worker.
    Raises ImportRefused after ten minutes.
    """
    give_up_at = time.monotonic() + LONGEST_WAIT_SECONDS
    with connection.cursor() as cursor:
        # Less than the time after which a job without a heartbeat is taken up by another.
        cursor.execute("SET LOCAL lock_timeout = '2min'")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
        for turn in itertools.count():
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [IMPORT_LOCK])
            is_ours = cursor.fetchone()[0]
            if is_ours or turn % TURNS_A_BEAT == 0:
                beat()
            if is_ours:
                return
            if time.monotonic() > give_up_at:
                raise ImportRefused.because("busy")
            time.sleep(TURN_SECONDS)


def _agreed_only(
    fates: Sequence[Fate], agreed: Mapping[str, str] | None
) -> tuple[list[Fate], list[Remark]]:
    """The fates that are as somebody saw them, and the rows held back because they are not."""
    if agreed is None:
        return list(fates), []
    surprising = {
        fate.rows[0]
        for fate in fates
        if not fate.is_same and agreed.get(str(fate.rows[0])) != digest(fate)
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


def error_sheet(prepared: Prepared, refusals: Sequence[Remark]) -> bytes:
    """The refused rows as a workbook that can be mended and sent in again.

    Columns chosen by hand carry our own names there, so that they are recognised the next time.
    """
    reasons: dict[int, list[str]] = {}
    for remark in refusals:
        reasons.setdefault(remark.row, []).append(with_column(remark, prepared.opened.named))
    names = {column.key: column.names[0] for column in COLUMNS}
    headers = list(prepared.opened.headers)
    if prepared.request.choices.columns is not None:
        for key, index in prepared.opened.columns.items():
            headers[index] = names[key]
    rows = [prepared.reading.by_number[number] for number in reasons]
    return refusal_sheet(headers, rows, ["\n".join(said) for said in reasons.values()])
