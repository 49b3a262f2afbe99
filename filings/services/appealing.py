"""The one appeal against a ruling, and its decision (ADJ-01)."""

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.phones import mask_in_text
from core.refusals import Refused, refuse_if
from core.services import audit
from filings.models import Appeal, Dispute, Party, Ruling
from filings.queries.candidates import candidates_of
from filings.queries.hearing import hearers_of, hearing_of
from filings.queries.judges import blockers_of_appeal, decider_of
from filings.queries.proposals import proposed_of
from filings.rules.parties import Judgment
from filings.services import following, judging
from filings.services.bench import NotRuled, open_bench
from filings.services.disputing import tell_nobody_decides, tell_parties
from filings.services.entering import moment
from filings.states import AppealState, DisputeState, Hearing, RulingKind
from staff.models import Person
from staff.services.notices import Telling, tell_many
from staff.states import NoticeKind


class NotAppealed(Refused):
    """An appeal was not taken."""

    messages = {
        "not_a_party": _("Only a party to the dispute appeals."),
        "not_decided": _("There is no ruling yet to appeal against."),
        "appealed_already": _("An appeal was made already; there is one only."),
        "reason_missing": _("Say why you appeal."),
        "ruling_final": Hearing.FINAL.label,
    }


def last_ruling(dispute: Dispute) -> Ruling | None:
    """The ruling that stands in a dispute."""
    return dispute.rulings.select_related("credited_to", "policy", "by").order_by("-pk").first()


@transaction.atomic
def appeal(*, dispute: Dispute, reason: str, by: Person, now: datetime | None = None) -> Appeal:
    """A party asks the general manager to look at the ruling again, once. Raises NotAppealed."""
    at = moment(now)
    if not dispute.parties.filter(person=by).exists():
        raise NotAppealed.because("not_a_party")
    if not reason.strip():
        raise NotAppealed.because("reason_missing")
    ruling = last_ruling(dispute)
    if ruling is None or dispute.state != DisputeState.DECIDED:
        raise NotAppealed.because("not_decided")
    parties = list(dispute.parties.select_related("person", "filing"))
    hearing = hearing_of(dispute, parties, today=timezone.localdate(at))
    if hearing == Hearing.FINAL:
        raise NotAppealed.because("ruling_final")
    try:
        with transaction.atomic():
            found = Appeal.objects.create(
                dispute=dispute, ruling=ruling, by=by, at=at,
                reason=mask_in_text(reason.strip())[:1000],
            )  # fmt: skip
    except IntegrityError as twin:
        raise NotAppealed.because("appealed_already") from twin
    others = [party for party in parties if party.person_id != by.pk]
    key = f"appeal-{found.pk}"
    tell_parties(dispute, others, kind=NoticeKind.DISPUTE, key=key, now=at, appeal=dispute.pk)
    _tell_who_hears(dispute, parties, hearing, key=key, at=at)
    audit.record(verb="appeal", of=dispute, by=by, reason=reason, ruling=ruling.pk)
    return found


def _tell_who_hears(
    dispute: Dispute, parties: list[Party], hearing: Hearing, *, key: str, at: datetime
) -> None:
    """Whoever hears appeals is told that one waits, and where; else whoever can change that."""
    if hearing == Hearing.NOBODY_YET:
        tell_nobody_decides(dispute, key=key, at=at, unheard=dispute.pk)
    hearers = hearers_of(dispute, parties, hearing, today=timezone.localdate(at))
    path = reverse("filings:case", args=[dispute.pk])
    tell_many(
        [
            Telling(
                person_id=pk, kind=NoticeKind.DISPUTE, key=key, params={"appeal": dispute.pk},
                path=path,
            )
            for pk in hearers
        ],
        now=at,
    )  # fmt: skip


@transaction.atomic
def decide_appeal(
    *, appeal: Appeal, judgment: Judgment, is_upheld: bool, by: Person, now: datetime | None = None
) -> Ruling:
    """The last word: the ruling stands, or another one takes its place. Raises NotRuled."""
    bench = open_bench(appeal.dispute, by=by, now=now)
    today = judging.today_of(by, bench.at)
    decider = decider_of(by, today=today)
    refuse_if(NotRuled, blockers_of_appeal(bench.dispute, decider, bench.parties, today=today))
    before = appeal.ruling
    if is_upheld:
        judgment = judging.judgment_of(before, text=judgment.text, clauses=judgment.clauses)
        if not bench.dispute.is_about_deal:  # the deposit went back: there is nothing to share
            judgment = replace(judgment, shares={})
    candidates = candidates_of(bench.dispute, bench.parties, today=today)
    said = judging.blockers_of_judgment(
        bench.dispute, judgment, candidates, decider=decider, is_upheld=is_upheld
    )
    refuse_if(NotRuled, said)
    state = AppealState.UPHELD if is_upheld else AppealState.CHANGED
    waiting = Appeal.objects.filter(pk=appeal.pk, state=AppealState.OPEN)
    if not waiting.update(state=state, decided_at=bench.at, decided_by=by):
        raise NotRuled.because("decided_already")

    proposed = proposed_of(
        bench.dispute, finding=judgment.finding, at=bench.at, owner=judgment.owner
    )
    if is_upheld:
        following.keep(bench, before)
    else:
        following.restore(bench, before, owner=judgment.owner)
        following.follow(bench, judgment, proposed)
    ruling = judging.write(bench, judgment, proposed, kind=RulingKind.APPEAL)
    audit.record(
        verb="decide_appeal", of=appeal, by=by, reason=judgment.text, ruling=ruling.pk,
        is_upheld=is_upheld,
    )  # fmt: skip
    return ruling
