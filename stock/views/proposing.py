"""Proposing something for a style: to reorder it, to move pairs of it, to mark it down."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.forms import show_refusal
from core.refusals import Refused
from staff.access import only
from staff.lists import chosen_number
from staff.models import Store
from staff.requests import Request
from stock.forms.proposals import FORMS, PairsForm, ProposeForm
from stock.models import Style
from stock.queries.classes import class_of, standing_set
from stock.queries.pricing import priced
from stock.queries.proposals import PROPOSING_ROLES, approved_lately, visible_proposals
from stock.queries.terms import terms_on
from stock.queries.visible import reads_own_store, visible_offices
from stock.rules.proposals import MOST_DAYS
from stock.rules.terms import Terms
from stock.services.proposals import Draft, propose
from stock.showing.addresses import style_page
from stock.showing.proposals import approved_text
from stock.showing.proposing import Basis, basis_of, facts_shown, next_price, price_facts
from stock.states import ProposalKind
from stock.views.choosing import chosen_office
from stock.wording.counts import days_words


def _kind_of(request: Request) -> ProposalKind:
    """The kind that the address names; transfers are for who sees the other office."""
    asked = request.GET.get("kind", ProposalKind.REORDER)
    if asked not in ProposalKind.values:
        raise Http404
    kind = ProposalKind(asked)
    if kind == ProposalKind.TRANSFER and reads_own_store(request.reach):
        raise Http404
    return kind


def _terms(request: Request, terms: Terms) -> Terms:
    """The terms with the days to cover and the lead time that the form or the address says."""
    said = request.POST if request.method == "POST" else request.GET
    cover, lead = (chosen_number(said, name) for name in ("cover_days", "lead_days"))
    return replace(
        terms,
        cover_days=terms.cover_days if cover is None else min(cover, MOST_DAYS),
        lead_days=terms.lead_days if lead is None else min(lead, MOST_DAYS),
    )


@only(PROPOSING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def propose_for(request: Request, pk: int) -> HttpResponse:
    """Propose to reorder a style, to move pairs of it, or to mark it down."""
    style = get_object_or_404(Style.objects.select_related("brand"), pk=pk)
    kind, today = _kind_of(request), timezone.localdate()
    offices = list(visible_offices(request.reach))
    office = chosen_office(request, "office", offices)
    if office is None and reads_own_store(request.reach) and offices:
        office = offices[0]
    giver = chosen_office(request, "from", offices) if kind == ProposalKind.TRANSFER else None
    known = standing_set()
    basis = basis_of(
        style, office=office, giver=giver, offices=offices, known=known, today=today,
        terms=_terms(request, terms_on(known.as_of if known else today)),
    )  # fmt: skip
    form = _form(request, kind, style, basis, offices=offices, office=office, giver=giver)
    twin_url = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = propose(draft=_draft(kind, style, form, basis), by=request.user,
                           key=form.cleaned_data["key"])  # fmt: skip
        except Refused as refusal:
            show_refusal(form, refusal, form.stops)
            twin_url = _twin_url(request, refusal)
        else:
            messages.success(request, _("Proposed. Operations decide."))
            return redirect("stock:proposal", pk=made.pk)
    return _page(request, kind, style, basis, form, office=office, giver=giver, twin_url=twin_url)


def _twin_url(request: Request, refusal: Refused) -> str:
    """The page of the open proposal that a refusal speaks of; "" where there is none to see."""
    keys = [blocker.params.get("proposal") for blocker in refusal.blockers]
    found = visible_proposals(request.reach).filter(pk__in=[key for key in keys if key]).first()
    return reverse("stock:proposal", args=[found.pk]) if found else ""


def _form(
    request: Request,
    kind: ProposalKind,
    style: Style,
    basis: Basis,
    *,
    offices: list[Store],
    office: Store | None,
    giver: Store | None,
) -> ProposeForm:
    told: dict[str, Any] = {
        "offices": offices,
        "takes_all": not reads_own_store(request.reach),
        "as_of": basis.as_of,
    }
    initial: dict[str, Any] = {"as_of": basis.as_of, "office": str(office.pk) if office else ""}
    terms = basis.asked.terms
    if kind == ProposalKind.MARK_DOWN:
        tomorrow = timezone.localdate() + timedelta(days=1)
        there = priced(style, office, on=tomorrow)
        initial |= {"from_on": tomorrow, "new_price": next_price(there, terms=terms)}
    else:
        told["sizes"] = {row.size: row.proposed for row in basis.sizes(kind)}
        initial |= {"cover_days": terms.cover_days, "lead_days": terms.lead_days,
                    "from_office": str(giver.pk) if giver else ""}  # fmt: skip
    data = request.POST if request.method == "POST" else None
    return FORMS[kind](data, initial=initial, **told)


def _draft(kind: ProposalKind, style: Style, form: ProposeForm, basis: Basis) -> Draft:
    said = {
        name: form.cleaned_data[name]
        for name in ("office", "from_office", "cover_days", "lead_days", "new_price", "from_on",
                     "asks_under_floor", "reason", "as_of")
        if name in form.cleaned_data
    }  # fmt: skip
    pairs = form.pairs if isinstance(form, PairsForm) else {}
    return Draft(kind=kind, style=style, sizes=pairs, facts=basis.facts(), **said)


def _page(
    request: Request,
    kind: ProposalKind,
    style: Style,
    basis: Basis,
    form: ProposeForm,
    *,
    office: Store | None,
    giver: Store | None,
    twin_url: str,
) -> HttpResponse:
    today = timezone.localdate()
    classes = class_of(style, office)
    facts = facts_shown(basis, classes, today=today)
    sizes = [] if kind == ProposalKind.MARK_DOWN else basis.sizes(kind)
    if kind == ProposalKind.MARK_DOWN:
        facts += price_facts(priced(style, office, on=today), terms=basis.asked.terms)
    kinds = [each for each in ProposalKind
             if each != ProposalKind.TRANSFER or not reads_own_store(request.reach)]  # fmt: skip
    place = {"office": str(office.pk)} if office else {}
    before = basis.order_before() if kind == ProposalKind.REORDER else None
    approved = approved_lately(request.reach, style=style, kind=kind, office=office)
    context = {
        "kind": kind.value,
        "parts": [
            {"label": each.label, "url": f"?{urlencode({'kind': str(each.value), **place})}",
             "is_here": each == kind}
            for each in kinds
        ],
        "style": f"{style.brand.name} {style.number}",
        "facts": facts,
        "form": form,
        "rows": [(row, form[f"size_{row.size}"]) for row in sizes],
        "giver": giver.name if giver else "",
        "window": days_words(basis.asked.terms.window_days),
        "pairs": sum(row.proposed for row in sizes),
        "order_before": before,
        "is_late": before is not None and before < today,
        "for_whom": office.name if office else "",
        "here": request.path,
        "twin_url": twin_url,
        "approved": approved_text(approved) if approved else "",
        "approved_url": reverse("stock:proposal", args=[approved.pk]) if approved else "",
        "back_url": style_page(style),
    }  # fmt: skip
    return TemplateResponse(request, "stock/propose.html", context)
