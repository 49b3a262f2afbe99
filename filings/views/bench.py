"""The bench (归属裁定台): the queue, one case, its decision; for those who decide."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

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
from core.phones import mask_in_text
from core.refusals import Refused
from filings.forms.bench import SPLIT, AppealForm, DecisionForm, ProofForm
from filings.models import Dispute
from filings.queries import bench as queries
from filings.queries import judges
from filings.queries.bench import Case
from filings.queries.candidates import candidates_of
from filings.queries.proposals import Proposed, proposed_of
from filings.rules.parties import Decider
from filings.services import appealing, contesting, judging
from filings.showing import bench as showing
from filings.showing.timeline import timeline_of
from filings.states import (
    FINDINGS_OF,
    OPEN_DISPUTES,
    AppealState,
    DisputeKind,
    DisputeState,
    Finding,
)
from staff.access import signed_in
from staff.requests import Request

PAGE = 60
TABS = ("open", "proof", "appeal", "decided")
# At which field a refusal is said.
FIELDS = {
    "finding_missing": "finding", "text_missing": "text", "clauses_missing": "clauses",
    "clause_unknown": "clauses", "owner_missing": "owner", "owner_foreign": "owner",
    "shares_of_two": "owner", "shares_not_whole": "owner", "proof_of_whom": "of",
    "proof_of_what": "note", "own_credit": "owner", "nothing_to_give": "owner",
    "nothing_to_share": "owner",
}  # fmt: skip


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
    desk = _desk_of(request, decider, dispute_on_bench(decider, first))
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
    desk = _desk_of(request, decider, found)
    if request.method == "POST" and desk.form is not None:
        answer = desk.decide()
        if answer is not None:
            return answer
    queue, _first = _queue(request, decider, current=found.pk)
    context = {**queue, **desk.context(), "is_first": False, "decide_url": ""}
    return TemplateResponse(request, "filings/case.html", context)


def _desk_of(request: Request, decider: Decider, found: Dispute) -> "Desk":
    now = timezone.now()
    return Desk(request, queries.case_of(found, now=now), decider, now=now)


class Desk:
    """What one decider sees of one case, and may do."""

    def __init__(self, request: Request, case: Case, decider: Decider, *, now: datetime) -> None:
        self.request, self.case, self.now = request, case, now
        self.dispute = case.dispute
        self.names = showing.Names(case.parties, seen=None)
        self.holders = {filing.pk: filing.holder for lane in case.lanes for filing in lane.filings}
        self.proposed = self._proposed()
        self.candidates = candidates_of(self.dispute, case.parties)
        self.appeal = getattr(self.dispute, "appeal", None)
        self.is_appeal = self.appeal is not None and self.appeal.state == AppealState.OPEN
        self.blockers = self._blockers(decider)
        self.form = self._form() if not self.blockers and self._is_waiting else None

    @property
    def _is_waiting(self) -> bool:
        return self.dispute.state in OPEN_DISPUTES or self.is_appeal

    def _blockers(self, decider: Decider) -> list:
        if self.is_appeal:
            return judges.blockers_of_appeal(self.dispute, decider, self.case.parties)
        return judges.blockers_of(self.dispute, decider, self.case.parties)

    def _proposed(self) -> Proposed:
        """By the rules, as of one customer where that is the question: equal homes speak for it."""
        kind = DisputeKind(self.dispute.kind)
        finding = {DisputeKind.SAME_PERSON: Finding.ONE}.get(kind, "")
        return proposed_of(self.dispute, finding=finding, at=self.case.until)

    def name_of(self, filing: Any) -> str:
        """A side by letter and name."""
        person = self.holders.get(int(filing)) if str(filing).isdecimal() else None
        if person is None:
            return _("somebody else")
        return f"{self.names.letter_of(person.pk)} {person.name}".strip()

    def letter(self, filing: Any) -> str:
        person = self.holders.get(int(filing)) if str(filing).isdecimal() else None
        return self.names.letter_of(person.pk) if person else ""

    def _form(self) -> DecisionForm:
        kinds = AppealForm if self.is_appeal else DecisionForm
        owner = self.proposed.owner
        known = {person.pk for person in self.candidates}
        finding = FINDINGS_OF.get(DisputeKind(self.dispute.kind), ("",))[0]
        initial = {
            "seen": self.dispute.version,
            "owner": str(owner) if owner in known else "",
            "finding": str(finding),
        }
        data = self.request.POST if self.request.method == "POST" else None
        return kinds(
            data,
            initial=initial,
            kind=self.dispute.kind,
            candidates=self.candidates,
            preset=showing.preset_clauses(self.proposed),
            may_split=self.dispute.is_about_deal and len(self.candidates) > 1,
        )

    def decide(self) -> HttpResponse | None:
        """The ruling, or None with the refusal at its field."""
        form = self.form
        if form is None or not form.is_valid():
            return None
        try:
            ruling = self._rule(form)
        except Refused as refusal:
            show_refusal(form, refusal, FIELDS)
            return None
        messages.success(self.request, _("Ruling %(number)s is written; both sides are told.") % {
            "number": str(ruling)})  # fmt: skip
        return redirect("filings:ruling", pk=ruling.pk)

    def _rule(self, form: DecisionForm):
        if self.is_appeal:
            return appealing.decide_appeal(
                appeal=self.dispute.appeal,
                judgment=form.judgment(),
                is_upheld=form.cleaned_data["outcome"] == "upheld",
                by=self.request.user,
            )
        return judging.decide_dispute(
            dispute=self.dispute,
            judgment=form.judgment(),
            seen=form.cleaned_data.get("seen") or 0,
            by=self.request.user,
        )

    def _owners(self) -> list[dict[str, object]]:
        """The radios, each with its side's letter, the proposed one marked."""
        form = self.form
        if form is None:
            return []
        chosen = str(form["owner"].value() or "")
        rows: list[dict[str, object]] = [
            {
                "value": str(person.pk),
                "letter": self.names.letter_of(person.pk),
                "name": person.name,
                "place": person.store.name if person.store else "",
                "is_proposed": person.pk == self.proposed.owner,
                "is_chosen": chosen == str(person.pk),
            }
            for person in self.candidates
        ]
        rows.sort(key=lambda row: not row["is_proposed"])
        if form.may_split:
            rows.append(
                {"value": SPLIT, "letter": "", "name": _("Share the credit"), "place": "",
                 "is_proposed": False, "is_chosen": chosen == SPLIT}
            )  # fmt: skip
        return rows

    def context(self) -> Mapping[str, object]:
        case, dispute, form = self.case, self.dispute, self.form
        names = {person.pk: person.name for person in self.candidates}
        owner = names.get(self.proposed.owner, "") if self.proposed.owner else ""
        main = next(row for row in case.customers if row.pk == dispute.customer_id)
        count = sum(len(lane.happenings) for lane in case.lanes)
        return {
            "dispute": dispute,
            "kind": dispute.get_kind_display(),
            "state": dispute.get_state_display(),
            "question": mask_in_text(dispute.question),
            "customer": main,
            "customers": case.customers,
            "may_merge": len(case.customers) > 1 and dispute.state == DisputeState.DECIDED,
            "deal": dispute.deal,
            "amount": showing.amount_of(dispute),
            "age": showing.age_of(dispute.opened_at, now=self.now),
            "timeline": timeline_of(case),
            "sides": [
                showing.side_list(case, lane, name=lane.party.person.name) for lane in case.lanes
            ],
            "policy_from": self.proposed.policy.valid_from,
            "clauses": showing.clause_rows(
                self.proposed.reasons, name_of=self.name_of, letter=self.letter
            ),
            "proposal": showing.proposal_words(self.proposed, owner=owner, name_of=self.name_of),
            "evidence": showing.evidence_groups(case.evidence, said_by=self._said_by, count=count),
            "evidence_count": len(case.evidence) + 1,
            "rulings": case.rulings,
            "ruled": self._ruled(names),
            "appeal": self.appeal,
            "form": form,
            "owners": self._owners(),
            "is_appeal": self.is_appeal,
            "can_ask_proof": form is not None and dispute.state == DisputeState.OPEN,
            "can_add": dispute.state in OPEN_DISPUTES,
            "refusal": " ".join(judging.NotRuled(*self.blockers).sentences())
            if self.blockers and self._is_waiting
            else "",
        }

    def _ruled(self, people: Mapping[int, str]) -> dict[str, object] | None:
        """How this dispute was ruled last, in words."""
        last = next(
            (each for each in self.case.rulings if each.dispute_id == self.dispute.pk), None
        )
        if last is None:
            return None
        verdict = showing.verdict_words(last, self.names, people)
        return {"ruling": last, "verdict": verdict, "text": mask_in_text(last.text)}

    def _said_by(self, person: Any) -> str:
        return self.names.letter_of(person.pk) or person.name


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
