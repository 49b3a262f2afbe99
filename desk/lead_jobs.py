"""A sheet of leads that somebody sends in from the browser, taken in by a worker."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.models import Job, StoredFile
from core.services import jobs
from core.services.jobs import Work, store_file
from core.services.once import once
from customers.models import LeadSource
from desk.imports.background import SMALL, XLSX, in_the_askers_language
from desk.lead_sheets import import_leads, message_of
from staff.models import Person

TASK = "desk.tasks.import_leads"


@transaction.atomic
def ask_to_import(*, source: StoredFile, origin: LeadSource, by: Person, key: UUID) -> Job:
    """Queue the sheet; a form sent twice (`key`) asks once."""
    with once(key=key, purpose="import_leads", by=by) as form:
        if form.result_id:
            return Job.objects.get(pk=form.result_id)
        params = {
            "origin": origin.pk,
            "page": {
                "title": gettext_noop("Taking leads in"),
                "ended": gettext_noop("Send in a sheet of leads"),
                "result": "desk:leads",
                "result_label": gettext_noop("To the leads"),
                "back": "desk:lead_import",
            },
        }
        job = jobs.ask(kind=TASK, by=by, params=params, source=source)
        form.result_id = job.pk
    return job


def work_off(work: Work, *, now: datetime) -> None:
    """Take the sheet in. A worker that died half-way is made up for: an id is one lead."""
    job = work.job
    if job.source is None:
        raise ValueError("a job of an import has its file")
    origin = LeadSource.objects.get(pk=job.params["origin"])
    sheet = import_leads(
        job.source.name, job.source.opened(), origin=origin, by=job.asked_by, now=now
    )
    summary = sheet.summary
    counts = {key: value for key, value in summary.as_json().items() if isinstance(value, int)}
    job.result = {**counts, "message": message_of(summary)}
    if content := sheet.errors():
        stem = job.source.name.rsplit(".", 1)[0]
        job.output = store_file(
            name=f"{stem}.errors.xlsx", content=content, content_type=XLSX, by=job.asked_by
        )
    work.advance(summary.read, summary.read)


def do_import(job_id: int) -> None:
    """The body of the task."""
    with in_the_askers_language(job_id), jobs.working(job_id) as work:
        if work is not None:
            work_off(work, now=timezone.now())


def done_at_once(job: Job) -> Job:
    """A small sheet is taken in while its sender waits; a large one is left to a worker."""
    if job.source and job.source.size <= SMALL // 10:
        do_import(job.pk)
        job.refresh_from_db()
    return job
