"""What lies before a decider: the sides of a dispute with everything that happened to them.

The same number of statements, however many events there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, TypedDict

from django.db.models import (
    Count,
    DateTimeField,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import pgettext

from customers.models import Contact, Customer
from customers.queries import MaskedCustomer, with_masked_phone
from customers.rules import EFFECTIVE_CHANNELS
from filings.models import Deal, Dispute, Evidence, Filing, FilingEvent, Measuring, Party, Ruling
from filings.queries.history import Journal, own_terms
from filings.rules import Book, FilingState
from filings.states import Channel, EventKind

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Placed(TypedDict):
        month: datetime
        place: int

    PlacedFiling = WithAnnotations[Filing, _Placed]
else:
    PlacedFiling = Filing

# Of one side at most so many contacts are drawn, the latest.
MOST_CONTACTS = 400


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One thing on a side's line: its kind is its mark; `at` is the server's time.

    `claimed_at` is when it happened as somebody said, where that is another time; `number` the
    row of the journal, where it has one.
    """

    kind: str
    at: datetime
    claimed_at: datetime | None = None
    number: int | None = None
    filing: Filing | None = None
    contact: Contact | None = None
    deal: Deal | None = None


@dataclass(kw_only=True)
class Lane:
    """One side: who, their filings with what the rules know of them, and what happened."""

    party: Party
    letter: str
    filings: list[PlacedFiling] = field(default_factory=list)
    states: list[FilingState] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)


@dataclass(kw_only=True)
class Case:
    """A dispute as it lies on the bench."""

    dispute: Dispute
    customers: list[MaskedCustomer]
    parties: list[Party]
    lanes: list[Lane]
    evidence: list[Evidence]
    rulings: list[Ruling]
    until: datetime
    zone: tzinfo


def letter_of(index: int) -> str:
    """What a side is called where its name is not said."""
    letters = pgettext("the letters of the sides", "ABCDEFGHIJ")
    return letters[index] if index < len(letters) else str(index + 1)


def get_disputes() -> QuerySet[Dispute]:
    """Disputes with what a head line shows."""
    return Dispute.objects.select_related(
        "project", "suspicion", "deal__closer__store", "deal__store", "deal__keeper", "proof_of",
        "opened_by", "closed_by", "appeal__by", "customer__store",
    )  # fmt: skip


def parties_of(disputes: Iterable[Dispute]) -> dict[int, list[Party]]:
    """The parties of each dispute, in the order of their filings."""
    rows = Party.objects.filter(dispute__in=list(disputes)).select_related(
        "person__store", "filing__store"
    )
    found: dict[int, list[Party]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.dispute_id, []).append(row)
    return found


def customers_masked(ids: Iterable[int]) -> dict[int, MaskedCustomer]:
    """Customers by id, with the masked number."""
    rows = with_masked_phone(Customer.objects.filter(pk__in=list(ids))).select_related("store")
    return {row.pk: row for row in rows}


def filings_with_place(customers: Iterable[int], zone: tzinfo) -> QuerySet[PlacedFiling]:
    """Filings, each with `place`: the how-manieth of its filer's month it is (FIL-24)."""
    in_month = (
        Filing.objects.filter(
            filer=OuterRef("filer"),
            channel=Channel.FIELD,
            invalid="",
            submitted_at__gte=OuterRef("month"),
            submitted_at__lte=OuterRef("submitted_at"),
        )
        .exclude(withdrawn="rejected")
        .order_by()
        .values("filer")
        .annotate(count=Count("pk"))
        .values("count")
    )
    rows = Filing.objects.filter(customer__in=list(customers), submitted_at__isnull=False)
    return (
        rows.select_related("policy", "store", "holder", "filer")
        .annotate(
            month=ExpressionWrapper(
                TruncMonth("submitted_at", tzinfo=zone), output_field=DateTimeField()
            )
        )
        .annotate(place=Coalesce(Subquery(in_month), 0))
        .order_by("submitted_at", "pk")
    )


def customers_in(dispute: Dispute) -> list[int]:
    """The customers whom a dispute is about, in the order in which they are held."""
    pair = dispute.suspicion
    both = {pair.first_id, pair.second_id} if pair else set()
    return sorted({dispute.customer_id} | both)


def case_of(dispute: Dispute, *, now: datetime) -> Case:
    """All that the bench shows of one dispute."""
    ids = customers_in(dispute)
    customers = customers_masked(ids)
    zone = customers[dispute.customer_id].store.tzinfo
    parties = parties_of([dispute]).get(dispute.pk, [])
    filings = {row.pk: row for row in filings_with_place(ids, zone)}
    events = list(
        FilingEvent.objects.filter(customer__in=ids).select_related("deal__store").order_by("pk")
    )
    book = Book().enter_all(Journal(events, {**filings}, terms=own_terms).events())
    lanes = [Lane(party=party, letter=letter_of(index)) for index, party in enumerate(parties)]
    _fill(lanes, filings, book)
    _happen(lanes, ids, events)
    evidence = Evidence.objects.filter(dispute=dispute).select_related("by", "attachment")
    rulings = Ruling.objects.filter(project=dispute.project_id)
    return Case(
        dispute=dispute,
        customers=list(customers.values()),
        parties=parties,
        lanes=lanes,
        evidence=list(evidence.order_by("rank", "at", "pk")),
        rulings=list(rulings.select_related("credited_to", "by", "policy").order_by("-pk")),
        until=dispute.deal.at if dispute.deal else dispute.closed_at or now,
        zone=zone,
    )


def _fill(lanes: list[Lane], filings: Mapping[int, PlacedFiling], book: Book) -> None:
    for lane in lanes:
        for filing in filings.values():
            if lane.party.person_id in (filing.holder_id, filing.filer_id):
                state = book.filings.get(filing.pk)
                if state is not None:
                    lane.filings.append(filing)
                    lane.states.append(state)


def _happen(lanes: list[Lane], ids: list[int], events: list[FilingEvent]) -> None:
    """What each side did, in the order of the server's time."""
    numbers = {row.contact_id: row.pk for row in events if row.contact_id}
    filed = {row.filing_id: row.pk for row in events if row.kind == EventKind.FILED}
    dealt = {row.deal_id: row.pk for row in events if row.kind == EventKind.DEALT}
    measured = set(Measuring.objects.filter(customer__in=ids).values_list("contact", flat=True))
    by_person: dict[int, list[Happening]] = {}
    for contact in _contacts(ids):
        person = contact.on_behalf_of_id or contact.by_id
        by_person.setdefault(person, []).append(
            _happening_of(contact, contact.pk in measured, numbers.get(contact.pk))
        )
    for deal in Deal.objects.filter(customer__in=ids).order_by("at", "pk"):
        by_person.setdefault(deal.closer_id, []).append(
            Happening(
                kind="undone" if deal.undone_at else "deal",
                at=deal.at,
                deal=deal,
                number=dealt.get(deal.pk),
            )
        )
    for lane in lanes:
        own = [
            Happening(
                kind="refused" if filing.invalid else "filed",
                at=filing.submitted_at,
                filing=filing,
                number=filed.get(filing.pk),
            )
            for filing in lane.filings
            if filing.submitted_at is not None
        ]
        own += by_person.get(lane.party.person_id, [])
        lane.happenings = sorted(own, key=lambda each: (each.at, each.number or 0))


def _contacts(ids: list[int]) -> list[Contact]:
    rows = Contact.objects.filter(customer__in=ids, voided_at=None)
    return list(rows.select_related("by").order_by("-logged_at", "-pk")[:MOST_CONTACTS])


def _happening_of(contact: Contact, is_measured: bool, number: int | None) -> Happening:
    is_apart = abs(contact.logged_at - contact.occurred_at) > timedelta(minutes=1)
    if contact.is_late_entry:
        kind = "late"
    elif contact.reached and contact.channel in EFFECTIVE_CHANNELS:
        kind = "measured" if is_measured else "effective"
    else:
        kind = "missed"
    return Happening(
        kind=kind, at=contact.logged_at, number=number, contact=contact,
        claimed_at=contact.occurred_at if is_apart else None,
    )  # fmt: skip


def queue_of(found: QuerySet[Dispute], *, limit: int) -> QuerySet[Dispute]:
    """A page of the queue with what its rows show; the order is the tab's."""
    return found.select_related("deal", "appeal", "customer", "proof_of")[:limit]


def counts_of(tabs: Mapping[str, QuerySet[Dispute]]) -> dict[str, int]:
    """How many wait on each tab."""
    return {name: rows.order_by().count() for name, rows in tabs.items()}


def decided_since(found: QuerySet[Dispute], *, since: datetime) -> list[timedelta]:
    """How long each dispute took that was decided since a moment."""
    rows = found.filter(closed_at__gte=since).order_by()
    return [closed - opened for opened, closed in rows.values_list("opened_at", F("closed_at"))]
