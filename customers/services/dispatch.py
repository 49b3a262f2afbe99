"""Handing leads out: to whom, until when, and what happens when nobody answers.

`dispatch` is the only thing that decides, for leads that have just come in and, each minute, for
all that nobody holds (`sweep`). It asks the rows and remembers nothing: two sweeps at once share
the work by SKIP LOCKED, one that never ran is made up for by the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.services import audit
from customers.models import Lead, LeadOffer
from customers.queries.dispatching import Desk
from customers.services.leads import LeadNotChanged, held_lead
from customers.states import OPEN_LEADS, LeadState, OfferState
from staff.models import Person, Store
from staff.queries import in_state
from staff.services.notices import Telling, tell_many
from staff.states import STORE_BOUND_ROLES, NoticeKind, PersonState

log = structlog.get_logger(__name__)

BATCH = 200


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What one round did."""

    looked_at: int = 0
    offered: int = 0
    taken_back: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(
            looked_at=self.looked_at + other.looked_at,
            offered=self.offered + other.offered,
            taken_back=self.taken_back + other.taken_back,
        )


def unheld(now: datetime) -> QuerySet[Lead]:
    """Open leads that nobody holds: without an offer that still runs, to somebody who works here.

    An offer whose time is over stands until this is asked: who accepts first, has it.
    """
    standing = LeadOffer.objects.filter(
        lead=OuterRef("pk"), state=OfferState.OPEN, lapses_at__gt=now, person__is_active=True
    )
    return Lead.objects.filter(~Exists(standing), state__in=OPEN_LEADS)


def sweep(*, now: datetime) -> Swept:
    """Look at every lead that nobody holds, a batch and transaction at a time."""
    done, last = Swept(), 0
    while True:
        with transaction.atomic():
            rows = unheld(now).filter(pk__gt=last).order_by("pk").select_related("origin")
            leads = list(rows.select_for_update(of=("self",), skip_locked=True)[:BATCH])
            done += _hand_out(leads, now=now)
        if len(leads) < BATCH:
            break
        last = leads[-1].pk
    if done.offered or done.taken_back:
        log.info("leads_swept", offered=done.offered, taken_back=done.taken_back)
    return done


@transaction.atomic
def dispatch(*, leads: Sequence[int], now: datetime) -> Swept:
    """Offer these leads, as far as nobody holds them."""
    rows = unheld(now).filter(pk__in=leads).order_by("pk").select_related("origin")
    return _hand_out(list(rows.select_for_update(of=("self",))), now=now)


def _hand_out(leads: Sequence[Lead], *, now: datetime) -> Swept:
    """Take back what is over and offer each lead to the next person; the caller holds them."""
    if not leads:
        return Swept()
    taken_back = _take_back(leads, now=now)
    desk = Desk(leads, now=now)
    offers = []
    for lead in leads:
        before = (lead.store_id, lead.state)
        lead.store_id = desk.store_of(lead)
        offer = desk.next_offer(lead)
        lead.state = LeadState.OFFERED if offer else LeadState.WAITING
        if offer:
            offers.append(offer)
        lead.is_moved = (lead.store_id, lead.state) != before  # type: ignore[attr-defined]
    LeadOffer.objects.bulk_create(offers)
    _tell(offers, now=now)
    moved = [lead for lead in leads if lead.is_moved]  # type: ignore[attr-defined]
    Lead.objects.bulk_update(moved, ["store", "state"])
    return Swept(looked_at=len(leads), offered=len(offers), taken_back=taken_back)


def _tell(offers: Sequence[LeadOffer], *, now: datetime) -> None:
    """Say to each person that a lead is offered, and until when: at the door's own clock."""
    tell_many(
        [
            Telling(
                person_id=offer.person_id,
                kind=NoticeKind.LEAD_OFFERED,
                key=f"offer:{offer.pk}",
                params={"until": f"{timezone.localtime(offer.lapses_at):%H:%M}"},
                path=reverse("desk:lead", args=[offer.lead_id]),
            )
            for offer in offers
        ],
        now=now,
    )


def _take_back(leads: Sequence[Lead], *, now: datetime) -> int:
    """Close the offers that are over: not answered in time, or to somebody who has left."""
    still = LeadOffer.objects.filter(lead__in=[lead.pk for lead in leads], state=OfferState.OPEN)
    lapsed = still.filter(lapses_at__lte=now).update(state=OfferState.LAPSED, answered_at=now)
    return lapsed + still.update(state=OfferState.WITHDRAWN, answered_at=now)


@transaction.atomic
def pass_lead(*, lead: Lead, by: Person, now: datetime) -> None:
    """“Not me”: the offer is answered, and the next person is asked. Twice is once.

    Raises LeadNotChanged where the offer is over.
    """
    held = held_lead(lead.pk)
    offers = LeadOffer.objects.filter(lead=held, person=by)
    passed = offers.filter(state=OfferState.OPEN).update(state=OfferState.PASSED, answered_at=now)
    if not passed:
        if offers.filter(state=OfferState.PASSED).exists():
            return
        raise LeadNotChanged.because("not_offered")

    audit.record(verb="pass", of=held, by=by)
    dispatch(leads=[held.pk], now=now)


@transaction.atomic
def assign_lead(*, lead: Lead, person: Person, by: Person, now: datetime) -> LeadOffer:
    """Hand a lead to somebody by hand; they have the store's time to accept. Raises LeadNotChanged.

    Whoever passed it on may be asked again: a person has thought about it.
    """
    held = _open(lead)
    works_here = Person.objects.filter(in_state(PersonState.ACTIVE), pk=person.pk)
    if person.role not in STORE_BOUND_ROLES or not works_here.exists() or person.store is None:
        raise LeadNotChanged.because("not_here")

    _withdraw(held, now=now)
    held.store_id = _store_for(held, person).pk
    offer = Desk([held], now=now).offer_to(held, person.pk)
    offer.offered_by = by
    offer.save(force_insert=True)
    _tell([offer], now=now)
    Lead.objects.filter(pk=held.pk).update(store=held.store_id, state=LeadState.OFFERED)
    audit.record(verb="hand_out", of=held, by=by, person=person.pk)
    return offer


@transaction.atomic
def send_to_store(*, lead: Lead, store: Store, by: Person, now: datetime) -> None:
    """Give a lead to a store, which hands it out by its own rule. Raises LeadNotChanged."""
    held = _open(lead)

    _withdraw(held, now=now)
    Lead.objects.filter(pk=held.pk).update(store=store, state=LeadState.WAITING)
    audit.record(verb="send_to_store", of=held, by=by, store=store.pk)
    dispatch(leads=[held.pk], now=now)


def _open(lead: Lead) -> Lead:
    held = held_lead(lead.pk)
    if held.state not in OPEN_LEADS:
        raise LeadNotChanged.because("taken" if held.state == LeadState.ACCEPTED else "closed")
    return held


def _withdraw(lead: Lead, *, now: datetime) -> None:
    LeadOffer.objects.filter(lead=lead, state=OfferState.OPEN).update(
        state=OfferState.WITHDRAWN, answered_at=now
    )


def _store_for(lead: Lead, person: Person) -> Store:
    """The lead's own store where the person works there, too; else the person's."""
    if lead.store_id and person.other_stores.filter(pk=lead.store_id).exists():
        return Store.objects.get(pk=lead.store_id)
    return person.store  # type: ignore[return-value]  # people of these roles have a store
