"""Figures of another day or period: asked for, and waited for with their progress."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.days import day_text
from core.forms import show_refusal
from staff.access import only
from staff.requests import Request
from staff.scope import STOCK_EXPORTING_ROLES
from stock.forms.figures import FiguresForm
from stock.models import FigureSet
from stock.queries.classes import standing_set
from stock.services.figure_sets import FiguresNotAsked, ask_for
from stock.states import FigureSetState


@only(STOCK_EXPORTING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_figures(request: Request) -> HttpResponse:
    """The form that says which day, and then the board of it, or the wait for it."""
    form = FiguresForm(request.POST or None, standing=standing_set())
    if form.is_valid():
        try:
            found = ask_for(by=request.user, **form.cleaned_data)
        except FiguresNotAsked as refusal:
            show_refusal(form, refusal, form.stops)
        else:
            return redirect("stock:asked_figures", pk=found.pk)
    context: dict[str, Any] = {"form": form, "back_url": reverse("stock:board")}
    return TemplateResponse(request, "stock/ask_figures.html", context)


@only(STOCK_EXPORTING_ROLES)
@require_safe
@never_cache
def asked_figures(request: Request, pk: int) -> HttpResponse:
    """How far figures are that somebody asked for; the board of them when they are whole."""
    sets = FigureSet.objects.select_related("job")
    found = get_object_or_404(sets, pk=pk)
    if found.state == FigureSetState.READY:
        url = f"{reverse('stock:board')}?set={found.pk}"
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": url})
        return redirect(url)
    job = found.job
    context = {
        "as_of": day_text(found.as_of),
        "has_failed": found.state == FigureSetState.FAILED,
        "done": job.done if job else 0,
        "total": job.total if job else 0,
        "label": _("Figures are being reckoned"),
        "ask_url": reverse("stock:ask_figures"),
        "back_url": reverse("stock:board"),
        "here": request.path,
    }
    return TemplateResponse(request, "stock/asked_figures.html", context)
