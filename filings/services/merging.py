"""Leads when two cards become one, and two again (DAT-02, decision 2).

Projects stay what they were, with their filings and their journal: only of two for one home one is
joined to the other, so that whoever files or sells next finds one home, which one filing protects.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import F, Q

from core.addresses import key_of_address
from customers.models import Customer, Project
from filings.models import Dispute, Filing, FilingEvent
from filings.queries import standing_deal
from filings.rules import Book
from filings.services.entering import OpenBook, store_changes
from filings.states import OPEN_DISPUTES, EventKind, Lost, Withdrawn
from staff.models import Person

# What a holder does, whichever filing it is for; and what takes it back.
ACTS = (EventKind.CONTACTED, EventKind.MEASURED, EventKind.CONTACT_VOIDED)


@dataclass(frozen=True, kw_only=True)
class Joined:
    """What merging did to leads: filings that were withdrawn, or are over, the projects joined to
    another, and each draft and open dispute that went along with the project it was of.
    """

    withdrawn: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    projects: list[int] = field(default_factory=list)
    drafts: list[tuple[int, int]] = field(default_factory=list)
    disputes: list[tuple[int, int]] = field(default_factory=list)


def holders_of(customers: Iterable[int], *, now: datetime) -> dict[int, frozenset[int]]:
    """Who holds a protection of each of these customers; one statement."""
    held: dict[int, set[int]] = {}
    rows = Filing.objects.filter(
        customer__in=list(customers),
        protections__withdrawn=False,
        protections__during__contains=now,
    )
    for customer, holder in rows.values_list("customer", "holder"):
        held.setdefault(customer, set()).add(holder)
    return {customer: frozenset(holders) for customer, holders in held.items()}


def settle_apart(customers: Iterable[int]) -> None:
    """Before two cards' rows come together: write down what each card alone had said.

    An address that a project has from its card, and the project of a contact that named none where
    the card has only one: on the joined card they would say something else.
    """
    for card in Customer.objects.filter(pk__in=list(customers)):
        projects = list(Project.objects.filter(customer=card).order_by("pk"))
        for project in projects:
            if not project.address and card.address:
                Project.objects.filter(pk=project.pk).update(
                    address=card.address, address_key=key_of_address(card.address)
                )
        if len(projects) == 1:
            unnamed = FilingEvent.objects.filter(customer=card, project=None)
            unnamed.filter(kind__in=[EventKind.CONTACTED, EventKind.MEASURED]).update(
                project=projects[0]
            )


def join_leads(*, kept: Customer, came: Iterable[int], by: Person, now: datetime) -> Joined:
    """The leads of two cards that are one now; `came` are the projects that came along.

    Of two projects of one home the one that is protected stays; of two that are, the one filed
    first. The other's protection is withdrawn, and what of it has lapsed is over, as if somebody
    else had filed. The caller holds the customer. Raises AlreadyProtected where what was entered
    on both contradicts itself.
    """
    came = set(came)
    homes = list(Project.objects.filter(customer=kept, joined_to=None).order_by("pk"))
    open_book = OpenBook(kept)
    at = open_book.moment(now)
    joined = Joined()
    for mine in [home for home in homes if home.pk not in came]:
        for other in [home for home in homes if home.pk in came]:
            if not {mine.pk, other.pk}.isdisjoint(joined.projects) or not _is_one(mine, other):
                continue
            first, later = sorted((mine, other), key=lambda home: _rank(home, open_book.book, at))
            _join(later, first, open_book, joined, by=by, at=at)
    store_changes({}, open_book.book.filings)
    return joined


def _is_one(first: Project, second: Project) -> bool:
    """Equal addresses, or none on either; what was sold for one of them keeps it apart."""
    if first.address_key != second.address_key:
        return False
    return standing_deal(first.pk) is None and standing_deal(second.pk) is None


def _rank(home: Project, book: Book, at: datetime) -> tuple[bool, bool, datetime, int]:
    """Of two: what is protected, what may be again, what was filed first, the older one."""
    one = book.protecting(home.pk, at)
    standing = [each.filed_at for each in book.on_project(home.pk) if each.is_standing]
    filed_at = one.filed_at if one else min(standing, default=at)
    return one is None, not standing, filed_at, home.pk


def _join(
    later: Project, first: Project, open_book: OpenBook, joined: Joined, *, by: Person, at: datetime
) -> None:
    """One home from now on: of the later project nothing protects, or can again."""
    Project.objects.filter(pk=later.pk).update(joined_to=first.pk)
    joined.projects.append(later.pk)
    has_draft = Filing.objects.filter(project=first, submitted_at=None).values("filer")
    drafts = Filing.objects.filter(project=later, submitted_at=None).exclude(filer__in=has_draft)
    joined.drafts.extend((draft.pk, later.pk) for draft in drafts)
    drafts.update(project=first)
    is_asked = Dispute.objects.filter(project=first, state__in=OPEN_DISPUTES).values("kind")
    disputes = Dispute.objects.filter(project=later, state__in=OPEN_DISPUTES).exclude(
        kind__in=is_asked
    )
    joined.disputes.extend((dispute.pk, later.pk) for dispute in disputes)
    # A deposit is taken on the home that stands: what is asked has to wait there.
    disputes.update(project=first, version=F("version") + 1)
    for one in open_book.book.on_project(later.pk):
        if not one.is_standing and one.ended != Lost.RELEASED_D:
            continue
        filing = open_book.journal.filings[one.filing]
        if one.is_protected(at):
            open_book.enter_of(filing, EventKind.WITHDRAWN, at=at, by=by, code=Withdrawn.MERGED)
            joined.withdrawn.append(filing.pk)
        else:
            open_book.enter_of(filing, EventKind.JOINED, at=at, by=by)
            if one.is_standing:  # a release can no more be taken back
                joined.ended.append(filing.pk)


def part_leads(
    *, cards: Iterable[Customer], joined: Mapping[str, Any], by: Person, now: datetime
) -> None:
    """The cards are two again: what the merge had ended stands again, by its own clocks.

    What its holders did meanwhile counts. The caller holds both and has given every row back.
    Raises AlreadyProtected where another's filing has taken its place.
    """
    Project.objects.filter(pk__in=joined.get("projects", ())).update(joined_to=None)
    for pk, project in joined.get("drafts", ()):
        Filing.objects.filter(pk=pk, submitted_at=None).update(project=project)
    for pk, project in joined.get("disputes", ()):
        home = Project.objects.get(pk=project)
        Dispute.objects.filter(pk=pk, state__in=OPEN_DISPUTES, deal=None).update(
            project=home, customer=home.customer_id, version=F("version") + 1
        )
    withdrawn, ended = joined.get("withdrawn", ()), joined.get("ended", ())
    cards = list(cards)
    for card in cards:
        rows = Filing.objects.filter(
            Q(pk__in=withdrawn, withdrawn=Withdrawn.MERGED) | Q(pk__in=ended, withdrawn=""),
            customer=card,
        )
        back = list(rows.select_related("holder", "project").order_by("pk"))
        for other in cards:
            if other.pk != card.pk:
                _bring_acts(back, since=other, to=card)
        open_book = OpenBook(card)
        for filing in back:
            open_book.enter_of(filing, EventKind.RESUMED, at=now, by=by)
        store_changes({}, open_book.book.filings)


def _bring_acts(back: Sequence[Filing], *, since: Customer, to: Customer) -> None:
    """The contacts that the holders made while the cards were one: they were written on the other.

    A contact stays where it was added; the journal of this card learns of it, too.
    """
    for holder, filings in groupby(sorted(back, key=_holder), key=_holder):
        ends = FilingEvent.objects.filter(
            filing__in=[filing.pk for filing in filings],
            kind__in=[EventKind.WITHDRAWN, EventKind.JOINED],
        ).order_by("pk")
        first = ends.first()
        if first is None:
            continue
        acts = FilingEvent.objects.filter(
            customer=since, person=holder, pk__gt=first.pk, project=None, kind__in=ACTS
        )
        FilingEvent.objects.bulk_create(
            [
                FilingEvent(
                    at=act.at, kind=act.kind, customer=to, person_id=act.person_id, by_id=act.by_id,
                    contact_id=act.contact_id, occurred_at=act.occurred_at,
                )
                for act in acts.order_by("pk")
            ]
        )  # fmt: skip


def _holder(filing: Filing) -> int:
    return filing.holder_id
