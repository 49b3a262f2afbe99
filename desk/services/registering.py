"""Registering a customer from the floor: card, first contact and next step in one act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.keyring import keyring
from core.phones import Phone, mask_in_text
from core.refusals import Refused
from core.services.once import once
from customers import services as customers
from customers.models import Customer, CustomerPhone
from customers.queries import visible
from customers.rules import NextStep
from customers.services.leads import hold_phones
from customers.states import Channel, Grade, Outcome, Reason
from filings.models import Filing
from filings.queries import looked_up
from filings.queries.further import stays_closed
from filings.services import AlreadyProtected, LeadNotFiled
from filings.states import LookUp
from filings.wording import elements_text
from followups import services as followups
from followups.services.claims import (
    Claim,
    file_for,
    file_known,
    refuse_own,
    refused_at_once,
)
from followups.services.gaps import typed_missing
from staff.models import Person
from staff.scope import Reach

# How a person was reached in whichever way they came to us.
OUTCOME_OF = {
    Channel.STORE_VISIT: Outcome.MET,
    Channel.HOME_VISIT: Outcome.MET,
    Channel.CALL: Outcome.CONNECTED,
    Channel.WECHAT: Outcome.REPLIED,
}
# Who comes, calls or writes began it themselves; whom we visit did not.
BEGUN_BY_THEM = (Channel.STORE_VISIT, Channel.CALL, Channel.WECHAT)


@dataclass(frozen=True, kw_only=True)
class Reception:
    """How the customer came to us, and what was agreed."""

    channel: Channel
    next_step: NextStep
    on_behalf_of: Person | None = None


def _receive(
    customer: Customer, reception: Reception, *, by: Person, now: datetime, key: UUID
) -> None:
    """Log the reception, which opens the next step.

    Whoever gives a name and a number has agreed to being spoken with, at whatever hour it is.
    """
    followups.log_contact(
        customer=customer,
        channel=reception.channel,
        outcome=OUTCOME_OF[Channel(reception.channel)],
        reason=Reason.OTHER,
        is_inbound=reception.channel in BEGUN_BY_THEM,
        is_agreed=True,
        next_step=reception.next_step,
        on_behalf_of=reception.on_behalf_of,
        by=by,
        now=now,
        key=uuid5(key, "reception"),
    )


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What a registration says of the customer: the card, their numbers, and who keeps them."""

    name: str
    phones: Sequence[Phone]
    keeper: Person
    grade: Grade
    card: Mapping[str, Any]
    reception: Reception | None

    def content(self) -> str:
        """What makes two sendings of one form the same registration."""
        numbers = [phone.e164 for phone in self.phones]
        return "\n".join([self.name, self.card.get("wechat", ""), *numbers])


@dataclass(frozen=True, kw_only=True)
class Registered:
    """What a registration did: the card, and the filing where one was made or drafted.

    `said` is why no filing was made at all, though one was wanted.
    """

    customer: Customer
    filing: Filing | None = None
    said: str = ""


class LeadNotRegistered(Refused):
    """A number that is known already was not filed; nothing was written."""

    messages = {
        "filed_already": AlreadyProtected.messages["filed_already"],
        "lacks": _("%(missing)s missing: this customer cannot be filed yet."),
    }


def _open_card(typed: Typed, *, by: Person, now: datetime, key: UUID) -> Customer:
    """The card, the reception and the next step of somebody new (FUP-01)."""
    if (store := typed.keeper.store) is None:
        raise ValueError("a keeper works in a store")
    customer = customers.register_customer(
        name=typed.name,
        phones=typed.phones,
        store=store,
        owner=typed.keeper,
        grade=typed.grade,
        by=by,
        now=now,
        **typed.card,
    )
    if typed.reception is not None:
        _receive(customer, typed.reception, by=by, now=now, key=key)
    else:
        followups.touch_and_ask(customers=[customer.pk], now=now)
    if customer.referrer_id is not None:
        followups.owe_thanks(brought=customer, now=now)
    return customer


@transaction.atomic
def register(*, typed: Typed, by: Person, now: datetime, key: UUID) -> Customer:
    """Register a customer, log the reception and open the next step (FUP-01); nothing is filed.

    `key` is the form's own id: sent five times, the same customer comes back. Without a reception
    (an operations manager serves nobody) there is only the card. Raises CustomerNotRegistered,
    ContactNotRecorded, ContactNotLogged.
    """
    with once(key=key, purpose="register", by=by, content=typed.content()) as form:
        if form.result_id:
            return Customer.objects.select_related("owner", "store").get(pk=form.result_id)

        customer = _open_card(typed, by=by, now=now, key=key)
        form.result_id = customer.pk
    return customer


@transaction.atomic
def register_lead(
    *,
    typed: Typed,
    claim: Claim,
    reader: Reach,
    by: Person,
    key: UUID,
    now: datetime | None = None,
) -> Registered:
    """Register and file with the same tap (FIL-35); a known customer is filed, not opened twice.

    Card, reception and filing have one server time, read when this number was nobody else's to
    register. Of fifty who register one number at once one card comes, one filing, and forty-nine
    answers. Raises LeadNotFiled, LeadNotRegistered, CustomerNotRegistered, ContactNotLogged.
    """
    with once(key=key, purpose="register", by=by, content=typed.content()) as form:
        if form.result_id:
            found = Customer.objects.select_related("owner", "store").get(pk=form.result_id)
            return Registered(customer=found, filing=_filed_last(found, typed.keeper))

        known = _known(typed.phones) or _hold_new(typed.phones)
        if known is None:
            done = _register_new(typed, claim, by=by, now=now or database_now(), key=key)
        else:
            done = _file_known(known, typed, claim, reader=reader, by=by, now=now, key=key)
        form.result_id = done.customer.pk
    return done


class _KnownMeanwhile(Exception):
    """Somebody else has registered the number; raised so that the lock is let go."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer


def _hold_new(phones: Sequence[Phone]) -> Customer | None:
    """From here on nobody else registers these numbers; whose they are, if somebody just has.

    Then the lock is let go at once: of fifty who wait for it each passes in a moment.
    """
    try:
        with transaction.atomic():
            hold_phones(phones)
            if (known := _known(phones)) is not None:
                raise _KnownMeanwhile(known)
    except _KnownMeanwhile as found:
        return found.customer
    return None


def _known(phones: Sequence[Phone]) -> Customer | None:
    """Whose these numbers are."""
    keys = [keyring().index(phone.e164) for phone in phones]
    number = CustomerPhone.objects.filter(key__in=keys).select_related("customer__store").first()
    return number.customer if number else None


def _filed_last(customer: Customer, filer: Person) -> Filing | None:
    return Filing.objects.filter(customer=customer, filer=filer).order_by("-pk").first()


def _register_new(
    typed: Typed, claim: Claim, *, by: Person, now: datetime, key: UUID
) -> Registered:
    """A new card is kept whatever becomes of its filing."""
    customer = _open_card(typed, by=by, now=now, key=key)
    try:
        with transaction.atomic():
            filing = file_for(
                customer=customer, claim=claim, filer=typed.keeper, by=by, now=now, key=key
            )
    except LeadNotFiled as refusal:
        return Registered(customer=customer, said=str(refusal))
    return Registered(customer=customer, filing=filing)


def _file_known(
    known: Customer,
    typed: Typed,
    claim: Claim,
    *,
    reader: Reach,
    by: Person,
    now: datetime | None,
    key: UUID,
) -> Registered:
    """File a customer who has a card; what the card says is told to nobody before that."""
    refuse_own(customer=known, claim=claim, filer=typed.keeper, now=now)
    is_within_reach = visible(reader).filter(pk=known.pk).exists()
    if not is_within_reach:
        _refuse_incomplete(known, typed, claim, reader=reader, now=now or database_now())
        refused = refused_at_once(customer=known, claim=claim, filer=typed.keeper, by=by, now=now)
        if refused is not None:
            return Registered(customer=known, filing=refused)
        claim = replace(claim, said=_said(typed))
    held = followups.hold_one(known)
    at = now or database_now()
    filing = file_known(
        customer=held,
        card=typed.card,
        is_within_reach=is_within_reach,
        claim=claim,
        filer=typed.keeper,
        by=by,
        now=at,
        key=key,
    )
    is_admitted = filing.submitted_at is not None and not filing.invalid
    today = held.store.today(at)
    is_open = not stays_closed(filing, customer=held, person=typed.keeper, today=today)
    if is_admitted and is_open and typed.reception is not None:
        _receive(held, typed.reception, by=by, now=at, key=key)
    return Registered(customer=held, filing=filing)


def _said(typed: Typed) -> dict[str, str]:
    """What the filer is shown of a customer whose card is shut to them: their own words."""
    said = {
        "name": typed.name,
        "phone": typed.phones[0].masked if typed.phones else "",
        "address": typed.card.get("address", ""),
        "need": typed.card.get("need", ""),
    }
    step = typed.reception.next_step if typed.reception is not None else None
    if step is not None and step.on is not None:
        said |= {"next_kind": str(step.kind), "next_on": step.on.isoformat()}
    return {name: mask_in_text(text) if name != "phone" else text for name, text in said.items()}


def _refuse_incomplete(
    customer: Customer, typed: Typed, claim: Claim, *, reader: Reach, now: datetime
) -> None:
    """On somebody else's card nothing is drafted: what is typed is complete, or stays typed."""
    missing = typed_missing(
        name=typed.name, phones=typed.phones, card=typed.card, filer=typed.keeper, now=now
    )
    if not missing:
        return
    found = looked_up(customer, by=typed.keeper, acting=reader.acts_for, is_filing=True, now=now)
    if not claim.project_reason and found in (LookUp.FILED, LookUp.YOURS):
        raise LeadNotRegistered.because("filed_already")
    raise LeadNotRegistered.because("lacks", missing=elements_text(missing))
