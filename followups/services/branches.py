"""Branches out of a call: what else came of it, in the same transaction as its contact.

Wants service: an appointment; buys more or knows somebody: a new prospect; is unhappy: a case; says
what becomes of the insurance or the product: written there; wishes no contact: left in peace.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.phones import Phone
from core.refusals import Refused
from core.services.once import once
from customers import services as customers
from customers.models import Contact, Customer, OwnedProduct
from customers.rules import NextStep, is_reached
from customers.services import CustomerNotRegistered
from customers.services.leads import hold_phones
from customers.states import (
    AppointmentKind,
    Grade,
    NextKind,
    NoStepReason,
    Quiet,
    QuietReason,
    Replacement,
    Source,
)
from followups.services import appointments, cases, engine, next_steps
from followups.services.aftermath import Logged, log_and_act
from followups.services.holding import hold_one
from followups.services.quiet import set_quiet
from followups.services.renewals import RenewalSaid, answer_renewal
from followups.services.thanks import owe_thanks
from followups.states import CaseChannel, CaseKind
from staff.models import Person, Store
from staff.states import SALES_ROLES

# A new prospect is called the next day.
FIRST_CALL = timedelta(days=1)
STEP_OF_KIND = {
    AppointmentKind.HOME_VISIT: NextKind.HOME_VISIT,
    AppointmentKind.MEASURING: NextKind.MEASURING,
    AppointmentKind.DELIVERY: NextKind.HOME_VISIT,
}


class BranchNotTaken(Refused):
    """What else came of a call could not be written down; `field` says where it was typed."""

    messages = {
        "number_is_known": _(
            "This number belongs to a customer who is registered already. Take the number out to "
            "keep the rest; a lead for them is logged on their own card."
        ),
        "lead_has_no_store": _("You work in no store that could serve a new customer."),
    }


@dataclass(frozen=True, kw_only=True)
class NewAppointment:
    """The customer wants service, or to come: when, what for, with whom (AFT-16)."""

    kind: AppointmentKind | str
    starts_at: datetime
    minutes: int
    person: Person
    place: str = ""
    note: str = ""

    @property
    def as_next_step(self) -> NextStep:
        """What is booked is what was agreed."""
        kind = STEP_OF_KIND.get(AppointmentKind(self.kind), NextKind.STORE_VISIT)
        return NextStep(kind=kind, on=self.starts_at.date(), at=self.starts_at, text=self.note)


@dataclass(frozen=True, kw_only=True)
class NewLead:
    """Somebody whom the customer sends, or the same household that buys again (AFT-17, AFT-18)."""

    name: str
    phone: Phone
    need: str = ""
    source: Source = Source.OWNER_REFERRAL
    field: str = "lead_phone"


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """What the customer is unhappy with, or needs (AFT-15)."""

    kind: CaseKind | str
    text: str
    product: OwnedProduct | None = None


@dataclass(frozen=True, kw_only=True)
class QuietWish:
    """The customer wishes no contact: of which kind, and why (FUP-24, decision 15)."""

    scope: Quiet
    reason: QuietReason


@dataclass(frozen=True, kw_only=True)
class Branches:
    """All that came of one call beside its contact."""

    appointment: NewAppointment | None = None
    leads: Sequence[NewLead] = ()
    case: NewCase | None = None
    renewal: RenewalSaid | None = None
    replacement: tuple[OwnedProduct, Replacement] | None = None
    quiet: QuietWish | None = None

    def __bool__(self) -> bool:
        return self != Branches()

    @property
    def booked_as(self) -> str:
        """As what the call books its next step; "" where it books none."""
        return str(self.appointment.kind) if self.appointment else ""

    def next_step(self, agreed: NextStep | None) -> NextStep | None:
        """The next step of the contact: what is booked, none for who wishes none, else agreed."""
        if self.quiet is not None and self.quiet.scope == Quiet.ALL:
            return NextStep(kind=NextKind.NONE, none_reason=NoStepReason.UNWILLING)
        return self.appointment.as_next_step if self.appointment else agreed


def log_with_branches(
    *, customer: Customer, branches: Branches, by: Person, now: datetime, key: UUID, **said: Any
) -> Logged:
    """Log a contact (`log_and_act`, which takes the rest) and all that came of it, at once or not
    at all.

    `key` is the form's own id: sent twice, the same contact comes back. Raises what the acts raise,
    and BranchNotTaken.
    """
    act = {"customer": customer, "by": by, "now": now, "key": key, **said}
    return _log_and_branch(branches=branches, **act) if branches else log_and_act(**act)


@transaction.atomic
def _log_and_branch(
    *, customer: Customer, branches: Branches, by: Person, now: datetime, key: UUID, **said: Any
) -> Logged:
    hold_branches(branches)
    customer = hold_one(customer)
    content = str(branches)
    with once(key=uuid5(key, "call"), purpose="call", by=by, content=content) as form:
        is_new = not form.result_id
        if is_new:
            book_first(customer, branches, by=by, now=now, key=key)
        said |= {"booked_as": branches.booked_as, "brings_case": branches.case is not None}
        if is_reached(said["outcome"]):
            said["next_step"] = branches.next_step(said.get("next_step"))
        logged = log_and_act(customer=customer, by=by, now=now, key=key, **said)
        if is_new:
            follow(logged.contact, branches, by=by, now=now, key=key)
        form.result_id = logged.contact.pk
    return logged


def hold_branches(branches: Branches) -> None:
    """Numbers come before rows, in the order in which everybody locks."""
    hold_phones([lead.phone for lead in branches.leads])


def book_first(
    customer: Customer, branches: Branches, *, by: Person, now: datetime, key: UUID
) -> None:
    """Book the appointment before the contact, whose next step it is. Raises as booking does."""
    booked = branches.appointment
    if booked is None:
        return
    appointments.book_appointment(
        customer=customer,
        kind=booked.kind,
        starts_at=booked.starts_at,
        ends_at=booked.starts_at + timedelta(minutes=booked.minutes),
        person=booked.person,
        place=booked.place,
        note=booked.note,
        anyway=True,
        by=by,
        now=now,
        key=uuid5(key, "appointment"),
    )


def follow(contact: Contact, branches: Branches, *, by: Person, now: datetime, key: UUID) -> None:
    """Write down what came of `contact`; the wish to be left in peace comes last."""
    customer = contact.customer
    for lead in branches.leads:
        _register_lead(lead, referrer=customer, contact=contact, by=by, now=now)
    if branches.case is not None:
        cases.open_case(
            customer=customer,
            kind=branches.case.kind,
            channel=channel_of(contact),
            text=branches.case.text,
            product=branches.case.product,
            contact=contact,
            by=by,
            now=now,
            key=uuid5(key, "case"),
        )
    if branches.renewal is not None:
        answer_renewal(branches.renewal, contact=contact, by=by, now=now, key=key)
    if branches.replacement is not None:
        product, replacement = branches.replacement
        customers.set_replacement(product=product, replacement=replacement, by=by, now=now)
    if branches.quiet is not None:
        wish = branches.quiet
        set_quiet(
            customer=customer,
            quiet=wish.scope,
            reason=wish.reason,
            contact=contact,
            by=by,
            now=now,
        )


def channel_of(contact: Contact) -> CaseChannel:
    """How a case reached us, by the way in which people spoke."""
    ways = {
        "call": CaseChannel.CALL, "wechat": CaseChannel.WECHAT, "store_visit": CaseChannel.STORE,
    }  # fmt: skip
    return ways.get(contact.channel, CaseChannel.VISIT)


def _keeper_of_lead(referrer: Customer, contact: Contact, by: Person) -> tuple[Person, Store]:
    """Who cares for the new prospect, and where: who spoke and sells, else the sender's keeper.

    Raises BranchNotTaken where neither works in a store.
    """
    speaker = contact.on_behalf_of or by
    keeper = referrer.owner if referrer.owner and referrer.owner.is_active else None
    person = speaker if speaker.role in SALES_ROLES or keeper is None else keeper
    if person.store is None:
        raise BranchNotTaken.because("lead_has_no_store")
    return person, person.store


def _register_lead(
    lead: NewLead, *, referrer: Customer, contact: Contact, by: Person, now: datetime
) -> Customer:
    """Open the card of a new prospect, to be called tomorrow; whoever sent them is owed thanks.

    Raises BranchNotTaken, naming the field, where the number is a customer's.
    """
    keeper, store = _keeper_of_lead(referrer, contact, by)
    try:
        brought = customers.register_customer(
            name=lead.name,
            phones=[lead.phone],
            store=store,
            owner=keeper,
            grade=Grade.A,
            need=lead.need,
            source=lead.source,
            referrer=referrer,
            by=by,
            now=now,
        )
    except CustomerNotRegistered as refusal:
        if "number_is_known" not in refusal.codes:
            raise
        params = {"field": lead.field, "phone": lead.phone}
        raise BranchNotTaken.because("number_is_known", **params) from refusal
    step = next_steps.ImportedStep(
        customer_id=brought.pk, on=brought.store.today(now) + FIRST_CALL, text=lead.need
    )
    next_steps.bring_in(customer_ids=[brought.pk], next_steps=[step], by=by, now=now)
    engine.touch_and_ask(customers=[brought.pk], now=now)
    owe_thanks(brought=brought, now=now)
    return brought
