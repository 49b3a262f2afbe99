"""One case as its decider has it on the desk: what is proposed, the form, the decision."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from core.forms import show_refusal
from core.phones import mask_in_text
from core.refusals import Refused
from core.sentences import joined
from filings.forms.bench import SPLIT, AppealForm, DecisionForm
from filings.models import Dispute, Ruling
from filings.queries import bench as queries
from filings.queries import judges
from filings.queries.bench import Case
from filings.queries.candidates import candidates_of
from filings.queries.hearing import hearing_of
from filings.queries.proposals import proposed_of
from filings.rules.parties import Decider
from filings.services import appealing, judging
from filings.services.bench import NotRuled
from filings.showing import bench as showing
from filings.showing import proposing
from filings.showing.proposing import Weighed
from filings.showing.timeline import timeline_of
from filings.states import (
    FINDINGS_OF,
    JOINING,
    OPEN_DISPUTES,
    AppealState,
    DisputeKind,
    DisputeState,
)
from staff.requests import Request

# At which field a refusal is said.
FIELDS = {
    "finding_missing": "finding", "text_missing": "text", "clauses_missing": "clauses",
    "clause_unknown": "clauses", "owner_missing": "owner", "owner_foreign": "owner",
    "shares_of_two": "owner", "shares_not_whole": "owner", "proof_of_whom": "of",
    "proof_of_what": "note", "own_credit": "owner", "nothing_to_give": "owner",
    "nothing_to_share": "owner", "merged_already": "finding",
}  # fmt: skip
# What says that the page is from before something else happened.
STALE = frozenset({"changed_meanwhile", "decided_already"})


def desk_of(
    request: Request, decider: Decider, found: Dispute, *, is_again: bool = False
) -> "Desk":
    """What lies before this decider now; `is_again` after a page that was from before."""
    now = timezone.now()
    return Desk(request, queries.case_of(found, now=now), decider, now=now, is_again=is_again)


class Desk:
    """What one decider sees of one case, and may do."""

    def __init__(
        self, request: Request, case: Case, decider: Decider, *, now: datetime, is_again: bool
    ) -> None:
        self.request, self.case, self.now, self.is_again = request, case, now, is_again
        self.dispute, self.is_stale = case.dispute, False
        self.names = showing.Names(case.parties, seen=None)
        self.holders = {filing.pk: filing.holder for lane in case.lanes for filing in lane.filings}
        self.candidates = candidates_of(self.dispute, case.parties)
        self.appeal = getattr(self.dispute, "appeal", None)
        self.is_appeal = self.appeal is not None and self.appeal.state == AppealState.OPEN
        self.blockers = self._blockers(decider)
        self.data = request.POST.copy() if request.method == "POST" else None
        self.asked: QueryDict = request.POST if request.method == "POST" else request.GET
        self.weighed = self._weigh()
        self.form = self._form() if not self.blockers and self._is_waiting else None
        if is_again and self.form is not None:
            self.form.full_clean()
            self.form.add_error(None, self._news())

    @property
    def _is_waiting(self) -> bool:
        return self.dispute.state in OPEN_DISPUTES or self.is_appeal

    def _blockers(self, decider: Decider) -> list:
        if self.is_appeal:
            return judges.blockers_of_appeal(self.dispute, decider, self.case.parties)
        return judges.blockers_of(self.dispute, decider, self.case.parties)

    def _weigh(self) -> dict[str, Weighed]:
        """The proposal for each finding that can be made; of other kinds there is one."""
        findings = FINDINGS_OF.get(DisputeKind(self.dispute.kind), ("",))
        return {
            str(finding): Weighed(
                finding=str(finding),
                proposed=proposing.with_late_entries(
                    proposed_of(self.dispute, finding=str(finding), at=self.case.until), self.case
                ),
                is_apart=bool(finding)
                and finding not in JOINING
                and not self.dispute.is_about_deal,
            )
            for finding in findings
        }

    @property
    def finding(self) -> str | None:
        """What is chosen, or was ruled; None while nothing is, of kinds where something has to."""
        last = self._last_ruling()
        ruled = str(last.facts.get("finding", "")) if last and not self._is_waiting else ""
        asked = self.asked.get("finding") or ruled
        return asked if asked in self.weighed else None

    @property
    def chosen(self) -> Weighed | None:
        """The proposal for what is chosen; none while it is open what to find."""
        return self.weighed.get(self.finding or "")

    @property
    def shown(self) -> list[Weighed]:
        """The proposals to be read: that of the chosen finding, else those of both."""
        return [self.chosen] if self.chosen else list(self.weighed.values())

    def name_of(self, filing: Any) -> str:
        """A side by letter and name."""
        person = self.holders.get(int(filing)) if str(filing).isdecimal() else None
        if person is None:
            return _("somebody else")
        return f"{self.names.letter_of(person.pk)} {person.name}".strip()

    def letter(self, filing: Any) -> str:
        person = self.holders.get(int(filing)) if str(filing).isdecimal() else None
        return self.names.letter_of(person.pk) if person else ""

    @property
    def owner(self) -> str:
        """Whose radio is set: the chosen one, else the proposed one of what is found."""
        asked = self.asked.get("owner", "")
        known = {str(person.pk) for person in self.candidates}
        if asked in known | {SPLIT} or self.request.method == "POST":
            return asked
        proposed = str(self.chosen.owner) if self.chosen else ""
        return proposed if proposed in known else ""

    @property
    def preset(self) -> list[str]:
        """The clauses of the proposal, as the chosen owner lets them stand."""
        if self.chosen is None:
            return []
        return self.chosen.clauses(
            owner=int(self.owner) if self.owner.isdecimal() else None,
            is_split=self.owner == SPLIT,
            holders={pk: person.pk for pk, person in self.holders.items()},
        )

    @property
    def _ticked(self) -> list[str]:
        """The preset clauses, and what somebody ticked besides before choosing otherwise."""
        was = self.asked.getlist("was")
        own = [clause for clause in self.asked.getlist("clauses") if clause not in was]
        return [*self.preset, *own]

    def _form(self) -> DecisionForm:
        kinds = AppealForm if self.is_appeal else DecisionForm
        initial = {**self._seen(), "owner": self.owner, "finding": self.finding or ""}
        if self.is_again and self.data is not None:
            self.data.update({name: str(value) for name, value in self._seen().items()})
        form = kinds(
            self.data,
            initial=initial,
            kind=self.dispute.kind,
            candidates=self.candidates,
            preset=self.preset,
            may_split=self.dispute.is_about_deal and len(self.candidates) > 1,
        )
        form.fields["clauses"].initial = self._ticked
        return form

    def _seen(self) -> dict[str, int]:
        """What this page shows, so that a decision on an older one is told what came in since."""
        return {
            "seen": self.dispute.version,
            "seen_evidence": max((piece.pk for piece in self.case.evidence), default=0),
            "seen_deal": self.dispute.deal_id or 0,
        }

    def _news(self) -> str:
        """What has come in since the page was opened that somebody decided on."""
        seen = {name: str(self.request.POST.get(name) or 0) for name in self._seen()}
        said = [str(NotRuled.because("changed_meanwhile"))]
        if self.dispute.deal_id and seen["seen_deal"] != str(self.dispute.deal_id):
            said.append(_("A deposit was taken: %(amount)s.") % {
                "amount": showing.amount_of(self.dispute)})  # fmt: skip
        elif not self.dispute.deal_id and seen["seen_deal"] != "0":
            said.append(_("The deposit was returned."))
        known = int(seen["seen_evidence"]) if seen["seen_evidence"].isdecimal() else 0
        said += [
            _("New evidence of %(name)s: %(what)s.")
            % {"name": piece.by.name, "what": mask_in_text(piece.text) or _("Picture")}
            for piece in self.case.evidence
            if piece.pk > known
        ]
        return joined(said)

    def decide(self) -> Ruling | None:
        """The ruling, or None with the refusal at its field."""
        form = self.form
        if form is None or not form.is_valid() or self._has_to_confirm(form):
            return None
        try:
            ruling = self._rule(form)
        except Refused as refusal:
            self.is_stale = not STALE.isdisjoint(refusal.codes)
            show_refusal(form, refusal, FIELDS)
            return None
        messages.success(self.request, _("Ruling %(number)s is written; both sides are told.") % {
            "number": str(ruling)})  # fmt: skip
        return ruling

    def _is_upheld(self, form: DecisionForm) -> bool:
        return self.is_appeal and form.cleaned_data["outcome"] == "upheld"

    def _has_to_confirm(self, form: DecisionForm) -> bool:
        """Whether this goes against the proposal for what was found, and nobody said it shall.

        Clauses that were preset for the other side are taken out, if none was changed by hand.
        """
        if not self.is_against or form.cleaned_data["is_against"] or self._is_upheld(form):
            return False
        sentence = _(
            "With this finding the rules propose %(name)s. Choose them, or say below that you "
            "decide otherwise."
        )
        form.add_error("owner", sentence % {"name": self._proposed_name(self.chosen)})
        was = self.asked.getlist("was")
        if self.data is not None and was and set(was) == set(self.asked.getlist("clauses")):
            self.data.setlist("clauses", self.preset)
        return True

    @property
    def is_against(self) -> bool:
        """Whether the chosen owner is another than the rules propose for the chosen finding."""
        owner = int(self.owner) if self.owner.isdecimal() else None
        is_split = self.owner == SPLIT
        return self.chosen is not None and self.chosen.is_left_by(owner=owner, is_split=is_split)

    def _rule(self, form: DecisionForm) -> Ruling:
        judgment = form.judgment(is_apart=self.chosen is not None and self.chosen.is_apart)
        if self.is_appeal:
            return appealing.decide_appeal(
                appeal=self.dispute.appeal,
                judgment=judgment,
                is_upheld=self._is_upheld(form),
                by=self.request.user,
            )
        return judging.decide_dispute(
            dispute=self.dispute,
            judgment=judgment,
            seen=form.cleaned_data.get("seen") or 0,
            by=self.request.user,
        )

    def _owners(self) -> list[dict[str, object]]:
        """The radios, each with its side's letter, the proposed one marked and first."""
        form = self.form
        if form is None or (self.chosen and self.chosen.is_apart):
            return []
        proposed = self.chosen.owner if self.chosen else None
        rows: list[dict[str, object]] = [
            {
                "value": str(person.pk),
                "letter": self.names.letter_of(person.pk),
                "name": person.name,
                "place": person.store.name if person.store else "",
                "is_proposed": person.pk == proposed,
                "is_chosen": self.owner == str(person.pk),
            }
            for person in self.candidates
        ]
        rows.sort(key=lambda row: not row["is_proposed"])
        if form.may_split:
            rows.append(
                {"value": SPLIT, "letter": "", "name": _("Share the credit"), "place": "",
                 "is_proposed": False, "is_chosen": self.owner == SPLIT}
            )  # fmt: skip
        return rows

    def _proposed_name(self, weighed: Weighed | None) -> str:
        names = {person.pk: person.name for person in self.candidates}
        names |= {person.pk: person.name for person in self.holders.values()}
        return names.get(weighed.owner, "") if weighed and weighed.owner is not None else ""

    def _proposals(self) -> list[proposing.Proposal]:
        return [
            proposing.proposal_words(each, owner=self._proposed_name(each), name_of=self.name_of)
            for each in self.shown
        ]

    def context(self) -> Mapping[str, object]:
        case, dispute = self.case, self.dispute
        names = {person.pk: person.name for person in self.candidates}
        main = next(row for row in case.customers if row.pk == dispute.customer_id)
        count = sum(len(lane.happenings) for lane in case.lanes)
        proposed = self.shown[0].proposed
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
            "policy_from": proposed.policy.valid_from,
            "clauses": proposing.clause_rows(
                proposed.reasons, name_of=self.name_of, letter=self.letter
            ),
            "proposals": self._proposals(),
            "evidence": showing.evidence_groups(case.evidence, said_by=self._said_by, count=count),
            "evidence_count": len(case.evidence) + 1,
            "rulings": case.rulings,
            "ruled": self._ruled(names),
            "appeal": self.appeal,
            **self._decision(),
            **self._lost(),
        }

    def _decision(self) -> dict[str, object]:
        """The form, or why there is none."""
        dispute, form = self.dispute, self.form
        return {
            "form": form,
            "owners": self._owners(),
            "is_apart": self.chosen is not None and self.chosen.is_apart,
            "is_against": self.is_against,
            "is_appeal": self.is_appeal,
            "hearing": self._hearing(),
            "can_ask_proof": form is not None and dispute.state == DisputeState.OPEN,
            "can_add": dispute.state in OPEN_DISPUTES,
            "refusal": str(NotRuled(*self.blockers)) if self.blockers and self._is_waiting else "",
        }

    def _hearing(self) -> str:
        """Who would hear an appeal against what is decided here now."""
        if self.form is None or self.is_appeal:
            return ""
        by = self.request.user.pk
        return str(hearing_of(self.dispute, self.case.parties, decided_by=by).label)

    def _lost(self) -> dict[str, str]:
        """What somebody typed into a form that is no longer there, and why it is not."""
        if self.data is None or self.form is not None:
            return {"lost": "", "lost_why": ""}
        by, at = self.dispute.closed_by, self.dispute.closed_at
        if self.appeal is not None and self.appeal.decided_at is not None:
            by, at = self.appeal.decided_by, self.appeal.decided_at
        if at is None:
            return {"lost": self.asked.get("text", ""), "lost_why": ""}
        sentence = _("%(name)s closed this at %(at)s, before you did. Yours was not written.")
        if self.dispute.state == DisputeState.DECIDED:
            sentence = _(
                "%(name)s decided this at %(at)s, before you did. Their ruling stands; yours was "
                "not written."
            )
        said = {"name": by.name if by else _("the rules"), "at": showing.date_line(at)}
        return {"lost": self.asked.get("text", ""), "lost_why": sentence % said}

    def _last_ruling(self) -> Ruling | None:
        """How this dispute was ruled last."""
        own = (each for each in self.case.rulings if each.dispute_id == self.dispute.pk)
        return next(own, None)

    def _ruled(self, people: Mapping[int, str]) -> dict[str, object] | None:
        """The same, in words."""
        last = self._last_ruling()
        if last is None:
            return None
        verdict = showing.verdict_words(last, self.names, people)
        return {
            "ruling": last,
            "verdict": verdict,
            "text": mask_in_text(last.text),
            "departs": showing.departure_words(last, people),
        }

    def _said_by(self, person: Any) -> str:
        return self.names.letter_of(person.pk) or person.name
