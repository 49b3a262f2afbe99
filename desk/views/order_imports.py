"""Orders from a spreadsheet: the file, its columns, what would happen, and the go-ahead."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.states import JobState
from core.views import attachment
from desk.forms.imports import OrderFileForm
from desk.imports.background import XLSX
from desk.imports.directory import directory
from desk.imports.standing import importer_reach
from desk.imports.template import template_workbook
from desk.order_imports.columns import COLUMNS, HINTS
from desk.order_imports.work import ORDERS
from desk.views import importing
from staff.access import only
from staff.requests import Request
from staff.scope import IMPORTING_ROLES


@only(IMPORTING_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_orders(request: Request) -> HttpResponse:
    """Send in a file, or look at what one brought in before."""
    known = directory(importer_reach(request.user, today=timezone.localdate()))
    form = OrderFileForm(*importing.sent(request), directory=known)
    if form.is_valid():
        job = importing.look_at(ORDERS, request, form.cleaned_data)
        if job.state != JobState.FAILED:
            return redirect("core:job", pk=job.pk)
        form.add_error("file", job.failure or _("This file cannot be read."))
    past = importing.brought_in_before(ORDERS, request)
    return TemplateResponse(request, "desk/import_orders.html", {"form": form, "past": past})


@only(IMPORTING_ROLES)
@require_safe
def import_orders_template(request: HttpRequest) -> HttpResponse:
    """An empty workbook with all columns, each explained."""
    headers = {"Content-Disposition": attachment(_("orders.xlsx"))}
    content = template_workbook(_("Orders"), COLUMNS, HINTS)
    return HttpResponse(content, content_type=XLSX, headers=headers)


@only(IMPORTING_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_orders_columns(request: Request, pk: int) -> HttpResponse:
    """Which header was recognised as what; corrected, the file is read again."""
    job = importing.look_of(ORDERS, request, pk)
    if job.state != JobState.DONE:
        return redirect("core:job", pk=pk)
    return importing.columns_page(ORDERS, request, job)


@only(IMPORTING_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_orders_preview(request: Request, pk: int) -> HttpResponse:
    """What would become of each order; the go-ahead brings them in."""
    job = importing.look_of(ORDERS, request, pk)
    if job.state != JobState.DONE:
        return redirect("core:job", pk=pk)
    if job.result["needs"]:
        return redirect("desk:import_orders_columns", pk=pk)
    return importing.preview_page(
        ORDERS,
        request,
        job,
        template="desk/import_orders_preview.html",
        writes_of=lambda counts: counts["new"] + counts["changed"],
    )
