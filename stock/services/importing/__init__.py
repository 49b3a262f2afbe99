"""Bringing stock in: styles, the ledger, prices, what is on the way and what was asked for.

A file is brought in within one transaction under the ledger's lock: of two at once the second waits
and then finds the first one's rows. What is looked at is reckoned the same way and taken back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from core.labels import labelled
from core.models import StoredFile
from core.services import audit
from core.services.turns import take_the_turn
from core.spreadsheets.summary import ImportSummary
from core.spreadsheets.write import OutSheet, refused_rows, write_workbook
from staff.models import Person
from staff.scope import STOCK_ROLES
from staff.services.stores_import import import_stores
from staff.states import Role
from stock.services.figure_sets import ask_standing
from stock.services.importing import masters, movements, places
from stock.services.importing.books import (
    Book,
    Choices,
    Part,
    open_book,
    refuse_unclear,
)
from stock.services.importing.columns import (
    COLUMNS,
    IN_TRANSIT,
    LABELS,
    MOVEMENTS,
    PRICES,
    REQUESTS,
    SHEET_NAMES,
    STYLES,
)
from stock.services.importing.facts import Remark, SheetOutcome
from stock.services.importing.remembering import remembered
from stock.services.importing.run import Advance, Run, wide_rows
from stock.services.recounting import LEDGER_LOCK
from stock.wording.importing import StockNotImported, sentence

BRING_IN: Mapping[str, Callable[[Run, Part], SheetOutcome]] = {
    STYLES: masters.bring_in,
    MOVEMENTS: movements.bring_in,
    PRICES: places.bring_prices,
    IN_TRANSIT: places.bring_in_transit,
    REQUESTS: places.bring_requests,
}


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is to be brought in, in whose name, and of which office rows are that name none."""

    filename: str
    content: bytes
    by: Person
    choices: Choices = field(default_factory=Choices)
    store_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an import did, or would do, sheet by sheet; `notes` are of the file as a whole."""

    sheets: Mapping[str, SheetOutcome]
    notes: Sequence[Remark] = ()
    stores: ImportSummary | None = None  # of the sheet 门店, where it was read

    @property
    def refused(self) -> int:
        return sum(sheet.refused for sheet in self.sheets.values())

    @property
    def writes(self) -> int:
        """How many rows become different, with those that are no longer on their way."""
        told = [one.created + one.updated + one.removed for one in self.sheets.values()]
        stores = self.stores.created + self.stores.updated if self.stores else 0
        return sum(told) + stores

    def counts(self) -> dict[str, dict[str, int]]:
        return {kind: sheet.counts() for kind, sheet in self.sheets.items()}


def open_request(request: Request) -> Book:
    """The file as this importer may read it. Raises SheetRefused and StockNotImported."""
    by = request.by
    if not by.is_system and by.role not in STOCK_ROLES:
        raise StockNotImported.because("not_yours")
    return open_book(request.filename, request.content, request.choices, remembered)


def import_workbook(
    content: bytes, *, filename: str, by: Person, now: datetime, store_id: int | None = None
) -> Outcome:
    """Bring a file in at once. Raises SheetRefused and StockNotImported."""
    choices = Choices(has_office=store_id is not None)
    request = Request(filename=filename, content=content, by=by, store_id=store_id, choices=choices)
    return bring_in(request, open_request(request), now=now)


@transaction.atomic
def bring_in(
    request: Request,
    book: Book,
    *,
    now: datetime,
    source: StoredFile | None = None,
    advance: Advance = lambda done, total: None,
) -> Outcome:
    """Write what the file says: all that is not refused, or nothing. Raises StockNotImported."""
    outcome = _run(request, book, now=now, advance=advance, writes=True)
    audit.record(
        verb="import_stock", of=source or request.by, by=request.by, counts=outcome.counts()
    )
    if outcome.writes:
        ask_standing(now=now)
    return outcome


def foresee(
    request: Request,
    book: Book,
    *,
    now: datetime,
    advance: Advance = lambda done, total: None,
) -> Outcome:
    """What an import would do now; nothing stays. Raises StockNotImported."""
    with transaction.atomic():
        outcome = _run(request, book, now=now, advance=advance, writes=False)
        transaction.set_rollback(True)
    return outcome


def _run(request: Request, book: Book, *, now: datetime, advance: Advance, writes: bool) -> Outcome:
    refuse_unclear(book)
    run = Run(
        by=request.by,
        now=now,
        today=timezone.localdate(now),
        writes=writes,
        store_id=request.store_id,
        advance=advance,
        total=2 * book.count,
    )
    if not take_the_turn(LEDGER_LOCK, lambda: advance(0, run.total)):
        raise StockNotImported.because("busy")
    stores, said = _stores_first(book, by=request.by, now=now)
    sheets = {}
    for kind, part in book.parts.items():
        try:
            outcome = sheets[kind] = BRING_IN[kind](run, part)
        except DataError as error:
            raise StockNotImported.because("too_large") from error
        except IntegrityError as error:
            # Somebody set up one of these brands or styles by hand at the same moment.
            raise StockNotImported.because("busy") from error
        outcome.warnings[:0] = _of_the_sheet(part)
        run.read_before += 2 * part.count
    return Outcome(sheets=sheets, notes=[*book.notes, *said], stores=stores)


def _stores_first(
    book: Book, *, by: Person, now: datetime
) -> tuple[ImportSummary | None, list[Remark]]:
    """Set up the stores that the workbook carries; what became of them, and what to say of it."""
    if book.stores is None:
        return None, []
    if by.role != Role.ADMIN:
        return None, [Remark(0, "", "stores_not_read")]
    summary = import_stores(book.stores, by=by, now=now, dry_run=False)
    said = [
        Remark(0, "", "store_row", {"row": note.row, "said": f"{note.column}: {note.text}"})
        for note in (*summary.refusals, *summary.notes)
    ]
    return summary, said


def _of_the_sheet(part: Part) -> list[Remark]:
    """What was left aside of a sheet, said once."""
    found = []
    if part.computed:
        found.append(Remark(0, "", "computed_ignored", {"columns": ", ".join(part.computed)}))
    if part.unknown:
        found.append(Remark(0, "", "columns_ignored", {"columns": ", ".join(part.unknown)}))
    if part.hidden_rows:
        found.append(Remark(0, "", "hidden_rows_read", {"count": part.hidden_rows}))
    return found


def in_words(remark: Remark, part: Part | None = None) -> str:
    """A remark as a sentence, behind the header that it is about."""
    said = sentence(remark.code, remark.params)
    if not remark.column:
        return said
    header = part.named.get(remark.column) if part else None
    return labelled(header or label(remark.column), said)


def label(key: str) -> str:
    """A column's name in the reader's language."""
    return str(LABELS.get(key, key))


def errors_of(book: Book, outcome: Outcome) -> bytes:
    """The refused rows as a workbook that can be mended and sent in again; nothing without any.

    Columns chosen by hand carry our own names there, so that they are recognised the next time.
    """
    sheets = [
        _error_sheet(book.parts[kind], sheet)
        for kind, sheet in outcome.sheets.items()
        if sheet.refusals
    ]
    return write_workbook(sheets) if sheets else b""


def _error_sheet(part: Part, outcome: SheetOutcome) -> OutSheet:
    reasons: dict[int, list[str]] = {}
    for remark in outcome.refusals:
        reasons.setdefault(remark.row, []).append(in_words(remark, part))
    headers = list(part.headers)
    if part.is_chosen:
        names = {column.key: column.names[0] for column in COLUMNS[part.kind]}
        for key, index in part.columns.items():
            headers[index] = names[key]
    rows = wide_rows(part.rows, set(reasons))
    said = ["\n".join(reasons[row.number]) for row in rows]
    return refused_rows(headers, rows, said, name=SHEET_NAMES[part.kind][0])
