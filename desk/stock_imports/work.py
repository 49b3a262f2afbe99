"""Stock from a file, in the background: looking at its sheets, and bringing them in."""

from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from core.models import Job, StoredFile
from core.services import jobs
from core.services.jobs import TakenOver, Work, store_file
from core.services.turns import is_free
from core.spreadsheets.tables import AmbiguousEncoding
from desk.imports import background
from desk.imports.background import (
    SAMPLED_ROWS,
    XLSX,
    Kind,
    Pages,
    asked_for_encoding,
    samples,
)
from desk.stock_imports import preview
from stock.services import importing
from stock.services.importing import Choices, Outcome, Request
from stock.services.importing.books import Book, Part
from stock.services.importing.columns import SHEET_NAMES
from stock.services.importing.remembering import remember
from stock.services.recounting import LEDGER_LOCK

LOOK = "desk.tasks.preview_stock"
WRITE = "desk.tasks.import_stock"


def request_of(job: Job) -> Request:
    """What the asker of a look wanted, from the job's row."""
    if job.source is None:
        raise ValueError("a job of an import has its file")
    store_id = job.params.get("store")
    return Request(
        filename=job.source.name,
        content=job.source.opened(),
        by=job.asked_by,
        store_id=store_id,
        choices=Choices(
            encoding=job.params.get("encoding") or "",
            columns=job.params.get("columns") or {},
            has_office=store_id is not None,
        ),
    )


class StockKind(Kind):
    """A workbook of several sheets, or one of them as text."""

    def do_look(self, work: Work, *, now: datetime) -> None:
        """Read the file and say what would become of each row; or what has to be asked first."""
        job = work.job
        request = request_of(job)
        try:
            book = importing.open_request(request)
        except AmbiguousEncoding as question:
            job.result = asked_for_encoding(question)
            return
        told = {"sheets": [_told_of(part) for part in book.parts.values()]}
        if not all(part.is_clear for part in book.parts.values()):
            job.result = {**told, "needs": "mapping"}
            return
        outcome = importing.foresee(request, book, now=now, advance=work.advance)
        kept = _kept(job, book, outcome)
        job.result = {**told, **totals(outcome), "needs": "", "preview": kept.pk}

    def may_look_at_once(self) -> bool:
        """See `Kind`: a look waits for the import that is at work, which may take minutes."""
        return is_free(LEDGER_LOCK)

    def do_write(self, work: Work, *, now: datetime) -> None:
        """Bring in what was looked at. Done before, by a worker that died afterwards, it rests."""
        job = work.job
        if "created" in job.result:
            return
        looks = Job.objects.select_related("source", "asked_by")
        seen = looks.get(pk=job.params["preview"], asked_by=job.asked_by)
        request = request_of(seen)
        book = importing.open_request(request)
        with transaction.atomic():
            outcome = importing.bring_in(
                request, book, now=now, source=seen.source, advance=work.advance
            )
            _remember(book, request)
            job.output = _errors(request, book, outcome)
            job.result = {**totals(outcome), "preview": _kept(job, book, outcome).pk}
            # Beside the rows, so that a worker that dies right after this has said so.
            if not jobs.mine(job).update(result=job.result, output=job.output):
                raise TakenOver
        work.advance(job.result["read"], job.result["read"])


def totals(outcome: Outcome) -> dict[str, Any]:
    """The counts of all sheets together, and those of each."""
    counts = outcome.counts()
    together = {
        name: sum(sheet[name] for sheet in counts.values())
        for name in ("read", "created", "updated", "unchanged", "refused", "warnings")
    }
    return {**together, "by_sheet": counts}


def _kept(job: Job, book: Book, outcome: Outcome) -> StoredFile:
    """What became of each row, or would become of it, for the pages that show it."""
    said = preview.said_of(book, outcome)
    return store_file(
        name="preview.json", content=said, content_type="application/json", by=job.asked_by
    )


def _told_of(part: Part) -> dict[str, Any]:
    """What was found of a sheet's columns, for the page that asks whether that is right."""
    return {
        "kind": part.kind,
        "name": part.name or SHEET_NAMES[part.kind][0],
        "headers": list(part.headers),
        "header_number": part.header_number,
        "columns": dict(part.columns),
        "unknown": list(part.unknown),
        "computed": list(part.computed),
        "missing": list(part.missing),
        "duplicates": list(part.duplicates),
        "sample": samples(part.headers, islice(part.rows, SAMPLED_ROWS)),
        "rows": part.count,
    }


def _remember(book: Book, request: Request) -> None:
    """What the importer chose for a sheet is chosen for the next one of the same source."""
    for kind in request.choices.columns:
        part = book.parts.get(kind)
        if part is not None:
            remember(kind=kind, headers=part.headers, columns=part.columns, by=request.by)


def _errors(request: Request, book: Book, outcome: Outcome) -> StoredFile | None:
    """The refused rows as a file to mend, if there are any."""
    errors = importing.errors_of(book, outcome)
    if not errors:
        return None
    stem = request.filename.rsplit(".", 1)[0]
    return store_file(name=f"{stem}.errors.xlsx", content=errors, content_type=XLSX, by=request.by)


STOCK = StockKind(
    look=LOOK,
    write=WRITE,
    purpose="import_stock",
    pages=Pages(
        home="desk:import_stock",
        columns="desk:import_stock_columns",
        preview="desk:import_stock_preview",
        reading=gettext_noop("Reading the file"),
        writing=gettext_noop("Bringing stock in"),
        ended=gettext_noop("Import stock"),
        result="stock:board",
        result_label=gettext_noop("To the board of goods"),
        rows="desk:stock_brought_in",
    ),
)


def do_look(job_id: int) -> None:
    """The body of the task that looks."""
    background.do_look(STOCK, job_id)


def do_write(job_id: int) -> None:
    """The body of the task that writes."""
    background.do_write(STOCK, job_id)
