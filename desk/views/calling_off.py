"""Calling a campaign off: why, and who has to be told, before anything is done."""

from django.contrib import messages
from django.db.models.functions import Coalesce
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
from followups.rules import campaigns as rules
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
    if CampaignState.CALLED_OFF not in rules.MOVES[CampaignState(campaign.state)]:
        messages.warning(request, _("The campaign has moved on in the meantime. Look at it again."))
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
    """Who said they come, by the person whose list they come onto."""
    guests = queries.to_be_told(queries.visible_invitations(request.reach), campaign)
    if timezone.localdate(campaign.ends_at) < timezone.localdate():
        guests = guests.none()
    rows = guests.annotate(teller=Coalesce("customer__owner__name", "assignee__name"))
    tellers: dict[str, list[str]] = {}
    for row in rows.select_related("customer").order_by("teller", "pk")[:SHOWN]:
        names = tellers.setdefault(row.teller or _("without a keeper"), [])
        names.append(mask_in_text(row.customer.name))
    total = guests.count()
    words = ngettext(
        "%(count)s guest said they come. The call to them comes onto these lists:",
        "%(count)s guests said they come. The calls to them come onto these lists:",
        total,
    )
    return {
        "told": words % {"count": total} if total else "",
        "tellers": list(tellers.items()),
        "more": max(total - SHOWN, 0),
    }
