"""One filing: what it says, what happened to it, and what its holder or a manager does with it."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.forms import show_refusal
from core.refusals import Refused
from filings import services
from filings.forms.acts import ExtensionForm, ReleaseForm, VoidForm
from filings.models import Filing
from filings.queries import shown, terms_of
from filings.queries.further import waits_for_finding
from filings.queries.offered import (
    is_party,
    is_standing,
    leads,
    may_ask,
    may_complete,
    may_contest,
    may_hand_over,
    may_prove,
    may_release,
    may_review,
    may_void,
    still_holds,
)
from filings.queries.shown import ShownFiling, is_passed_on
from filings.services import missing_to_file
from filings.services.asking import ask_once
from filings.showing import light as words
from filings.showing import page
from filings.states import Channel, RequestKind, ReviewState
from filings.wording import elements_text
from staff.access import only
from staff.requests import Request
from staff.scope import FILING_ROLES, Reach
from staff.states import Role

DETAIL_ROLES = FILING_ROLES | {Role.OPS_MANAGER}
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def get_filing_for(reach: Reach, pk: int, *, now: datetime) -> ShownFiling:
    """The filing `pk` within reach; a stranger's does not exist (404)."""
    found = shown.filing_for(reach, pk, now=now)
    if found is None:
        raise Http404
    return found


def why_not(reach: Reach, filing: Filing) -> str:
    """Why a manager who leads the unit is offered nothing here; "" for everybody else."""
    if not is_standing(filing) or not is_party(reach, filing):
        return ""
    return str(services.FilingNotChanged.because("is_party"))


@only(DETAIL_ROLES)
@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    """The page of one filing."""
    now = timezone.now()
    found = get_filing_for(request.reach, pk, now=now)
    stretches = [] if is_passed_on(found) else page.stretches_of(found, now=now)
    requests = found.requests.select_related("decided_by").order_by("-pk")
    events = shown.events_of(found)
    if not found.is_known:
        events = events.filter(person__in=request.reach.acts_for)
        requests = requests.filter(asked_by__in=request.reach.acts_for)
    context = {
        "filing": found,
        "light": words.shown_light(found, now=now),
        "why_not": why_not(request.reach, found),
        "facts": page.facts_of(found, now=now),
        "stretches": stretches,
        "today_at": page.today_on(found, stretches, now=now),
        "events": [page.event_told(row, found, now=now) for row in events],
        "requests": [page.request_told(row, found, now=now) for row in requests],
        "missing": _missing(found),
        "waits": not found.is_known and is_standing(found) and waits_for_finding(found),
        "card_url": reverse("desk:customer", args=[found.customer_id]) if found.is_known else "",
        "acts": _acts(request, found, now=now),
        "again": found.is_free and found.invalid == "LATER_FILER",
    }
    return TemplateResponse(request, "filings/detail.html", context)


def _missing(filing: ShownFiling) -> str:
    """What keeps a draft from being a filing (FIL-08), for whoever may see the card."""
    if filing.submitted_at is not None or filing.withdrawn or not filing.is_known:
        return ""
    return elements_text(missing_to_file(filing, filing.customer, has_number=filing.has_number))


def _acts(request: Request, filing: ShownFiling, *, now: datetime) -> list[dict[str, str]]:
    """What this reader may do with it, the most wanted first; nothing of what was passed on."""
    if is_passed_on(filing):
        return []
    reach = request.reach
    offered = [
        (may_prove(reach, filing), "filings:prove", _("Give proof"), "paperclip"),
        (may_ask(reach, filing, now=now), "filings:ask", _("Ask for more time"), "clock"),
        (may_hand_over(reach, filing), "desk:hand_over_filing", _("Hand over"), "users"),
        (may_void(reach, filing, now=now), "filings:void", _("Take the filing back"), "refresh"),
        (may_release(reach, filing, now=now), "filings:release", _("Release"), "x"),
    ]
    acts = [
        {"label": label, "url": reverse(view, args=[filing.pk]), "icon": icon}
        for may, view, label, icon in offered
        if may
    ]
    if may_review(request.user, filing, today=timezone.localdate(now)):
        acts.insert(0, {"label": _("To its review"), "url": _review_url(filing), "icon": "check"})
    if may_complete(reach, filing):
        url = reverse("desk:edit_customer", args=[filing.customer_id])
        acts.append({"label": _("Complete"), "url": url, "icon": "edit"})
    if may_contest(reach, filing):
        url = reverse("filings:contest", args=[filing.customer_id])
        acts.append({"label": _("Ask for a ruling"), "url": url, "icon": "send"})
    return acts


def _review_url(filing: Filing) -> str:
    """Its row in the queue of reviews."""
    part = "?part=proof" if filing.review_state == ReviewState.PROOF else ""
    return f"{reverse('filings:reviews')}{part}#filing-{filing.pk}"


def act_page(request: Request, found: ShownFiling, **said: object) -> HttpResponse:
    """The page of one act: whose filing, what follows, a form, one button."""
    now = timezone.now()
    context = {
        "filing": found,
        "customer": words.customer_word(found),
        "light": words.shown_light(found, now=now),
        "form": None,
        "refusal": "",
        "why_not": why_not(request.reach, found),
        "asks": None,
        **said,
    }
    return TemplateResponse(request, "filings/act.html", context)


@only(DETAIL_ROLES)
@GET_OR_POST
def release(request: Request, pk: int) -> HttpResponse:
    """Give a filing up (FIL-34): what follows is said before the tap."""
    now = timezone.now()
    found = get_filing_for(request.reach, pk, now=now)
    is_own = found.holder_id == request.reach.person_id
    if not is_own and not leads(request.reach, found):
        raise PermissionDenied
    form = None if is_own else ReleaseForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _release(request, found, reason=form.cleaned_data["reason"] if form else "", now=now)
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("Released. The customer is free for others."))
            return redirect("filings:detail", pk=pk)
    hours = terms_of(found.policy).release_wait_hours
    return act_page(
        request,
        found,
        title=_("Release the filing"),
        hint=_(
            "The protection ends at once, and everybody may file this customer. You can file"
            " them again yourself after %(hours)s hours. This cannot be taken back."
        )
        % {"hours": hours},
        submit_label=_("Release the filing"),
        refusal=refusal,
        form=form,
        may_act=may_release(request.reach, found, now=now),
    )


def _release(request: Request, found: ShownFiling, *, reason: str, now: datetime) -> None:
    """Release it. Raises FilingNotChanged."""
    is_own = found.holder_id == request.reach.person_id
    if is_own and not still_holds(request.reach, found, now=now):
        raise services.FilingNotChanged.because("not_standing")
    services.release(filing=found, by=request.user, is_manager=not is_own, reason=reason)


@only(DETAIL_ROLES)
@GET_OR_POST
def void(request: Request, pk: int) -> HttpResponse:
    """Take back a filing made by mistake: the filer within ten minutes, later a manager."""
    now = timezone.now()
    found = get_filing_for(request.reach, pk, now=now)
    is_manager = leads(request.reach, found)
    if request.reach.person_id not in (found.filer_id, found.by_id) and not is_manager:
        raise PermissionDenied
    form = VoidForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.void_filing(
                filing=found, by=request.user, is_manager=is_manager, **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Taken back. It stays readable and keeps its place."))
            return redirect("filings:detail", pk=pk)
    return act_page(
        request,
        found,
        title=_("Take the filing back"),
        hint=_(
            "It counts as never having protected; it stays readable, and uses up its place in"
            " the quota. Who filed it waits %(days)s days before filing this customer again."
        )
        % {"days": terms_of(found.policy).refile_wait_days},
        submit_label=_("Take the filing back"),
        form=form,
        may_act=may_void(request.reach, found, now=now),
    )


@only(DETAIL_ROLES)
@GET_OR_POST
def ask(request: Request, pk: int) -> HttpResponse:
    """Ask for more time (延期申请), before the limit (FIL-19, FIL-20)."""
    now = timezone.now()
    found = get_filing_for(request.reach, pk, now=now)
    if found.holder_id not in request.reach.acts_for:
        raise PermissionDenied
    terms, today = terms_of(found.policy), found.store.today(now)
    form = ExtensionForm(
        request.POST if request.method == "POST" else None,
        limits=_limits(found),
        days=terms.extension_days,
        today=today,
    )
    if form.is_valid():
        try:
            ask_once(
                filing=found,
                by=request.user,
                is_for_holder=found.holder_id != request.reach.person_id,
                **form.cleaned_data,
            )
        except Refused as refused:
            show_refusal(form, refused, form.fields_of_codes)
        else:
            messages.success(request, _("Asked for. Until it is decided the filing is held."))
            return redirect("filings:detail", pk=pk)
    return act_page(
        request,
        found,
        title=_("Ask for more time"),
        hint=_("Undecided, it holds the filing for %(days)s working days.")
        % {"days": terms.request_working_days},
        submit_label=_("Ask for more time"),
        asks=form,
        may_act=may_ask(request.reach, found, now=now),
    )


def _limits(filing: Filing) -> dict:
    """The last day of each limit that may be moved: of field filings measuring, of all silence."""
    zone, limits = filing.store.tzinfo, {}
    if filing.channel == Channel.FIELD and filing.limit_at and filing.measured_at is None:
        limits[RequestKind.LIMIT] = words.last_day(filing.limit_at, zone)
    if filing.protected_until:
        limits[RequestKind.SILENCE] = words.last_day(filing.protected_until, zone)
    return limits
