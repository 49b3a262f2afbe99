"""The two pieces of background work of an import: looking, and writing what was looked at.

The same for every kind of sheet whose columns are told apart in the browser (`Kind`).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from core.models import Job, StoredFile
from core.phones import mask_in_text
from core.services import jobs
from core.services.jobs import TakenOver, Work, store_file
from core.services.once import once
from core.spreadsheets.encodings import UTF8
from core.spreadsheets.headers import Column
from core.spreadsheets.tables import AmbiguousEncoding, Row
from desk.imports import preview, services
from desk.imports.services import Outcome, Request
from desk.imports.sheets import Choices, Opened, open_sheet
from desk.imports.wording import message_of
from staff.models import Person

SAMPLES, SAMPLED_ROWS = 3, 50
# Bytes of a file that is read and compared in less time than a person notices.
SMALL = 200_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, kw_only=True)
class Pages:
    """The names of the pages of an import, and what is said while it is at work and afterwards.

    `rows` is the page of what became of each row, where that is kept.
    """

    home: str
    columns: str
    preview: str
    reading: str
    writing: str
    ended: str
    result: str
    result_label: str
    rows: str = ""


@dataclass(frozen=True, kw_only=True)
class Kind(ABC):
    """One kind of file that comes in.

    `look` and `write` are the tasks, `purpose` the key under which a form counts once.
    """

    look: str
    write: str
    purpose: str
    pages: Pages

    @abstractmethod
    def do_look(self, work: Work, *, now: datetime) -> None:
        """Read the file of a job and say what would become of its rows, or what has to be asked."""

    @abstractmethod
    def do_write(self, work: Work, *, now: datetime) -> None:
        """Bring in what somebody agreed to."""

    def may_look_at_once(self) -> bool:
        """Whether a look would not have to wait for somebody else's import."""
        return True


@dataclass(frozen=True, kw_only=True)
class SheetKind(Kind):
    """One kind of sheet, read alone.

    `prepare` reads a request, `foresee` tells what it would do and that in words, `bring_in` does
    it. `takes_instead` looks at a file that is of another kind after all, and says whether it was.
    """

    columns: Sequence[Column]
    prepare: Callable[..., Any]
    foresee: Callable[[Any], tuple[Outcome, bytes]]
    bring_in: Callable[..., Outcome]
    takes_instead: Callable[[Work, Request, datetime], bool] = lambda work, request, now: False

    def do_look(self, work: Work, *, now: datetime) -> None:
        """See `Kind`."""
        look(self, work, now=now)

    def do_write(self, work: Work, *, now: datetime) -> None:
        """See `Kind`."""
        write(self, work, now=now)


def request_of(job: Job, person: Person) -> Request:
    """What the asker of a look wanted, from the job's row."""
    params: Mapping[str, Any] = job.params
    if job.source is None:
        raise ValueError("a job of an import has its file")
    return Request(
        filename=job.source.name,
        content=job.source.opened(),
        by=person,
        choices=Choices(
            encoding=params.get("encoding", ""),
            columns=params.get("columns"),
            includes_hidden=params.get("includes_hidden", False),
        ),
        store_id=params.get("store"),
        keeper_id=params.get("keeper"),
        most_rows=services.most_rows_of(person),
    )


def look(kind: SheetKind, work: Work, *, now: datetime) -> None:
    """Read a file and say what would become of each row; or what has to be asked first."""
    job = work.job
    request = request_of(job, job.asked_by)
    try:
        if kind.takes_instead(work, request, now):
            return
        opened = open_sheet(request.filename, request.content, request.choices, kind.columns)
    except AmbiguousEncoding as question:
        job.result = asked_for_encoding(question)
        return
    told = _told_of(opened)
    if not opened.is_clear:
        job.result = {**told, "needs": "mapping"}
        return
    outcome, said = kind.foresee(kind.prepare(request, now=now, advance=work.advance))
    kept = store_file(
        name="preview.json", content=said, content_type="application/json", by=job.asked_by
    )
    job.result = {**told, **outcome.counts(), "needs": "", "preview": kept.pk}


def asked_for_encoding(question: AmbiguousEncoding) -> dict[str, Any]:
    """What the page needs that asks in which encoding a file reads well."""
    candidates = [
        {"encoding": found.encoding, "preview": found.preview} for found in question.candidates
    ]
    return {"needs": "encoding", "candidates": candidates}


def _told_of(opened: Opened) -> dict[str, Any]:
    """What was found of the sheet's columns, for the page that asks whether that is right."""
    return {
        "headers": list(opened.headers),
        "header_number": opened.header_number,
        "columns": dict(opened.columns),
        "unknown": list(opened.unknown),
        "missing": list(opened.missing),
        "duplicates": list(opened.duplicates),
        "sheet": opened.table.sheet,
        "encoding": "" if opened.table.encoding in ("", UTF8) else opened.table.encoding,
        "hidden_rows": opened.table.hidden_rows,
        "sample": samples(opened.headers, opened.rows[:SAMPLED_ROWS]),
        "rows": len(opened.rows),
    }


def samples(headers: Sequence[str], rows: Iterable[Row]) -> list[list[str]]:
    """The first values under each header, numbers masked."""
    found: list[list[str]] = [[] for _header in headers]
    for row in rows:
        for values, cell in zip(found, row.cells, strict=False):
            text = mask_in_text(str(cell or "").strip())[:40]
            if text and text not in values and len(values) < SAMPLES:
                values.append(text)
    return found


def write(kind: SheetKind, work: Work, *, now: datetime) -> None:
    """Import what somebody agreed to. Done before, by a worker that died afterwards, it rests."""
    job = work.job
    if "created" in job.result:
        return
    seen = Job.objects.select_related("source").get(pk=job.params["preview"], asked_by=job.asked_by)
    kept = StoredFile.objects.get(pk=seen.result["preview"])
    agreed = preview.read_back(kept.opened())["agreed"]
    prepared = kind.prepare(request_of(seen, job.asked_by), now=now, advance=work.advance)
    with transaction.atomic():
        outcome = kind.bring_in(prepared, source=seen.source, agreed=agreed, advance=work.advance)
        job.output = _errors(job, prepared, outcome)
        job.result = {**outcome.counts(), "message": message_of(outcome.held_back)}
        # Beside the rows, so that a worker that dies right after this has said so.
        if not jobs.mine(job).update(result=job.result, output=job.output):
            raise TakenOver
    work.advance(outcome.read, outcome.read)


def _errors(job: Job, prepared: Any, outcome: Outcome) -> StoredFile | None:
    """The refused rows as a file to mend, if there are any."""
    request: Request = prepared.request
    errors = services.errors_of(prepared.opened, outcome, request)
    if not errors:
        return None
    stem = request.filename.rsplit(".", 1)[0]
    return store_file(
        name=f"{stem}.errors.xlsx", content=errors, content_type=XLSX, by=job.asked_by
    )


@contextmanager
def in_the_askers_language(job_id: int) -> Iterator[None]:
    """What is said about a job is for the one who asked, whatever the worker speaks."""
    asker = Job.objects.filter(pk=job_id).values_list("asked_by__language", flat=True).first()
    with translation.override(asker or translation.get_language() or settings.LANGUAGE_CODE):
        yield


def do_look(kind: Kind, job_id: int) -> None:
    """The body of the task that looks."""
    with in_the_askers_language(job_id), jobs.working(job_id) as work:
        if work is not None:
            kind.do_look(work, now=timezone.now())


def do_write(kind: Kind, job_id: int) -> None:
    """The body of the task that writes."""
    with in_the_askers_language(job_id), jobs.working(job_id) as work:
        if work is not None:
            kind.do_write(work, now=timezone.now())


@transaction.atomic
def ask_to_look(
    kind: Kind,
    *,
    source: StoredFile,
    by: Person,
    store_id: int | None,
    keeper_id: int | None,
    result: str,
    encoding: str = "",
    columns: Mapping[str, Any] | None = None,
    includes_hidden: bool = False,
) -> Job:
    """Queue a look at `source`; the page `result` shows what was found."""
    params = {
        "store": store_id,
        "keeper": keeper_id,
        "encoding": encoding,
        "columns": columns,
        "includes_hidden": includes_hidden,
        "page": {
            "title": kind.pages.reading,
            "result": result,
            "goes_on": True,
            "back": kind.pages.home,
        },
    }
    return jobs.ask(kind=kind.look, by=by, params=params, source=source)


@transaction.atomic
def ask_to_write(kind: Kind, *, seen: Job, by: Person, key: UUID) -> Job:
    """Queue the import of what was looked at; a form sent twice (`key`) asks once."""
    with once(key=key, purpose=kind.purpose, by=by) as form:
        if form.result_id:
            return Job.objects.get(pk=form.result_id)
        params = {
            "preview": seen.pk,
            "page": {
                "title": kind.pages.writing,
                "ended": kind.pages.ended,
                "rows": kind.pages.rows,
                "result": kind.pages.result,
                "result_label": kind.pages.result_label,
                "back": kind.pages.home,
            },
        }
        job = jobs.ask(kind=kind.write, by=by, params=params, source=seen.source)
        form.result_id = job.pk
    return job


def done_at_once(kind: Kind, job: Job) -> Job:
    """A small sheet is looked at while its sender waits; a large one is left to a worker."""
    if job.source and job.source.size <= SMALL and kind.may_look_at_once():
        do_look(kind, job.pk)
        job.refresh_from_db()
    return job
