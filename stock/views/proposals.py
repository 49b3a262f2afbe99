"""Proposals (建议补单, 建议调价): the list, one of them, making one, deciding (MER-13)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms import show_refusal
from core.listing import OpenList
from core.listing.export import FileKind, Mark, file_of
from core.refusals import Refused
from core.spreadsheets.write import OutCell, OutColumn, OutSheet
from staff.access import only
from staff.requests import Request
from staff.scope import GOODS_ROLES, STOCK_EXPORTING_ROLES
from staff.views.exporting import as_file, export_page
from stock.forms.proposals import DecideForm
from stock.lists.proposals import PROPOSALS
from stock.models import ProposalSize
from stock.queries.classes import standing_set
from stock.queries.proposals import (
    PROPOSAL_READERS,
    PROPOSING_ROLES,
    ReadProposal,
    may_decide,
    outcome_of,
    visible_proposals,
)
from stock.services.proposals import decide, mark_exported, withdraw
from stock.showing.proposals import (
    arrived_text,
    compared,
    older_text,
    proposal_shown,
    where_text,
)
from stock.states import ProposalState


def _open(request: Request) -> OpenList:
    return PROPOSALS.open(
        request,
        visible_proposals(request.reach),
        filter_with={"reach": request.reach},
    )


@only(PROPOSAL_READERS)
@require_safe
def proposals(request: Request) -> HttpResponse:
    """All proposals within reach, by state and kind."""
    found = _open(request)
    here = found.asked.get("state", "")
    may_export = request.reach.has_role(STOCK_EXPORTING_ROLES)
    context = {
        "parts": [
            {"label": label, "url": found.address(state=value or None, after=None, before=None),
             "is_here": value == here}
            for value, label in [("", pgettext("proposals", "All")), *ProposalState.choices]
        ],
        "suggestions_url": reverse("stock:suggestions"),
        "export_url": f"{reverse('stock:export_proposals')}?{request.GET.urlencode()}"
        if may_export
        else "",
    }  # fmt: skip
    return PROPOSALS.answer(request, found, "stock/proposals.html", context)


def _proposal_for(request: Request, pk: int) -> ReadProposal:
    """A proposal within reach; any other does not exist (404)."""
    rows = visible_proposals(request.reach).prefetch_related("sizes")
    return get_object_or_404(rows, pk=pk)


@only(PROPOSAL_READERS)
@require_safe
def proposal(request: Request, pk: int) -> HttpResponse:
    """One proposal: what, where, on which figures; decided, what came of it."""
    return _page(request, _proposal_for(request, pk), DecideForm())


def _page(request: Request, row: ReadProposal, form: DecideForm) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    is_over = row.is_told and row.state == ProposalState.APPROVED
    found = outcome_of(row, today=today) if is_over else None
    is_open = row.state == ProposalState.OPEN
    context = {
        "shown": proposal_shown(row, now=now),
        "older": older_text(row, standing_set() if is_open else None, today=today),
        "outcome": found,
        "compared": compared(found) if found else [],
        "arrived": arrived_text(row, found) if found else "",
        "form": form,
        "may_decide": may_decide(row, person=request.user, role=request.reach.role),
        "may_withdraw": is_open and row.proposed_by_id == request.user.pk,
        "pk": row.pk,
        "back_url": reverse("stock:proposals"),
    }
    return TemplateResponse(request, "stock/proposal.html", context)


@only(PROPOSAL_READERS)
@require_POST
def decide_proposal(request: Request, pk: int) -> HttpResponse:
    """Approve it, or decline it with a word."""
    row = _proposal_for(request, pk)
    if row.state == ProposalState.OPEN and not may_decide(
        row, person=request.user, role=request.reach.role
    ):
        raise PermissionDenied
    if not request.reach.has_role(GOODS_ROLES):
        raise PermissionDenied
    form = DecideForm(request.POST)
    if form.is_valid():
        is_approved = request.POST.get("answer") == "approve"
        try:
            decide(proposal=row, is_approved=is_approved, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, form.stops)
            return _page(request, _proposal_for(request, pk), form)
        messages.success(request, _("Approved.") if is_approved else _("Declined."))
        return redirect("stock:proposal", pk=pk)
    return _page(request, row, form)


@only(PROPOSING_ROLES)
@require_POST
def withdraw_proposal(request: Request, pk: int) -> HttpResponse:
    """Take back one's own proposal."""
    row = _proposal_for(request, pk)
    try:
        withdraw(proposal=row, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Withdrawn."))
    return redirect("stock:proposal", pk=pk)


@only(STOCK_EXPORTING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def export_proposals(request: Request) -> HttpResponse:
    """The list as a file, with its reason; what is approved in it counts as handed over."""
    found = _open(request)

    def handed_over(kind: FileKind, mark: Mark) -> HttpResponse:
        keys = list(found.found.values_list("pk", flat=True))
        sheets = [_sizes_sheet(keys)]
        content = file_of(found, kind=kind, mark=mark, most=found.total, sheets=sheets)
        mark_exported(proposals=keys, by=request.user, now=mark.at)
        return as_file(found, content, kind, mark)

    back_url = reverse("stock:proposals")
    return export_page(request, found, back_url=back_url, answer=handed_over)


def _sizes_sheet(keys: list[int]) -> OutSheet:
    """The pairs of each proposal, size by size, for whoever orders or packs them."""
    rows = ProposalSize.objects.filter(proposal__in=keys).select_related(
        "proposal__style__brand", "proposal__office", "proposal__from_office"
    )
    cells: list[list[OutCell]] = [
        [row.proposal_id, row.proposal.style.brand.name, row.proposal.style.number,
         where_text(row.proposal), row.size, row.quantity]
        for row in rows.order_by("proposal", "size", "pk")
    ]  # fmt: skip
    labels = [
        _("Proposal"), _("Brand"), _("Style no."), _("Where"), _("Size"), _("Pairs"),
    ]  # fmt: skip
    return OutSheet(_("Sizes"), [OutColumn(label) for label in labels], cells)
