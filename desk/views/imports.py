"""Customers from a spreadsheet: the file, its columns, what would happen, and the go-ahead."""

from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.models import Job, StoredFile
from core.services.jobs import store_file
from core.states import JobState
from core.views import attachment
from desk.forms.imports import ColumnsForm, EncodingForm, FileForm, GoAheadForm
from desk.imports import preview as previews
from desk.imports import work
from desk.imports.directory import directory
from desk.imports.standing import importer_reach
from desk.imports.template import template_workbook
from staff.access import only
from staff.requests import Request
from staff.scope import IMPORTING_ROLES

MOST_PAST = 20
ROWS_A_PAGE = 50


@only(IMPORTING_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_customers(request: Request) -> HttpResponse:
    """Send in a file, or look at what one brought in before."""
    known = directory(importer_reach(request.user, today=timezone.localdate()))
    form = FileForm(*_sent(request), directory=known)
    if form.is_valid():
        job = _look_at(request, form.cleaned_data)
        if job.state != JobState.FAILED:
            return redirect("core:job", pk=job.pk)
        form.add_error("file", job.failure or _("This file cannot be read."))
    past = Job.objects.filter(kind=work.WRITE, asked_by=request.user).select_related("source")
    past = past.defer("source__content").order_by("-asked_at", "-pk")[:MOST_PAST]
    return TemplateResponse(request, "desk/import.html", {"form": form, "past": past})


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is bound to: all that was sent, even if that is nothing; None before."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _look_at(request: Request, told: dict[str, Any]) -> Job:
    file = told["file"]
    source = store_file(
        name=file.name,
        content=file.read(),
        content_type=file.content_type or "",
        by=request.user,
    )
    job = work.ask_to_look(
        source=source,
        by=request.user,
        store_id=told["store"],
        keeper_id=told["keeper"],
        result="desk:import_columns",
    )
    return work.done_at_once(job)


@only(IMPORTING_ROLES)
@require_safe
def import_template(request: HttpRequest) -> HttpResponse:
    """An empty workbook with all columns, each explained."""
    headers = {"Content-Disposition": attachment(_("customers.xlsx"))}
    return HttpResponse(template_workbook(), content_type=work.XLSX, headers=headers)


def _look(request: Request, pk: int) -> Job:
    """One's own look at a file, done; one still at work is waited for, one that failed is gone."""
    looks = Job.objects.select_related("source").defer("source__content")
    job = get_object_or_404(looks, pk=pk, kind=work.LOOK, asked_by=request.user)
    if job.state == JobState.FAILED:
        raise Http404
    return job


def _look_again(request: Request, job: Job, **changes: Any) -> HttpResponse:
    """Read the same file otherwise."""
    if job.source is None or job.source.emptied_at:
        raise Http404
    told = {name: job.params[name] for name in ("encoding", "columns", "includes_hidden")}
    again = work.ask_to_look(
        source=job.source,
        by=request.user,
        store_id=job.params["store"],
        keeper_id=job.params["keeper"],
        result="desk:import_preview",
        **{**told, **changes},
    )
    return redirect("core:job", pk=work.done_at_once(again).pk)


@only(IMPORTING_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: Request, pk: int) -> HttpResponse:
    """Which header was recognised as what; corrected, the file is read again."""
    job = _look(request, pk)
    if job.state != JobState.DONE:
        return redirect("core:job", pk=pk)
    if job.result.get("is_return"):
        return redirect("desk:return_preview", pk=pk)
    if job.result["needs"] == "encoding":
        return _ask_encoding(request, job)
    form = ColumnsForm(
        *_sent(request),
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
            return redirect("desk:import_preview", pk=pk)
        return _look_again(request, job, **told)
    return TemplateResponse(request, "desk/import_columns.html", {"job": job, "form": form})


def _ask_encoding(request: Request, job: Job) -> HttpResponse:
    form = EncodingForm(*_sent(request), candidates=job.result["candidates"])
    if form.is_valid():
        return _look_again(request, job, encoding=form.cleaned_data["encoding"])
    return TemplateResponse(request, "desk/import_encoding.html", {"job": job, "form": form})


@only(IMPORTING_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: Request, pk: int) -> HttpResponse:
    """What would become of each row; the go-ahead brings them in."""
    job = _look(request, pk)
    if job.state != JobState.DONE:
        return redirect("core:job", pk=pk)
    if job.result.get("is_return"):
        return redirect("desk:return_preview", pk=pk)
    if job.result["needs"]:
        return redirect("desk:import_columns", pk=pk)
    form = GoAheadForm(*_sent(request), initial={"key": uuid4()})
    if form.is_valid():
        asked = work.ask_to_write(seen=job, by=request.user, key=form.cleaned_data["key"])
        return redirect("core:job", pk=asked.pk)
    return TemplateResponse(request, "desk/import_preview.html", _told(request, job, form))


def _told(request: Request, job: Job, form: GoAheadForm) -> dict[str, object]:
    """What the preview shows: how many of each fate, and a page of the chosen one."""
    kept = get_object_or_404(StoredFile, pk=job.result["preview"])
    if kept.emptied_at:
        raise Http404
    said = previews.read_back(kept.opened())
    counts = {name: len(said[name]) for name in previews.FATES}
    fate = request.GET.get("fate", "")
    if fate not in counts:
        fate = next((name for name in previews.ORDER if counts[name]), "new")
    page = Paginator(said[fate], ROWS_A_PAGE).get_page(request.GET.get("page"))
    labels = previews.labels()
    return {
        "job": job,
        "form": form,
        "fate": fate,
        "page": page,
        "fates": [
            {"name": name, "label": labels[name], "count": counts[name], "tone": tone}
            for name, tone in previews.TONES.items()
        ],
        "writes": counts["new"] + counts["changed"],
    }
