"""What a ruling does to customers, projects and filings, and how an appeal takes it back."""

from collections.abc import Iterable

from customers.services import decide_different
from customers.services.keeping import give_access
from customers.states import SuspicionState
from filings.models import Ruling
from filings.queries.proposals import Proposed
from filings.rules import FilingState
from filings.rules.deciding import status_text
from filings.rules.filing import ADMITTED_BY_RULING, ruled_first
from filings.rules.parties import Judgment
from filings.services.bench import Bench, NotRuled
from filings.services.entering import OpenBook
from filings.states import JOINING, EventKind, Finding, Invalid, Withdrawn
from staff.models import Person

LATER = status_text(Invalid.LATER_FILER)


def follow(bench: Bench, judgment: Judgment, proposed: Proposed) -> None:
    """What the finding does to customers, projects and filings."""
    dispute, finding = bench.dispute, judgment.finding
    if finding == Finding.TWO and dispute.suspicion is not None:
        if dispute.suspicion.state == SuspicionState.SAME:
            raise NotRuled.because("merged_already")
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
    the owner's anyway; what came later by the rules is withdrawn. Raises NotRuled where the owner
    would get nothing by it.
    """
    judged = bench.states(proposed.projects)
    standing = [(book, one) for book, one in judged if one.is_standing]
    own = [one for _book, one in standing if one.holder == owner]
    refused = [
        (book, one)
        for book, one in judged
        if one.holder == owner
        and one.invalid in ADMITTED_BY_RULING
        and ruled_first(one, bench.at).is_protected(bench.at)
        and not one.withdrawn
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
        bench.handed.append(first.filing)
        bench.lost.append(first.holder)
    elif owner is not None:
        raise NotRuled.because("nothing_to_give")


def _withdraw(bench: Bench, pairs: Iterable[tuple[OpenBook, FilingState]]) -> None:
    """The later of two: void from the start, as one who files later is (decision 2).

    Another project that somebody has seen to be a thing of its own stays one (FIL-33).
    """
    for book, one in pairs:
        if one.project != bench.dispute.project_id and one.project in book.book.confirmed:
            continue
        _enter(book, EventKind.WITHDRAWN, one, bench, code=Withdrawn.MERGED)
        bench.later.append(one.filing)
        bench.lost.append(one.holder)


def keep(bench: Bench, before: Ruling) -> None:
    """The ruling stands, and with it what it did to filings."""
    bench.later += before.facts.get("withdrawn", ())
    bench.first += before.facts.get("first", ())
    bench.handed += before.facts.get("handed", ())


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


def let_serve(bench: Bench, judgment: Judgment) -> None:
    """Whoever won may serve the customer; who keeps them goes on keeping them.

    Of two that were found one, both. Whose project is found to be another one may serve, too:
    until then the card was shut to them (decision 4). Who has left is credited all the same.
    """
    if judgment.finding == Finding.NEW:
        filed = bench.own_book.book.on_project(bench.dispute.project_id)
        holders = {one.holder for one in filed if one.is_standing}
        for person in Person.objects.filter(pk__in=holders).order_by("pk"):
            give_access(customer=bench.own_book.customer, person=person)
    if judgment.owner is None or judgment.shares:
        return
    winner = Person.objects.get(pk=judgment.owner)
    if not winner.is_active:
        return
    for book in bench.books.values():
        is_own = book.customer.pk == bench.dispute.customer_id
        if is_own or judgment.finding == Finding.ONE:
            give_access(customer=book.customer, person=winner)
