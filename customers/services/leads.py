"""Leads come in, are told apart from what we know, and are closed; see also `dispatch`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from core.keyring import keyring
from core.phones import Phone
from core.refusals import Refused
from core.services import audit
from customers.models import Arrival, Customer, CustomerPhone, Lead, LeadOffer, LeadSource
from customers.services.grading import propose_grades
from customers.services.intake import LeadFacts
from customers.services.numbers import sealed
from customers.states import OPEN_LEADS, LeadState, LeadWay, OfferState
from staff.models import Person

log = structlog.get_logger(__name__)

# Two inquiries with one number wait for each other, and for whoever registers that number.
NUMBER_LOCK = 7_201_003


class LeadNotChanged(Refused):
    """A lead could not be accepted, passed on, handed out or closed."""

    messages = {
        "taken": _("Somebody else has accepted this lead."),
        "closed": _("This lead is closed already."),
        "not_offered": _("This lead is not offered to you any more."),
        "not_here": _("Choose somebody who serves customers and may sign in."),
        "store_missing": _("Only people of a store or a team accept leads."),
        "reason_missing": _("Say why the lead is invalid."),
    }


@dataclass(frozen=True, kw_only=True)
class Received:
    """What became of an inquiry that came in."""

    lead: Lead
    is_new: bool


def hold_numbers(keys: Iterable[bytes | memoryview | None]) -> None:
    """From here to the end of the transaction, nobody else receives or registers these numbers.

    Taken before any row is locked: numbers, then leads, then customers.
    """
    wanted = sorted({bytes(key) for key in keys if key})
    with connection.cursor() as cursor:
        for key in wanted:
            half = int.from_bytes(key[:4], "big", signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBER_LOCK, half])


def hold_phones(phones: Iterable[Phone]) -> None:
    """`hold_numbers`, before these are registered: their rows wait for nobody who waits for us."""
    hold_numbers(keyring().index(phone.e164) for phone in phones)


def _known(origin: LeadSource, platform_id: str) -> Lead | None:
    return Lead.objects.filter(origin=origin, platform_id=platform_id).first()


def _standing_of(key: bytes | None, now: datetime) -> dict[str, object]:
    """Whose number it is: a customer's, an open inquiry's, or nobody's (FIL-31, DAT-02)."""
    if key is None:
        return {"state": LeadState.WAITING}
    owner = CustomerPhone.objects.filter(key=key).values_list("customer", flat=True).first()
    if owner is not None:
        return {"state": LeadState.JOINED, "customer_id": owner, "closed_at": now}
    first = Lead.objects.filter(key=key, state__in=OPEN_LEADS).order_by("pk").first()
    if first is not None:
        return {"state": LeadState.INVALID, "duplicate_of": first, "closed_at": now}
    return {"state": LeadState.WAITING}


@transaction.atomic
def receive_lead(
    *, origin: LeadSource, facts: LeadFacts, way: LeadWay, by: Person, now: datetime
) -> Received:
    """Keep an inquiry: the id that a platform gave it stands for it once, whatever it sends again.

    A customer's number joins the customer as an arrival (DAT-01); a number that is open already
    repeats that inquiry. Whatever is new waits: `dispatch` offers it to somebody.
    """
    number = sealed(facts.phone)
    hold_numbers([number["key"]])
    if known := _known(origin, facts.platform_id):
        return Received(lead=known, is_new=False)

    try:
        with transaction.atomic():
            lead = _keep(origin, facts, number, way=way, now=now)
    except IntegrityError:
        known = _known(origin, facts.platform_id)
        if known is None:
            raise
        return Received(lead=known, is_new=False)
    if lead.state == LeadState.JOINED and lead.customer_id is not None:
        _arrive([lead], customer_id=lead.customer_id)

    audit.record(verb="receive", of=lead, by=by, state=lead.state, way=way)
    log.info("lead_received", lead=lead.pk, origin=origin.pk, state=str(lead.state))
    return Received(lead=lead, is_new=True)


def _keep(
    origin: LeadSource, facts: LeadFacts, number: dict, *, way: LeadWay, now: datetime
) -> Lead:
    return Lead.objects.create(
        origin=origin,
        platform_id=facts.platform_id,
        way=way,
        name=facts.name,
        wechat=facts.wechat,
        need=facts.need,
        campaign=facts.campaign,
        place=facts.place,
        address=facts.address,
        store_id=facts.store_id,
        asked_at=facts.asked_at,
        received_at=now,
        **number,
        **_standing_of(number["key"], now),
    )


def _arrive(leads: Sequence[Lead], *, customer_id: int) -> None:
    """The customer came by each of these, too: source and campaign are kept (DAT-01)."""
    sources = LeadSource.objects.in_bulk({lead.origin_id for lead in leads})
    Arrival.objects.bulk_create(
        Arrival(
            customer_id=customer_id,
            source=sources[lead.origin_id].source,
            campaign=lead.campaign,
            at=lead.received_at,
        )
        for lead in leads
    )


def close_as_customer(
    lead: Lead,
    *,
    customer: Customer,
    by: Person,
    now: datetime,
    state: LeadState = LeadState.ACCEPTED,
    is_arrival: bool = False,
) -> None:
    """The inquiry has become this customer; what repeated it joins the customer as well.

    The caller holds the lead. An offer that still stands is taken back.
    """
    LeadOffer.objects.filter(lead=lead, state=OfferState.OPEN).update(
        state=OfferState.WITHDRAWN, answered_at=now
    )
    Lead.objects.filter(pk=lead.pk).update(
        state=state, customer=customer, closed_at=now, closed_by=by
    )
    repeated = list(Lead.objects.filter(duplicate_of=lead, customer=None).order_by("pk"))
    Lead.objects.filter(pk__in=[each.pk for each in repeated]).update(
        state=LeadState.JOINED, customer=customer
    )
    _arrive([lead, *repeated] if is_arrival else repeated, customer_id=customer.pk)
    audit.record(verb="close_lead", of=lead, by=by, state=state, customer=customer.pk)
    propose_grades(customers=[customer.pk], now=now)


def adopt_leads(
    *, customer: Customer, phones: Sequence[Phone], by: Person, now: datetime
) -> list[Lead]:
    """Whoever registers a number that is an open inquiry's has answered it: it is closed with them.

    Part of registering, which holds the numbers first (`hold_phones`), so that an inquiry and its
    customer are never both open. Where the card does not say itself by which way they came, the
    inquiry's way is kept as an arrival.
    """
    keys = [keyring().index(phone.e164) for phone in phones]
    if not keys:
        return []
    wanted = Lead.objects.filter(key__in=keys, state__in=OPEN_LEADS)
    held = list(wanted.order_by("pk").select_for_update().values_list("pk", flat=True))
    if not held:  # nearly always: whole leads with their origins are not asked for in vain
        return []
    leads = list(Lead.objects.filter(pk__in=held).order_by("pk").select_related("origin"))
    for lead in leads:
        came_so = (lead.origin.source, lead.campaign) == (customer.source, customer.campaign)
        close_as_customer(lead, customer=customer, by=by, now=now, is_arrival=not came_so)
    return leads


@transaction.atomic
def discard_lead(*, lead: Lead, reason: str, by: Person, now: datetime) -> None:
    """Close an inquiry that is none: a wrong number, a joke, an advertisement (DAT-02).

    Raises LeadNotChanged.
    """
    if not reason:
        raise LeadNotChanged.because("reason_missing")
    held = held_lead(lead.pk)
    if held.state not in OPEN_LEADS:
        raise LeadNotChanged.because("closed")

    LeadOffer.objects.filter(lead=held, state=OfferState.OPEN).update(
        state=OfferState.WITHDRAWN, answered_at=now
    )
    Lead.objects.filter(pk=held.pk).update(
        state=LeadState.INVALID, closed_at=now, closed_by=by, close_note=reason
    )
    audit.record(verb="discard", of=held, by=by, reason=reason)


def held_lead(pk: int) -> Lead:
    """The lead, locked for the rest of the transaction and read afresh."""
    return Lead.objects.select_for_update(of=("self",)).select_related("origin").get(pk=pk)
