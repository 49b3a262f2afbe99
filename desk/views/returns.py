"""An exported list that came back edited: what each changed cell would do, and the go-ahead."""

from uuid import uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.models import Job, StoredFile
from core.states import JobState
from desk.forms.imports import GoAheadForm
from desk.imports import work as imports
from desk.returning import work
from staff.access import only
from staff.requests import Request
from staff.scope import IMPORTING_ROLES

ROWS_A_PAGE = 50


@only(IMPORTING_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def return_preview(request: Request, pk: int) -> HttpResponse:
    """Old and new of each cell, conflicts with both; the go-ahead writes, with what was ticked."""
    looks = Job.objects.select_related("source").defer("source__content")
    job = get_object_or_404(looks, pk=pk, kind=imports.LOOK, asked_by=request.user)
    if job.state == JobState.FAILED or (job.result and not job.result.get("is_return")):
        raise Http404
    if job.state != JobState.DONE:
        return redirect("core:job", pk=pk)
    kept = get_object_or_404(StoredFile, pk=job.result["preview"], emptied_at=None)
    said = work.read_back(kept.opened())
    form = GoAheadForm(request.POST if request.method == "POST" else None, initial={"key": uuid4()})
    if form.is_valid():
        asked = work.ask_to_write(
            seen=job,
            taken=_taken(request, said),
            by=request.user,
            key=form.cleaned_data["key"],
        )
        return redirect("core:job", pk=asked.pk)
    # Conflicts first, all on one page: what is ticked is sent together.
    rows = sorted(said["rows"], key=lambda row: not _conflicts(row))
    conflicting = sum(map(_conflicts, rows))
    page = Paginator(rows, max(ROWS_A_PAGE, conflicting))
    context = {
        "job": job,
        "form": form,
        "said": said,
        "page": page.get_page(request.GET.get("page")),
    }
    return TemplateResponse(request, "desk/return_preview.html", context)


def _conflicts(row: dict) -> bool:
    return any(edit["is_conflict"] for edit in row["edits"])


def _taken(request: Request, said: dict) -> list[str]:
    """The ticked conflicts, as far as there are such."""
    there = {
        f"{row['pk']}:{edit['field']}"
        for row in said["rows"]
        for edit in row["edits"]
        if edit["is_conflict"]
    }
    return sorted(there & set(request.POST.getlist("take")))
