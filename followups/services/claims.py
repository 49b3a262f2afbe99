"""Filing a lead for somebody: the filing, and who keeps and sees the customer from then on.

The room of filings decides and writes the filing; the keeper, the work and the access that follow
from it are given here, in the same transaction (decision 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import structlog
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from core.addresses import key_of_address
from core.addresses import parse as parse_address
from core.clock import database_now
from customers import services as customers
from customers.models import Attachment, Customer, Project
from customers.services.attachments import add_attachments
from customers.services.pictures import Picture
from customers.states import AttachmentKind
from filings import services as filings
from filings.models import Filing
from filings.queries import drafts_with_number, free_since, protecting
from filings.queries.further import stays_closed
from filings.services import TRADES_OF_HOMES, CrossRegion, Lead, missing_to_file
from filings.states import CrossReason
from followups.services.gaps import gaps_filled
from followups.services.handing_over import reassign
from followups.services.holding import hold, hold_one
from staff.models import Person
from staff.services import notices
from staff.states import NoticeKind

log = structlog.get_logger(__name__)

# A person's clock and the database's differ by that much at most: what is stated to be now is now.
SKEW = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What somebody says when they file: since when they have had the data, and for what.

    Another project is said by its reason (FIL-33); in trades of homes `address` names it. Without
    a `project` that is the filer's draft, the home at this address, or else the customer's first.
    `said` is what was typed of a customer whose card the filer cannot see.
    """

    acquired_at: datetime
    project: Project | None = None
    project_reason: str = ""
    address: str = ""
    cross_reason: CrossReason | str = ""
    proof: Picture | None = None
    is_from_pool: bool = False
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Before:
    """How the customer's leads stood just before somebody filed."""

    was_held: bool
    is_protected: bool


def _before(customer: Customer, *, at: datetime) -> _Before:
    return _Before(
        was_held=free_since(customer, now=at).was_held,
        is_protected=protecting(customer=customer, now=at).exists(),
    )


@transaction.atomic
def file_for(
    *,
    customer: Customer,
    claim: Claim,
    filer: Person,
    by: Person,
    now: datetime | None = None,
    key: UUID | None = None,
) -> Filing:
    """File this customer for `filer`; admitted, the keeping or the access follows it.

    Answers with the filing: admitted, refused by a rule (then nothing changes hands), or a draft.
    Without `now` the database's clock is read under the lock. Raises LeadNotFiled.
    """
    held = hold_one(customer)
    at = now or database_now()
    before = _before(held, at=at)
    project, is_new = _project_of(held, claim, filer=filer, by=by, at=at)
    if at < claim.acquired_at <= at + SKEW:
        claim = replace(claim, acquired_at=at)
    lead = _lead_of(claim, project, is_new=is_new)

    filing = filings.file_lead(customer=held, lead=lead, filer=filer, by=by, now=at)
    if claim.said and filing.is_new_project and not filing.invalid:
        Filing.objects.filter(pk=filing.pk).update(said=dict(claim.said))
    if claim.proof is not None:
        _keep_proof(filing, claim.proof, by=by, now=at, key=key or uuid4())
    _follow(held, filing, before, by=by, now=at)
    return filing


class _NotRefused(Exception):
    """What another protected is free after all: the filing has to wait for the lock."""


def refused_at_once(
    *, customer: Customer, claim: Claim, filer: Person, by: Person, now: datetime | None = None
) -> Filing | None:
    """The refused filing of a customer whom another's filing protects, without waiting for a lock.

    None where it is not certain: then `file_for` has to be asked. Of two hundred who file one
    number everybody but the first is answered here.
    """
    if claim.project_reason:
        return None
    project = claim.project or _known_project(customer, claim, filer)
    rivals = protecting(customer=customer, now=now or database_now()).exclude(holder=filer)
    if project is None or not rivals.filter(project=project).exists():
        return None
    try:
        with transaction.atomic():
            lead = _lead_of(claim, project, is_new=_is_further(customer, project))
            filing = filings.file_lead(customer=customer, lead=lead, filer=filer, by=by, now=now)
            if not filing.invalid:
                raise _NotRefused
    except _NotRefused:
        return None
    return filing


def refuse_own(
    *, customer: Customer, claim: Claim, filer: Person, now: datetime | None = None
) -> None:
    """Tell whoever holds this project already, without waiting for a lock. Raises LeadNotFiled."""
    if claim.project_reason:
        return
    project = claim.project or _known_project(customer, claim, filer)
    standing = protecting(customer=customer, now=now or database_now())
    if standing.filter(holder=filer, project=project).exists():
        raise filings.LeadNotFiled.because("yours_already")


def lead_known(customer: Customer, claim: Claim, *, filer: Person) -> Lead | None:
    """The lead of a claim to a project that is on the card; None where there is none."""
    project = claim.project or _known_project(customer, claim, filer)
    if project is None:
        return None
    return _lead_of(claim, project, is_new=_is_further(customer, project))


def _lead_of(claim: Claim, project: Project, *, is_new: bool) -> Lead:
    return Lead(
        project=project,
        acquired_at=claim.acquired_at,
        is_new_project=is_new,
        project_reason=claim.project_reason if is_new else "",
        is_from_pool=claim.is_from_pool,
        cross_region=CrossRegion(reason=claim.cross_reason, has_proof=claim.proof is not None)
        if claim.cross_reason
        else None,
    )


def _known_project(customer: Customer, claim: Claim, filer: Person) -> Project | None:
    """The project at this address, the one of the filer's draft, or the first."""
    projects = Project.objects.filter(customer=customer, joined_to=None).order_by("pk")
    key = key_of_address(claim.address)
    known = projects.filter(address_key=key).first() if key else None
    return known or _drafted(customer, filer) or projects.first()


def _project_of(
    customer: Customer, claim: Claim, *, filer: Person, by: Person, at: datetime
) -> tuple[Project, bool]:
    """For which project is filed, and whether it is claimed to be another one (FIL-33).

    A second name for a home that is on the card already is no other project.
    """
    if claim.project is not None:
        # Two cards may have become one since the page was opened.
        chosen = claim.project.joined_to or claim.project
        return chosen, _is_further(customer, chosen)
    key = key_of_address(claim.address)
    is_home = filer.store is not None and filer.store.trade in TRADES_OF_HOMES
    if not claim.project_reason:
        found = _known_project(customer, claim, filer)
    elif is_home and key:
        found = (
            Project.objects.filter(customer=customer, address_key=key, joined_to=None)
            .order_by("pk")
            .first()
        )
    else:
        found = None
    if found is not None:
        return found, _is_further(customer, found)
    return (
        Project.objects.create(
            customer=customer,
            address=claim.address,
            address_key=key,
            opened_at=at,
            opened_by=by,
        ),
        bool(claim.project_reason),
    )


def _is_further(customer: Customer, project: Project) -> bool:
    """Whether this is not the project that the card was opened with."""
    first = (
        Project.objects.filter(customer=customer, joined_to=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return first.first() != project.pk


def _drafted(customer: Customer, filer: Person) -> Project | None:
    """The project of the filer's own draft."""
    drafts = _drafts([customer.pk]).filter(filer=filer)
    found = drafts.select_related("project").order_by("pk").first()
    return found.project if found else None


def _drafts(customers: list[int]) -> QuerySet[Filing]:
    return Filing.objects.filter(customer__in=customers, submitted_at=None, withdrawn="")


def _keep_proof(filing: Filing, proof: Picture, *, by: Person, now: datetime, key: UUID) -> None:
    """The proof of a reason to file across regions stands with the filing (XRG-03)."""
    add_attachments(
        customer=filing.customer,
        pictures=[proof],
        kind=AttachmentKind.PAPER,
        by=by,
        now=now,
        key=uuid5(key, "proof"),
    )
    kept = Attachment.objects.filter(customer=filing.customer, added_by=by).latest("pk")
    Filing.objects.filter(pk=filing.pk).update(proof=kept)
    filing.proof = kept


def _follow(
    customer: Customer, filing: Filing, before: _Before, *, by: Person, now: datetime
) -> None:
    """Who keeps the customer now, and who may serve them (decision 1).

    Nobody's customer, and one whose last filing is over, goes to the filer. Who cares for a buyer,
    for a customer never filed, or beside a running filing, goes on; the filer gets access. A
    further project of somebody else's customer changes nothing before operations have looked.
    """
    if filing.submitted_at is None or filing.invalid or filing.holder_id == customer.owner_id:
        return
    today = customer.store.today(now)
    if stays_closed(filing, customer=customer, person=filing.holder, today=today):
        return
    keeper = customer.owner if customer.owner is not None and customer.owner.is_active else None
    is_cared_for = keeper is not None and (
        not before.was_held
        or before.is_protected
        or filing.is_new_project
        or customer.bought_count > 0
    )
    if is_cared_for:
        customers.give_access(customer=customer, person=filing.holder)
        return
    reassign(customers=[customer.pk], keeper=filing.holder, by=by, now=now, filing=filing.pk)
    if keeper is not None:
        notices.tell(
            person=keeper,
            kind=NoticeKind.FILING_CLOCK,
            key=f"filed-anew:{filing.pk}",
            params={"filed_anew": 1},
            path="/customers/",
            now=now,
        )


@transaction.atomic
def complete_drafts(*, customer: Customer, by: Person, now: datetime | None = None) -> list[Filing]:
    """Drafts that lack nothing any more become filings at this moment (FIL-09).

    Called wherever a card is written. A draft's home has the address of the card until it reaches
    a door itself. Answers with those that were made, admitted or refused.
    """
    if not _drafts([customer.pk]).exists():
        return []
    held = hold_one(customer)
    at = now or database_now()
    before = _before(held, at=at)
    _take_address(held)
    done = filings.complete_drafts(customer=held, by=by, now=at)
    for filing in done:
        _follow(held, filing, before, by=by, now=at)
    return done


@transaction.atomic
def complete_drafts_among(*, customers: list[int], by: Person, now: datetime | None = None) -> None:
    """The same for the cards that a sheet has written; those without a draft cost nothing.

    All customers are held first, then all filers: one customer after the other, a filer would be
    held before the next customer.
    """
    drafts = list(_drafts(customers).select_related("filer"))
    if not drafts:
        return
    held = hold(sorted({draft.customer_id for draft in drafts}))
    filings.hold_filers([draft.filer for draft in drafts])
    for customer in held:
        complete_drafts(customer=customer, by=by, now=now)


def complete_ready_drafts(*, now: datetime) -> int:
    """Each minute: drafts that lack nothing any more, whichever page wrote the last of it.

    A number that is added or taken up again is written below this room. Answers with how many
    became filings.
    """
    ready = [
        draft
        for draft in drafts_with_number()
        if not missing_to_file(draft, draft.customer, has_number=True)
    ]
    done = 0
    for draft in ready:
        try:
            done += len(complete_drafts(customer=draft.customer, by=draft.filer, now=now))
        except DatabaseError:  # the next minute asks again; the others need not wait for it
            log.exception("draft_not_completed", filing=draft.pk)
    return done


def _take_address(customer: Customer) -> None:
    """The first project of a draft follows the card as long as its own address is no door."""
    for draft in _drafts([customer.pk]).select_related("project").filter(is_new_project=False):
        if not parse_address(draft.project.address).is_door_level and customer.address:
            Project.objects.filter(pk=draft.project_id).update(
                address=customer.address, address_key=customer.address_key
            )


@transaction.atomic
def file_known(
    *,
    customer: Customer,
    card: Mapping[str, Any],
    is_within_reach: bool,
    claim: Claim,
    filer: Person,
    by: Person,
    now: datetime | None = None,
    key: UUID,
) -> Filing:
    """File a customer whose card stands already, with what was typed where the card is silent.

    On a card out of reach only an admitted filing leaves anything of what was typed: until then
    it is lent to the card, for the tests; what is filed of a card that stays shut leaves nothing
    there at all. Raises LeadNotFiled.
    """
    held = hold_one(customer)
    at = now or database_now()
    filled = gaps_filled(held, card)
    if is_within_reach:
        if filled:
            customers.update_customer(customer=held, by=by, now=at, **filled)
        return file_for(customer=held, claim=claim, filer=filer, by=by, now=at, key=key)

    silent = {name: getattr(held, name) for name in filled}
    rows = Customer.objects.filter(pk=held.pk)
    if filled:
        rows.update(**filled)
    filing = file_for(customer=held, claim=claim, filer=filer, by=by, now=at, key=key)
    if filled:
        rows.update(**silent)
    today = held.store.today(at)
    is_open = not stays_closed(filing, customer=held, person=filing.holder, today=today)
    if filled and is_open and filing.submitted_at is not None and not filing.invalid:
        fresh = Customer.objects.select_related("store", "owner").get(pk=held.pk)
        customers.update_customer(customer=fresh, by=by, now=at, **filled)
    return filing
