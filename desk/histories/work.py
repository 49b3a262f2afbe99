"""The two pieces of background work of a history: looking, and writing what was looked at."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.models import Job, StoredFile
from core.services import jobs
from core.services.jobs import TakenOver, Work, store_file
from core.services.once import once
from desk.histories import preview, services
from desk.histories.services import Request
from desk.imports.background import SMALL, XLSX, in_the_askers_language
from desk.imports.services import most_rows_of
from staff.models import Person

LOOK = "desk.tasks.preview_history"
WRITE = "desk.tasks.import_history"


def _request(job: Job, person: Person) -> Request:
    if job.source is None:
        raise ValueError("a job of an import has its file")
    return Request(
        filename=job.source.name,
        content=job.source.opened(),
        by=person,
        most_rows=most_rows_of(person),
    )


def look(work: Work) -> None:
    """Read a workbook and say what would become of each row."""
    job = work.job
    prepared = services.prepare(_request(job, job.asked_by), now=timezone.now())
    weighed = services.weigh(prepared, advance=work.advance)
    kept = store_file(
        name="preview.json",
        content=preview.in_words(prepared, weighed),
        content_type="application/json",
        by=job.asked_by,
    )
    job.result = {**services.outcome_of(prepared, weighed).counts(), "preview": kept.pk}


def write(work: Work) -> None:
    """Bring in what somebody has looked at. Done before, by a worker that died, it rests."""
    job = work.job
    if "created" in job.result:
        return
    prepared = services.prepare(_request(job, job.asked_by), now=timezone.now())
    with transaction.atomic():
        outcome, brought = services.import_history(prepared, advance=work.advance)
        job.output = _errors(job, prepared, outcome.refusals)
        job.result = {**outcome.counts(), "history": brought.pk if brought else None}
        if not jobs.mine(job).update(result=job.result, output=job.output):
            raise TakenOver
    work.advance(outcome.read, outcome.read)


def _errors(job: Job, prepared: services.Prepared, refusals) -> StoredFile | None:
    if not refusals:
        return None
    stem = prepared.request.filename.rsplit(".", 1)[0]
    return store_file(
        name=f"{stem}.errors.xlsx",
        content=services.error_sheet(prepared, refusals),
        content_type=XLSX,
        by=job.asked_by,
    )


def do_look(job_id: int) -> None:
    """The body of the task that looks."""
    with in_the_askers_language(job_id), jobs.working(job_id) as work:
        if work is not None:
            look(work)


def do_write(job_id: int) -> None:
    """The body of the task that writes."""
    with in_the_askers_language(job_id), jobs.working(job_id) as work:
        if work is not None:
            write(work)


def ask_to_look(*, source: StoredFile, by: Person) -> Job:
    """Queue a look at `source`; a small one is looked at while its sender waits."""
    page = {
        "title": gettext_noop("Reading the sheet"),
        "result": "desk:history_preview",
        "goes_on": True,
        "back": "desk:histories",
    }
    with transaction.atomic():
        job = jobs.ask(kind=LOOK, by=by, params={"page": page}, source=source)
    if source.size <= SMALL:
        do_look(job.pk)
        job.refresh_from_db()
    return job


@transaction.atomic
def ask_to_write(*, seen: Job, by: Person, key: UUID) -> Job:
    """Queue the import of what was looked at; a form sent twice (`key`) asks once."""
    with once(key=key, purpose="import_history", by=by) as form:
        if form.result_id:
            return Job.objects.get(pk=form.result_id)
        page = {
            "title": gettext_noop("Bringing a history in"),
            "ended": gettext_noop("Bring a history in"),
            "result": "desk:histories",
            "result_label": gettext_noop("To the histories"),
            "back": "desk:histories",
        }
        job = jobs.ask(kind=WRITE, by=by, params={"page": page}, source=seen.source)
        form.result_id = job.pk
    return job
