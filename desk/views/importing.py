"""The steps of an import in the browser, the same for every kind of sheet."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.models import Job, StoredFile
from core.services.jobs import store_file
from core.states import JobState
from desk.forms.imports import ColumnsForm, EncodingForm, GoAheadForm
from desk.imports import background
from desk.imports import preview as previews
from desk.imports.background import Kind, SheetKind
from staff.requests import Request

MOST_PAST = 20
ROWS_A_PAGE = 50


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is bound to: all that was sent, even if that is nothing; None before."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def brought_in_before(kind: Kind, request: Request):
    """What this person brought in before, the latest first."""
    past = Job.objects.filter(kind=kind.write, asked_by=request.user).select_related("source")
    return past.defer("source__content").order_by("-asked_at", "-pk")[:MOST_PAST]


def look_at(kind: Kind, request: Request, told: Mapping[str, Any]) -> Job:
    """Keep the file that a form brought, and look at it."""
    file = told["file"]
    source = store_file(
        name=file.name,
        content=file.read(),
        content_type=file.content_type or "",
        by=request.user,
    )
    job = background.ask_to_look(
        kind,
        source=source,
        by=request.user,
        store_id=told["store"],
        keeper_id=told.get("keeper"),
        result=kind.pages.columns,
    )
    return background.done_at_once(kind, job)


def look_of(kind: Kind, request: Request, pk: int) -> Job:
    """One's own look at a file, done; one still at work is waited for, one that failed is gone."""
    looks = Job.objects.select_related("source").defer("source__content")
    job = get_object_or_404(looks, pk=pk, kind=kind.look, asked_by=request.user)
    if job.state == JobState.FAILED:
        raise Http404
    return job


def look_again(kind: Kind, request: Request, job: Job, **changes: Any) -> HttpResponse:
    """Read the same file otherwise."""
    if job.source is None or job.source.emptied_at:
        raise Http404
    told = {name: job.params[name] for name in ("encoding", "columns", "includes_hidden")}
    again = background.ask_to_look(
        kind,
        source=job.source,
        by=request.user,
        store_id=job.params["store"],
        keeper_id=job.params["keeper"],
        result=kind.pages.preview,
        **{**told, **changes},
    )
    return redirect("core:job", pk=background.done_at_once(kind, again).pk)


def columns_page(kind: SheetKind, request: Request, job: Job) -> HttpResponse:
    """Which header was recognised as what; corrected, the file is read again."""
    if job.result["needs"] == "encoding":
        return encoding_page(kind, request, job)
    form = ColumnsForm(
        *sent(request),
        wanted=kind.columns,
        found=job.result,
        initial={"includes_hidden": job.params["includes_hidden"]},
    )
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("columns", "includes_hidden")}
        before = {
            "columns": job.result["columns"],
            "includes_hidden": job.params["includes_hidden"],
        }
        if told == before and not job.result["needs"]:
            return redirect(kind.pages.preview, pk=job.pk)
        return look_again(kind, request, job, **told)
    context = {"job": job, "form": form, "home_url": reverse(kind.pages.home)}
    return TemplateResponse(request, "desk/import_columns.html", context)


def encoding_page(kind: Kind, request: Request, job: Job) -> HttpResponse:
    """In which encoding a text file reads well; chosen, the file is read again."""
    form = EncodingForm(*sent(request), candidates=job.result["candidates"])
    if form.is_valid():
        return look_again(kind, request, job, encoding=form.cleaned_data["encoding"])
    context = {"job": job, "form": form, "home_url": reverse(kind.pages.home)}
    return TemplateResponse(request, "desk/import_encoding.html", context)


def preview_page(
    kind: Kind,
    request: Request,
    job: Job,
    *,
    template: str,
    writes_of: Callable[[Mapping[str, int]], int],
) -> HttpResponse:
    """What would become of each row; the go-ahead brings them in."""
    form = GoAheadForm(*sent(request), initial={"key": uuid4()})
    if form.is_valid():
        asked = background.ask_to_write(
            kind, seen=job, by=request.user, key=form.cleaned_data["key"]
        )
        return redirect("core:job", pk=asked.pk)
    kept = get_object_or_404(StoredFile, pk=job.result["preview"])
    if kept.emptied_at:
        raise Http404
    said = previews.read_back(kept.opened())
    counts = {name: len(said[name]) for name in previews.FATES}
    fate = request.GET.get("fate", "")
    if fate not in counts:
        fate = next((name for name in previews.ORDER if counts[name]), "new")
    labels = previews.labels()
    context = {
        "job": job,
        "form": form,
        "fate": fate,
        "page": Paginator(said[fate], ROWS_A_PAGE).get_page(request.GET.get("page")),
        "fates": [
            {"name": name, "label": labels[name], "count": counts[name], "tone": tone}
            for name, tone in previews.TONES.items()
        ],
        "writes": writes_of(counts),
        "home_url": reverse(kind.pages.home),
        "columns_url": reverse(kind.pages.columns, args=[job.pk]),
    }
    return TemplateResponse(request, template, context)
