"""What the sides see of a dispute: their own page, contesting, evidence, the appeal."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms import show_refusal
from core.phones import mask_in_text
from core.refusals import Refused
from customers.models import Customer
from customers.views.attachments import read_pictures, serve_file
from filings.forms.bench import EvidenceForm, ReasonForm
from filings.models import Appeal, Dispute, Evidence, Party, Ruling
from filings.queries import bench as queries
from filings.queries import judges
from filings.queries.hearing import hearing_of
from filings.services import appealing, contesting
from filings.showing import bench as showing
from filings.states import OPEN_DISPUTES, AppealState, DisputeState, Hearing
from staff.access import signed_in
from staff.requests import Request
from staff.scope import visible_people

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
# At which field a refusal is said.
EVIDENCE_FIELDS = {
    "nothing_shown": "pictures", "time_missing": "dated_at", "time_later": "dated_at",
    "time_earlier": "dated_at", "too_much": "pictures",
}  # fmt: skip


def own_dispute(request: Request, pk: int) -> Dispute:
    """A dispute to which this person is party; any other does not exist (404)."""
    mine = queries.get_disputes().filter(parties__person=request.user)
    return get_object_or_404(mine, pk=pk)


def names_for(request: Request, parties: list[Party]) -> showing.Names:
    """A party reads the own name, and those of people within reach (decision 4)."""
    ids = [party.person_id for party in parties]
    seen = set(visible_people(request.reach).filter(pk__in=ids).values_list("pk", flat=True))
    return showing.Names(parties, seen=seen | {request.reach.person_id})


@signed_in
@require_safe
def dispute(request: Request, pk: int) -> HttpResponse:
    """A side's own page: its own events, what is asked of it, and the ruling when there is one."""
    found = own_dispute(request, pk)
    case = queries.case_of(found, now=timezone.now())
    names = names_for(request, case.parties)
    own = [lane for lane in case.lanes if lane.party.person_id == request.user.pk]
    # Held against the own line alone: not even a gap says when the other side filed.
    case.lanes = own
    rulings = [ruling for ruling in case.rulings if ruling.dispute_id == found.pk]
    others = [
        names.person(party.person) for party in case.parties if party.person_id != request.user.pk
    ]
    mine = [piece for piece in case.evidence if piece.by_id == request.user.pk]
    appeal = getattr(found, "appeal", None)
    hearing = hearing_of(found, case.parties) if found.state == DisputeState.DECIDED else None
    filing = next((lane.party.filing for lane in own if lane.party.filing_id), None)
    context = {
        "dispute": found,
        "kind": found.get_kind_display(),
        "state": found.get_state_display(),
        "question": mask_in_text(found.question) if found.opened_by_id == request.user.pk else "",
        "others": _(", ").join(dict.fromkeys(others)),
        "filing": filing,
        "back_url": reverse("filings:detail", args=[filing.pk]) if filing else "/",
        "sides": [showing.side_list(case, lane, name=request.user.name) for lane in own],
        "evidence": showing.evidence_groups(
            mine, said_by=names.person, count=sum(len(lane.happenings) for lane in own),
        ),
        "rulings": [_said(ruling, names, case.parties) for ruling in rulings],
        "proof_note": mask_in_text(found.proof_note)
        if found.state == DisputeState.PROOF and found.proof_of_id == request.user.pk
        else "",
        "can_add": found.state in OPEN_DISPUTES,
        "can_withdraw": found.state in OPEN_DISPUTES and found.opened_by_id == request.user.pk,
        "can_appeal": hearing not in (None, Hearing.FINAL) and appeal is None and bool(rulings),
        "appeal": appeal,
        "hearing": _hearing_said(hearing, appeal),
        "form": ReasonForm(),
    }  # fmt: skip
    return TemplateResponse(request, "filings/dispute.html", context)


def _hearing_said(hearing: Hearing | None, appeal: Appeal | None) -> str:
    """Who hears an appeal, where it is not the general manager, as always."""
    if hearing in (None, Hearing.DUTY) or (appeal and appeal.state != AppealState.OPEN):
        return ""
    return str(hearing.label)


def _said(ruling: Ruling, names: showing.Names, parties: list[Party]) -> dict[str, object]:
    people = {party.person_id: names.person(party.person) for party in parties}
    return {
        "number": str(ruling),
        "url": reverse("filings:ruling", args=[ruling.pk]),
        "kind": ruling.get_kind_display(),
        "when": showing.date_line(ruling.at),
        "verdict": showing.verdict_words(ruling, names, people),
        "text": mask_in_text(ruling.text),
    }


@signed_in
@GET_OR_POST
def evidence(request: Request, pk: int) -> HttpResponse:
    """Lay evidence before the decider: a side's, or what the decider was given."""
    found = _for_evidence(request, pk)
    back = _page_of(request, found)
    is_sent = request.method == "POST"
    form = EvidenceForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_valid() and _keep_evidence(request, found, form):
        messages.success(request, _("It lies before the decider."))
        return redirect(back)
    context = {"form": form, "back_url": back, "dispute": found}
    return TemplateResponse(request, "filings/evidence.html", context)


def _keep_evidence(request: Request, dispute: Dispute, form: EvidenceForm) -> bool:
    """Lay what was sent before the decider; False with the refusal at its field."""
    pictures, refused = read_pictures(form.cleaned_data["pictures"])
    for sentence in refused:
        form.add_error("pictures", sentence)
    if refused:
        return False
    said = {name: form.cleaned_data[name] for name in ("rank", "text", "key", "dated_at")}
    try:
        contesting.add_evidence(dispute=dispute, pictures=pictures, by=request.user, **said)
    except Refused as refusal:
        show_refusal(form, refusal, EVIDENCE_FIELDS)
        return False
    return True


@signed_in
@require_safe
def evidence_picture(request: Request, pk: int) -> HttpResponse:
    """A picture for whoever gave it and whoever decides; for the other side there is none (404)."""
    pieces = Evidence.objects.select_related("attachment").exclude(attachment=None)
    piece = get_object_or_404(pieces, pk=pk)
    decider = judges.decider_of(request.user, today=timezone.localdate())
    is_before = judges.on_bench(decider).filter(pk=piece.dispute_id).exists()
    if (piece.by_id != request.user.pk and not is_before) or piece.attachment is None:
        raise Http404
    return serve_file(request, piece.attachment.file_id)


def _for_evidence(request: Request, pk: int) -> Dispute:
    found = Dispute.objects.filter(pk=pk)
    if found.filter(parties__person=request.user).exists():
        return get_object_or_404(queries.get_disputes(), pk=pk)
    decider = judges.decider_of(request.user, today=timezone.localdate())
    if not judges.on_bench(decider).filter(pk=pk).exists():
        raise Http404
    return get_object_or_404(queries.get_disputes(), pk=pk)


def _page_of(request: Request, found: Dispute) -> str:
    is_party = found.parties.filter(person=request.user).exists()
    return reverse("filings:dispute" if is_party else "filings:case", args=[found.pk])


@signed_in
@require_POST
def take_back(request: Request, pk: int) -> HttpResponse:
    """Whoever opened a dispute takes it back."""
    found = get_object_or_404(Dispute, pk=pk, opened_by=request.user)
    try:
        contesting.withdraw_dispute(
            dispute=found, reason=request.POST.get("reason", ""), by=request.user
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You have taken this back. What the rules said stands."))
    return redirect("filings:dispute", pk=pk)


@signed_in
@GET_OR_POST
def contest(request: Request, pk: int) -> HttpResponse:
    """Contest whose a customer is: whoever filed them, or took the deposit; others find nothing."""
    customer = get_object_or_404(Customer, pk=pk)
    filing = contesting.own_filing(customer, request.user)
    deal = contesting.contested_deal(customer, request.user, filing=filing)
    if filing is None and (deal is None or deal.closer_id != request.user.pk):
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            opened = contesting.contest(
                customer=customer, reason=form.cleaned_data["reason"], by=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It lies before whoever decides. You will be told."))
            return redirect("filings:dispute", pk=opened.pk)
    too_late = contesting.why_not_contest(customer=customer, by=request.user)
    ruled = contesting.ruled_dispute(deal, request.user)
    context = {
        "form": form,
        "refusal": str(too_late) if too_late else "",
        "ruled_url": reverse("filings:dispute", args=[ruled.pk]) if ruled else "",
        "number": str(filing) if filing else "",
        "filed_at": filing.submitted_at if filing else None,
        "refused": filing.get_invalid_display() if filing and filing.invalid else "",
        "until": contesting.claim_ends(deal, filing) if deal and deal.closer_id == request.user.pk
        else None,
        "back_url": reverse("filings:detail", args=[filing.pk]) if filing else "/",
    }  # fmt: skip
    return TemplateResponse(request, "filings/contest.html", context)


@signed_in
@GET_OR_POST
def appeal(request: Request, pk: int) -> HttpResponse:
    """Appeal against a ruling, once."""
    found = own_dispute(request, pk)
    if found.state != DisputeState.DECIDED:
        raise Http404
    hearing = hearing_of(found, queries.parties_of([found]).get(pk, []))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            appealing.appeal(dispute=found, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            is_usual = hearing == Hearing.DUTY
            said = _("Your appeal lies before the general manager.") if is_usual else hearing.label
            messages.success(request, str(said))
            return redirect("filings:dispute", pk=pk)
    context = {
        "form": form,
        "hearing": hearing.label,
        "is_final": hearing == Hearing.FINAL,
        "back_url": reverse("filings:dispute", args=[pk]),
    }
    return TemplateResponse(request, "filings/appeal.html", context)
