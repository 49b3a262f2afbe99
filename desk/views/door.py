"""At the door: guests ticked by tap or by the code on their ticket, and who came unasked."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.days import day_text, moment_text
from core.phones import mask_in_text
from core.refusals import Refused
from customers.queries import IsAmong, matching, visible
from desk.campaign_words import whose_words
from desk.views.campaigns import get_campaign_for
from desk.views.invitations import get_invitation_for
from followups import wording
from followups.models import Campaign, Invitation
from followups.queries import campaigns as queries
from followups.services import invitations as services
from followups.states import Answer, CampaignKind
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES

SHOWN = 100
FOUND = 20
LONGEST = 60


@only(CUSTOMER_ROLES)
@never_cache
@require_safe
def door(request: Request, pk: int) -> HttpResponse:
    """The list at the door: who is expected, one tap each; a name finds who came unasked."""
    campaign = get_campaign_for(request.reach, pk)
    if campaign.kind == CampaignKind.CARE:
        raise Http404  # nobody comes through a door to be cared for
    asked = request.GET.get("q", "").strip()[:LONGEST]
    guests = queries.visible_invitations(request.reach).filter(campaign=campaign)
    expected = guests.filter(queries.GUEST)
    named = expected
    if asked:
        known = matching(visible(request.reach), asked)
        named = expected.filter(IsAmong("customer", known.values("pk")))
    ordered = named.select_related("customer", "attended_noted_by").order_by(
        F("attended_at").asc(nulls_first=True), "answer", "customer__name", "pk"
    )
    rows = list(ordered[: SHOWN + 1])
    context = {
        "campaign": campaign,
        "name": mask_in_text(campaign.name),
        "asked": asked,
        "rows": [_row(row) for row in rows[:SHOWN]],
        "more": named.count() - SHOWN if len(rows) > SHOWN else 0,
        "came": expected.filter(queries.CAME).count(),
        "total": expected.count(),
        "unasked": _unasked(request, campaign, asked),
        "shut": _why_shut(campaign),
        "whose": whose_words(campaign, reach=request.reach),
        "back_url": reverse("desk:campaign", args=[pk]),
    }
    template = "desk/door.html#rows" if request.htmx else "desk/door.html"
    return TemplateResponse(request, template, context)


def _why_shut(campaign: Campaign) -> str:
    """Why nobody is noted as come now, and when they will be; "" where they are."""
    now = timezone.now()
    why = services.why_shut(campaign, now=now)
    if not why or campaign.starts_at <= now:
        return why
    starts = timezone.localtime(campaign.starts_at)
    when = f"{day_text(starts.date(), today=timezone.localdate(now))} {starts:%H:%M}"
    return _("%(why)s It begins %(when)s.") % {"why": why, "when": when}


def _row(guest: Invitation) -> dict[str, object]:
    now = timezone.now()
    at = moment_text(guest.attended_at, now=now) if guest.attended_at else ""
    return {
        "pk": guest.pk,
        "name": guest.customer.shown_name,
        "title": guest.customer.shown_title,
        "grade": guest.customer.grade,
        "answer": str(Answer(guest.answer).label),
        "came": at,
        "by": guest.attended_noted_by.name if guest.attended_noted_by else "",
    }


def _unasked(request: Request, campaign: Campaign, asked: str) -> list[dict[str, object]]:
    """Customers whom the name finds and who stand on no list of this campaign."""
    if not asked:
        return []
    known = Invitation.objects.filter(queries.GUEST, campaign=campaign).values("customer")
    found = matching(visible(request.reach), asked).exclude(pk__in=known)
    return [
        {
            "pk": who.pk,
            "name": who.shown_name,
            "title": who.shown_title,
            "grade": who.grade,
        }
        for who in found.order_by("pk")[:FOUND]
    ]


def _tick(request: Request, pk: int, act: Callable[..., None]) -> HttpResponse:
    """Do this with the guest, and back to the same place of the list."""
    guest = get_invitation_for(request.reach, pk)
    try:
        act(invitation=guest, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    asked = request.POST.get("q", "").strip()[:LONGEST]
    query = f"?{urlencode({'q': asked})}" if asked else ""
    return redirect(reverse("desk:door", args=[guest.campaign_id]) + query)


@only(CUSTOMER_ROLES)
@require_POST
def attended(request: Request, pk: int) -> HttpResponse:
    """The guest has come."""
    return _tick(request, pk, services.note_attended)


@only(CUSTOMER_ROLES)
@require_POST
def not_attended(request: Request, pk: int) -> HttpResponse:
    """Ticked by mistake."""
    return _tick(request, pk, services.take_back_attended)


@only(CUSTOMER_ROLES)
@require_POST
def walk_in(request: Request, pk: int, customer: int) -> HttpResponse:
    """Somebody came who was not asked."""
    campaign = get_campaign_for(request.reach, pk)
    who = get_object_or_404(visible(request.reach), pk=customer)
    try:
        services.walk_in(campaign=campaign, customer=who, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is noted.") % {"name": wording.called(who)})
    return redirect("desk:door", pk=pk)


@only(CUSTOMER_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: Request, ticket: str) -> HttpResponse:
    """What a ticket's code opens for staff: whose it is, and one tap that notes them.

    Whoever works where the campaign is may note a colleague's guest: they stand before them. Their
    card stays shut. For anybody else there is no such ticket.
    """
    rows = Invitation.objects.filter(
        ticket=ticket,
        withheld="",
        campaign__kind=CampaignKind.EVENT,
        campaign__in=queries.visible_campaigns(request.reach),
    )
    asked = get_object_or_404(rows).pk
    known = Invitation.objects.select_related("campaign", "customer__store")
    guest = known.get(pk=queries.guest_that_stands(asked))
    refused = "" if guest.attended_at else services.why_shut(guest.campaign, now=timezone.now())
    if request.method == "POST":
        try:
            services.note_attended(invitation=guest, by=request.user, now=timezone.now())
        except Refused as refusal:
            refused = str(refusal)
        guest.refresh_from_db()
    context = {
        "called": wording.called(guest.customer),
        "campaign_name": mask_in_text(guest.campaign.name),
        "refused": refused,
        "came": moment_text(guest.attended_at, now=timezone.now()) if guest.attended_at else "",
        "door_url": reverse("desk:door", args=[guest.campaign_id]),
    }
    return TemplateResponse(request, "desk/scan.html", context)
