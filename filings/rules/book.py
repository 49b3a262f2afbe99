"""The book of filings: what stands, as one event after another is entered (rulebook §1.2).

The one fold over what happened. Live services, the sweep, the deposit, the replay command, the
what-if and the tests all go through it, so that what is stored equals what is replayed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import singledispatchmethod

from customers.rules.contacts import is_late_entry
from filings.rules import events as happened
from filings.rules import filing as filings
from filings.rules.elements import missing_elements
from filings.rules.events import Before, Event, Filed, Key
from filings.rules.filing import ADMITTED_BY_RULING, Act, FilingState, Request
from filings.rules.limits import is_late, month_of
from filings.states import (
    Channel,
    Invalid,
    LapseBy,
    LateTestedAt,
    Lost,
    RefillMonth,
    Withdrawn,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Deal:
    """A deposit that stands, and the filing to which it is credited (None: nobody's).

    `slot` is whose quota of which month it refilled (FIL-25).
    """

    deal: Key
    project: Key
    at: datetime
    filing: Key | None = None
    slot: tuple[Key, str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What came of one filing that came in: `invalid` is the first test that it failed."""

    invalid: str
    rival: Key | None = None
    acquired_at: datetime | None = None


def is_foreign(*, region: Key | None, own: Key | None, is_approved: bool) -> bool:
    """Whether somebody of the region `own` may not file or sell here (XRG-01, XRG-02)."""
    return region is not None and own is not None and region != own and not is_approved


@dataclass(kw_only=True)
class Book:
    """All filings as they stand after the events entered so far.

    `enter` takes events in the order in which the system learnt of them. Not frozen, for a
    hundred thousand events go through one book; what it holds is.
    """

    before: Before = field(default_factory=Before)
    filings: dict[Key, FilingState] = field(default_factory=dict)
    entries: dict[Key, Entry] = field(default_factory=dict)
    deals: dict[Key, Deal] = field(default_factory=dict)
    deals_of: dict[Key, list[Key]] = field(default_factory=dict)
    credited: dict[Key, list[Key]] = field(default_factory=dict)
    drafts: dict[Key, Filed] = field(default_factory=dict)
    drafted: dict[Key, datetime] = field(default_factory=dict)
    confirmed: set[Key] = field(default_factory=set)
    late_contacts: dict[Key, set[Key]] = field(default_factory=dict)
    by_project: dict[Key, list[Key]] = field(default_factory=dict)
    by_customer: dict[Key, list[Key]] = field(default_factory=dict)
    gained: dict[tuple[Key, str], int] = field(default_factory=dict)
    used: dict[tuple[Key, str], int] = field(default_factory=dict)
    kept: set[Key] = field(default_factory=set)

    def enter_all(self, events: Iterable[Event]) -> "Book":
        """Enter these events, in this order."""
        for event in events:
            self.enter(event)
        return self

    def on_project(self, project: Key) -> list[FilingState]:
        """The filings of a project, in the order in which they came in."""
        return [self.filings[key] for key in self.by_project.get(project, ())]

    def of_customer(self, customer: Key) -> list[FilingState]:
        """The filings of a customer's projects, in the order in which they came in."""
        return [self.filings[key] for key in self.by_customer.get(customer, ())]

    def deal_on(self, project: Key) -> Deal | None:
        """The first deal of a project that stands (FIL-21)."""
        return next(self._deals_on(project), None)

    def _deals_on(self, project: Key) -> Iterator[Deal]:
        """The deals of a project that stand, in the order in which they were made."""
        return (self.deals[key] for key in self.deals_of.get(project, ()) if key in self.deals)

    def protecting(self, project: Key, at: datetime) -> FilingState | None:
        """The one filing that protects this project at a moment; the database allows no other."""
        return next((one for one in self.on_project(project) if one.is_protected(at)), None)

    def blocking(self, project: Key, at: datetime, *, filer: Key) -> FilingState | None:
        """The filing that keeps `filer` from filing (FIL-10).

        Where only a deposit ends what has gone silent, a silent filing still keeps others away
        (decision 13); whoever holds it may file again.
        """
        if (found := self.protecting(project, at)) is not None:
            return found
        for one in self.on_project(project):
            is_silent = one.is_standing and filings.status(one, at) == Lost.LAPSED_10D
            if is_silent and one.terms.lapse_by == LapseBy.DEPOSIT and one.holder != filer:
                return one
        return None

    def slots(self, person: Key, month: str) -> happened.Slots:
        """How many filings of a month count for somebody, and how many deals refilled (FIL-24)."""
        slot = (person, month)
        known = self.before.slots.get(slot, happened.Slots())
        return happened.Slots(
            admitted=known.admitted + self.used.get(slot, 0),
            deals=known.deals + self.gained.get(slot, 0),
        )

    def _refilled(self, deal: Deal, won: FilingState) -> tuple[Key, str] | None:
        """Whose quota of which month a deal refills: the holder's whose filing won (FIL-25)."""
        if won.channel != Channel.FIELD:
            return None
        is_of_filing = won.terms.refill_month == RefillMonth.FILING
        moment = won.filed_at if is_of_filing else deal.at
        return won.holder, month_of(moment, clock=won.clock)

    def entry_of(self, filed: Filed) -> Entry:
        """The first test that a filing fails at this moment, in the order of §1.2; "" is admitted.

        AFTER_DEAL comes before the hours, the hours before the rival: the first is what is said.
        What operations allowed across regions is tested by when it was asked for: how long they
        took is nobody's lateness.
        """
        terms, at = filed.terms, filed.at
        rival = self.blocking(filed.project, at, filer=filed.filer)
        tested_at = (
            filed.noted_at
            if terms.late_tested_at == LateTestedAt.NAME_PHONE or filed.is_cross_approved
            else None
        ) or at
        fails = (
            (Invalid.INCOMPLETE, bool(missing_elements(filed))),
            (Invalid.AFTER_DEAL, self.deal_on(filed.project) is not None),
            (
                Invalid.LATE_24H,
                is_late(acquired_at=filed.acquired_at, tested_at=tested_at, terms=terms),
            ),
            (Invalid.OUT_OF_SCOPE, filed.is_out_of_scope),
            (
                Invalid.CROSS_REGION,
                is_foreign(
                    region=filed.region,
                    own=filed.filer_region,
                    is_approved=filed.is_cross_approved,
                ),
            ),
            (Invalid.LATER_FILER, rival is not None),
            (Invalid.OVER_QUOTA, self._is_over_quota(filed)),
        )
        invalid = next((code for code, is_failed in fails if is_failed), "")
        return Entry(
            invalid=invalid,
            rival=rival.filing if rival else None,
            acquired_at=filed.acquired_at,
        )

    def _is_over_quota(self, filed: Filed) -> bool:
        """Field filings beyond the month's slots are void (FIL-24); stores have no limit."""
        if filed.channel != Channel.FIELD:
            return False
        slots = self.slots(filed.filer, month_of(filed.at, clock=filed.clock))
        return slots.admitted >= filed.terms.field_quota + slots.deals

    def forget(self, customer: Key) -> None:
        """Let go of a customer of whom nothing more is told; what months count stays (FIL-24)."""
        for key in self.by_customer.pop(customer, ()):
            project = self.filings.pop(key).project
            for deal in self.deals_of.pop(project, ()):
                self.deals.pop(deal, None)
            self.by_project.pop(project, None)
            self.entries.pop(key, None)
            self.drafted.pop(key, None)
            self.credited.pop(key, None)
            self.kept.discard(key)
        self.late_contacts.pop(customer, None)

    @singledispatchmethod
    def enter(self, event: Event) -> None:
        """Enter the next thing that happened."""
        raise TypeError(f"not an event of the book: {event!r}")

    @enter.register
    def _(self, event: Filed) -> None:
        if event.was is not None:
            entry = Entry(invalid=event.was, acquired_at=event.acquired_at)
        else:
            entry = self.entry_of(event)
        if entry.invalid == Invalid.INCOMPLETE and event.was is None:
            self.drafts[event.filing] = event
            return
        draft = self.drafts.pop(event.filing, None)
        noted_at = draft.at if draft else event.noted_at
        if noted_at is not None and noted_at < event.at:
            self.drafted[event.filing] = noted_at
        self.entries[event.filing] = entry
        state = FilingState(
            filing=event.filing,
            customer=event.customer,
            project=event.project,
            filer=event.filer,
            holder=event.filer,
            channel=event.channel,
            filed_at=event.at,
            terms=event.terms,
            clock=event.clock,
            invalid=entry.invalid,
        )
        if not entry.invalid:
            self._end_gaps(event.project, event.at)
            state = filings.admitted(state)
            if event.channel == Channel.FIELD:
                self._count(event.filer, event.at, state, by=1)
        self.filings[event.filing] = state
        self.by_project.setdefault(event.project, []).append(event.filing)
        self.by_customer.setdefault(event.customer, []).append(event.filing)

    def _count(self, person: Key, at: datetime, state: FilingState, *, by: int) -> None:
        slot = (person, month_of(at, clock=state.clock))
        self.used[slot] = self.used.get(slot, 0) + by

    def _end_gaps(self, project: Key, at: datetime) -> None:
        """What protects nothing now is over for good (FIL-15, decision 2)."""
        for one in self.on_project(project):
            self.filings[one.filing] = filings.ended_in_gap(one, at)

    def _change(self, key: Key, change: Callable[[FilingState], FilingState]) -> None:
        if key in self.filings:
            self.filings[key] = change(self.filings[key])

    def _held_by(self, person: Key, customer: Key, project: Key | None) -> Iterator[FilingState]:
        """The filings for which a contact of this person counts (decision 1)."""
        for one in self.of_customer(customer):
            if one.holder == person and project in (None, one.project):
                yield one

    @enter.register
    def _(self, event: happened.Contacted) -> None:
        if not event.is_effective:
            return
        for one in list(self._held_by(event.person, event.customer, event.project)):
            if is_late_entry(occurred_at=event.occurred_at, logged_at=event.at):
                self.late_contacts.setdefault(event.customer, set()).add(event.contact)
                continue
            act = Act(key=event.contact, at=event.occurred_at, noted_at=event.at)
            if self._may_revive(one, event.at):
                self.filings[one.filing] = filings.acted(one, act)

    def _may_revive(self, one: FilingState, at: datetime) -> bool:
        """Nobody else protects the project, or it is this very filing that does (FIL-30)."""
        other = self.protecting(one.project, at)
        return other is None or other.filing == one.filing

    @enter.register
    def _(self, event: happened.ContactVoided) -> None:
        for one in self.of_customer(event.customer):
            self.filings[one.filing] = filings.act_voided(one, event.contact, event.at)

    @enter.register
    def _(self, event: happened.Measured) -> None:
        for one in list(self._held_by(event.person, event.customer, event.project)):
            act = Act(key=event.contact, at=event.at, noted_at=event.at, is_measuring=True)
            if self._may_revive(one, event.at):
                self.filings[one.filing] = filings.acted(one, act)

    @enter.register
    def _(self, event: happened.Asked) -> None:
        request = Request(
            key=event.request, kind=event.kind, asked_at=event.at, held_until=event.held_until
        )
        self._change(event.filing, lambda one: filings.asked(one, request))

    @enter.register
    def _(self, event: happened.Answered) -> None:
        self._change(
            event.filing,
            lambda one: filings.answered(one, event.request, event.until, event.at),
        )

    @enter.register
    def _(self, event: happened.Rejected) -> None:
        state = self.filings.get(event.filing)
        if state is None or state.invalid or state.withdrawn:
            return
        self.filings[event.filing] = filings.withdrawn(state, Withdrawn.REJECTED)
        if state.channel == Channel.FIELD:
            self._count(state.filer, state.filed_at, state, by=-1)

    @enter.register
    def _(self, event: happened.Released) -> None:
        self._change(event.filing, lambda one: filings.released(one, event.at))

    @enter.register
    def _(self, event: happened.Resumed) -> None:
        state = self.filings.get(event.filing)
        if state is not None and self.protecting(state.project, event.at) is None:
            self.filings[event.filing] = filings.resumed(state, event.at)

    @enter.register
    def _(self, event: happened.Voided) -> None:
        because = Withdrawn(event.because)
        self._change(event.filing, lambda one: filings.withdrawn(one, because))

    @enter.register
    def _(self, event: happened.Joined) -> None:
        self._change(event.filing, lambda one: filings.joined(one, event.at))

    @enter.register
    def _(self, event: happened.RuledFirst) -> None:
        state = self.filings.get(event.filing)
        if state is None or state.invalid not in ADMITTED_BY_RULING or state.withdrawn:
            return
        self._end_gaps(state.project, event.at)
        self.filings[event.filing] = filings.ruled_first(state, event.at)
        if state.channel == Channel.FIELD:
            self._count(state.filer, state.filed_at, state, by=1)

    @enter.register
    def _(self, event: happened.HandedOver) -> None:
        self._change(event.filing, lambda one: filings.handed_over(one, event.holder, event.at))

    @enter.register
    def _(self, event: happened.Dealt) -> None:
        self._end_gaps(event.project, event.at)
        self.deals[event.deal] = Deal(deal=event.deal, project=event.project, at=event.at)
        self.deals_of.setdefault(event.project, []).append(event.deal)

    @enter.register
    def _(self, event: happened.Undone) -> None:
        deal = self.deals.pop(event.deal, None)
        if deal is None or deal.slot is None:
            return
        if event.keeps_slot:
            self.kept.add(deal.filing)
        else:
            self._refill(deal.slot, by=-1)
            self._settle_slot(deal.filing)

    @enter.register
    def _(self, event: happened.Credited) -> None:
        deal = self.deals.get(event.deal)
        if deal is None:
            return
        before = deal.filing
        if deal.slot is not None:
            self._refill(deal.slot, by=-1)
        self.deals[event.deal] = replace(deal, filing=event.filing, slot=None)
        if event.deal not in (ever := self.credited.setdefault(event.filing, [])):
            ever.append(event.deal)
        self._settle_slot(before)
        self._settle_slot(event.filing)

    def _settle_slot(self, filing: Key | None) -> None:
        """A customer who pays in five parts closes once: the first that stands refills (FIL-25)."""
        # Of a case between two cards it may be the other card's: not in this book, or elsewhere.
        won = self.filings.get(filing)
        if won is None or filing in self.kept:
            return
        ever = (self.deals.get(key) for key in self.credited.get(filing, ()))
        own = [deal for deal in ever if deal is not None and deal.filing == filing]
        if own and not any(deal.slot for deal in own):
            first = min(own, key=lambda deal: deal.at)
            slot = self._refilled(first, won)
            self.deals[first.deal] = replace(first, slot=slot)
            if slot is not None:
                self._refill(slot, by=1)

    def _refill(self, slot: tuple[Key, str], *, by: int) -> None:
        self.gained[slot] = self.gained.get(slot, 0) + by

    @enter.register
    def _(self, event: happened.Confirmed) -> None:
        self.confirmed.add(event.project)

    @enter.register
    def _(self, event: happened.SlotGained) -> None:
        slot = (event.person, month_of(event.at, clock=event.clock))
        self.gained[slot] = self.gained.get(slot, 0) + 1
