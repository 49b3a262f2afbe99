"""Stock from a file: the file, its columns, what would happen, and the go-ahead."""

from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.models import Job, StoredFile
from core.states import JobState
from core.views import attachment
from desk.forms.imports import ColumnsForm, GoAheadForm
from desk.forms.stock_imports import StockFileForm
from desk.imports import background
from desk.imports.background import XLSX
from desk.imports.preview import ORDER, TONES, labels
from desk.stock_imports import preview as previews
from desk.stock_imports.template import stock_template
from desk.stock_imports.work import STOCK
from desk.views import importing
from staff.access import only
from staff.requests import Request
from staff.scope import STOCK_ROLES
from stock.queries.visible import visible_offices
from stock.services.importing import label
from stock.services.importing.columns import COLUMNS, TITLES

ROWS_A_PAGE = 50


@only(STOCK_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_stock(request: Request) -> HttpResponse:
    """Send in a file, or look at what one brought in before."""
    offices = {
        pk: f"{name} ({code})"
        for pk, name, code in visible_offices(request.reach).values_list("pk", "name", "code")
    }
    form = StockFileForm(*importing.sent(request), offices=offices)
    if form.is_valid():
        job = importing.look_at(STOCK, request, form.cleaned_data)
        if job.state != JobState.FAILED:
            return redirect("core:job", pk=job.pk)
        form.add_error("file", job.failure or _("This file cannot be read."))
    past = importing.brought_in_before(STOCK, request)
    return TemplateResponse(request, "desk/import_stock.html", {"form": form, "past": past})


@only(STOCK_ROLES)
@require_safe
def import_stock_template(request: HttpRequest) -> HttpResponse:
    """An empty workbook with all sheets and columns, each explained."""
    headers = {"Content-Disposition": attachment(_("stock.xlsx"))}
    return HttpResponse(stock_template(), content_type=XLSX, headers=headers)


@only(STOCK_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_stock_columns(request: Request, pk: int) -> HttpResponse:
    """Which header of which sheet was recognised as what; corrected, the file is read again."""
    job = importing.look_of(STOCK, request, pk)
    if job.state != JobState.DONE:
        return redirect("core:job", pk=pk)
    if job.result["needs"] == "encoding":
        return importing.encoding_page(STOCK, request, job)
    sheets = job.result["sheets"]
    forms = {sheet["kind"]: _columns_form(request, sheet) for sheet in sheets}
    are_valid = [form.is_valid() for form in forms.values()]
    if all(are_valid):
        told = {kind: form.cleaned_data["columns"] for kind, form in forms.items()}
        before = {sheet["kind"]: sheet["columns"] for sheet in sheets}
        if told == before and not job.result["needs"]:
            return redirect("desk:import_stock_preview", pk=pk)
        changed = {kind: told[kind] for kind in told if told[kind] != before[kind]}
        chosen = {**(job.params["columns"] or {}), **changed}
        return importing.look_again(STOCK, request, job, columns=chosen)
    context = {
        "job": job,
        "sheets": [
            {"told": sheet, "title": TITLES[sheet["kind"]], "form": forms[sheet["kind"]]}
            for sheet in sheets
        ],
    }
    return TemplateResponse(request, "desk/import_stock_columns.html", context)


def _columns_form(request: Request, sheet: dict[str, Any]) -> ColumnsForm:
    data, _files = importing.sent(request)
    kind = sheet["kind"]
    return ColumnsForm(data, wanted=COLUMNS[kind], found=sheet, label_of=label, prefix=kind)


@only(STOCK_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_stock_preview(request: Request, pk: int) -> HttpResponse:
    """What would become of the rows of each sheet; the go-ahead brings them in."""
    job = importing.look_of(STOCK, request, pk)
    if job.state != JobState.DONE:
        return redirect("core:job", pk=pk)
    if job.result["needs"]:
        return redirect("desk:import_stock_columns", pk=pk)
    form = GoAheadForm(importing.sent(request)[0], initial={"key": uuid4()})
    if form.is_valid():
        asked = background.ask_to_write(
            STOCK, seen=job, by=request.user, key=form.cleaned_data["key"]
        )
        return redirect("core:job", pk=asked.pk)
    back = reverse("desk:import_stock_columns", args=[pk])
    context = {"job": job, "form": form, "back_url": back, **_said(request, job)}
    return TemplateResponse(request, "desk/import_stock_preview.html", context)


@only(STOCK_ROLES)
@never_cache
@require_safe
def stock_brought_in(request: Request, pk: int) -> HttpResponse:
    """What became of the rows of a file that was brought in."""
    jobs = Job.objects.select_related("source").defer("source__content")
    asked = {"kind": STOCK.write, "asked_by": request.user, "state": JobState.DONE}
    job = get_object_or_404(jobs, pk=pk, result__has_key="preview", **asked)
    back = reverse("core:job", args=[pk])
    context = {"job": job, "form": None, "back_url": back, **_said(request, job)}
    return TemplateResponse(request, "desk/import_stock_preview.html", context)


def _said(request: Request, job: Job) -> dict[str, Any]:
    """The sheets with their counts, and a page of the chosen fate of the chosen one."""
    kept = get_object_or_404(StoredFile, pk=job.result["preview"])
    if kept.emptied_at:
        raise Http404
    said = previews.read_back(kept.opened())
    sheets = {sheet["kind"]: sheet for sheet in said["sheets"]}
    kind, fate = request.GET.get("sheet", ""), request.GET.get("fate", "")
    if kind not in sheets:
        sought = fate if fate in previews.FATES else "refused"
        with_some = (one for one, told in sheets.items() if told["counts"][sought])
        kind = next(with_some, next(iter(sheets), ""))
    counts = sheets[kind]["counts"] if kind else dict.fromkeys(previews.FATES, 0)
    if fate not in counts:
        fate = next((name for name in ORDER if counts[name]), "new")
    rows = sheets[kind]["rows"].get(fate, []) if kind else []
    words = labels()
    return {
        "notes": said["notes"],
        "writes": said["writes"],
        "sheet": kind,
        "sheets": [
            {"kind": one, "title": TITLES[one], "refused": told["counts"]["refused"]}
            for one, told in sheets.items()
        ],
        "fate": fate,
        "fates": [
            {"name": name, "label": words[name], "count": counts[name], "tone": tone}
            for name, tone in TONES.items()
        ],
        "page": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "left_off": max(0, counts[fate] - len(rows)) if fate != "warnings" else 0,
        "path": f"?sheet={kind}&fate={fate}&page=",
    }
