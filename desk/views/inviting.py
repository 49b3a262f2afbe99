"""Whom to invite: a filter of the customer list, what the guard says of it, then the go-ahead.

Of a store's campaign its own customers alone are found. What is for owners begins with those.
"""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.listing import OpenList
from core.models import Job
from core.phones import mask_in_text
from core.refusals import Refused
from customers.models import Customer
from customers.queries import visible
from desk.forms.campaigns import GoAheadForm, signed
from desk.lists.customers import CUSTOMERS
from desk.lists.customers.names import names_for
from desk.services.inviting import KIND, MOST, ask_to_invite
from desk.views.campaigns import get_campaign_for
from desk.views.customers import open_customers
from followups.models import Campaign
from followups.queries.campaigns import put_on_list
from followups.rules import campaigns as rules
from followups.services.foreseeing import Foreseen, foresee
from followups.states import RUNNING_CAMPAIGNS
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES

FIRST_NAMES = 12
# The narrowing with which what is for owners begins; it can be changed.
OWNERS = urlencode({"bought": "ever"})


@only(CUSTOMER_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request, pk: int) -> HttpResponse:
    """Narrow the customers by the address, look at whom it finds, and invite exactly these."""
    campaign = get_campaign_for(request.reach, pk)
    if campaign.state not in RUNNING_CAMPAIGNS:
        messages.warning(request, _("This campaign takes no more invitations."))
        return redirect("desk:campaign", pk=pk)
    if request.method == "POST":
        return _go_ahead(request, campaign)
    if not request.GET and rules.is_for_owners(kind=campaign.kind, text=campaign.text):
        return redirect(f"{request.path}?{OWNERS}")
    names = names_for(request.user, list_name=CUSTOMERS.name)
    found = open_customers(request, names, store=campaign.store_id)
    ids = list(found.found.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    too_many = len(ids) > MOST
    seen = _foreseen(campaign, [] if too_many else ids)
    is_everybody = bool(seen.ids) and not _is_chosen(request, campaign, found)
    context = {
        "campaign": campaign,
        "name": mask_in_text(campaign.name),
        "list": found,
        "kept_filters": [
            {"name": kept.name, "url": f"?{kept.query}", "is_current": kept.query == _query(found)}
            for kept in names.kept
        ],
        "pool": campaign.store.name if campaign.store else "",
        "too_many": too_many,
        "most": MOST,
        "ready": len(seen.ids),
        "there": len(seen.there),
        "label": _label(len(seen.ids)),
        "everybody": _everybody(len(seen.ids)) if is_everybody else "",
        "names": _names(seen.ids),
        "withheld": [
            {"label": str(reason.label), "count": len(pks), "names": _names(pks)}
            for reason, pks in sorted(seen.withheld.items())
        ],
        "form": GoAheadForm(initial={"shown": _shown(request, campaign, seen, is_everybody)}),
        "back_url": reverse("desk:campaign", args=[pk]),
    }
    return TemplateResponse(request, "desk/invite.html", context)


def _query(found: OpenList) -> str:
    return found.first_url.lstrip("?")


def _is_chosen(request: Request, campaign: Campaign, found: OpenList) -> bool:
    """Whether somebody narrowed the list: what it begins with is no choice."""
    names = set(found.filters.filters) - {"scope"}
    asked = {name: request.GET[name] for name in names if request.GET.get(name)}
    is_begun = rules.is_for_owners(kind=campaign.kind, text=campaign.text)
    return bool(asked) and not (is_begun and urlencode(asked) == OWNERS)


def _foreseen(campaign: Campaign, ids: list[int]) -> Foreseen:
    rows = Customer.objects.filter(pk__in=ids).select_related("owner", "store").order_by("pk")
    return foresee(campaign=campaign, customers=list(rows), now=timezone.now())


def _shown(request: Request, campaign: Campaign, seen: Foreseen, is_everybody: bool) -> str:
    kept_off = [pk for ids in seen.withheld.values() for pk in ids]
    return signed(
        by=request.user.pk,
        campaign=campaign.pk,
        ids=sorted([*seen.ids, *kept_off]),
        everybody=is_everybody,
    )


def _label(count: int) -> str:
    words = ngettext("Invite this %(count)s", "Invite these %(count)s", count)
    return words % {"count": count}


def _everybody(count: int) -> str:
    words = ngettext(
        "Yes, I mean this %(count)s.",
        "Yes, I mean all %(count)s.",
        count,
    )
    return words % {"count": count}


def _names(ids: list[int]) -> list[str]:
    rows = Customer.objects.filter(pk__in=ids[:FIRST_NAMES]).order_by("pk")
    return [mask_in_text(name) for name in rows.values_list("name", flat=True)]


def _go_ahead(request: Request, campaign: Campaign) -> HttpResponse:
    """Invite what was shown; a page of an hour ago is shown anew."""
    form = GoAheadForm(request.POST)
    told = form.shown_to(by=request.user.pk, campaign=campaign.pk) if form.is_valid() else None
    if told is None:
        messages.warning(request, _("This page was open for too long. Look at the list again."))
        return redirect(request.get_full_path())
    if told.needs_a_word:
        messages.warning(request, _("Choose a filter first, or confirm that all are meant."))
        return redirect(request.get_full_path())
    ids = told.ids
    try:
        job = ask_to_invite(
            campaign=campaign, customers=ids, by=request.user, key=form.cleaned_data["key"]
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(request.get_full_path())
    if job is not None:
        return redirect("core:job", pk=job.pk)
    listed, kept_off = put_on_list(campaign, ids)
    said = {"listed": listed, "kept_off": kept_off}
    words = _("Put on the list: %(listed)s. Now each is asked, one at a time.")
    if kept_off:
        words = _("Put on the list: %(listed)s; kept off by the guard: %(kept_off)s.")
    messages.success(request, words % said)
    if left_out := len(ids) - visible(request.reach).filter(pk__in=ids).count():
        words = ngettext(
            "%(count)s customer has changed hands meanwhile and is left out.",
            "%(count)s customers have changed hands meanwhile and are left out.",
            left_out,
        )
        messages.info(request, words % {"count": left_out})
    return redirect("desk:campaign", pk=campaign.pk)


@only(CUSTOMER_ROLES)
@require_safe
def invited(request: Request, pk: int) -> HttpResponse:
    """From one's own job of inviting to the campaign it was for."""
    job = get_object_or_404(Job, pk=pk, asked_by=request.user, kind=KIND)
    campaign = job.params.get("campaign")
    if not isinstance(campaign, int):
        raise BadRequest
    return redirect("desk:campaign", pk=campaign)
