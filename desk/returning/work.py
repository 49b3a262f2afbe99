"""The two pieces of background work of a sheet that came back: looking, and writing."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.models import Job, StoredFile
from core.services import jobs
from core.services.jobs import TakenOver, Work, store_file
from core.services.once import once
from desk.imports.facts import Remark
from desk.imports.services import Request
from desk.imports.wording import message_of, with_column
from desk.returning import services
from desk.returning.looking import Came, came_back, refuse_unfit, weigh
from desk.returning.weighing import Weighed
from staff.models import Person

WRITE = "desk.tasks.write_return"


def look(work: Work, came: Came, request: Request, *, now: datetime) -> None:
    """Say of each cell what would become of it; kept for the page until it is written."""
    job = work.job
    refuse_unfit(came, request)
    weighed = weigh(came, by=request.by, now=now, looks_up=True)
    outcome = services.outcome_of(came, weighed, updated=len(weighed.edited))
    kept = store_file(
        name="preview.json",
        content=json.dumps(in_words(came, weighed), ensure_ascii=False).encode(),
        content_type="application/json",
        by=job.asked_by,
    )
    job.result = {**outcome.counts(), "needs": "", "is_return": True, "preview": kept.pk}


def in_words(came: Came, weighed: Weighed) -> dict[str, Any]:
    """All that the pages of a preview show, and by which seals the writing knows it again."""
    named = {key: came.match.headers[at] for key, at in came.match.columns.items()}
    said: dict[int, list[str]] = {}
    for remark in weighed.refusals:
        said.setdefault(remark.row, []).append(with_column(remark, named))
    return {
        "rows": [
            {
                "row": row.number,
                "pk": row.pk,
                "name": row.name,
                "edits": [
                    {
                        "field": edit.field,
                        "label": edit.label,
                        "before": edit.before,
                        "after": edit.after,
                        "is_conflict": edit.is_conflict,
                    }
                    for edit in row.edits
                ],
            }
            for row in weighed.edited
        ],
        "refused": [{"row": row, "said": told} for row, told in sorted(said.items())],
        "same": weighed.same,
        "changes": weighed.changes,
        "conflicts": weighed.conflicts,
        "agreed": {str(row.pk): row.seal for row in weighed.edited},
    }


def read_back(content: bytes) -> dict[str, Any]:
    """What `in_words` said."""
    return json.loads(content)


def write(work: Work) -> None:
    """Write what somebody agreed to. Done before, by a worker that died afterwards, it rests."""
    job = work.job
    if "updated" in job.result:
        return
    seen = Job.objects.select_related("source").get(pk=job.params["preview"], asked_by=job.asked_by)
    if seen.source is None:
        raise ValueError("a job of an import has its file")
    kept = StoredFile.objects.get(pk=seen.result["preview"])
    agreed: Mapping[str, str] = read_back(kept.opened())["agreed"]
    came = came_back(
        seen.source.name, seen.source.opened(), encoding=seen.params.get("encoding", "")
    )
    if came is None:
        raise ValueError("a sheet that was looked at is the same afterwards")
    with transaction.atomic():
        outcome = services.write(
            came,
            by=job.asked_by,
            now=timezone.now(),
            source=seen.source,
            agreed=agreed,
            taken=frozenset(job.params["taken"]),
            advance=work.advance,
        )
        job.output = _errors(job, came, outcome.refusals)
        job.result = {**outcome.counts(), "message": message_of(outcome.held_back)}
        if not jobs.mine(job).update(result=job.result, output=job.output):
            raise TakenOver


def _errors(job: Job, came: Came, refusals: Sequence[Remark]) -> StoredFile | None:
    if not refusals or job.source is None:
        return None
    stem = job.source.name.rsplit(".", 1)[0]
    return store_file(
        name=f"{stem}.errors.xlsx",
        content=services.error_sheet(came, refusals),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        by=job.asked_by,
    )


@transaction.atomic
def ask_to_write(*, seen: Job, taken: list[str], by: Person, key: UUID) -> Job:
    """Queue the writing of what was looked at, with the conflicts that somebody ticked."""
    with once(key=key, purpose="write_return", by=by) as form:
        if form.result_id:
            return Job.objects.get(pk=form.result_id)
        params = {
            "preview": seen.pk,
            "taken": sorted(taken),
            "page": {
                "title": gettext_noop("Writing what you changed"),
                "result": "desk:customers",
                "result_label": gettext_noop("To the customers"),
                "back": "desk:import",
            },
        }
        job = jobs.ask(kind=WRITE, by=by, params=params, source=seen.source)
        form.result_id = job.pk
    return job
