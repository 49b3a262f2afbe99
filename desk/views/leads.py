"""Leads: the list, one lead, and the acts on it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.days import moment_text
from core.phones import mask_id, mask_in_text
from core.time_left import span
from customers.models import Lead
from customers.queries import leads as queries
from customers.queries import visible
from customers.queries.leads import ListedLead
from customers.queries.parameters import parameters
from customers.services import dispatch
from customers.services.leads import LeadNotChanged, discard_lead
from customers.states import OPEN_LEADS, LeadState, OfferState
from desk.forms.leads import DiscardForm, HandOutForm
from desk.lists.leads import LEADS, OPEN, shown_name, standing_of, with_whom, word_of
from desk.services.leads import accept_lead
from filings.queries.shown import count_lapsing
from staff.access import only
from staff.models import Person
from staff.requests import Request
from staff.scope import (
    DISPATCHING_ROLES,
    FILING_ROLES,
    LEAD_ROLES,
    LEAD_SOURCE_ROLES,
    SERVING_ROLES,
    Reach,
    own_or_first,
    serving_stores,
)

MOST_CARDS = 20


def get_lead_for(reach: Reach, pk: int) -> Any:
    """The lead `pk` with its trail; a stranger's does not exist (404)."""
    return get_object_or_404(queries.lead_with_trail(queries.visible_leads(reach)), pk=pk)


@only(LEAD_ROLES)
@never_cache
@require_safe
def leads(request: Request) -> HttpResponse:
    """What is offered to the reader with its clock, then all leads within reach."""
    now = timezone.now()
    within = queries.visible_leads(request.reach)
    found = LEADS.open(
        request,
        queries.leads_for_list(within),
        filter_with={"reach": request.reach},
        draw_with={"reader": request.reach, "now": now, "minutes": _minutes(now)},
    )
    context = {
        "cards": _cards(request, now=now),
        "counts": _counts(request, within),
        "may_send_in": request.reach.has_role(LEAD_SOURCE_ROLES),
        "rota_store": _rota_store(request),
        "poll": request.get_full_path(),
    }
    return LEADS.answer(request, found, "desk/leads.html", context)


def _rota_store(request: Request) -> int | None:
    """Whose rota is at hand: the own store's; for an office, the first of those within reach."""
    if not request.reach.has_role(DISPATCHING_ROLES):
        return None
    stores = serving_stores(request.reach).order_by("code", "pk")
    store = own_or_first(stores, request.user.store_id)
    return store.pk if store else None


@only(LEAD_ROLES)
@never_cache
@require_safe
def leads_waiting(request: Request) -> HttpResponse:
    """How many leads wait for the reader, and how many of their filings lapse within three days
    (PUL-02): the strip of their day, which asks for it afterwards.
    """
    lapsing = None
    if request.reach.has_role(FILING_ROLES):
        whose = f"&person={request.reach.person_id}" if request.reach.leads_stores else ""
        lapsing = {
            "count": count_lapsing(request.reach, now=timezone.now()),
            "url": f"{reverse('filings:mine')}?state=soon{whose}",
        }
    context = {"leads_waiting": queries.leads_waiting_for(request.reach), "lapsing": lapsing}
    return TemplateResponse(request, "followups/today.html#leads", context)


def _minutes(now: datetime) -> int:
    return parameters(timezone.localdate(now)).response_minutes


def _cards(request: Request, *, now: datetime) -> list[dict[str, object]]:
    """What this person can take on with one tap: offers to them, and what waits in their store."""
    if not request.reach.has_role(SERVING_ROLES):
        return []
    rows = queries.leads_for_list(queries.leads_to_answer(request.reach))
    if request.reach.leads_stores:
        rows = rows.filter(offers__person=request.reach.person_id, offers__state=OfferState.OPEN)
    minutes = _minutes(now)
    return [
        _card(lead, now=now, minutes=minutes) for lead in rows.order_by("-rank", "pk")[:MOST_CARDS]
    ]


def _card(lead: ListedLead, *, now: datetime, minutes: int) -> dict[str, object]:
    is_offered = lead.state == LeadState.OFFERED
    return {
        "pk": lead.pk,
        "name": shown_name(lead),
        "phone": lead.masked,
        "need": mask_in_text(lead.need) or _("no need given"),
        "came": " · ".join(
            part for part in (lead.origin.name, mask_in_text(lead.campaign)) if part
        ),
        "place": mask_in_text(lead.place or lead.address),
        "is_offered": is_offered,
        "lapses": lead.lapses_at.isoformat() if is_offered and lead.lapses_at else "",
        "due": standing_of(lead, lapses=lead.lapses_at, now=now, minutes=minutes),
    }


def _counts(request: Request, within: QuerySet[Lead]) -> list[dict[str, object]]:
    """Chips that filter, each with its true number."""
    counts = queries.lead_counts(within)
    now_shown = request.GET.get("state", "") or OPEN
    offered = [
        (OPEN, _("open"), counts.waiting + counts.offered, "plain"),
        (LeadState.WAITING, _("wait for somebody"), counts.waiting, "late"),
        (LeadState.OFFERED, _("offered"), counts.offered, "plain"),
        (LeadState.ACCEPTED, _("accepted"), counts.accepted, "plain"),
        (LeadState.JOINED, _("known customers"), counts.joined, "plain"),
        (LeadState.INVALID, _("invalid"), counts.invalid, "plain"),
    ]
    return [
        {
            "label": label,
            "count": count,
            "url": "?" + (f"state={state}" if state in (OPEN, *OPEN_LEADS) else _newest(state)),
            "is_current": state == now_shown,
            "tone": tone if count else "plain",
            "icon": "alert-triangle-filled" if tone == "late" and count else "",
        }
        for state, label, count, tone in offered
    ]


def _newest(state: str) -> str:
    return f"state={state}&sort=-received"


@only(LEAD_ROLES)
@never_cache
@require_safe
def lead(request: Request, pk: int) -> HttpResponse:
    """One lead: what is known, what can be done, and every offer that was made."""
    return _lead_page(request, get_lead_for(request.reach, pk))


def _lead_page(
    request: Request,
    found: Any,
    *,
    hand_out: HandOutForm | None = None,
    discard: DiscardForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    now = timezone.now()
    is_open = found.state in OPEN_LEADS
    may_dispatch = is_open and request.reach.has_role(DISPATCHING_ROLES)
    context = {
        "lead": found,
        "name": shown_name(found),
        "state_word": word_of(found),
        "who": with_whom(found),
        "due": standing_of(found, lapses=found.lapses_at, now=now, minutes=_minutes(now)),
        "facts": _facts(found, now=now),
        "trail": _trail(found, now=now),
        "card_url": _card_url(request, found),
        "is_mine": _is_mine(request, found),
        "may_accept": _may_accept(request, found),
        "hand_out": (hand_out or HandOutForm(reader=request.reach)) if may_dispatch else None,
        "discard": (discard or DiscardForm()) if may_dispatch else None,
        "refusal": refusal,
    }
    return TemplateResponse(request, "desk/lead.html", context)


def _is_mine(request: Request, found: Any) -> bool:
    return any(
        offer.person_id == request.user.pk and offer.state == OfferState.OPEN
        for offer in found.trail
    )


def _may_accept(request: Request, found: Any) -> bool:
    """One's own offer, or what waits in the own store: the service says so once more."""
    if not request.reach.has_role(SERVING_ROLES):
        return False
    own = {request.user.store_id, *request.reach.store_ids}
    is_waiting = found.state == LeadState.WAITING and found.store_id in own
    return is_waiting or _is_mine(request, found)


def _card_url(request: Request, found: Any) -> str:
    """The customer it became, for who may see them."""
    if not found.customer_id:
        return ""
    is_seen = visible(request.reach).filter(pk=found.customer_id).exists()
    return reverse("desk:customer", args=[found.customer_id]) if is_seen else ""


def _facts(found: Any, *, now: datetime) -> list[dict[str, str]]:
    """What the platform told us; numbers and WeChat ids masked, whoever reads."""
    known = [
        (_("Phone"), found.masked),
        (_("WeChat"), mask_id(found.wechat)),
        (_("Need"), mask_in_text(found.need)),
        (_("City or region"), mask_in_text(found.place)),
        (_("Address"), mask_in_text(found.address)),
        (_("Campaign"), mask_in_text(found.campaign)),
        (_("From"), f"{found.origin.name} ({found.get_way_display()})"),
        (_("Platform id"), mask_in_text(found.platform_id)),
        (_("Store"), found.store.name if found.store else ""),
        (_("Asked"), moment_text(found.asked_at, now=now) if found.asked_at else ""),
        (_("Received"), moment_text(found.received_at, now=now)),
        (_("Why it is invalid"), mask_in_text(found.close_note)),
        (_("Asked again through"), _(", ").join(each.origin.name for each in found.same)),
    ]
    return [{"label": label, "text": text} for label, text in known if text]


def _trail(found: Any, *, now: datetime) -> list[dict[str, object]]:
    """Every offer: to whom, by whom, until when, what became of it after how long."""
    return [
        {
            "at": moment_text(offer.offered_at, now=now),
            "name": offer.person.name,
            "state": _("waits for an answer")
            if offer.state == OfferState.OPEN
            else OfferState(offer.state).label,
            "is_open": offer.state == OfferState.OPEN,
            "is_good": offer.state == OfferState.ACCEPTED,
            "by": offer.offered_by.name if offer.offered_by else "",
            "took": span(offer.answered_at - offer.offered_at) if offer.answered_at else "",
            "until": timezone.localtime(offer.lapses_at).strftime("%m-%d %H:%M"),
        }
        for offer in found.trail
    ]


@only(SERVING_ROLES)
@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """“I take it”: the customer is registered, the first call is on today's list."""
    found = queries.visible_leads(request.reach).filter(pk=pk).first()
    if found is None:
        return _gone(request, pk)
    try:
        done = accept_lead(lead=found, by=request.user, now=timezone.now())
    except LeadNotChanged as refusal:
        messages.warning(request, str(refusal))
        return redirect("desk:leads")
    if done.is_known and not visible(request.reach).filter(pk=done.customer.pk).exists():
        said = _("The number is a customer's by now. Who keeps them has been told to call.")
        messages.info(request, said)
        return redirect("desk:leads")
    if done.is_known:
        messages.info(request, _("The number belongs to this customer already."))
    else:
        messages.success(request, _("Accepted. Call now: the call is on your list of today."))
    return redirect("desk:customer", pk=done.customer.pk)


def _gone(request: Request, pk: int) -> HttpResponse:
    """Seen a moment ago, somebody else's now: told in words. What was never offered is a 404."""
    had = Q(offers__person=request.user) | Q(store=request.user.store_id, store__isnull=False)
    rows = Lead.objects.filter(had, pk=pk).values_list("state", flat=True)
    state = rows.first()
    if state is None:
        raise Http404
    code = "taken" if state == LeadState.ACCEPTED else "not_offered"
    messages.warning(request, str(LeadNotChanged.because(code)))
    return redirect("desk:leads")


@only(SERVING_ROLES)
@require_POST
def pass_on(request: Request, pk: int) -> HttpResponse:
    """“Not me”: the next person is asked."""
    found = queries.visible_leads(request.reach).filter(pk=pk).first()
    if found is None:
        return _gone(request, pk)
    try:
        dispatch.pass_lead(lead=found, by=request.user, now=timezone.now())
    except LeadNotChanged as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Passed on. The next person is asked."))
    return redirect("desk:leads")


@only(DISPATCHING_ROLES)
@require_POST
def hand_out(request: Request, pk: int) -> HttpResponse:
    """Give a lead to a person or a store by hand."""
    found = get_lead_for(request.reach, pk)
    form = HandOutForm(request.POST, reader=request.reach)
    if not form.is_valid():
        return _lead_page(request, found, hand_out=form)
    to, now = form.chosen(), timezone.now()
    try:
        if isinstance(to, Person):
            dispatch.assign_lead(lead=found, person=to, by=request.user, now=now)
        else:
            dispatch.send_to_store(lead=found, store=to, by=request.user, now=now)
    except LeadNotChanged as refusal:
        return _lead_page(request, found, hand_out=form, refusal=str(refusal))
    messages.success(request, _("Handed out to %(name)s.") % {"name": to.name})
    return redirect("desk:leads")


@only(DISPATCHING_ROLES)
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Close what is no lead, with the reason (DAT-02)."""
    found = get_lead_for(request.reach, pk)
    form = DiscardForm(request.POST)
    if not form.is_valid():
        return _lead_page(request, found, discard=form)
    try:
        discard_lead(lead=found, by=request.user, now=timezone.now(), **form.cleaned_data)
    except LeadNotChanged as refusal:
        return _lead_page(request, found, discard=form, refusal=str(refusal))
    messages.success(request, _("The lead is closed as invalid."))
    return redirect("desk:leads")
