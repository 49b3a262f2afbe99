"""Filings across regions: operations approve them with what follows, or refuse (XRG-02, XRG-03)."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms import show_refusal
from core.listing.following import page_of
from core.refusals import Refused
from desk.services.cross_region import approve_across_regions
from filings.forms.deciding import RefusalForm
from filings.models import Filing
from filings.queries import waiting
from filings.rules.deciders import Matter, Powers
from filings.services.reviews import decide_cross_region
from filings.showing import deciding as showing
from filings.views.deciding import (
    may_decide,
    order,
    part_of,
    powers_for,
    refuse_unless,
)
from staff.access import only
from staff.requests import Request
from staff.states import Role

DECIDING = frozenset({Role.OPS_MANAGER})
OLDEST = order("noted", "noted_at", newest_first=False)
NEWEST = order("noted", "noted_at", newest_first=True)


def _parts() -> dict[str, str]:
    return {
        "waiting": pgettext("filing across regions", "Waiting"),
        "decided": pgettext("requests", "Decided"),
    }


def _may(powers: Powers, filing: Filing) -> bool:
    return may_decide(powers, Matter.CROSS_REGION, filing, store=filing.store_id)


@only(DECIDING)
@require_safe
def cross_region(request: Request) -> HttpResponse:
    """The leads that are to be filed across regions, the oldest on top."""
    powers, now = powers_for(request), timezone.now()
    part = part_of(request, _parts())
    rows = waiting.cross_region_in(waiting.cross_region_filings(), part)
    found, next_url = page_of(request, rows, NEWEST if part == "decided" else OLDEST)
    context = {
        "places": showing.places(powers, here="cross_region"),
        "parts": showing.parts(_parts(), here=part),
        "part": part,
        "rows": [
            showing.cross_row(filing, may=_may(powers, filing), now=now)
            for filing in cast(list[Filing], found)
        ],
        "next_url": next_url,
    }
    return TemplateResponse(request, "filings/cross_region.html", context)


def _to_decide(request: Request, pk: int) -> Filing:
    powers = powers_for(request)
    filing = get_object_or_404(waiting.cross_region_filings(), pk=pk)
    refuse_unless(_may(powers, filing))
    return filing


@only(DECIDING)
@require_POST
def approve_cross_region(request: Request, pk: int) -> HttpResponse:
    """Approve it: the draft becomes a filing at this moment."""
    filing = _to_decide(request, pk)
    try:
        done = approve_across_regions(filing=filing, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _said(done))
    return redirect("desk:cross_region")


def _said(filing: Filing) -> str:
    """What became of the filing; approval alone is no admission."""
    if filing.submitted_at is None:
        return _("Approved. It becomes a filing as soon as the card lacks nothing.")
    if filing.invalid:
        return _("Approved across regions, and still not admitted: %(reason)s.") % {
            "reason": filing.get_invalid_display()
        }
    return _("Approved: %(number)s protects from now on.") % {"number": filing.number}


@only(DECIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def refuse_cross_region(request: Request, pk: int) -> HttpResponse:
    """Refuse it, with the reason: nothing is filed, and the home region serves the customer."""
    filing, now = _to_decide(request, pk), timezone.now()
    form = RefusalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            decide_cross_region(
                filing=filing, is_approved=False, by=request.user, **form.cleaned_data
            )
        except Refused as refusal:
            show_refusal(form, refusal, {"note_missing": "note"})
        else:
            messages.success(request, _("The filing across regions is refused."))
            return redirect("desk:cross_region")
    context = {
        "row": showing.cross_row(filing, may=True, now=now),
        "form": form,
        "label": pgettext("a request", "Refuse"),
        "icon": "x",
        "hint": _("Nothing is filed. The salesperson is told, with your reason."),
        "back_url": reverse("desk:cross_region"),
    }
    return TemplateResponse(request, "filings/review_act.html", context)
