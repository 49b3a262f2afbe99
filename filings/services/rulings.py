"""Writing rulings: immutable rows, each chained to the one before it of its project."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from core.phones import mask_in_text
from filings.models import Deal, Dispute, Filing, Policy, Ruling
from filings.rules import HOME_REGION_DECIDES, Decision, Reason
from filings.states import RulingKind, Verdict
from staff.models import Person

# The columns that a ruling's hash covers, in this order; `previous_hash` chains it.
HASHED = (
    "project_id", "deal_id", "dispute_id", "filing_id", "kind", "verdict", "credited_to_id",
    "is_home_region", "shares", "policy_id", "clauses", "statuses", "flags", "reasons", "facts",
    "text", "by_id", "at", "previous_id", "previous_hash",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Share:
    """A part of the credit of one sale, in percent (ADJ-02)."""

    person_id: int
    percent: int


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """What a ruling says, whoever decided it."""

    kind: RulingKind
    verdict: Verdict
    policy: Policy
    credited_to_id: int | None = None
    filing_id: int | None = None
    is_home_region: bool = False
    shares: Sequence[Share] = ()
    clauses: Sequence[str] = ()
    statuses: Mapping[str, str] = field(default_factory=dict)
    flags: Sequence[str] = ()
    reasons: Sequence[Mapping[str, object]] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    text: str = ""


def plain(value: Any) -> Any:
    """A value as JSON keeps it: moments in UTC to the microsecond, keys as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, int | float | bool) else str(value)


def hash_of(ruling: Ruling) -> str:
    """SHA-256 over what the ruling says and the hash of the one before it."""
    said = {name: plain(getattr(ruling, name)) for name in HASHED}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def reason_row(reason: Reason) -> dict[str, object]:
    """A reason of the rules as the ruling keeps it."""
    return {
        "clause": reason.clause,
        "code": reason.code,
        "tone": reason.tone,
        "at": plain(reason.at),
        "filing": reason.filing,
        "params": plain(reason.params),
    }


def ruled_by_rules(decision: Decision, *, policy: Policy, facts: Mapping[str, object]) -> Ruled:
    """What the decision procedure said, as a ruling; in doubt nobody is credited yet."""
    is_home = decision.owner == HOME_REGION_DECIDES
    is_settled = decision.verdict == Verdict.AUTO and not is_home
    return Ruled(
        kind=RulingKind.DEPOSIT,
        verdict=decision.verdict,
        policy=policy,
        credited_to_id=decision.owner if is_settled else None,
        filing_id=decision.filing if is_settled else None,
        is_home_region=is_home,
        clauses=sorted({reason.clause for reason in decision.reasons}),
        statuses={str(key): status for key, status in decision.statuses.items()},
        flags=[str(flag.value) for flag in decision.flags],
        reasons=[reason_row(reason) for reason in decision.reasons],
        facts={**facts, "doubts": [str(doubt.value) for doubt in decision.doubts]},
    )


def write_ruling(
    ruled: Ruled,
    *,
    project_id: int,
    by: Person | None,
    at: datetime,
    deal: Deal | None = None,
    dispute: Dispute | None = None,
) -> Ruling:
    """Add one ruling to its project's chain. The caller holds the customer.

    Numbers typed into the text are masked: the row is never rewritten.
    """
    previous = Ruling.objects.filter(project=project_id).order_by("-pk").first()
    ruling = Ruling(
        project_id=project_id,
        deal=deal,
        dispute=dispute,
        filing_id=ruled.filing_id,
        kind=ruled.kind,
        verdict=ruled.verdict,
        credited_to_id=ruled.credited_to_id,
        is_home_region=ruled.is_home_region,
        shares=[{"person": one.person_id, "percent": one.percent} for one in ruled.shares],
        policy=ruled.policy,
        clauses=list(ruled.clauses),
        statuses=plain(ruled.statuses),
        flags=list(ruled.flags),
        reasons=plain(list(ruled.reasons)),
        facts=plain(ruled.facts),
        text=mask_in_text(ruled.text.strip())[:2000],
        by=by,
        at=at,
        previous=previous,
        previous_hash=previous.hash if previous else "",
    )
    ruling.hash = hash_of(ruling)
    ruling.save(force_insert=True)
    return ruling


def as_ruled(ruling: Ruling) -> Ruled:
    """What a ruling says, to be said again of another deal."""
    return Ruled(
        kind=RulingKind(ruling.kind),
        verdict=Verdict(ruling.verdict),
        policy=ruling.policy,
        credited_to_id=ruling.credited_to_id,
        filing_id=ruling.filing_id,
        is_home_region=ruling.is_home_region,
        shares=[Share(person_id=one["person"], percent=one["percent"]) for one in ruling.shares],
        clauses=ruling.clauses,
        statuses=ruling.statuses,
        flags=ruling.flags,
        reasons=ruling.reasons,
        facts=ruling.facts,
        text=ruling.text,
    )


def policy_of_project(project_id: int, *, fallback: Policy) -> Policy:
    """The policy under which the first filing of a project came in (ADJ-07)."""
    first = Filing.objects.filter(project=project_id, submitted_at__isnull=False, invalid="")
    found = first.select_related("policy").order_by("submitted_at", "pk").first()
    return found.policy if found else fallback
