"""Reviewing filings (FIL-28): the queue, approving, demanding proof, rejecting; giving proof."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms import show_refusal
from core.listing.following import page_of
from core.phones import mask_in_text
from core.refusals import Refused
from customers.models import Attachment
from customers.services.attachments import add_attachments
from customers.states import AttachmentKind
from filings import queries
from filings.forms.deciding import DemandForm, ProofForm, RefusalForm
from filings.models import Filing
from filings.queries import waiting
from filings.rules.deciders import Matter, Powers
from filings.services import reviews as services
from filings.showing import deciding as showing
from filings.states import ReviewState
from filings.views.deciding import (
    chosen,
    may_decide,
    order,
    part_of,
    powers_for,
    refuse_unless,
)
from staff.access import only, signed_in
from staff.requests import Request
from staff.scope import SERVING_ROLES

OLDEST_DUE = order("due", "review_due_at", newest_first=False)
LATEST = order("reviewed", "reviewed_at", newest_first=True)


def _parts() -> dict[str, str]:
    return {
        "waiting": pgettext("review", "Waiting"),
        "proof": _("Proof demanded"),
        "decided": pgettext("reviews", "Reviewed"),
    }


def _may(powers: Powers, filing: Filing) -> bool:
    return may_decide(powers, Matter.REVIEW, filing, store=filing.store_id)


@signed_in
@require_safe
def reviews(request: Request) -> HttpResponse:
    """The filings that wait for their review, the one due first on top."""
    powers, now = powers_for(request), timezone.now()
    part = part_of(request, _parts())
    rows = waiting.reviews_in(waiting.filings_for_review(powers), part)
    found, next_url = page_of(request, rows, LATEST if part == "decided" else OLDEST_DUE)
    shown = [
        showing.review_row(filing, may=_may(powers, filing), now=now)
        for filing in cast(list[Filing], found)
    ]
    context = {
        "places": showing.places(powers, here="reviews"),
        "parts": showing.parts(_parts(), here=part),
        "part": part,
        "rows": shown,
        "may_tick": part == "waiting" and sum(bool(row["may"]) for row in shown) > 1,
        "next_url": next_url,
        "stops_quotes": _stops_quotes(cast(list[Filing], found)),
    }
    return TemplateResponse(request, "filings/reviews.html", context)


def _stops_quotes(filings: list[Filing]) -> bool:
    """Whether quoting waits for the review of one of these (`quote_before_review`)."""
    return any(not filing.policy.quote_before_review for filing in filings)


def _to_review(powers: Powers, pk: int) -> Filing:
    """A filing of the queue: out of reach it does not exist, one's own is refused."""
    filing = get_object_or_404(waiting.filings_for_review(powers), pk=pk)
    refuse_unless(_may(powers, filing))
    return filing


@signed_in
@require_POST
def approve(request: Request) -> HttpResponse:
    """Approve what was ticked, or one; those that could not be are named."""
    powers = powers_for(request)
    asked = waiting.filings_for_review(powers).filter(pk__in=chosen(request, "filing"))
    able = [filing for filing in asked.order_by("review_due_at", "pk") if _may(powers, filing)]
    if not able:
        messages.error(request, _("Tick at least one filing that waits for its review."))
        return redirect("filings:reviews")
    done = services.approve_all(filings=able, by=request.user)
    if done.count:
        said = ngettext("%(count)s filing approved.", "%(count)s filings approved.", done.count)
        messages.success(request, said % {"count": done.count})
    for filing, refusal in done.refused:
        messages.warning(
            request,
            _("%(number)s was not approved: %(sentence)s")
            % {"number": filing.number, "sentence": refusal},
        )
    return redirect("filings:reviews")


REJECTED = gettext_lazy(
    "The filing is void from the start and frees its place in the quota. Who was refused "
    "meanwhile stays refused, and is told that the customer is free."
)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def reject(request: Request, pk: int) -> HttpResponse:
    """Reject a filing, with the reason; what follows is said before."""
    return _act(
        request, pk, RefusalForm, services.reject, template="filings/review_act.html",
        said=_("The filing is rejected."), label=_("Reject"), icon="x", hint=REJECTED,
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def demand_proof(request: Request, pk: int) -> HttpResponse:
    """Ask the filer to prove something; meanwhile the filing protects."""
    return _act(
        request, pk, DemandForm, services.demand_proof, template="filings/review_act.html",
        said=_("The filer is asked for proof."), label=_("Demand proof"), icon="camera",
        hint=_("The filer is told, and gives a picture. Meanwhile the filing protects."),
    )  # fmt: skip


def _act(
    request: Request, pk: int, form_of: Any, run: Any, *, template: str, said: str, **words: object
) -> HttpResponse:
    """One act on a filing of the queue: a few words, one button."""
    filing, now = _to_review(powers_for(request), pk), timezone.now()
    form = form_of(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            run(filing=filing, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, {"note_missing": "note"})
        else:
            messages.success(request, said)
            return redirect("filings:reviews")
    context = {
        **words,
        "row": showing.review_row(filing, may=True, now=now),
        "form": form,
        "back_url": reverse("filings:reviews"),
    }
    return TemplateResponse(request, template, context)


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: Request, pk: int) -> HttpResponse:
    """The filer gives the proof that was asked for: a picture, kept with the customer."""
    filing, now = _own_filing(request, pk), timezone.now()
    is_sent = request.method == "POST"
    form = ProofForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_valid():
        try:
            _give(request, filing, form)
        except Refused as refusal:
            filing = _own_filing(request, pk)
            if _is_given(filing, request):
                return redirect("filings:detail", pk=pk)
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Thank you. The filing waits for its review again."))
            return redirect("filings:detail", pk=pk)
    context = {
        "row": showing.filing_row(filing, now=now),
        "form": form,
        "is_asked": filing.review_state == ReviewState.PROOF,
        "asked": mask_in_text(filing.review_note),
        "label": _("Give proof"),
        "icon": "camera",
        "back_url": reverse("filings:detail", args=[pk]),
    }
    return TemplateResponse(request, "filings/prove.html", context)


def _is_given(filing: Filing, request: Request) -> bool:
    """Whether this person's proof waits for its review: a second tap changes nothing."""
    is_theirs = filing.proof is not None and filing.proof.added_by_id == request.user.pk
    return is_theirs and filing.review_state == ReviewState.PENDING


def _own_filing(request: Request, pk: int) -> Filing:
    """A filing that this person, or whom they assist, made or holds."""
    rows = queries.visible_filings(request.reach).select_related(
        "customer", "project", "filer", "holder", "store", "policy", "proof"
    )
    filing = get_object_or_404(rows.annotate(phone=waiting.phone_of("customer")), pk=pk)
    if not {filing.holder_id, filing.filer_id} & set(request.reach.acts_for):
        raise PermissionDenied
    return filing


def _give(request: Request, filing: Filing, form: ProofForm) -> None:
    """Keep the picture and give it as proof, both or neither."""
    values, now = form.cleaned_data, timezone.now()
    with transaction.atomic():
        add_attachments(
            customer=filing.customer, pictures=[values["picture"]], kind=AttachmentKind.PHOTO,
            caption=values["caption"], by=request.user, now=now, key=values["key"],
        )  # fmt: skip
        kept = Attachment.objects.filter(customer=filing.customer, added_by=request.user)
        services.give_proof(filing=filing, proof=kept.latest("pk"), by=request.user)
