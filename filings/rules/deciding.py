"""Whose is a sale: the decision procedure at the deposit (rulebook §1.2), with its reasons.

(1) Filings of the same customer and project. (2) Without those void at entry. (3) Without those
lost before. (4) The earliest that remains. (5) None: the keeper of a buyer, else the closer.
(6) A closer of another region never wins by (5). (7) A person decides where identity, a project
claim, a buyer, equal seconds, an open request or the home region is in question.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from filings.rules import filing as filings
from filings.rules.book import Book, is_foreign
from filings.rules.events import Dealt, Key
from filings.rules.filing import PROTECTED, FilingState
from filings.states import Channel, DisputeKind, Flag, Invalid, Lost, Verdict

HOME_REGION_DECIDES = "HOME_REGION_DECIDES"

CLAUSES: Mapping[str, tuple[str, ...]] = {
    Invalid.INCOMPLETE: ("FIL-08", "FIL-09"),
    Invalid.AFTER_DEAL: ("FIL-07", "FIL-21"),
    Invalid.LATE_24H: ("FIL-26",),
    Invalid.OUT_OF_SCOPE: ("FIL-05",),
    Invalid.CROSS_REGION: ("XRG-01", "XRG-02"),
    Invalid.LATER_FILER: ("FIL-10", "FIL-12"),
    Invalid.OVER_QUOTA: ("FIL-24", "FIL-25"),
    Invalid.REVIEW_REJECTED: ("FIL-28",),
    Invalid.VOIDED: ("FIL-39",),
    Lost.RELEASED_D: ("FIL-34",),
    Lost.VOID_15D: ("FIL-16", "FIL-17"),
    Lost.LAPSED_10D: ("FIL-14", "FIL-15"),
    PROTECTED: ("FIL-10", "FIL-14"),
}
DOUBT_CLAUSES: Mapping[str, tuple[str, ...]] = {
    DisputeKind.SAME_PERSON: ("FIL-32", "ADJ-01"),
    DisputeKind.NEW_PROJECT: ("FIL-05", "FIL-33", "ADJ-01"),
    DisputeKind.BUYER: ("FIL-05", "ADJ-01"),
    DisputeKind.SAME_SECOND: ("FIL-11", "ADJ-01"),
    DisputeKind.CIRCUMSTANCES: ("FIL-19", "FIL-40"),
    DisputeKind.CROSS_REGION: ("XRG-01", "XRG-04"),
    DisputeKind.CONTESTED: ("ADJ-01",),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One thing that was found: a clause, a code with its parameters, and when it was so.

    Worded in the reader's language at the edge (`filings.wording`). `tone` is `passed`, `failed`,
    `noted` or `decides`.
    """

    clause: str
    code: str
    tone: str
    at: datetime | None = None
    filing: Key | None = None
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What the rules say of one deposit, just before it.

    `owner` is a person, HOME_REGION_DECIDES, or None where nobody can be named; `filing` the one
    that won; `doubts` is why a person has to decide.
    """

    owner: Key | None
    filing: Key | None
    verdict: Verdict
    statuses: Mapping[Key, str]
    flags: tuple[Flag, ...]
    reasons: tuple[Reason, ...]
    doubts: tuple[DisputeKind, ...] = ()


def status_text(code: str) -> str:
    """`protected`, `lost:…` or `invalid:…`, as cases are written."""
    if code == PROTECTED:
        return PROTECTED
    return f"lost:{code}" if code in Lost.values else f"invalid:{code}"


def decide(book: Book, dealt: Dealt) -> Decision:
    """Whose the deal is; `book` holds everything that was entered before it."""
    on_project = book.on_project(dealt.project)
    codes = {one.filing: _status_before(one, dealt.at) for one in on_project}
    standing = (one for one in on_project if codes[one.filing] == PROTECTED)
    # A filing is finished with its sale: buying again for the same home is outside (FIL-05).
    winner = None if dealt.is_repeat else next(standing, None)
    doubts = tuple(_doubts(book, dealt, winner))
    owner = winner.holder if winner else _without_filing(dealt)
    statuses = {one.filing: codes[one.filing] for one in on_project}
    others = [one for one in book.of_customer(dealt.customer) if one.filing not in codes]
    statuses |= {one.filing: filings.status(one, dealt.at) for one in others}
    statuses |= {
        draft.filing: Invalid.INCOMPLETE
        for draft in book.drafts.values()
        if draft.customer == dealt.customer
    }
    return Decision(
        owner=owner,
        filing=winner.filing if winner else None,
        verdict=Verdict.ADJUDICATE if doubts else Verdict.AUTO,
        statuses={key: status_text(code) for key, code in statuses.items()},
        flags=tuple(_flags(book, dealt, on_project)),
        reasons=tuple(_reasons(book, dealt, on_project, winner, doubts)),
        doubts=doubts,
    )


def _status_before(one: FilingState, at: datetime) -> str:
    """What a filing is just before a deal; one of the same moment came after it (decision 3)."""
    if not one.invalid and one.filed_at >= at:
        return Invalid.AFTER_DEAL
    return filings.status(one, at)


def _without_filing(dealt: Dealt) -> Key:
    """Steps 5 and 6: the keeper of a buyer, else the closer; never a closer of another region."""
    owner = dealt.closer if dealt.keeper is None else dealt.keeper
    if owner == dealt.closer and has_two_homes(dealt):
        return None
    is_abroad = owner == dealt.closer and is_foreign_sale(dealt)
    return HOME_REGION_DECIDES if is_abroad else owner


def is_foreign_sale(dealt: Dealt) -> bool:
    """Whether the closer sold in a region that is not theirs, without leave (XRG-02).

    The region of the customer's own address is theirs, too: where else it is delivered, operations
    decide (decision 13).
    """
    is_approved = dealt.is_cross_approved or dealt.own_region == dealt.closer_region
    return is_foreign(region=dealt.region, own=dealt.closer_region, is_approved=is_approved)


def has_two_homes(dealt: Dealt) -> bool:
    """Whether the customer's own region and the delivery's are known and differ (decision 13)."""
    return is_foreign(region=dealt.region, own=dealt.own_region, is_approved=False)


def _doubts(book: Book, dealt: Dealt, winner: FilingState | None) -> Iterator[DisputeKind]:
    """Step 7: what only a person can decide."""
    on_project = book.on_project(dealt.project)
    if dealt.is_doubted:
        yield DisputeKind.SAME_PERSON
    if _is_claimed_project(book, dealt) or _is_taken_from_keeper(book, dealt, winner):
        yield DisputeKind.NEW_PROJECT
    is_out_of_scope = any(one.invalid == Invalid.OUT_OF_SCOPE for one in on_project)
    is_kept = dealt.keeper is not None and winner is None
    if is_kept or is_out_of_scope or dealt.is_repeat:
        yield DisputeKind.BUYER
    if winner is None and has_two_homes(dealt):
        yield DisputeKind.CROSS_REGION
    if any(_same_second(on_project)):
        yield DisputeKind.SAME_SECOND
    if any(_has_open_request(one, dealt.at) for one in on_project):
        yield DisputeKind.CIRCUMSTANCES
    if dealt.is_contested:
        yield DisputeKind.CONTESTED


def _is_claimed_project(book: Book, dealt: Dealt) -> bool:
    """Somebody else's filing protected another project when this one was begun (FIL-33)."""
    if dealt.project in book.confirmed:
        return False
    on_project = [one for one in book.on_project(dealt.project) if not one.invalid]
    begun_at = on_project[0].filed_at if on_project else dealt.at
    begun_by = on_project[0].filer if on_project else dealt.closer
    rivals = [
        one
        for one in book.of_customer(dealt.customer)
        if one.project != dealt.project and one.filer != begun_by and one.filed_at < begun_at
    ]
    return any(one.is_protected(begun_at) for one in rivals)


def _is_taken_from_keeper(book: Book, dealt: Dealt, winner: FilingState | None) -> bool:
    """Somebody else's filing wins a buyer, whose second home nobody has seen yet (FIL-05)."""
    is_kept = dealt.keeper is not None and dealt.project not in book.confirmed
    return is_kept and winner is not None and winner.holder != dealt.keeper


def _same_second(on_project: Iterable[FilingState]) -> Iterator[tuple[Key, Key]]:
    """Filings of two people that came in within one second (FIL-11, decision 3)."""
    judged = [one for one in on_project if one.invalid in ("", Invalid.LATER_FILER)]
    for first, second in pairwise(judged):
        is_equal = first.filed_at.replace(microsecond=0) == second.filed_at.replace(microsecond=0)
        if is_equal and first.filer != second.filer:
            yield first.filing, second.filing


def _has_open_request(one: FilingState, at: datetime) -> bool:
    return one.request is not None and one.is_standing and at < one.request.held_until


def _flags(book: Book, dealt: Dealt, on_project: list[FilingState]) -> Iterator[Flag]:
    if any(filings.missed_updates(one, dealt.at) for one in on_project):
        yield Flag.UPDATE_MISSED
    if is_foreign_sale(dealt):
        yield Flag.CROSS_REGION
    if dealt.is_doubted:
        yield Flag.SUSPECTED_SAME
    if _late_contacts(book, dealt):
        yield Flag.LATE_ENTRY
    if any(one.invalid == Invalid.LATER_FILER for one in on_project):
        yield Flag.REFUSED_ATTEMPT


def _late_contacts(book: Book, dealt: Dealt) -> list[Key]:
    """Contacts with this customer that were entered too late to count (FIL-30)."""
    return sorted(book.late_contacts.get(dealt.customer, ()), key=str)


def _reasons(
    book: Book,
    dealt: Dealt,
    on_project: list[FilingState],
    winner: FilingState | None,
    doubts: Iterable[DisputeKind],
) -> Iterator[Reason]:
    """What decides comes first, then what was found of each filing, then what is in doubt."""
    yield from _verdict_reasons(dealt, on_project, winner)
    yield Reason(clause="FIL-21", code="deal_moment", tone="noted", at=dealt.at)
    if not on_project:
        yield Reason(clause="FIL-07", code="later_is_void", tone="noted", at=dealt.at)
    if book.of_customer(dealt.customer):
        yield Reason(clause="FIL-31", code="same_number", tone="noted")
    for draft in book.drafts.values():
        if draft.project == dealt.project:
            for clause in CLAUSES[Invalid.INCOMPLETE]:
                yield Reason(
                    clause=clause, code="incomplete", tone="failed", at=draft.at,
                    filing=draft.filing,
                )  # fmt: skip
    for one in on_project:
        yield from found_of(book, one, dealt.at, code=_status_before(one, dealt.at))
    for contact in _late_contacts(book, dealt):
        yield Reason(clause="FIL-30", code="late_entry", tone="noted", params={"contact": contact})
    for doubt in doubts:
        for clause in DOUBT_CLAUSES[doubt]:
            yield Reason(clause=clause, code=f"doubt_{doubt}", tone="noted")


def _verdict_reasons(
    dealt: Dealt, on_project: list[FilingState], winner: FilingState | None
) -> Iterator[Reason]:
    if winner is not None:
        code = "own_filing" if winner.holder == dealt.closer else "filed_by_another"
        clause = "FIL-10" if winner.holder == dealt.closer else "FIL-41"
        yield Reason(
            clause=clause, code=code, tone="decides", at=winner.filed_at, filing=winner.filing
        )
        if len(on_project) > 1:
            yield Reason(
                clause="FIL-11", code="server_time", tone="decides", at=winner.filed_at,
                filing=winner.filing,
            )  # fmt: skip
        if is_foreign_sale(dealt):
            yield Reason(clause="XRG-01", code="credit_goes_home", tone="decides", at=dealt.at)
        return
    if _without_filing(dealt) is None:
        yield Reason(clause="XRG-01", code="two_homes", tone="decides", at=dealt.at)
    elif _without_filing(dealt) == HOME_REGION_DECIDES:
        yield Reason(clause="XRG-02", code="home_region_decides", tone="decides", at=dealt.at)
    elif dealt.keeper is not None:
        yield Reason(clause="FIL-05", code="keeper_of_buyer", tone="decides", at=dealt.at)
    elif any(one.holder == dealt.closer and not one.invalid for one in on_project):
        yield Reason(clause="FIL-43", code="own_after_lapse", tone="decides", at=dealt.at)
    else:
        yield Reason(clause="FIL-42", code="nobody_filed", tone="decides", at=dealt.at)


def found_of(
    book: Book, one: FilingState, at: datetime, *, code: str | None = None
) -> Iterator[Reason]:
    """What the clauses find of one filing at a moment, as the bench lists them.

    `code` is what it is then, where the caller knows better.
    """
    code = code or filings.status(one, at)
    tone = "passed" if code == PROTECTED else "failed"
    params = {"acted_at": one.acted_at, "until": one.protected_until}
    for clause in CLAUSES[code]:
        yield Reason(
            clause=clause, code=code.lower(), tone=tone, at=_since(one, code),
            filing=one.filing, params=params,
        )  # fmt: skip
    if (noted_at := book.drafted.get(one.filing)) is not None:
        for clause in CLAUSES[Invalid.INCOMPLETE]:
            yield Reason(
                clause=clause, code="was_draft", tone="noted", at=one.filed_at, filing=one.filing,
                params={"noted_at": noted_at},
            )  # fmt: skip
    if code not in Invalid.values:
        yield from _admitted_reasons(book, one)
        yield from _silence_reasons(one, code, at)


def _admitted_reasons(book: Book, one: FilingState) -> Iterator[Reason]:
    """The tests that a filing passed when it came in."""
    entry = book.entries.get(one.filing)
    yield _passed("FIL-07", "before_deal", one, at=one.filed_at)
    yield _passed(
        "FIL-26", "in_time", one, at=one.filed_at,
        acquired_at=entry.acquired_at if entry else None, hours=one.terms.file_within_hours,
    )  # fmt: skip
    if one.channel == Channel.FIELD:
        yield from _field_reasons(one)
        return
    for clause in ("FIL-16", "FIL-18"):
        yield _passed(clause, "no_field_limit", one)
    yield _passed("FIL-23", "no_quota", one)


def _passed(
    clause: str, code: str, one: FilingState, *, at: datetime | None = None, **params: object
) -> Reason:
    return Reason(clause=clause, code=code, tone="passed", at=at, filing=one.filing, params=params)


def _field_reasons(one: FilingState) -> Iterator[Reason]:
    yield _passed("FIL-24", "within_quota", one, quota=one.terms.field_quota)
    yield _passed("FIL-25", "slot_open", one, quota=one.terms.field_quota)
    if one.measured_at is not None:
        for clause in ("FIL-16", "FIL-17"):
            yield _passed(clause, "measured", one, at=one.measured_at, limit_at=one.limit_at)
    if one.extended:
        for clause in ("FIL-19", "FIL-20"):
            yield _passed(clause, "extended", one, at=one.limit_at)


def _silence_reasons(one: FilingState, code: str, at: datetime) -> Iterator[Reason]:
    """How the days were counted, what silence did, and what it did not."""
    until = one.protected_until
    yield Reason(
        clause="FIL-27", code="counted_days", tone="noted", at=until, filing=one.filing,
        params={"acted_at": one.acted_at, "days": one.terms.protection_days},
    )  # fmt: skip
    if code == Lost.LAPSED_10D:
        for clause, each in (("FIL-29", "last_effective"), ("FUP-12", "never_in_bulk")):
            yield Reason(
                clause=clause, code=each, tone="failed", at=one.acted_at, filing=one.filing
            )
    if code == Lost.VOID_15D and not one.extended:
        yield Reason(
            clause="FIL-20", code="not_extended", tone="failed", at=one.limit_at, filing=one.filing
        )
    if len(one.stretches) > 1:
        begun = one.stretches[-1].starts_at
        yield Reason(clause="FIL-15", code="revived", tone="noted", at=begun, filing=one.filing)
    missed = filings.missed_updates(one, at)
    for moment in missed:
        yield Reason(
            clause="FIL-13", code="update_missed", tone="noted", at=moment, filing=one.filing
        )
    if missed:
        yield Reason(clause="FIL-15", code="duty_not_loss", tone="noted", filing=one.filing)


def _since(one: FilingState, code: str) -> datetime | None:
    """When a filing became what it is."""
    if code == PROTECTED:
        return one.filed_at
    if code == Lost.VOID_15D:
        return filings.void_at(one) or one.limit_at
    if code == Lost.RELEASED_D:
        return one.ended_at
    return one.protected_until if code == Lost.LAPSED_10D else one.filed_at
