"""Settling a lead at the deposit: the deal, whose it is, and the ruling, in one transaction.

Called by the rooms above (orders) inside the transaction that takes the deposit: before or after,
never between (FIL-37, FIL-41).
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from core.services import audit
from filings.models import Deal, Ruling
from filings.queries import slots_of, terms_of
from filings.rules import Decision
from filings.rules.deciding import is_foreign_sale
from filings.rules.events import Dealt
from filings.services.disputing import join_deal, leave_deal, open_dispute
from filings.services.entering import OpenBook, hold_customer, moment
from filings.services.freeing import tell_free
from filings.services.proposing import DealNotMade, Sale, propose
from filings.services.rulings import Ruled, plain, write_ruling
from filings.services.violations import note_violation
from filings.states import (
    DealKind,
    DisputeKind,
    EventKind,
    RefillMonth,
    RulingKind,
    Verdict,
    ViolationKind,
)
from staff.models import Person


@transaction.atomic
def settle(sale: Sale, *, by: Person, now: datetime | None = None) -> Ruling | None:
    """The deposit settles the lead: deal, credit and ruling (FIL-21, FIL-41; §1.2).

    None where the deposit is smaller than the terms ask for. A further deposit of a purchase goes
    where the first one went; another purchase for the same home is a question (FIL-05). What the
    rules may not decide opens a dispute; nobody is credited until it is ruled on. What waited
    before is about this deal from now on. The caller's transaction takes the money. Raises
    DealNotMade.
    """
    customer = hold_customer(sale.customer.pk)
    open_book = OpenBook(customer)
    at = open_book.moment(now)
    proposal = propose(sale, now=at, book=open_book.book)
    terms = terms_of(proposal.policy)
    if sale.kind == DealKind.DEPOSIT and (sale.amount or 0) < terms.min_deposit:
        return None
    deal = _deal(sale, proposal.dealt, at=at)
    facts = _facts(open_book, deal)
    open_book.enter(
        EventKind.DEALT, at=at, by=by, person=sale.closer, deal=deal, project=sale.project
    )
    ruled = proposal.ruled(facts=facts)
    ruling = write_ruling(ruled, project_id=sale.project.pk, by=None, at=at, deal=deal)
    credit(deal, ruling, open_book, by=by, at=at)
    _note_across_regions(proposal.dealt, deal, at=at)
    if proposal.earlier is None:
        join_deal(deal, at=at)
        _dispute(proposal.decision, deal, ruling, at=at)
    audit.record(verb="settle", of=deal, by=by, customer=customer.pk, ruling=ruling.pk)
    return ruling


def _deal(sale: Sale, dealt: Dealt, *, at: datetime) -> Deal:
    return Deal.objects.create(
        customer=sale.customer,
        project=sale.project,
        kind=sale.kind,
        order_no=sale.order_no,
        amount=sale.amount,
        closer=sale.closer,
        store=sale.store,
        region_id=dealt.region,
        own_region_id=dealt.own_region,
        is_repeat=dealt.is_repeat,
        is_cross_approved=dealt.is_cross_approved,
        is_new_project=dealt.is_new_project,
        is_doubted=dealt.is_doubted,
        is_contested=dealt.is_contested,
        keeper_id=dealt.keeper,
        at=at,
    )


def _facts(open_book: OpenBook, deal: Deal) -> dict[str, object]:
    """What was seen, by id and time: the events of the customer's leads, and the deal itself."""
    events: list[Mapping[str, object]] = [
        {"event": row.pk, "kind": row.kind, "at": plain(row.at), "filing": row.filing_id,
         "person": row.person_id, "contact": row.contact_id}
        for row in open_book.rows
    ]  # fmt: skip
    return {
        "deal": deal.pk, "at": plain(deal.at), "closer": deal.closer_id,
        "customer": deal.customer_id, "events": events,
    }  # fmt: skip


def credit(deal: Deal, ruling: Ruling, open_book: OpenBook, *, by: Person, at: datetime) -> None:
    """What the ruling says becomes the deal's credit, and refills the quota of whose filing it was.

    Who gets a share of the deal of their filing has had their deal, too (FIL-25, ADJ-02).
    """
    deal.credited_to_id, deal.filing_id = ruling.credited_to_id, ruling.filing_id
    deal.refills_id = _refills(deal, ruling)
    Deal.objects.filter(pk=deal.pk).update(
        credited_to=deal.credited_to_id, filing=deal.filing_id, refills=deal.refills_id
    )
    if ruling.credited_to_id is not None or ruling.shares:
        open_book.enter(
            EventKind.CREDITED, at=at, by=by, deal=deal, filing=ruling.filing,
            project=deal.project, person=ruling.credited_to,
        )  # fmt: skip


def _refills(deal: Deal, ruling: Ruling) -> int | None:
    """Whose quota has a slot back: whoever was credited, or shares it, by their filing.

    Of several deposits that of the first one: the filing may have been handed on since.
    """
    if ruling.filing is None or ruling.credited_to_id is not None:
        return ruling.credited_to_id if ruling.filing is not None else None
    first = Deal.objects.filter(
        project=deal.project_id, filing=ruling.filing, refills__isnull=False, undone_at=None
    )
    earlier = first.exclude(pk=deal.pk).order_by("at", "pk").first()
    return earlier.refills_id if earlier is not None else ruling.filing.holder_id


def _note_across_regions(dealt: Dealt, deal: Deal, *, at: datetime) -> None:
    """A sale in another region's home is recorded against whoever made it (XRG-05)."""
    if is_foreign_sale(dealt):
        note_violation(
            ViolationKind.CROSS_REGION_SALE, person=deal.closer, customer=deal.customer,
            deal=deal, store=deal.store, moment=at,
        )  # fmt: skip


def _dispute(decision: Decision, deal: Deal, ruling: Ruling, *, at: datetime) -> None:
    """What only a person can decide goes onto the bench, once."""
    if ruling.is_home_region:
        open_dispute(deal=deal, kind=DisputeKind.CROSS_REGION, by=None, at=at)
    elif decision.doubts:
        open_dispute(deal=deal, kind=decision.doubts[0], by=None, at=at)


@transaction.atomic
def undo_deal(*, deal: Deal, reason: str, by: Person, now: datetime | None = None) -> Ruling:
    """The deposit went back in full, or was rejected: no deal any more (FIL-22, decision 5).

    The filings live on by their own clocks; a slot that the deal had refilled and nobody used is
    gone. Raises DealNotMade.
    """
    if not reason.strip():
        raise DealNotMade.because("reason_missing")
    customer = hold_customer(deal.customer_id)
    at = moment(now)
    open_book = OpenBook(customer)
    deal.keeps_slot = _is_slot_used(deal, open_book)
    undone = Deal.objects.filter(pk=deal.pk, undone_at=None).update(
        undone_at=at,
        undone_by=by,
        undone_reason=reason.strip()[:200],
        keeps_slot=deal.keeps_slot,
    )
    if not undone:
        raise DealNotMade.because("undone_already")
    event = open_book.enter(
        EventKind.UNDONE, at=at, by=by, person=deal.closer, deal=deal, project=deal.project
    )
    last = Ruling.objects.filter(deal=deal).select_related("policy").latest("pk")
    ruled = Ruled(
        kind=RulingKind.REVERSAL,
        verdict=Verdict.AUTO,
        policy=last.policy,
        clauses=["FIL-22"],
        reasons=[{"clause": "FIL-22", "code": "deposit_returned", "tone": "decides",
                  "at": plain(at), "filing": None, "params": {}}],
        facts={"deal": deal.pk, "before": last.pk},
        text=reason,
    )  # fmt: skip
    if deal.keeps_slot and deal.refills is not None:
        note_violation(
            ViolationKind.RETURNED_SLOT, person=deal.refills, customer=customer, deal=deal,
            filing=deal.filing, moment=at,
        )  # fmt: skip
    leave_deal(deal, reason=reason, by=by, at=at)
    audit.record(verb="undo_deal", of=deal, by=by, reason=reason, customer=customer.pk)
    tell_free(customer=customer, now=event.at)
    return write_ruling(ruled, project_id=deal.project_id, by=by, at=at, deal=deal)


def _is_slot_used(deal: Deal, open_book: OpenBook) -> bool:
    """Whether the slot that this deal refilled has been used since: then it stays (FIL-25).

    The customer is held; the quota is the filer's, whom this holds, too.
    """
    stands = open_book.book.deals.get(deal.pk)
    if stands is None or stands.slot is None or stands.filing is None:
        return False
    filing, person = open_book.journal.filings[stands.filing], stands.slot[0]
    holder = Person.objects.select_for_update(no_key=True).get(pk=person)
    terms = terms_of(filing.policy)
    counted = filing.submitted_at if terms.refill_month == RefillMonth.FILING else None
    day = filing.store.today(counted or deal.at)
    slots = slots_of(holder, store=filing.store, day=day, refill=terms.refill_month)
    return slots.admitted > terms.field_quota + slots.deals - 1
