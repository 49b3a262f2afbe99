"""A sheet of rows that leaves the house: asked for with a reason, counted, marked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from core.listing.export import (
    FileKind,
    ListNotExported,
    Mark,
    claim_rows,
    claimed_params,
    keep_export,
)
from core.listing.forms import ExportForm
from core.models import Job
from core.services import jobs
from core.spreadsheets.write import OutSheet, write_csv, write_workbook
from core.views import list_file
from staff.export_limits import rows_a_day
from staff.requests import Request


@dataclass(frozen=True, kw_only=True)
class Later:
    """How a sheet of more than `most_at_once` rows is made: by the task `kind`, of the page at
    `query`; `page` is for the page of jobs.
    """

    kind: str
    most_at_once: int
    query: str
    page: Mapping[str, str]


def hand_out(
    request: Request,
    *,
    name: str,
    rows: int,
    make: Callable[[Mark], OutSheet],
    back_url: str,
    later: Later | None = None,
    **told: object,
) -> HttpResponse:
    """The form that asks why, and then the sheet that `make` makes under its mark.

    `name` is the file's, `told` stands on the trail beside it. A long one is made `later`, where
    that is said; `keep_sheet` keeps it.
    """
    form, now = ExportForm(request.POST or None), timezone.now()
    most = rows_a_day(request.reach)
    if form.is_valid():
        kind = FileKind(form.cleaned_data["kind"])
        try:
            mark = claim_rows(
                name=name,
                rows=rows,
                by=request.user,
                reason=form.cleaned_data["reason"],
                kind=kind,
                rows_a_day=most,
                now=now,
                **told,
            )
        except ListNotExported as refusal:
            form.add_error(None, str(refusal))
        else:
            if later is not None and rows > later.most_at_once:
                asked = claimed_params(
                    later.query, rows=rows, kind=kind, mark=mark, page=later.page
                )
                job = jobs.ask(kind=later.kind, by=request.user, params=asked)
                return redirect("core:job", pk=job.pk)
            content = _content(make(mark), kind)
            return list_file(content, kind=kind, name=_file_name(name, mark, kind))
    blank = Mark(name="", account="", at=now, reason="", batch="")
    context = {
        "list": {"total": rows},
        "form": form,
        "headings": _headers(make(blank)),
        "rows_a_day": most,
        "back_url": back_url,
    }
    return TemplateResponse(request, "core/listing/export.html", context)


def keep_sheet(job: Job, sheet: OutSheet, mark: Mark, *, name: str) -> dict[str, object]:
    """Write the sheet that was claimed for a job, and keep it for its asker; the job's result."""
    kind = FileKind(job.params["kind"])
    return keep_export(job, _content(sheet, kind), name=_file_name(name, mark, kind))


def _file_name(name: str, mark: Mark, kind: FileKind) -> str:
    return f"{name}-{timezone.localtime(mark.at):%Y%m%d-%H%M}.{kind}"


def _headers(sheet: OutSheet) -> list[str]:
    return [head if isinstance(head, str) else head.header for head in sheet.columns]


def _content(sheet: OutSheet, kind: FileKind) -> bytes:
    if kind == FileKind.CSV:
        return write_csv(_headers(sheet), sheet.rows)
    return write_workbook([sheet])
