"""Keeping a narrowing or a set of columns of a list by name, and letting go of it."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.models import SavedFilter
from core.services.saved_filters import COLUMNS, FilterNotSaved, save_columns, save_filter
from staff.access import signed_in
from staff.requests import Request

# The lists whose narrowings are kept, and where each is shown.
LISTS = {"customers": "desk:customers", "orders": "orders:ledger"}


@signed_in
@require_POST
def keep_filter(request: Request, list_name: str) -> HttpResponse:
    """Keep what the list's address says, under the typed name."""
    page = LISTS.get(list_name)
    if page is None:
        return redirect("desk:home")
    asked = QueryDict(request.POST.get("query", "")[:2000].lstrip("?"))
    try:
        save_filter(
            by=request.user, list_name=list_name, name=request.POST.get("name", ""), asked=asked
        )
    except FilterNotSaved as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse(page)}?{asked.urlencode()}")


@signed_in
@require_POST
def keep_columns(request: Request, list_name: str) -> HttpResponse:
    """Keep the columns that are shown, under the typed name."""
    page = LISTS.get(list_name)
    if page is None:
        return redirect("desk:home")
    asked = QueryDict(request.POST.get("query", "")[:2000].lstrip("?"))
    columns = request.POST.getlist("cols")
    try:
        save_columns(
            by=request.user, list_name=list_name, name=request.POST.get("name", ""), columns=columns
        )
    except FilterNotSaved as refusal:
        messages.error(request, str(refusal))
    shown = asked.copy()
    shown.setlist("cols", columns)
    return redirect(f"{reverse(page)}?{shown.urlencode()}")


@signed_in
@require_POST
def drop_filter(request: Request, pk: int) -> HttpResponse:
    """Let go of one's own kept filter or set of columns."""
    saved = get_object_or_404(SavedFilter, pk=pk, person=request.user)
    saved.delete()
    return redirect(LISTS.get(saved.list_name.removesuffix(COLUMNS), "desk:home"))
