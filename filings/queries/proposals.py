"""What the rules propose in a dispute; computed, never decided (§1.2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from customers.models import Project
from filings import rules
from filings.models import Deal, Dispute, Filing, FilingEvent, Policy, Ruling
from filings.queries.history import journal_of
from filings.rules import Book, Reason
from filings.rules import events as happened
from filings.rules.deciding import found_of, status_text
from filings.rules.events import Event, Key
from filings.rules.filing import status
from filings.rules.together import (
    other_project,
    rivals_of_customer,
    rivals_of_project,
    together,
)
from filings.states import JOINING, DisputeKind, EventKind, Flag

# What a ruling enters into the journal.
BY_RULINGS = frozenset({
    EventKind.CONFIRMED, EventKind.WITHDRAWN, EventKind.RESUMED, EventKind.HANDED_OVER,
    EventKind.CREDITED,
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """Whose it would be by the rules alone, and why; `events` are the rows that were seen."""

    owner: Key | None
    filing: Key | None
    statuses: Mapping[Key, str]
    reasons: Sequence[Reason]
    flags: Sequence[str]
    policy: Policy
    events: Sequence[int]
    projects: frozenset[int]


def proposed_of(
    dispute: Dispute, *, finding: str, at: datetime, owner: int | None = None
) -> Proposed:
    """What the rules say of this dispute at its deal, or at `at` where there is none.

    What this dispute's own rulings did is left out, and without a deal all that came after the
    first of them: an appeal is about what was there before. With a joining finding the customers
    are read as one, and the two projects in question (of several that of `owner`, whom the verdict
    names); any other project stays out of it.
    """
    customers = {dispute.customer_id}
    is_joined = finding in JOINING
    if is_joined and dispute.suspicion is not None:
        customers |= {dispute.suspicion.first_id, dispute.suspicion.second_id}
    journal = journal_of(sorted(customers))
    rulings = list(dispute.rulings.order_by("pk"))
    if rulings and not dispute.is_about_deal:
        at = rulings[0].at
    rows = _before_rulings(dispute, list(journal.rows), rulings)
    events: Iterable[Event] = [journal.event_of(row) for row in rows]
    projects = frozenset({dispute.project_id})
    if is_joined:
        projects |= _others_in_question(dispute, Book().enter_all(events), owner=owner, at=at)
        events = together(
            events, customer=dispute.customer_id, project=dispute.project_id, projects=projects
        )
    policy = _policy(dispute, journal.filings.values())
    seen = [row.pk for row in rows]
    if dispute.is_about_deal:
        found = _at_deal(dispute, list(events), policy=policy, seen=seen)
    else:
        found = _at(dispute, Book().enter_all(events), at, policy=policy, seen=seen)
    return replace(found, projects=projects)


def _before_rulings(
    dispute: Dispute, rows: list[FilingEvent], rulings: Sequence[Ruling]
) -> list[FilingEvent]:
    """The journal without what the rulings of this dispute entered into it.

    They entered it at their own moment, by whoever decided.
    """
    if not rulings:
        return rows
    ruled = {(ruling.at, ruling.by_id) for ruling in rulings}
    kept = [row for row in rows if row.kind not in BY_RULINGS or (row.at, row.by_id) not in ruled]
    if dispute.is_about_deal:
        return kept
    return [row for row in kept if row.at <= rulings[0].at]


def _others_in_question(
    dispute: Dispute, book: Book, *, owner: int | None, at: datetime
) -> frozenset[int]:
    """The project with which that of the dispute is perhaps one: one, or none."""
    if dispute.kind == DisputeKind.NEW_PROJECT:
        begun_at = dispute.deal.at if dispute.deal else at
        rivals = rivals_of_project(
            book, dispute.project_id, customer=dispute.customer_id, at=begun_at
        )
    else:
        rivals = rivals_of_customer(book, customer=dispute.customer_id)
    asked = {dispute.project_id, *(one.project for one in rivals)}
    homes = dict(Project.objects.filter(pk__in=asked).values_list("pk", "address_key"))
    other = other_project(
        rivals, project=dispute.project_id, owner=owner, homes=homes, confirmed=book.confirmed
    )
    return frozenset() if other is None else frozenset({other})


def _policy(dispute: Dispute, filings: Iterable[Filing]) -> Policy:
    """That of the first admitted filing of the project, else of the deal's ruling (ADJ-07)."""
    known = sorted(
        (one for one in filings if one.submitted_at is not None),
        key=lambda one: (bool(one.invalid), one.project_id != dispute.project_id, one.submitted_at),
    )
    if known:
        return known[0].policy
    ruling = Ruling.objects.filter(project=dispute.project_id).select_related("policy").latest("pk")
    return ruling.policy


def _at_deal(
    dispute: Dispute, events: list[Event], *, policy: Policy, seen: Sequence[int]
) -> Proposed:
    """The decision procedure at the deposit that the dispute is about."""

    def is_before(event: Event) -> bool:
        return not (isinstance(event, happened.Dealt) and event.deal == dispute.deal_id)

    before = list(takewhile(is_before, events))
    dealt = events[len(before)]
    if not isinstance(dealt, happened.Dealt):
        raise TypeError("the deal of a dispute is in its customer's journal")
    decision = rules.decide(Book().enter_all(before), dealt)
    return Proposed(
        owner=decision.owner if isinstance(decision.owner, int) else None,
        filing=decision.filing,
        statuses=decision.statuses,
        reasons=decision.reasons,
        flags=[str(flag.value) for flag in decision.flags],
        policy=policy,
        events=seen,
        projects=frozenset({dispute.project_id}),
    )


def _at(
    dispute: Dispute, book: Book, at: datetime, *, policy: Policy, seen: Sequence[int]
) -> Proposed:
    """Who protects the project now, where no deal was made."""
    on_project = book.on_project(dispute.project_id)
    holder = book.protecting(dispute.project_id, at)
    reasons = [reason for one in on_project for reason in found_of(book, one, at)]
    if holder is not None and len(on_project) > 1:
        first = Reason(
            clause="FIL-11", code="server_time", tone="decides", at=holder.filed_at,
            filing=holder.filing,
        )  # fmt: skip
        reasons.insert(0, first)
    returned = Deal.objects.filter(project=dispute.project_id, undone_at__isnull=False)
    reasons += [
        Reason(clause="FIL-22", code="deposit_returned", tone="noted", at=undone_at)
        for undone_at in returned.order_by("undone_at").values_list("undone_at", flat=True)
    ]
    is_suspected = dispute.kind == DisputeKind.SAME_PERSON
    return Proposed(
        owner=holder.holder if holder else None,
        filing=holder.filing if holder else None,
        statuses={one.filing: status_text(status(one, at)) for one in on_project},
        reasons=reasons,
        flags=[str(Flag.SUSPECTED_SAME.value)] if is_suspected else [],
        policy=policy,
        events=seen,
        projects=frozenset({dispute.project_id}),
    )
