"""Inquiries across the rooms: taken in, accepted, each with the call that answers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.keyring import keyring
from core.phones import Phone, normalise
from core.services import audit
from customers import services as customers
from customers.models import Customer, CustomerPhone, Lead, LeadOffer, LeadSource
from customers.services import CustomerNotRegistered
from customers.services.dispatch import dispatch
from customers.services.intake import LeadFacts
from customers.services.leads import (
    LeadNotChanged,
    Received,
    close_as_customer,
    held_lead,
    hold_numbers,
    receive_lead,
)
from customers.states import OPEN_LEADS, Grade, LeadState, LeadWay, OfferState
from followups.services.leads import open_lead_call
from staff.models import Person
from staff.scope import SERVING_ROLES


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """What accepting led to: a new customer of one's own, or one who is known already."""

    customer: Customer
    is_known: bool


@transaction.atomic
def _take_one(
    facts: LeadFacts, *, origin: LeadSource, way: LeadWay, by: Person, now: datetime
) -> Received:
    """Keep one inquiry; of a known customer it is the keeper's call at once (DAT-01)."""
    received = receive_lead(origin=origin, facts=facts, way=way, by=by, now=now)
    lead = received.lead
    if received.is_new and lead.state == LeadState.JOINED and lead.customer is not None:
        open_lead_call(
            customer=lead.customer, lead_id=lead.pk, assignee=None, now=now, need=lead.need
        )
    return received


def take_in(
    leads: Sequence[LeadFacts], *, origin: LeadSource, way: LeadWay, by: Person, now: datetime
) -> list[Received]:
    """Keep these inquiries and offer the new ones at once.

    Each is a transaction of its own: what a platform sends again is the same lead, so that a list
    that broke off is sent again as a whole. What was kept and not offered, the next sweep offers.
    """
    received = [_take_one(facts, origin=origin, way=way, by=by, now=now) for facts in leads]
    fresh = [each.lead.pk for each in received if each.is_new]
    dispatch(leads=fresh, now=now)
    return received


@transaction.atomic
def accept_lead(*, lead: Lead, by: Person, now: datetime) -> Accepted:
    """Take an inquiry on: its customer is registered with `by` as keeper, the first call due.

    A number that has become a customer's meanwhile joins that customer, whose keeper calls. Of two
    who accept at once one has it; tapped twice, the same customer comes back. Numbers are held
    first, then the lead. Raises LeadNotChanged.
    """
    hold_numbers([lead.key])
    held = held_lead(lead.pk)
    if held.state not in OPEN_LEADS:
        return _accepted_before(held, by=by)
    _claim(held, by=by, now=now)

    known = CustomerPhone.objects.filter(key=held.key).first() if held.key else None
    if known is not None:
        return _join(held, known.customer, by=by, now=now)
    try:
        with transaction.atomic():
            customer = _register(held, by=by, now=now)
    except CustomerNotRegistered as refusal:
        # Typed onto a card, or brought by a sheet, in this very moment: these hold no numbers.
        known = CustomerPhone.objects.filter(key=held.key).first() if held.key else None
        if known is None:
            raise LeadNotChanged.because("closed") from refusal
        return _join(held, known.customer, by=by, now=now)
    open_lead_call(customer=customer, lead_id=held.pk, assignee=by, now=now, need=held.need)

    audit.record(verb="accept", of=held, by=by, customer=customer.pk)
    return Accepted(customer=customer, is_known=False)


def _accepted_before(lead: Lead, *, by: Person) -> Accepted:
    """The second tap of who has it; anybody else is told that it is gone."""
    if lead.closed_by_id == by.pk and lead.customer is not None:
        return Accepted(customer=lead.customer, is_known=lead.state == LeadState.JOINED)
    raise LeadNotChanged.because("taken" if lead.state == LeadState.ACCEPTED else "closed")


def _claim(lead: Lead, *, by: Person, now: datetime) -> None:
    """One's own offer, or a lead that waits in a store one works in or leads."""
    if by.role not in SERVING_ROLES or by.store is None:
        raise LeadNotChanged.because("store_missing")
    offers = LeadOffer.objects.filter(lead=lead, state=OfferState.OPEN)
    if offers.filter(person=by).update(state=OfferState.ACCEPTED, answered_at=now):
        return
    stores = {by.store_id, *by.other_stores.values_list("pk", flat=True)}
    if lead.store_id not in stores or offers.exists():
        raise LeadNotChanged.because("not_offered")


def _register(lead: Lead, *, by: Person, now: datetime) -> Customer:
    """The card of an accepted inquiry; registering closes the lead by its number."""
    if by.store is None:
        raise ValueError("whoever accepts works in a store")
    phones = _phones(lead)
    customer = customers.register_customer(
        name=lead.name or _("No name given %(number)s") % {"number": _ending(lead)},
        phones=phones,
        store=by.store,
        owner=by,
        grade=Grade.C2,
        first_seen_at=lead.asked_at or lead.received_at,
        source=lead.origin.source,
        campaign=lead.campaign,
        wechat=lead.wechat,
        need=lead.need,
        address=lead.address,
        by=by,
        now=now,
    )
    if lead.key is None:
        close_as_customer(lead, customer=customer, by=by, now=now)
    return customer


def _ending(lead: Lead) -> str:
    """What tells a card without a name from others: as much of the number as its mask shows."""
    return lead.masked.rpartition("*")[2] or str(lead.pk)


def _phones(lead: Lead) -> list[Phone]:
    if lead.cipher is None:
        return []
    return [normalise(keyring().decrypt(bytes(lead.cipher)))]


def _join(lead: Lead, customer: Customer, *, by: Person, now: datetime) -> Accepted:
    """The number is a customer's by now: who accepted keeps nobody, the keeper is told to call."""
    close_as_customer(
        lead, customer=customer, by=by, now=now, state=LeadState.JOINED, is_arrival=True
    )
    open_lead_call(customer=customer, lead_id=lead.pk, assignee=None, now=now, need=lead.need)
    return Accepted(customer=customer, is_known=True)
