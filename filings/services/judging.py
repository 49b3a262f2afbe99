"""Deciding a dispute: once, by whoever may, for good (归属裁定, ADJ-01, ADJ-02)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.refusals import refuse_if
from core.rules import Blocker
from core.services import audit
from filings.models import Deal, Dispute, Ruling
from filings.queries.candidates import candidates_of
from filings.queries.judges import blockers_of, decider_of
from filings.queries.proposals import Proposed, proposed_of
from filings.queries.standing import same_purchase
from filings.rules import PROTECTED
from filings.rules.parties import Decider, Judgment, judgment_blockers
from filings.services.bench import Bench, NotRuled, open_bench
from filings.services.disputing import credited_of, join_parties, tell_parties
from filings.services.following import LATER, follow, let_serve
from filings.services.rulings import Ruled, Share, plain, reason_row, write_ruling
from filings.services.settling import credit
from filings.states import (
    CLAUSES_OF_FINDINGS,
    FINDINGS_OF,
    OPEN_DISPUTES,
    DisputeKind,
    DisputeState,
    Finding,
    RulingKind,
    Verdict,
)
from filings.wording import CLAUSE_TEXTS
from staff.models import Person
from staff.states import NoticeKind


@transaction.atomic
def decide_dispute(
    *, dispute: Dispute, judgment: Judgment, seen: int, by: Person, now: datetime | None = None
) -> Ruling:
    """Decide one dispute: the immutable ruling, the credit, and what follows for filings.

    1. The customers are held. 2. Whoever may not decide, or decides what is not whole, is refused.
    3. The dispute is claimed by the version that was `seen`: of two deciders the first stands.
    4. Filings that come later are withdrawn, protection passes. 5. The ruling. 6. Both are told.

    Raises NotRuled.
    """
    bench = open_bench(dispute, by=by, now=now)
    today = today_of(by, bench.at)
    decider = decider_of(by, today=today)
    judgment = _apart(bench.dispute, judgment)
    candidates = candidates_of(bench.dispute, bench.parties, today=today)
    given = {person.pk for person in candidates}
    refuse_if(NotRuled, blockers_of(bench.dispute, decider, bench.parties, candidates=given))
    said = blockers_of_judgment(bench.dispute, judgment, candidates, decider=decider)
    refuse_if(NotRuled, said)
    _claim(bench.dispute, seen=seen, by=by, at=bench.at)

    proposed = proposed_of(
        bench.dispute, finding=judgment.finding, at=bench.at, owner=judgment.owner
    )
    follow(bench, judgment, proposed)
    ruling = write(bench, judgment, proposed, kind=RulingKind.DISPUTE)
    audit.record(
        verb="decide_dispute", of=bench.dispute, by=by, reason=judgment.text, ruling=ruling.pk,
        deals=bench.credited, credited_to=ruling.credited_to_id,
    )  # fmt: skip
    return ruling


def today_of(by: Person, at: datetime) -> date:
    """The day of whoever decides: their store's, or the house's where they have none."""
    return by.store.today(at) if by.store else timezone.localdate(at)


def _apart(dispute: Dispute, judgment: Judgment) -> Judgment:
    """Found to be two, without a deal nobody gets anything: each filing counts for its own."""
    if judgment.finding in (Finding.TWO, Finding.NEW) and not dispute.is_about_deal:
        return replace(judgment, owner=None, shares={})
    return judgment


def blockers_of_judgment(
    dispute: Dispute,
    judgment: Judgment,
    candidates: Collection[Person],
    *,
    decider: Decider,
    is_upheld: bool = False,
) -> list[Blocker]:
    """What keeps this judgment from being written in this dispute.

    What is upheld was whole when it was written, whoever has left since.
    """
    known = {person.pk for person in candidates}
    if is_upheld:
        known |= {pk for pk in (judgment.owner, *judgment.shares) if pk is not None}
    findings = FINDINGS_OF.get(DisputeKind(dispute.kind), ())
    is_apart = judgment.finding in (Finding.TWO, Finding.NEW)
    return judgment_blockers(
        judgment=judgment,
        findings=[each.value for each in findings],
        candidates=known,
        known_clauses=CLAUSE_TEXTS.keys(),
        needs_owner=(dispute.is_about_deal or not is_apart) and not is_upheld,
        may_share=dispute.is_about_deal,
        deciding=decider.people,
    )


def _claim(dispute: Dispute, *, seen: int, by: Person, at: datetime) -> None:
    """The first decision stands; the second one is told (C06)."""
    waiting = Dispute.objects.filter(pk=dispute.pk, version=seen, state__in=OPEN_DISPUTES)
    if waiting.update(
        state=DisputeState.DECIDED, closed_at=at, closed_by=by, version=F("version") + 1
    ):
        dispute.state, dispute.closed_by = DisputeState.DECIDED, by
        return
    is_open = Dispute.objects.filter(pk=dispute.pk, state__in=OPEN_DISPUTES).exists()
    raise NotRuled.because("changed_meanwhile" if is_open else "decided_already")


def _filing_of(
    bench: Bench, owner: int | None, proposed: Proposed, statuses: Mapping[Any, str]
) -> int | None:
    """By which filing the owner has it: one that protected, else one that still stands."""
    judged = bench.states(proposed.projects)
    own = [one for _book, one in judged if one.holder == owner and not one.invalid]
    protected = [one for one in own if statuses.get(one.filing) == PROTECTED]
    return next((one.filing for one in [*protected, *own] if not one.withdrawn), None)


def _filing_won(
    bench: Bench, judgment: Judgment, proposed: Proposed, statuses: Mapping[Any, str]
) -> int | None:
    """By which filing the owner has it, or somebody a share of it: that which won by the rules,
    else that of the largest share.

    Who gets a part of the deal of their filing has had their deal (FIL-25).
    """
    if not (shares := judgment.shares):
        return _filing_of(bench, judgment.owner, proposed, statuses)
    judged = bench.states(proposed.projects)
    first = [one.holder for _book, one in judged if one.filing == proposed.filing]
    people = [*first, *sorted(shares, key=lambda pk: -shares[pk])]
    found = (_filing_of(bench, pk, proposed, statuses) for pk in people if pk in shares)
    return next((filing for filing in found if filing is not None), None)


def is_departure(judgment: Judgment, proposed: Proposed) -> bool:
    """Whether this is another one than the rules propose."""
    if proposed.owner is None:
        return False
    return bool(judgment.shares) or judgment.owner not in (None, proposed.owner)


def _said_of(bench: Bench, judgment: Judgment, proposed: Proposed) -> list[dict[str, object]]:
    """The reasons that a person added to those of the rules."""
    said: list[tuple[str, str, int | None]] = [("ruled", "ADJ-01", None)]
    if is_departure(judgment, proposed):
        said.append(("departed", "ADJ-01", None))
    if judgment.finding:
        clause = CLAUSES_OF_FINDINGS[Finding(judgment.finding)]
        said.append((f"found_{judgment.finding}", clause, None))
    if judgment.shares:
        said.append(("split", "ADJ-02", None))
    said += [("handed_by_ruling", "ADJ-01", filing) for filing in (*bench.first, *bench.handed)]
    return [
        {"clause": clause, "code": code, "tone": "decides", "at": plain(bench.at),
         "filing": filing, "params": {}}
        for code, clause, filing in said
    ]  # fmt: skip


def _ruled(bench: Bench, judgment: Judgment, proposed: Proposed, kind: RulingKind) -> Ruled:
    """What the ruling says: what the rules found, what a person found, and whose it is."""
    dispute = bench.dispute
    statuses = dict(proposed.statuses) | dict.fromkeys(bench.later, LATER)
    shares = [Share(person_id=pk, percent=part) for pk, part in judgment.shares.items()]
    owner = None if shares else judgment.owner
    return Ruled(
        kind=kind,
        verdict=Verdict.ADJUDICATE,
        policy=proposed.policy,
        credited_to_id=owner,
        filing_id=_filing_won(bench, judgment, proposed, statuses),
        shares=shares,
        clauses=sorted(set(judgment.clauses)),
        statuses={str(key): status for key, status in statuses.items()},
        flags=list(proposed.flags),
        reasons=[
            *(reason_row(each) for each in proposed.reasons),
            *_said_of(bench, judgment, proposed),
        ],
        facts={
            "dispute": dispute.pk, "kind": dispute.kind, "finding": judgment.finding,
            "deal": dispute.deal_id, "events": proposed.events,
            "proposed": proposed.owner, "withdrawn": bench.later, "first": bench.first,
            "handed": bench.handed, "is_departure": is_departure(judgment, proposed),
            "projects": sorted(proposed.projects), "evidence": list(
                dispute.evidence.order_by("pk").values_list("pk", flat=True)
            ),
        },
        text=judgment.text,
    )  # fmt: skip


def write(bench: Bench, judgment: Judgment, proposed: Proposed, *, kind: RulingKind) -> Ruling:
    """The ruling itself, the credit of the deal, and what both sides are told."""
    dispute, at = bench.dispute, bench.at
    ruled = _ruled(bench, judgment, proposed, kind)
    deal = dispute.deal if dispute.is_about_deal else None
    credited = credited_of(deal) if deal is not None else []
    ruling = write_ruling(
        ruled, project_id=dispute.project_id, by=bench.by, at=at, deal=deal, dispute=dispute
    )
    people = [judgment.owner, *judgment.shares, *bench.lost, *credited]
    # Whoever gets something by this ruling, or loses it, is a side: told, and heard on appeal.
    bench.parties += join_parties(dispute, people)
    if deal is not None:
        _credit(bench, deal, ruling)
        _credit_further(bench, deal, ruled, of=ruling)
    let_serve(bench, judgment)
    tell_parties(
        dispute, bench.parties, kind=NoticeKind.RULING, key=f"ruling-{ruling.pk}", now=at,
        number=str(ruling),
    )  # fmt: skip
    return ruling


def _credit(bench: Bench, deal: Deal, ruling: Ruling) -> None:
    credit(deal, ruling, bench.books[deal.customer_id], by=bench.by, at=bench.at)
    bench.credited.append(deal.pk)


def _credit_further(bench: Bench, first: Deal, ruled: Ruled, *, of: Ruling) -> None:
    """The further deposits of the purchase go where the first one goes (FIL-21), a ruling each."""
    for deal in same_purchase(first):
        if deal.pk == first.pk:
            continue
        alike = replace(ruled, facts={**ruled.facts, "deal": deal.pk, "ruling": of.pk})
        ruling = write_ruling(
            alike, project_id=first.project_id, by=bench.by, at=bench.at, deal=deal
        )
        _credit(bench, deal, ruling)


def judgment_of(ruling: Ruling, *, text: str, clauses: Iterable[str] = ()) -> Judgment:
    """What an earlier ruling said, with other words: where it is upheld."""
    return Judgment(
        owner=ruling.credited_to_id,
        shares={share["person"]: share["percent"] for share in ruling.shares},
        finding=str(ruling.facts.get("finding", "")),
        clauses=tuple(clauses) or tuple(ruling.clauses),
        text=text,
    )
