"""Random histories through the services: what is stored is what is replayed, after each event."""

import os
from datetime import date, datetime, timedelta
from random import Random

import pytest

from core.phones import normalise
from core.refusals import Refused
from customers.models import Contact, Customer
from customers.rules import NextStep
from customers.services import record_contact, register_customer
from customers.states import Channel, ExpectedPurchase, Grade, NextKind, Outcome, Reason
from filings import services
from filings.models import (
    Appeal,
    Deal,
    Dispute,
    ExtensionRequest,
    Filing,
    FilingEvent,
    Measuring,
    Protection,
)
from filings.queries import book_of, protecting, slots_of
from filings.queries.candidates import candidates_of
from filings.queries.history import journal_of
from filings.rules import Book
from filings.rules.parties import Judgment
from filings.services import Lead, Sale
from filings.services.appealing import appeal, decide_appeal
from filings.services.contesting import contest
from filings.services.entering import stored_fields
from filings.services.judging import decide_dispute
from filings.services.requests import ask_extension, decide_extension, last_day
from filings.services.reviews import reject
from filings.states import (
    FINDINGS_OF,
    OPEN_DISPUTES,
    AppealState,
    DisputeKind,
    DisputeState,
    RefillMonth,
    RequestKind,
    RequestReason,
)
from filings.verification import (
    credit_differences,
    entry_differences,
    filing_differences,
    ruling_differences,
)
from staff.models import Person
from staff.states import DutyKind, Role
from tests.factories.staff import DutyFactory, PersonFactory
from tests.filings.casting import CASES, Cast
from tests.filings.pictures import picture_of
from tests.filings.reference import ZONE, midnight

HISTORIES = int(os.environ.get("GENJIN_LIVE_HISTORIES", "18"))
STEPS = 14
SELLING = ("S1", "S2", "G1", "G2", "M1")
KINDS = ("file",) * 4 + ("contact",) * 5 + (
    "measure", "void_contact", "ask", "ask", "answer", "answer", "reject", "void",
    "release", "resume",
    "hand_over", "deposit", "deposit", "undo",
    "contest", "rule", "rule", "share", "appeal", "hear", "hear",
)  # fmt: skip
AFTER_OTHERS = ("rule", "share", "appeal", "hear")


class Live:
    """One customer, whom five people file, follow up, hand over and sell to."""

    def __init__(self, seed: int, cast: Cast, hearer: Person) -> None:
        self.random, self.cast = Random(seed), cast
        self.now = datetime(2026, 3, 1, 9, tzinfo=ZONE)
        someone = cast.people["G1"]
        self.customer = register_customer(
            name="王建国", phones=[normalise(f"139{seed:08d}")], store=someone.store,
            owner=someone, grade=Grade.B1, by=someone, now=self.now, need="沙发",
            address=f"杭州市余杭区金地花园{seed % 90 + 1}幢1单元{seed % 30 + 1}01室",
            expected_purchase=ExpectedPurchase.MONTH,
        )  # fmt: skip
        self.project = self.customer.projects.get()
        self.boss = cast.people["OPS"]
        self.hearer = hearer
        self.done: dict[str, int] = {}

    def run(self) -> None:
        for _index in range(STEPS):
            self.advance()
            kind = self.random.choice(KINDS)
            try:
                getattr(self, f"_{kind}")()
            except Refused:
                if kind in AFTER_OTHERS:  # what had to come before may have been done
                    self.hold()
                continue
            self.done[kind] = self.done.get(kind, 0) + 1
            self.hold()

    def advance(self) -> None:
        edges = [midnight(self.now, days) for days in (0, 3, 10, 15)]
        way = self.random.random()
        step = timedelta(seconds=self.random.choice((1, 300, 40_000, 200_000)))
        jump = self.random.choice(edges) + timedelta(seconds=self.random.choice((-1, 0, 1)))
        self.now = jump if way < 0.2 and jump > self.now else self.now + step

    def who(self):
        return self.cast.people[self.random.choice(SELLING)]

    def filing(self):
        rows = list(Filing.objects.filter(customer=self.customer, submitted_at__isnull=False))
        if not rows:
            raise Refused
        return self.random.choice(rows)

    def fresh(self) -> Customer:
        return Customer.objects.select_related("store", "owner").get(pk=self.customer.pk)

    def _file(self):
        filer = self.who()
        lead = Lead(project=self.project, acquired_at=self.now - timedelta(hours=1))
        services.file_lead(customer=self.fresh(), lead=lead, filer=filer, by=filer, now=self.now)

    def _logged(self, channel, occurred_at=None) -> Contact:
        by, day = self.who(), self.now.astimezone(ZONE).date()
        return record_contact(
            customer=self.fresh(), channel=channel, by=by, now=self.now, today=day,
            outcome=Outcome.MET if channel == Channel.MEASURING else Outcome.CONNECTED,
            reason=Reason.OTHER, project=self.project, occurred_at=occurred_at,
            next_step=NextStep(kind=NextKind.CALL, on=day + timedelta(days=3)),
        )  # fmt: skip

    def _contact(self):
        hours = self.random.choice((0, 0, 0, 5, 23, 30))
        occurred_at = self.now - timedelta(hours=hours) if hours else None
        services.extend_protection(contact=self._logged(Channel.CALL, occurred_at))

    def _measure(self):
        contact = self._logged(Channel.MEASURING)
        measuring = Measuring.objects.create(
            customer=self.customer, project=self.project, contact=contact, at=self.now,
            picture=picture_of(self.customer, contact.by, self.now), by=contact.by,
        )  # fmt: skip
        services.note_measuring(measuring=measuring)

    def _void_contact(self):
        contacts = list(Contact.objects.filter(customer=self.customer, voided_at=None))
        if contacts:
            contact = self.random.choice(contacts)
            services.take_back_contact(contact=contact, by=self.boss, now=self.now)

    def _ask(self):
        filing, kind = self.filing(), self.random.choice(RequestKind.values)
        ask_extension(
            filing=filing, kind=kind, reason=RequestReason.TRAVEL, by=filing.holder, now=self.now,
            until=last_day(filing, kind) or self.now.date(),
        )  # fmt: skip

    def _answer(self):
        request = ExtensionRequest.objects.filter(filing__customer=self.customer).last()
        if request is None:
            raise Refused
        until = self.random.choice((None, request.wanted_until))
        decide_extension(request=request, until=until, by=self.boss, note="见说明", now=self.now)

    def _reject(self):
        reject(filing=self.filing(), note="不属实", by=self.boss, now=self.now)

    def _void(self):
        services.void_filing(
            filing=self.filing(), reason="录错", by=self.boss, is_manager=True, now=self.now
        )

    def _release(self):
        filing = self.filing()
        if self.random.random() < 0.4:
            services.release(filing=filing, by=filing.holder, is_manager=False, now=self.now)
            return
        customer = self.fresh()
        services.release_all(customer=customer, holder=None, by=filing.holder, now=self.now)

    def _resume(self):
        event = FilingEvent.objects.filter(customer=self.customer, kind="released").last()
        if event is None:
            raise Refused
        services.resume_all(
            customer=self.fresh(), released_at=event.at, released_by=event.by, by=self.boss,
            now=self.now, voids_contact=True,
        )  # fmt: skip

    def _hand_over(self):
        services.hand_over(
            filing=self.filing(), holder=self.who(), reason="调岗", by=self.boss, now=self.now
        )

    def _deposit(self):
        closer = self.who()
        sale = Sale(customer=self.fresh(), project=self.project, closer=closer, store=closer.store)
        services.settle(sale, by=closer, now=self.now)

    def _contest(self):
        filed = Filing.objects.filter(customer=self.customer, submitted_at__isnull=False)
        sold = Deal.objects.filter(customer=self.customer, undone_at=None)
        sides = {*filed.values_list("filer", flat=True), *sold.values_list("closer", flat=True)}
        by = self.any_of(Person.objects.filter(pk__in=sides).select_related("store").order_by("pk"))
        contest(customer=self.customer, reason="先由我接待", by=by, now=self.now)

    def dispute(self) -> Dispute:
        """One that waits; where none does, somebody contests."""
        waiting = Dispute.objects.filter(customer=self.customer, state__in=OPEN_DISPUTES)
        if not waiting.exists():
            self._contest()
        return self.any_of(waiting.order_by("pk"))

    def any_of(self, rows):
        if not (found := list(rows)):
            raise Refused
        return self.random.choice(found)

    def judgment(self, dispute: Dispute, **said) -> Judgment:
        people = candidates_of(dispute, dispute.parties.select_related("person"))
        found = self.random.choice([*FINDINGS_OF.get(DisputeKind(dispute.kind), ()), ""])
        owner = None if said else self.random.choice(people).pk
        return Judgment(
            owner=owner, finding=str(found), clauses=("FIL-10",), text="按记录裁定", **said
        )

    def shares(self, dispute: Dispute) -> dict[int, int]:
        people = candidates_of(dispute, dispute.parties.select_related("person"))
        return dict(zip([each.pk for each in people], (60, 40), strict=False))

    def _rule(self):
        dispute = self.dispute()
        judgment = self.judgment(dispute)
        self.decide(dispute, judgment)

    def _share(self):
        if not Deal.objects.filter(customer=self.customer, undone_at=None).exists():
            self._deposit()
        dispute = self.dispute()
        self.decide(dispute, self.judgment(dispute, shares=self.shares(dispute)))

    def decide(self, dispute: Dispute, judgment: Judgment):
        decide_dispute(
            dispute=dispute, judgment=judgment, seen=dispute.version, by=self.boss, now=self.now
        )

    def _appeal(self):
        decided = Dispute.objects.filter(
            customer=self.customer, state=DisputeState.DECIDED, appeal=None
        )
        if not decided.exists():
            self._rule()
        dispute = self.any_of(decided.order_by("pk"))
        party = self.any_of(dispute.parties.select_related("person").order_by("pk"))
        appeal(dispute=dispute, reason="时间不符", by=party.person, now=self.now)

    def _hear(self):
        waiting = Appeal.objects.filter(dispute__customer=self.customer, state=AppealState.OPEN)
        if not waiting.exists():
            self._appeal()
        found = self.any_of(waiting.select_related("dispute", "ruling").order_by("pk"))
        is_upheld = self.random.random() < 0.3
        judgment = self.judgment(found.dispute)
        decide_appeal(
            appeal=found, judgment=judgment, is_upheld=is_upheld, by=self.hearer, now=self.now
        )

    def _undo(self):
        deal = Deal.objects.filter(customer=self.customer, undone_at=None).last()
        if deal is None:
            raise Refused
        services.undo_deal(deal=deal, reason="退定", by=self.boss, now=self.now)

    def hold(self) -> None:
        """Rows and stretches are those of the replay, and so is who protects now."""
        book = book_of(self.customer)
        for filing in Filing.objects.filter(customer=self.customer, submitted_at__isnull=False):
            state = book.filings[filing.pk]
            for name, expected in stored_fields(state).items():
                assert getattr(filing, name) == expected, (filing.pk, name)
            rows = Protection.objects.filter(filing=filing).order_by("pk")
            assert len(rows) == len(state.stretches)
        now = protecting(customer=self.customer, now=self.now).values_list("pk", flat=True)
        found = book.protecting(self.project.pk, self.now)
        assert list(now) == ([found.filing] if found else [])


@pytest.mark.django_db
def test_what_is_stored_is_what_is_replayed_after_each_event():
    cast = Cast(CASES["cast"])
    hearer = PersonFactory(role=Role.MARKETING_MANAGER)
    DutyFactory(person=hearer, kind=DutyKind.APPEAL)
    done: dict[str, int] = {}
    for seed in range(HISTORIES):
        live = Live(seed, cast, hearer)
        try:
            live.run()
        except Exception as error:
            error.add_note(f"history {seed}")
            raise
        for kind, count in live.done.items():
            done[kind] = done.get(kind, 0) + count
    checks = (entry_differences, credit_differences, ruling_differences, filing_differences)
    assert [each for check in checks for each in check()] == []
    assert set(done) == set(KINDS)
    assert month_differences(cast) == []


def month_differences(cast: Cast) -> list:
    """Of each month, what counts by the rows and by the journal (FIL-24, FIL-25)."""
    book = Book().enter_all(journal_of(Customer.objects.values_list("pk", flat=True)).events())
    slots = {(person, month) for person, month in (*book.used, *book.gained)}
    by_pk = {person.pk: person for person in cast.people.values()}
    found = []
    for person, month in sorted(slots):
        who = by_pk[person]
        rows = slots_of(
            who, store=who.store, day=date.fromisoformat(f"{month}-01"), refill=RefillMonth.DEAL
        )
        if rows != book.slots(person, month):
            found.append((person, month, rows, book.slots(person, month)))
    return found
