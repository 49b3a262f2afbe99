"""The bench (归属裁定台): the queue, one case, its decision; for those who decide."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from core.forms import show_refusal
from core.refusals import Refused
from filings.forms.bench import ProofForm
from filings.models import Dispute
from filings.queries import bench as queries
from filings.queries import judges
from filings.rules.parties import Decider
from filings.services import contesting
from filings.showing import bench as showing
from filings.views.case import FIELDS, desk_of
from staff.access import signed_in
from staff.requests import Request

PAGE = 60
TABS = ("open", "proof", "appeal", "decided")


def decider_for(request: Request) -> Decider:
    """What this person may decide at all; whoever decides nothing has no bench (403)."""
    found = judges.decider_of(request.user, today=timezone.localdate())
    if not found.decides_something:
        raise PermissionDenied
    return found


def tabs_of(found: QuerySet[Dispute]) -> dict[str, QuerySet[Dispute]]:
    """The four tabs of the queue."""
    return {
        "open": judges.waiting(found),
        "proof": judges.waiting_for_proof(found),
        "appeal": judges.appealed(found),
        "decided": judges.decided(found),
    }


def _labels() -> dict[str, str]:
    return {
        "open": pgettext("tab of the bench", "To decide"),
        "proof": pgettext("tab of the bench", "Waits for proof"),
        "appeal": pgettext("tab of the bench", "Appeals"),
        "decided": pgettext("tab of the bench", "Decided"),
    }


def _queue(
    request: Request, decider: Decider, *, current: int | None
) -> tuple[dict[str, object], int | None]:
    """The queue as both pages show it, and its oldest dispute."""
    now = timezone.now()
    found = judges.on_bench(decider)
    tabs = tabs_of(found)
    asked = request.GET.get("tab", "")
    tab = asked if asked in TABS else "open"
    counts = queries.counts_of(tabs)
    rows = list(queries.queue_of(tabs[tab], limit=PAGE))
    parties = queries.parties_of(rows)
    customers = queries.customers_masked({row.customer_id for row in rows})
    query = f"tab={tab}" if tab != "open" else ""
    since = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    took = queries.decided_since(tabs["decided"], since=since)
    queue = {
        "tabs": [
            {"label": label, "count": counts[name], "url": f"{reverse('filings:bench')}?tab={name}",
             "is_current": name == tab}
            for name, label in _labels().items()
        ],
        "rows": [
            showing.queue_row(
                row, parties.get(row.pk, []), customers[row.customer_id], now=now, query=query,
                current=current,
            )
            for row in rows
        ],
        "decided_count": len(took),
        "decided_pace": _pace(took),
    }  # fmt: skip
    return queue, rows[0].pk if rows else None


def _pace(took: list) -> str:
    if not took:
        return ""
    seconds = sum(each.total_seconds() for each in took) / len(took)
    now = timezone.now()
    return showing.age_of(now - timedelta(seconds=seconds), now=now).text


@signed_in
@require_safe
def bench(request: Request) -> HttpResponse:
    """The disputes that this person decides, by tab, the oldest first.

    A desk has room for the oldest case beside the queue; a phone shows the queue alone.
    """
    decider = decider_for(request)
    queue, first = _queue(request, decider, current=None)
    if first is None:
        return TemplateResponse(request, "filings/bench.html", queue)
    desk = desk_of(request, decider, dispute_on_bench(decider, first))
    url = reverse("filings:case", args=[first])
    query = f"?tab={request.GET['tab']}" if request.GET.get("tab") in TABS else ""
    context = {**queue, **desk.context(), "is_first": True, "decide_url": url + query}
    return TemplateResponse(request, "filings/case.html", context)


def dispute_on_bench(decider: Decider, pk: int) -> Dispute:
    """One dispute on this person's bench; an own case, or another's, does not exist (404)."""
    if not judges.on_bench(decider).filter(pk=pk).exists():
        raise Http404
    return get_object_or_404(queries.get_disputes(), pk=pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: Request, pk: int) -> HttpResponse:
    """One dispute on one screen: the sides on one scale, clauses, proposal, evidence, decision."""
    decider = decider_for(request)
    found = dispute_on_bench(decider, pk)
    desk = desk_of(request, decider, found)
    if request.method == "POST":
        ruling = desk.decide()
        if ruling is not None:
            return redirect("filings:ruling", pk=ruling.pk)
        if desk.is_stale:
            desk = desk_of(request, decider, dispute_on_bench(decider, pk), is_again=True)
    queue, _first = _queue(request, decider, current=found.pk)
    context = {**queue, **desk.context(), "is_first": False, "decide_url": ""}
    return TemplateResponse(request, "filings/case.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ask_proof(request: Request, pk: int) -> HttpResponse:
    """Send a dispute back to one side, which is to prove something."""
    decider = decider_for(request)
    found = dispute_on_bench(decider, pk)
    parties = queries.parties_of([found]).get(found.pk, [])
    if judges.blockers_of(found, decider, parties):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = ProofForm(data, parties=[party.person_id for party in parties])
    if form.is_valid():
        try:
            contesting.ask_proof(dispute=found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, FIELDS)
        else:
            messages.success(request, _("Sent back for proof."))
            return redirect("filings:case", pk=pk)
    context = {"form": form, "back_url": reverse("filings:case", args=[pk]), "dispute": found}
    return TemplateResponse(request, "filings/ask_proof.html", context)
