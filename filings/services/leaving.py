"""A leaver's leads: they go to whoever takes over, the priority kept, with a new duty (ADJ-06)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from customers.models import Access
from filings.models import Dispute, Filing
from filings.queries import ADMITTED
from filings.services.acts import pass_on
from filings.services.admission import LeadNotFiled, policy_for
from filings.states import CHANNEL_OF_ROLE, OPEN_DISPUTES, DisputeKind, Withdrawn
from staff.models import Person
from staff.states import Role


@dataclass(frozen=True, kw_only=True)
class PassedOn:
    """The filings and drafts that went to somebody else, by id."""

    filings: Sequence[int] = ()
    drafts: Sequence[int] = ()


def held_by(person: Person) -> QuerySet[Filing]:
    """The filings that somebody holds and that may still protect, and their drafts."""
    drafts = Filing.objects.filter(holder=person, submitted_at=None, withdrawn="")
    return Filing.objects.filter(ADMITTED, holder=person, ended="") | drafts


@transaction.atomic
def pass_on_leads(
    *,
    customers: Iterable[int],
    person: Person,
    receiver: Person,
    reason: str,
    by: Person,
    now: datetime,
) -> PassedOn:
    """Give what `person` holds of these customers to `receiver`; the caller holds the customers.

    Who may arrange it has been asked when the account was closed (`staff.services.let_go`). Unlike
    `hand_over` it may go to whoever arranges it: a leaver's leads are the manager's to give again.
    Open requests and reviews stay with their filings, and a party of a dispute stays one.
    """
    rows = held_by(person).filter(customer__in=list(customers)).order_by("pk")
    filings, drafts = [], []
    for filing in rows.select_related("customer", "project"):
        if filing.submitted_at is None:
            drafts += _pass_on_draft(filing, receiver, by=by, now=now)
        else:
            pass_on(filing=filing, holder=receiver, reason=reason, by=by, now=now)
            filings.append(filing.pk)
    return PassedOn(filings=filings, drafts=drafts)


def _pass_on_draft(draft: Filing, receiver: Person, *, by: Person, now: datetime) -> list[int]:
    """A draft has no priority to keep: the receiver's own begins, from now on (FIL-09, FIL-26)."""
    Filing.objects.filter(pk=draft.pk).update(withdrawn=Withdrawn.VOIDED)
    own = Filing.objects.filter(project=draft.project, filer=receiver, submitted_at=None)
    if receiver.store is None or own.exists():
        return []
    try:
        policy = policy_for(receiver.store, now=now)
    except LeadNotFiled:
        return []
    row = Filing.objects.create(
        customer=draft.customer,
        project=draft.project,
        filer=receiver,
        holder=receiver,
        by=by,
        store=receiver.store,
        channel=CHANNEL_OF_ROLE[Role(receiver.role)],
        region=draft.region,
        policy=policy,
        acquired_at=now,
        noted_at=now,
        is_new_project=draft.is_new_project,
        project_reason=draft.project_reason,
        said=draft.said,
        is_out_of_scope=draft.is_out_of_scope,
    )
    return [row.pk]


def closed_to(person: Person) -> set[int]:
    """Customers of whom somebody holds but what operations have still to look at: their cards are
    as shut to whoever takes over.
    """
    opened = Access.objects.filter(person=person).values("customer")
    asked = Dispute.objects.filter(kind=DisputeKind.NEW_PROJECT, state__in=OPEN_DISPUTES)
    waiting = held_by(person).filter(is_new_project=True, project__in=asked.values("project"))
    shut = waiting.exclude(customer__in=opened).exclude(customer__owner=person)
    return set(shut.values_list("customer", flat=True))


def customers_elsewhere(person: Person) -> list[int]:
    """Customers kept by others of whom this person holds leads."""
    rows = held_by(person).exclude(customer__owner=person)
    return sorted(set(rows.values_list("customer", flat=True)))
