"""Bringing a question before whoever decides it (归属裁定台)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.urls import reverse

from core.phones import mask_in_text
from core.services import audit
from customers.models import Customer, Project, Suspicion
from customers.queries import suspicions_of
from filings.models import Deal, Dispute, Filing, Party, Ruling
from filings.queries.bench import customers_in
from filings.queries.candidates import keepers_of
from filings.queries.hearing import operations
from filings.queries.judges import deciders_of
from filings.queries.standing import ADMITTED, same_purchase
from filings.rules import Book
from filings.states import OPEN_DISPUTES, AppealState, DisputeKind, DisputeState, Invalid
from staff.models import Person
from staff.services.notices import Telling, tell_many
from staff.states import NoticeKind, Role


def _parties(dispute: Dispute, customers: Iterable[int]) -> list[Party]:
    """Who may win or lose: each filer of the customers' leads who was not refused for cause, the
    closer of the deal, who has its credit now, and the keeper of a buyer.
    """
    judged = Filing.objects.filter(
        customer__in=list(customers), submitted_at__isnull=False,
        invalid__in=["", Invalid.LATER_FILER],
    )  # fmt: skip
    parties = {
        filing.holder_id: Party(dispute=dispute, person=filing.holder, filing=filing)
        for filing in judged.select_related("holder").order_by("submitted_at", "pk")
    }
    for person in _of_deal(dispute):
        parties.setdefault(person, Party(dispute=dispute, person_id=person))
    return list(parties.values())


def _of_deal(dispute: Dispute) -> list[int]:
    """Who may win or lose without a filing: the closer, who is credited now, and the keeper."""
    deal = dispute.deal
    found = [deal.closer_id, *credited_of(deal)] if deal is not None else []
    return [*found, *(keeper.pk for keeper in keepers_of(dispute))]


def credited_of(deal: Deal) -> list[int]:
    """Who has the credit of a deal as it stands, or a share of it."""
    last = Ruling.objects.filter(deal=deal).order_by("-pk").first()
    shares = [share["person"] for share in last.shares] if last is not None else []
    return [*shares, *([deal.credited_to_id] if deal.credited_to_id is not None else [])]


def join_parties(dispute: Dispute, people: Iterable[int | None]) -> list[Party]:
    """Make these a side where they are none yet; answers with those who joined."""
    known = set(dispute.parties.values_list("person", flat=True))
    joining = sorted({pk for pk in people if pk is not None} - known)
    filings = Filing.objects.filter(
        customer__in=customers_in(dispute), holder__in=joining, submitted_at__isnull=False
    )
    own = {filing.holder_id: filing for filing in filings.order_by("-invalid", "pk")}
    return [
        Party.objects.create(dispute=dispute, person_id=pk, filing=own.get(pk)) for pk in joining
    ]


def suspicion_between_holders(customer: Customer | int) -> Suspicion | None:
    """The open suspicion that this customer is one whom somebody else holds (FIL-32)."""
    pk = customer if isinstance(customer, int) else customer.pk
    standing = Filing.objects.filter(ADMITTED, ended="")
    own = set(standing.filter(customer=pk).values_list("holder", flat=True))
    for pair in suspicions_of(pk):
        other = pair.second_id if pair.first_id == pk else pair.first_id
        holders = set(standing.filter(customer=other).values_list("holder", flat=True))
        if holders - own:
            return pair
    return None


def open_dispute(
    *,
    kind: DisputeKind,
    by: Person | None,
    at: datetime,
    deal: Deal | None = None,
    customer: Customer | None = None,
    project: Project | None = None,
    question: str = "",
) -> Dispute:
    """Put one question onto the bench; of one kind about one project it is the one that waits.

    A deal made meanwhile becomes part of it. The caller holds the customer.
    """
    project = project or (deal.project if deal else None)
    customer = customer or (deal.customer if deal else None)
    if project is None or customer is None:
        raise ValueError("a dispute is about a project of a customer")
    waiting = Dispute.objects.filter(project=project, kind=kind, state__in=OPEN_DISPUTES).first()
    if waiting is not None:
        return _with_deal(waiting, deal, at=at)
    pair = suspicion_between_holders(customer) if kind == DisputeKind.SAME_PERSON else None
    try:
        with transaction.atomic():
            dispute = Dispute.objects.create(
                customer=customer, project=project, kind=kind, deal=deal,
                question=mask_in_text(question.strip())[:400], opened_at=at, opened_by=by,
                suspicion=pair,
            )  # fmt: skip
    except IntegrityError:  # a refused filing comes in without holding the customer
        return Dispute.objects.get(project=project, kind=kind, state__in=OPEN_DISPUTES)
    parties = Party.objects.bulk_create(_parties(dispute, customers_in(dispute)))
    _tell_of(dispute, parties, at=at)
    _tell_who_decides(dispute, by=by, at=at)
    return dispute


def _tell_who_decides(dispute: Dispute, *, by: Person | None, at: datetime) -> None:
    """Whoever decides it hears that it waits, and where; its opener is none of them."""
    parties = dispute.parties.select_related("person", "filing")
    deciders = deciders_of(dispute, list(parties), today=dispute.customer.store.today(at))
    if not deciders:
        tell_nobody_decides(dispute, key=f"bench-{dispute.pk}", at=at, undecided=dispute.pk)
    path = reverse("filings:case", args=[dispute.pk])
    tell_many(
        [
            Telling(
                person_id=pk, kind=NoticeKind.DISPUTE, key=f"bench-{dispute.pk}",
                params={"waits": dispute.pk}, path=path,
            )
            for pk in deciders
            if by is None or pk != by.pk
        ],
        now=at,
    )  # fmt: skip


def tell_nobody_decides(dispute: Dispute, *, key: str, at: datetime, **params: object) -> None:
    """Operations and the administrators hear that somebody needs the duty of appeals."""
    admins = Person.objects.filter(role=Role.ADMIN, is_active=True, is_system=False)
    case = reverse("filings:case", args=[dispute.pk])
    told = [(pk, case) for pk in operations().values_list("pk", flat=True)]
    told += [(pk, reverse("staff:people")) for pk in admins.values_list("pk", flat=True)]
    tell_many(
        [
            Telling(person_id=pk, kind=NoticeKind.DISPUTE, key=key, params=params, path=path)
            for pk, path in told
        ],
        now=at,
    )


def _with_deal(dispute: Dispute, deal: Deal | None, *, at: datetime) -> Dispute:
    """The waiting question, which is about this deal from now on, if it was about none."""
    if deal is None or dispute.is_about_deal:
        return dispute
    Dispute.objects.filter(pk=dispute.pk).update(deal=deal, version=F("version") + 1)
    dispute.refresh_from_db()
    joined = join_parties(dispute, _of_deal(dispute))
    _tell_of(dispute, joined, at=at)
    return dispute


def join_deal(deal: Deal, *, at: datetime) -> None:
    """What waits about the project is about this deal from now on. The caller holds the customer.

    Nobody rules past it: the ruling moves the deal's credit, and so does that of an appeal.
    """
    is_appealed = Q(appeal__state=AppealState.OPEN)
    waiting = Dispute.objects.filter(
        Q(state__in=OPEN_DISPUTES) | is_appealed, project=deal.project_id
    )
    for dispute in waiting.select_related("deal").order_by("pk"):
        _with_deal(dispute, deal, at=at)


def leave_deal(deal: Deal, *, reason: str, by: Person, at: datetime) -> None:
    """The deal is none any more: what waits about it (FIL-22). The caller holds the customer.

    It is about the next deposit of the purchase that stands. Without one, a question from before
    the deal waits on about the lead; one that the deal raised is closed.
    """
    waiting = Dispute.objects.filter(deal=deal, state__in=OPEN_DISPUTES)
    others = same_purchase(deal)
    if others:
        waiting.update(deal=others[0], version=F("version") + 1)
        return
    earlier = waiting.filter(opened_at__lt=deal.at).exclude(kind=DisputeKind.CROSS_REGION)
    earlier.update(deal=None, version=F("version") + 1)
    raised = list(waiting.order_by("pk"))
    Dispute.objects.filter(pk__in=[one.pk for one in raised]).update(
        state=DisputeState.WITHDRAWN, closed_at=at, closed_by=by,
        close_note=mask_in_text(reason.strip())[:200], version=F("version") + 1,
    )  # fmt: skip
    for dispute in raised:
        tell_parties(
            dispute, dispute.parties.all(), kind=NoticeKind.DISPUTE, key=f"returned-{dispute.pk}",
            now=at, returned=dispute.pk,
        )  # fmt: skip
        audit.record(verb="close_dispute", of=dispute, by=by, reason=reason, deal=deal.pk)


def _tell_of(dispute: Dispute, parties: Iterable[Party], *, at: datetime) -> None:
    """Tell each side which dispute they are in; of the customer they read on its page."""
    tell_parties(
        dispute, parties, kind=NoticeKind.DISPUTE, key=f"dispute-{dispute.pk}", now=at,
        dispute_no=dispute.pk,
    )  # fmt: skip


def tell_parties(
    dispute: Dispute,
    parties: Iterable[Party],
    *,
    kind: NoticeKind,
    key: str,
    now: datetime,
    **params: object,
) -> None:
    """Tell each side that there is something to read on their page of the dispute."""
    path = reverse("filings:dispute", args=[dispute.pk])
    tell_many(
        [
            Telling(person_id=party.person_id, kind=kind, key=key, params=params, path=path)
            for party in parties
        ],
        now=now,
    )


def note_doubts(filing: Filing, book: Book, *, at: datetime) -> None:
    """What of a filing that came in just now only a person can decide (FIL-11, FIL-32, FIL-33).

    The caller holds the customer; nobody is told of another's filing by it.
    """

    def ask(kind: DisputeKind, question: str = "") -> None:
        open_dispute(
            kind=kind, by=None, at=at, customer=filing.customer, project=filing.project,
            question=question,
        )  # fmt: skip

    if _has_twin(filing):
        ask(DisputeKind.SAME_SECOND)
    if filing.invalid:
        return
    if suspicion_between_holders(filing.customer_id) is not None:
        ask(DisputeKind.SAME_PERSON)
    is_claimed = filing.is_new_project and (
        _protects_another(filing, book, at=at) or _is_sold_by_another(filing, book)
    )
    if is_claimed or _is_taken_from_keeper(filing, book):
        ask(DisputeKind.NEW_PROJECT, filing.project_reason)


def _has_twin(filing: Filing) -> bool:
    """Somebody else filed the project within the same second (decision 3)."""
    if filing.submitted_at is None or filing.invalid not in ("", Invalid.LATER_FILER):
        return False
    second = filing.submitted_at.replace(microsecond=0)
    # Of two that were refused neither came first.
    judged = [""] if filing.invalid else ["", Invalid.LATER_FILER]
    twins = Filing.objects.filter(
        project=filing.project_id, invalid__in=judged,
        submitted_at__gte=second, submitted_at__lt=second + timedelta(seconds=1),
    )  # fmt: skip
    return twins.exclude(filer=filing.filer_id).exists()


def _is_taken_from_keeper(filing: Filing, book: Book) -> bool:
    """Somebody else than the keeper files a buyer; nobody has seen the home yet (FIL-05)."""
    buyer = filing.customer
    if not buyer.bought_count or buyer.owner_id is None or filing.project_id in book.confirmed:
        return False
    return filing.holder_id != buyer.owner_id


def _protects_another(filing: Filing, book: Book, *, at: datetime) -> bool:
    """Somebody else's filing keeps others from another project of the customer."""
    others = {one.project for one in book.of_customer(filing.customer_id)} - {filing.project_id}
    found = [book.blocking(project, at, filer=filing.holder_id) for project in others]
    return any(one is not None and one.holder != filing.holder_id for one in found)


def _is_sold_by_another(filing: Filing, book: Book) -> bool:
    """Another project is sold, and it is not the customer's keeper who files."""
    if filing.holder_id == filing.customer.owner_id:
        return False
    return any(deal.project != filing.project_id for deal in book.deals.values())
