"""Calling a campaign off: why, and who has to be told, before anything is done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.phones import mask_in_text
from core.refusals import Refused
from desk.forms.campaigns import CallOffForm
from desk.views.campaigns import get_campaign_to_manage
from followups.models import Campaign
from followups.queries import campaigns as queries
from followups.services import campaigns as services
from followups.states import CampaignState
from staff.access import only
from staff.requests import Request
from staff.scope import CAMPAIGN_ROLES

SHOWN = 30


@only(CAMPAIGN_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: Request, pk: int) -> HttpResponse:
    """Look at who is told that nothing comes of it, say why, and call it off."""
    campaign = get_campaign_to_manage(request.reach, pk)
    against = services.blockers_of_move(campaign, CampaignState.CALLED_OFF, now=timezone.now())
    if against:
        messages.warning(request, str(services.CampaignNotSaved(*against)))
        return redirect("desk:campaign", pk=pk)
    form = CallOffForm(request.POST or None)
    if form.is_valid():
        try:
            services.move_campaign(
                campaign=campaign,
                to=CampaignState.CALLED_OFF,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("desk:campaign", pk=pk)
    context = {
        "form": form,
        "name": mask_in_text(campaign.name),
        "back_url": reverse("desk:campaign", args=[pk]),
        **_told(request, campaign),
    }
    return TemplateResponse(request, "desk/call_off.html", context)


def _told(request: Request, campaign: Campaign) -> dict[str, object]:
    """Who said they come: by the person whose list the call to them comes onto, and apart from
    them those who wish no contact, whom nobody calls (FUP-24, decision 15).
    """
    guests = queries.to_be_told(queries.visible_invitations(request.reach), campaign)
    called, in_peace = (guests.filter(left_in_peace=is_silent) for is_silent in (False, True))
    tellers: dict[str, list[str]] = {}
    for row in called.order_by("teller", "pk")[:SHOWN]:
        names = tellers.setdefault(row.teller or _("without a keeper"), [])
        names.append(mask_in_text(row.customer.name))
    total, silent = called.count(), in_peace.count()
    return {
        "told": _calls_words(total) if total else "",
        "tellers": list(tellers.items()),
        "more": max(total - SHOWN, 0),
        "untold": _silent_words(silent) if silent else "",
        "silent": [mask_in_text(row.customer.name) for row in in_peace[:SHOWN]],
        "more_silent": max(silent - SHOWN, 0),
    }


def _calls_words(count: int) -> str:
    words = ngettext(
        "%(count)s guest said they come. The call to them comes onto these lists:",
        "%(count)s guests said they come. The calls to them come onto these lists:",
        count,
    )
    return words % {"count": count}


def _silent_words(count: int) -> str:
    words = ngettext(
        "%(count)s guest said they come, and wishes no contact by now. Nobody calls them:",
        "%(count)s guests said they come, and wish no contact by now. Nobody calls them:",
        count,
    )
    return words % {"count": count}
