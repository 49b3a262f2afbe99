"""Requests for more time, and special circumstances, decided by who leads (FIL-19, FIL-20)."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from core.forms import show_refusal
from core.listing.following import page_of
from core.refusals import Refused
from filings.forms.deciding import GrantForm, RefusalForm
from filings.models import ExtensionRequest
from filings.queries import waiting
from filings.queries.deciders import matter_of
from filings.rules.deciders import Powers
from filings.services.requests import decide_extension, last_day
from filings.showing import deciding as showing
from filings.views.deciding import (
    may_decide,
    order,
    part_of,
    powers_for,
    refuse_unless,
)
from staff.access import signed_in
from staff.requests import Request

OLDEST_FIRST = order("held", "held_until", newest_first=False)
LATEST = order("decided", "decided_at", newest_first=True)


def _parts() -> dict[str, str]:
    return {"waiting": pgettext("request", "Waiting"), "decided": pgettext("requests", "Decided")}


def _may(powers: Powers, asked: ExtensionRequest) -> bool:
    return may_decide(powers, matter_of(asked), asked, store=asked.filing.store_id)


@signed_in
@require_safe
def extensions(request: Request) -> HttpResponse:
    """The requests that wait, the one that holds the shortest on top."""
    powers, now = powers_for(request), timezone.now()
    part = part_of(request, _parts())
    rows = waiting.requests_in(waiting.requests_for(powers), part)
    found, next_url = page_of(request, rows, LATEST if part == "decided" else OLDEST_FIRST)
    context = {
        "places": showing.places(powers, here="extensions"),
        "parts": showing.parts(_parts(), here=part),
        "part": part,
        "rows": [
            showing.request_row(asked, may=_may(powers, asked), now=now)
            for asked in cast(list[ExtensionRequest], found)
        ],
        "next_url": next_url,
    }
    return TemplateResponse(request, "filings/extensions.html", context)


def _to_decide(request: Request, pk: int) -> ExtensionRequest:
    """A request that this person decides: out of reach it does not exist, one's own is refused."""
    powers = powers_for(request)
    asked = get_object_or_404(waiting.requests_for(powers), pk=pk)
    refuse_unless(_may(powers, asked))
    return asked


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: Request, pk: int) -> HttpResponse:
    """Give more time, until a day."""
    asked, now = _to_decide(request, pk), timezone.now()
    form = GrantForm(
        request.POST if request.method == "POST" else None,
        wanted=asked.wanted_until,
        last=last_day(asked.filing, asked.kind),
        today=asked.filing.store.today(now),
    )
    if form.is_valid():
        try:
            decide_extension(request=asked, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, {"day_is_too_far": "until", "until_is_past": "until"})
        else:
            messages.success(request, _("More time is given."))
            return redirect("filings:extensions")
    return _page(request, asked, form, label=_("Grant"), icon="check")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def refuse_extension(request: Request, pk: int) -> HttpResponse:
    """Give no more time, with the reason."""
    asked = _to_decide(request, pk)
    form = RefusalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            decide_extension(request=asked, until=None, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, {"note_missing": "note"})
        else:
            messages.success(request, _("The request is refused."))
            return redirect("filings:extensions")
    return _page(request, asked, form, label=pgettext("a request", "Refuse"), icon="x")


def _page(
    request: Request, asked: ExtensionRequest, form: GrantForm | RefusalForm, **words: str
) -> HttpResponse:
    now = timezone.now()
    context = {
        **words,
        "row": showing.request_row(asked, may=True, now=now),
        "form": form,
        "is_grant": isinstance(form, GrantForm),
        "back_url": reverse("filings:extensions"),
    }
    return TemplateResponse(request, "filings/extension_act.html", context)
