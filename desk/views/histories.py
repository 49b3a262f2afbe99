"""Old ledgers come in: the workbook, what would happen, the go-ahead, and the way back."""

from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.models import Job, StoredFile
from core.refusals import Refused
from core.services.jobs import store_file
from core.states import JobState
from desk.forms.histories import HistoryForm, TakeBackForm
from desk.forms.imports import GoAheadForm
from desk.histories import preview as previews
from desk.histories import services, work
from staff.access import only
from staff.requests import Request
from staff.scope import IMPORTING_ROLES

MOST_PAST = 30
ROWS_A_PAGE = 50


@only(IMPORTING_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def histories(request: Request) -> HttpResponse:
    """Send in a workbook, or look at what was brought in before."""
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = HistoryForm(*sent)
    if form.is_valid():
        file = form.cleaned_data["file"]
        source = store_file(
            name=file.name,
            content=file.read(),
            content_type=file.content_type or "",
            by=request.user,
        )
        job = work.ask_to_look(source=source, by=request.user)
        if job.state != JobState.FAILED:
            return redirect("core:job", pk=job.pk)
        form.add_error("file", job.failure or _("This file cannot be read."))
    past = list(services.histories_of(request.user)[:MOST_PAST])
    return TemplateResponse(request, "desk/histories.html", {"form": form, "past": past})


@only(IMPORTING_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def history_preview(request: Request, pk: int) -> HttpResponse:
    """What would become of each row; the go-ahead brings them in."""
    looks = Job.objects.select_related("source").defer("source__content")
    job = get_object_or_404(looks, pk=pk, kind=work.LOOK, asked_by=request.user)
    if job.state == JobState.FAILED:
        raise Http404
    if job.state != JobState.DONE:
        return redirect("core:job", pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = GoAheadForm(sent, initial={"key": uuid4()})
    if form.is_valid():
        asked = work.ask_to_write(seen=job, by=request.user, key=form.cleaned_data["key"])
        return redirect("core:job", pk=asked.pk)
    return TemplateResponse(request, "desk/history_preview.html", _told(request, job, form))


def _told(request: Request, job: Job, form: GoAheadForm) -> dict[str, object]:
    """How many rows of each fate, and a page of the chosen one."""
    kept = get_object_or_404(StoredFile, pk=job.result["preview"], emptied_at=None)
    said = previews.read_back(kept.opened())
    counts = {name: len(said[name]) for name in previews.FATES}
    fate = request.GET.get("fate", "")
    if fate not in counts:
        fate = next((name for name in previews.ORDER if counts[name]), "contacts")
    labels = {
        "contacts": _("Contacts"),
        "opportunities": _("Opportunities"),
        "filings": _("Filings"),
        "same": _("The same"),
        "refused": _("Refused"),
        "warnings": _("To look at"),
    }
    return {
        "job": job,
        "form": form,
        "fate": fate,
        "page": Paginator(said[fate], ROWS_A_PAGE).get_page(request.GET.get("page")),
        "fates": [
            {"name": name, "label": labels[name], "count": counts[name], "tone": tone}
            for name, tone in previews.TONES.items()
        ],
        "writes": counts["contacts"] + counts["opportunities"] + counts["filings"],
    }


@only(IMPORTING_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: Request, pk: int) -> HttpResponse:
    """Take a history back as a whole; afterwards, what stayed of it and why."""
    brought = get_object_or_404(services.histories_of(request.user), pk=pk)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            taken = services.take_back(
                brought=brought, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            counts = {"contacts": len(taken.contacts), "sales": taken.opportunities}
            said = _("Taken back: %(contacts)s contacts and %(sales)s opportunities.") % counts
            messages.success(request, said)
            return redirect("desk:history", pk=pk)
    left = services.what_is_left(brought, request.reach)
    context = {"brought": brought, "form": form, "left": left}
    return TemplateResponse(request, "desk/history.html", context)
