"""Deciding a dispute: once, by whoever may, for good (归属裁定, ADJ-01, ADJ-02)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from customers.models import Customer
from customers.services import decide_different
from customers.services.keeping import give_access
from customers.states import SuspicionState
from filings.models import Deal, Dispute, Party, Ruling
from filings.queries.bench import customers_in
from filings.queries.judges import blockers_of, decider_of
from filings.queries.proposals import Proposed, candidates_of, proposed_of
from filings.rules import PROTECTED, FilingState
from filings.rules.deciding import status_text
from filings.rules.parties import Judgment, judgment_blockers
from filings.services.disputing import tell_parties
from filings.services.entering import OpenBook, moment
from filings.services.rulings import Ruled, Share, plain, reason_row, write_ruling
from filings.services.settling import credit
from filings.states import (
    FINDINGS_OF,
    JOINING,
    OPEN_DISPUTES,
    DisputeKind,
    DisputeState,
    EventKind,
    Finding,
    Invalid,
    RulingKind,
    Verdict,
    Withdrawn,
)
from filings.wording import CLAUSE_TEXTS
from staff.models import Person
from staff.states import NoticeKind

LATER = status_text(Invalid.LATER_FILER)


class NotRuled(Refused):
    """A dispute was not decided, or an appeal not."""

    messages = {
        "decided_already": _("Somebody else has decided this already. Their decision stands."),
        "changed_meanwhile": _(
            "Something new has come in since you opened this page. Look at it, then decide."
        ),
        "own_case": _("You are a party to this, or act for one. Somebody else decides it."),
        "one_level_up": _("An operations manager is a party: the general manager decides it."),
        "only_operations": _("Who is one customer, and between regions, operations decide."),
        "only_appeals": _("Appeals are decided by the general manager."),
        "own_ruling": _("This appeal is against your own ruling. Somebody else decides it."),
        "not_yours": _("This reaches beyond your store or team: operations decide it."),
        "finding_missing": _("Say what you found."),
        "text_missing": _("Give the reason of the ruling. Both sides will read it."),
        "clauses_missing": _("Cite at least one clause."),
        "clause_unknown": _("There is no clause %(clause)s."),
        "owner_missing": _("Choose whose it is."),
        "owner_foreign": _("Choose one of the parties."),
        "shares_of_two": _("Two people share at least; else choose one of them."),
        "shares_not_whole": _("The shares make up %(sum)s %%; they have to make up 100 %%."),
    }


@dataclass(kw_only=True)
class Bench:
    """A dispute under decision: its parties, the open books of its customers, the moment."""

    dispute: Dispute
    parties: list[Party]
    books: dict[int, OpenBook]
    at: datetime
    by: Person
    later: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    credited: list[int] = field(default_factory=list)

    @property
    def own_book(self) -> OpenBook:
        """The book of the customer in whose name the dispute is."""
        return self.books[self.dispute.customer_id]

    def states(self, projects: Collection[int]) -> list[tuple[OpenBook, FilingState]]:
        """The filings that are judged: of the project, or of the two that are found one."""
        return [
            (book, state)
            for book in self.books.values()
            for state in book.book.filings.values()
            if state.project in projects
        ]


def open_bench(dispute: Dispute, *, by: Person, now: datetime | None) -> Bench:
    """The customers under lock, in order, and what stands; the clock is read after it."""
    found = Dispute.objects.select_related("suspicion", "deal__closer", "project").get(
        pk=dispute.pk
    )
    rows = Customer.objects.filter(pk__in=customers_in(found)).order_by("pk")
    # Locked alone, read after: see `hold_customer`.
    list(rows.select_for_update(no_key=True).values_list("pk"))
    customers = list(rows.select_related("store", "owner"))
    found.refresh_from_db(fields=["state", "version", "closed_by", "deal", "customer", "project"])
    if found.customer_id not in {customer.pk for customer in customers}:
        raise NotRuled.because("changed_meanwhile")  # the card was merged while this waited
    parties = list(found.parties.select_related("person", "filing").order_by("pk"))
    return Bench(
        dispute=found,
        parties=parties,
        books={customer.pk: OpenBook(customer) for customer in customers},
        at=moment(now),
        by=by,
    )


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
    refuse_if(NotRuled, blockers_of(bench.dispute, decider, bench.parties))
    candidates = candidates_of(bench.dispute, bench.parties)
    refuse_if(NotRuled, blockers_of_judgment(bench.dispute, judgment, candidates))
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


def blockers_of_judgment(
    dispute: Dispute, judgment: Judgment, candidates: Collection[Person]
) -> list[Blocker]:
    """What keeps this judgment from being written in this dispute."""
    findings = FINDINGS_OF.get(DisputeKind(dispute.kind), ())
    is_apart = judgment.finding in (Finding.TWO, Finding.NEW)
    return judgment_blockers(
        judgment=judgment,
        findings=[each.value for each in findings],
        candidates=[person.pk for person in candidates],
        known_clauses=CLAUSE_TEXTS.keys(),
        needs_owner=dispute.deal_id is not None or not is_apart,
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


def follow(bench: Bench, judgment: Judgment, proposed: Proposed) -> None:
    """What the finding does to customers, projects and filings."""
    dispute, finding = bench.dispute, judgment.finding
    if finding == Finding.TWO and dispute.suspicion is not None:
        if dispute.suspicion.state == SuspicionState.OPEN:
            decide_different(
                suspicion=dispute.suspicion, reason=judgment.text, by=bench.by, now=bench.at
            )
    elif finding == Finding.NEW:
        bench.own_book.enter(EventKind.CONFIRMED, at=bench.at, by=bench.by, project=dispute.project)
    elif finding in JOINING or not dispute.is_about_deal:
        _give_protection(bench, owner=judgment.owner, proposed=proposed)


def _give_protection(bench: Bench, *, owner: int | None, proposed: Proposed) -> None:
    """Exactly one filing protects after the ruling: the owner's.

    What stands in its way is withdrawn first, so that the database never sees two at once. Where
    the owner has no filing at all, the one that stands is handed over. With a deal the credit is
    the owner's anyway; what came later by the rules is withdrawn.
    """
    judged = bench.states(proposed.projects)
    standing = [(book, one) for book, one in judged if one.is_standing]
    own = [one for _book, one in standing if one.holder == owner]
    refused = [
        (book, one)
        for book, one in judged
        if one.holder == owner and one.invalid == Invalid.LATER_FILER and not one.withdrawn
    ]
    if own:
        _withdraw(bench, [(book, one) for book, one in standing if one.holder != owner])
    elif bench.dispute.is_about_deal:
        later = [pair for pair in standing if proposed.statuses.get(pair[1].filing) == LATER]
        _withdraw(bench, later)
    elif refused:
        _withdraw(bench, standing)
        book, first = refused[0]
        _enter(book, EventKind.CONFIRMED, first, bench)
        bench.first.append(first.filing)
    elif standing and owner is not None:
        book, first = standing[0]
        filing = book.journal.filings[first.filing]
        person = Person.objects.get(pk=owner)
        book.enter_of(filing, EventKind.HANDED_OVER, at=bench.at, by=bench.by, person=person)


def _withdraw(bench: Bench, pairs: Iterable[tuple[OpenBook, FilingState]]) -> None:
    """The later of two: void from the start, as one who files later is (decision 2).

    Another project that somebody has seen to be a thing of its own stays one (FIL-33).
    """
    for book, one in pairs:
        if one.project != bench.dispute.project_id and one.project in book.book.confirmed:
            continue
        _enter(book, EventKind.WITHDRAWN, one, bench, code=Withdrawn.MERGED)
        bench.later.append(one.filing)


def restore(bench: Bench, before: Ruling, *, owner: int | None) -> None:
    """What a ruling had done to filings is taken back, before another one takes its place.

    Else the one who wins now would get the other's filing with the other's time.
    """
    ruled, withdrawn = before.facts.get("first", ()), before.facts.get("withdrawn", ())
    every = [(book, key) for book in bench.books.values() for key in list(book.book.filings)]
    for book, key in every:
        one = book.book.filings[key]
        if key in ruled and one.is_standing and one.holder != owner:
            _withdraw(bench, [(book, one)])
    for book, key in every:
        one = book.book.filings[key]
        is_free = book.book.protecting(one.project, bench.at) is None
        if key in withdrawn and one.withdrawn == Withdrawn.MERGED and is_free:
            _enter(book, EventKind.RESUMED, one, bench)


def _enter(book: OpenBook, kind: EventKind, one: FilingState, bench: Bench, code: str = "") -> None:
    filing = book.journal.filings[one.filing]
    book.enter_of(filing, kind, at=bench.at, by=bench.by, code=code)


def _filing_of(
    bench: Bench, owner: int | None, proposed: Proposed, statuses: Mapping[Any, str]
) -> int | None:
    """By which filing the owner has it: one that protected, else one that still stands."""
    judged = bench.states(proposed.projects)
    own = [one for _book, one in judged if one.holder == owner and not one.invalid]
    protected = [one for one in own if statuses.get(one.filing) == PROTECTED]
    return next((one.filing for one in [*protected, *own] if not one.withdrawn), None)


def _said_of(judgment: Judgment, at: datetime) -> list[dict[str, object]]:
    """The reasons that a person added to those of the rules."""
    codes = ["ruled"]
    if judgment.finding:
        codes.append(f"found_{judgment.finding}")
    if judgment.shares:
        codes.append("split")
    clause = judgment.clauses[0]
    return [
        {"clause": clause, "code": code, "tone": "decides", "at": plain(at), "filing": None,
         "params": {}}
        for code in codes
    ]  # fmt: skip


def write(bench: Bench, judgment: Judgment, proposed: Proposed, *, kind: RulingKind) -> Ruling:
    """The ruling itself, the credit of the deal, and what both sides are told."""
    dispute, at = bench.dispute, bench.at
    statuses = dict(proposed.statuses) | dict.fromkeys(bench.later, LATER)
    shares = [Share(person_id=pk, percent=part) for pk, part in judgment.shares.items()]
    owner = None if shares else judgment.owner
    ruled = Ruled(
        kind=kind,
        verdict=Verdict.ADJUDICATE,
        policy=proposed.policy,
        credited_to_id=owner,
        filing_id=_filing_of(bench, owner, proposed, statuses),
        shares=shares,
        clauses=sorted(set(judgment.clauses)),
        statuses={str(key): status for key, status in statuses.items()},
        flags=list(proposed.flags),
        reasons=[*(reason_row(each) for each in proposed.reasons), *_said_of(judgment, at)],
        facts={
            "dispute": dispute.pk, "kind": dispute.kind, "finding": judgment.finding,
            "deal": dispute.deal_id, "events": proposed.events,
            "proposed": proposed.owner, "withdrawn": bench.later, "first": bench.first,
            "projects": sorted(proposed.projects), "evidence": list(
                dispute.evidence.order_by("pk").values_list("pk", flat=True)
            ),
        },
        text=judgment.text,
    )  # fmt: skip
    deal = dispute.deal if dispute.is_about_deal else None
    ruling = write_ruling(
        ruled, project_id=dispute.project_id, by=bench.by, at=at, deal=deal, dispute=dispute
    )
    if deal is not None:
        _credit(bench, deal, ruling)
        _credit_further(bench, deal, ruled, of=ruling)
    _let_serve(bench, judgment)
    tell_parties(
        dispute, bench.parties, kind=NoticeKind.RULING, key=f"ruling-{ruling.pk}", now=at,
        number=str(ruling),
    )  # fmt: skip
    return ruling


def _credit(bench: Bench, deal: Deal, ruling: Ruling) -> None:
    credit(deal, ruling, bench.books[deal.customer_id], by=bench.by, at=bench.at)
    bench.credited.append(deal.pk)


def _credit_further(bench: Bench, first: Deal, ruled: Ruled, *, of: Ruling) -> None:
    """The further deposits of the project go where the first one goes (FIL-21), a ruling each."""
    further = Deal.objects.filter(project=first.project_id, undone_at=None).exclude(pk=first.pk)
    for deal in further.select_related("project").order_by("at", "pk"):
        alike = replace(ruled, facts={**ruled.facts, "deal": deal.pk, "ruling": of.pk})
        ruling = write_ruling(
            alike, project_id=first.project_id, by=bench.by, at=bench.at, deal=deal
        )
        _credit(bench, deal, ruling)


def _let_serve(bench: Bench, judgment: Judgment) -> None:
    """Whoever won may serve the customer; who keeps them goes on keeping them.

    Of two that were found one, both. Whose project is found to be another one may serve, too:
    until then the card was shut to them (decision 4).
    """
    if judgment.finding == Finding.NEW:
        filed = bench.own_book.book.on_project(bench.dispute.project_id)
        holders = {one.holder for one in filed if one.is_standing}
        for person in Person.objects.filter(pk__in=holders).order_by("pk"):
            give_access(customer=bench.own_book.customer, person=person)
    if judgment.owner is None or judgment.shares:
        return
    winner = Person.objects.get(pk=judgment.owner)
    for book in bench.books.values():
        is_own = book.customer.pk == bench.dispute.customer_id
        if is_own or judgment.finding == Finding.ONE:
            give_access(customer=book.customer, person=winner)


def judgment_of(ruling: Ruling, *, text: str, clauses: Iterable[str] = ()) -> Judgment:
    """What an earlier ruling said, with other words: where it is upheld."""
    return Judgment(
        owner=ruling.credited_to_id,
        shares={share["person"]: share["percent"] for share in ruling.shares},
        finding=str(ruling.facts.get("finding", "")),
        clauses=tuple(clauses) or tuple(ruling.clauses),
        text=text,
    )
