"""Campaigns: the list with what came of each, planning one, and its page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms import show_refusal
from core.phones import mask_in_text, put_back
from core.refusals import Refused
from desk import campaign_words as words
from desk.forms.campaigns import CampaignForm, ReviewForm
from desk.lists.campaigns import CAMPAIGNS
from desk.lists.guests import GUESTS
from followups.forms.rebasing import Conflict, rebased
from followups.models import Campaign, Wording
from followups.queries import campaigns as queries
from followups.queries.campaigns import Figures
from followups.queries.greetings import wordings_of
from followups.rules import campaigns as rules
from followups.services import campaigns as services
from followups.services.campaigns import version_of_review
from followups.states import RUNNING_CAMPAIGNS, CampaignKind, CampaignState, WordingUse
from orders.queries.campaigns import figures_of, with_deal
from staff.access import only
from staff.requests import Request
from staff.scope import CAMPAIGN_ROLES, CUSTOMER_ROLES, Reach, own_or_first, serving_stores


def get_campaign_for(reach: Reach, pk: int) -> Campaign:
    """The campaign `pk`; one of stores out of reach does not exist (404)."""
    rows = queries.visible_campaigns(reach).select_related("store", "made_by")
    return get_object_or_404(rows, pk=pk)


def get_campaign_to_manage(reach: Reach, pk: int) -> Campaign:
    """A campaign that this person may change; whoever only invites is refused (403)."""
    campaign = get_campaign_for(reach, pk)
    if not queries.may_manage(reach, campaign):
        raise PermissionDenied
    return campaign


@only(CUSTOMER_ROLES)
@require_safe
def campaigns(request: Request) -> HttpResponse:
    """All campaigns within reach, with what came of each as far as one sees its guests."""
    rows = queries.visible_campaigns(request.reach).select_related("store")
    figures: dict[int, Figures] = {}
    known = {"figures": figures, "reach": request.reach}
    found = CAMPAIGNS.open(request, rows, draw_with=known)
    if not found.wants_total:
        guests = queries.visible_invitations(request.reach)
        figures.update(figures_of(guests, [row.pk for row in found.page.rows]))
    may_plan = request.reach.has_role(CAMPAIGN_ROLES)
    context = {"may_plan": may_plan}
    return CAMPAIGNS.answer(request, found, "desk/campaigns.html", context)


@only(CAMPAIGN_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_campaign(request: Request) -> HttpResponse:
    """Plan a campaign, from a wording if one is chosen."""
    wording = _wording(request.GET.get("wording", ""))
    form = CampaignForm(
        request.POST or None, reach=request.reach, initial=_initial(request, wording)
    )
    if form.is_valid():
        try:
            campaign = services.plan_campaign(
                terms=form.terms(),
                by=request.user,
                now=timezone.now(),
                key=form.cleaned_data["key"],
            )
        except Refused as refusal:
            show_refusal(form, refusal, REFUSED_AT)
        else:
            return redirect("desk:campaign", pk=campaign.pk)
    return _form_page(request, form, None, _("New campaign"))


def _wording(text: str) -> Wording | None:
    rows = wordings_of(WordingUse.CAMPAIGN)
    return rows.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None


def _initial(request: Request, wording: Wording | None) -> dict[str, object]:
    own = own_or_first(serving_stores(request.reach).order_by("code"), request.user.store_id)
    store = {} if request.reach.sees_all or own is None else {"store": str(own.pk)}
    text = {"text": wording.text, "name": wording.name} if wording else {}
    return {"kind": "event", **store, **text}


# What the service refuses of one field is said beside it.
REFUSED_AT = {
    "name_missing": "name",
    "text_missing": "text",
    "unknown_place": "text",
    "stray_brace": "text",
    "ends_before_it_starts": "ends_at",
    "too_long": "ends_at",
    "deal_days_wrong": "deals_within_days",
    "not_yours": "store",
}


def _form_page(
    request: Request,
    form: CampaignForm,
    campaign: Campaign | None,
    title: str,
    quicker: Conflict | None = None,
) -> HttpResponse:
    known = reverse("desk:campaign", args=[campaign.pk]) if campaign else ""
    context = {
        "form": form,
        "conflict": quicker,
        "title": title,
        "wordings": [
            {"name": row.name, "url": f"{reverse('desk:new_campaign')}?wording={row.pk}"}
            for row in wordings_of(WordingUse.CAMPAIGN)
        ]
        if campaign is None
        else [],
        "back_url": known or reverse("desk:campaigns"),
    }
    return TemplateResponse(request, "desk/campaign_form.html", context)


@only(CAMPAIGN_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_campaign(request: Request, pk: int) -> HttpResponse:
    """Change a campaign that is not over; the work of its guests moves along."""
    campaign = get_campaign_to_manage(request.reach, pk)
    form = CampaignForm(
        request.POST or None, reach=request.reach, initial=CampaignForm.initial_of(campaign)
    )
    quicker = None
    if form.is_valid():
        try:
            services.change_campaign(
                campaign=campaign,
                terms=form.terms(campaign),
                seen=form.cleaned_data["seen"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            if "changed_meanwhile" in refusal.codes:
                quicker = _lay_over(form, campaign)
            else:
                show_refusal(form, refusal, REFUSED_AT)
        else:
            messages.success(request, _("The campaign is saved."))
            return redirect("desk:campaign", pk=pk)
    return _form_page(request, form, campaign, mask_in_text(campaign.name), quicker)


def _lay_over(form: CampaignForm, campaign: Campaign) -> Conflict:
    """What was typed, on top of what somebody else saved first."""
    campaign.refresh_from_db()
    last = queries.last_change(campaign)
    return rebased(
        form,
        CampaignForm.initial_of(campaign),
        by=last.by if last else None,
        at=last.at if last else None,
        newest_url=reverse("desk:edit_campaign", args=[campaign.pk]),
    )


@only(CUSTOMER_ROLES)
@require_safe
def campaign(request: Request, pk: int) -> HttpResponse:
    """One campaign: its figures, each a list of its people, and what is next."""
    return _page(request, get_campaign_for(request.reach, pk))


def _page(request: Request, found: Campaign, review: ReviewForm | None = None) -> HttpResponse:
    told = _figures(request, found)
    is_running = found.state in RUNNING_CAMPAIGNS
    may_manage = queries.may_manage(request.reach, found)
    asks = is_running and request.reach.may_reveal
    guests = queries.visible_invitations(request.reach)
    following = asks and queries.next_to_ask(guests, found, by=request.reach.acts_for)
    context = {
        "campaign": found,
        "name": mask_in_text(found.name),
        "kind": words.kind_of(found),
        "is_of_goods": words.is_of_goods(found),
        "facts": words.facts_of(found),
        "text": words.text_of(found),
        "whose": words.whose_words(found, reach=request.reach),
        "called_off": words.called_off_words(found),
        "stats": words.stats_of(found, told, reach=request.reach),
        "counts": words.counts_of(found, told),
        "guests_url": reverse("desk:campaign_guests", args=[found.pk]),
        "invite_url": reverse("desk:invite", args=[found.pk]) if is_running else "",
        "next_url": reverse("desk:next_guest", args=[found.pk]) if asks and following else "",
        "nobody_left": words.nobody_left(found, told) if asks and not following else "",
        "door_url": reverse("desk:door", args=[found.pk]) if words.door_is_open(found) else "",
        "may_manage": may_manage,
        "is_running": is_running,
        "moves": _moves(found) if may_manage else [],
        "review": mask_in_text(found.review),
        "is_theirs": review is not None and bool(review.non_field_errors()),
        "review_form": (review or ReviewForm.of(found))
        if may_manage and found.starts_at <= timezone.now()
        else None,
    }
    return TemplateResponse(request, "desk/campaign.html", context)


def _figures(request: Request, found: Campaign) -> Figures:
    guests = queries.visible_invitations(request.reach)
    return figures_of(guests, [found.pk])[found.pk]


def _moves(found: Campaign) -> list[dict[str, str]]:
    return [
        {"to": to.value, "label": words.move_words(found, to), "url": _call_off_url(found, to)}
        for to in rules.MOVES[CampaignState(found.state)]
        if not services.blockers_of_move(found, to, now=timezone.now())
    ]


def _call_off_url(found: Campaign, to: CampaignState) -> str:
    """Calling off has a page of its own: why, and who is told."""
    is_off = to == CampaignState.CALLED_OFF
    return reverse("desk:call_off", args=[found.pk]) if is_off else ""


@only(CAMPAIGN_ROLES)
@require_POST
def move_campaign(request: Request, pk: int) -> HttpResponse:
    """Begin to invite, end or take up again."""
    found = get_campaign_to_manage(request.reach, pk)
    to = request.POST.get("to", "")
    if to == CampaignState.CALLED_OFF:
        return redirect("desk:call_off", pk=pk)
    if to in CampaignState.values:
        try:
            services.move_campaign(
                campaign=found, to=CampaignState(to), by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("desk:campaign", pk=pk)


@only(CAMPAIGN_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def review_campaign(request: Request, pk: int) -> HttpResponse:
    """Write down how it went; the address of a refused form leads back to the page."""
    if request.method != "POST":
        return redirect("desk:campaign", pk=pk)
    found = get_campaign_to_manage(request.reach, pk)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        services.review_campaign(
            campaign=found,
            review=put_back(form.cleaned_data["review"], kept=found.review),
            seen=form.cleaned_data["seen"],
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        found.refresh_from_db(fields=["review"])
        again = ReviewForm({**request.POST.dict(), "seen": version_of_review(found)})
        show_refusal(again, refusal, REFUSED_AT)
        return _page(request, found, again)
    messages.success(request, _("The review is saved."))
    return redirect("desk:campaign", pk=pk)


@only(CUSTOMER_ROLES)
@require_safe
def campaign_guests(request: Request, pk: int) -> HttpResponse:
    """The people behind a figure of the campaign."""
    found = get_campaign_for(request.reach, pk)
    guests = with_deal(queries.guests_for_list(queries.visible_invitations(request.reach), found))
    rows = GUESTS.open(
        request,
        guests,
        filter_with={"reach": request.reach},
        draw_with={"now": timezone.now(), "is_care": found.kind == CampaignKind.CARE},
    )
    show = request.GET.get("show", "")
    context = {
        "name": mask_in_text(found.name),
        "what": str(words.SHOW_WORDS.get(show, "")),
        "back_url": reverse("desk:campaign", args=[pk]),
    }
    return GUESTS.answer(request, rows, "desk/campaign_guests.html", context)
