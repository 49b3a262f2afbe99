"""Filing a lead (报备): the draft, its completion, and the admission in one transaction."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import random

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from psycopg2.errors import LockNotAvailable

from core.addresses import parse as parse_address
from core.queries import business_calendar
from core.refusals import Refused
from core.services import audit
from customers.models import Contact, Customer, CustomerPhone, Project, Suspicion
from customers.states import SuspicionState
from filings import rules
from filings.models import Filing, Policy, Protection
from filings.queries import policy_of, slots_of, terms_of
from filings.queries.history import clock_of, filed_event
from filings.queries.standing import free_since
from filings.rules.events import Before
from filings.services.decision_news import tell_cross_asked
from filings.services.disputing import note_doubts
from filings.services.entering import AlreadyProtected, OpenBook, hold_customer, moment
from filings.services.violations import note_refused
from filings.states import (
    CHANNEL_OF_ROLE,
    Channel,
    CrossReason,
    CrossState,
    Element,
    EventKind,
    FilingNote,
    Invalid,
    Lost,
    ReviewState,
    Withdrawn,
)
from staff.models import Person, Store
from staff.regions import region_named_in
from staff.states import Role, Trade

# Seconds, at most, between two looks at a customer whom somebody else is filing right now.
WAITS = (0.05, 0.1, 0.2, 0.4, 0.4)
# Trades in which a lead is one home, whose door the filing names (decision 1).
TRADES_OF_HOMES = frozenset({Trade.FURNITURE, Trade.MATTRESSES, Trade.HOME})


class LeadNotFiled(Refused):
    """A lead could not be filed; nothing was written."""

    messages = {
        "filing_is_off": _("Leads are not filed in this trade."),
        "not_a_filer": _("Only people who sell in a store or a team file leads."),
        "yours_already": _("You have filed this customer, and your protection holds."),
        "acquired_later": _("You cannot have had the data later than now."),
        "waits_after_release": _(
            "You gave this customer up. You can file them again from %(until)s."
        ),
        "waits_after_voiding": _(
            "You took your filing back. You can file this customer again from %(until)s."
        ),
        "claims_of_the_day": _("You have taken %(most)s customers from the pool today already."),
        "holds_too_many": _("You hold %(most)s filings, which is the limit. Close or release one."),
        "not_a_draft": _("This filing is complete already."),
        "new_project_reason": _("Say why this is another project."),
    }


@dataclass(frozen=True, kw_only=True)
class CrossRegion:
    """Why a lead is filed across regions (XRG-03); the proof is the filing's attachment."""

    reason: CrossReason | str


@dataclass(frozen=True, kw_only=True)
class Lead:
    """What is filed: for which project, since when the data were had, and by which way it came."""

    project: Project
    acquired_at: datetime
    is_new_project: bool = False
    project_reason: str = ""
    is_from_pool: bool = False
    cross_region: CrossRegion | None = None


def policy_for(store: Store, *, now: datetime) -> Policy:
    """The policy of a store's trade. Raises LeadNotFiled where its leads are not filed."""
    policy = policy_of(store.trade, day=store.today(now))
    if policy is None or not policy.is_on:
        raise LeadNotFiled.because("filing_is_off")
    return policy


def files_leads(store: Store, *, now: datetime) -> bool:
    """Whether leads are filed in this store's trade (decision 6)."""
    policy = policy_of(store.trade, day=store.today(now))
    return policy is not None and policy.is_on


def missing_of(
    customer: Customer, project: Project, *, trade: Trade | str, has_number: bool | None = None
) -> frozenset[Element]:
    """Which elements of a complete filing this customer's card lacks (FIL-08, FIL-36).

    A placeholder is no number. `has_number` saves the question whether there is one.
    """
    if has_number is None:
        numbers = CustomerPhone.objects.filter(customer=customer, retired_at=None)
        has_number = numbers.filter(is_placeholder=False).exists()
    return missing_among(
        name=customer.name,
        has_number=has_number,
        address=project.address or customer.address,
        company=customer.company,
        need=customer.need,
        is_expected=bool(customer.expected_purchase or customer.expected_on),
        trade=trade,
    )


def missing_among(
    *,
    name: str,
    has_number: bool,
    address: str,
    company: str = "",
    need: str,
    is_expected: bool,
    trade: Trade | str,
) -> frozenset[Element]:
    """Which elements of a complete filing are not among these (FIL-08, FIL-36).

    The address reaches the door; a bare house its building, a company's its building, too. Other
    trades file a purchase, which the need names (decision 6).
    """
    missing = set()
    if not name.strip():
        missing.add(Element.NAME)
    if not has_number:
        missing.add(Element.PHONE)
    if trade in TRADES_OF_HOMES:
        home = parse_address(address)
        is_company = bool(company and home.building)
        if not (home.is_door_level or home.is_bare_house or is_company):
            missing.add(Element.ADDRESS)
    if not need.strip():
        missing.add(Element.NEED)
    if not is_expected:
        missing.add(Element.EXPECTED)
    return frozenset(missing)


def _notes_of(customer: Customer, project: Project) -> list[FilingNote]:
    """What the reviewer should know of this filing (FIL-08, FIL-32)."""
    notes = []
    address = parse_address(project.address or customer.address)
    if address.is_bare_house:
        notes.append(FilingNote.BARE_HOUSE)
    if customer.company and not address.is_door_level:
        notes.append(FilingNote.COMPANY)
    suspected = Q(first=customer) | Q(second=customer)
    if Suspicion.objects.filter(suspected, state=SuspicionState.OPEN).exists():
        notes.append(FilingNote.ADDRESS_KNOWN)
    return notes


def known_since(customer: Customer, filer: Person, *, stated: datetime, now: datetime) -> datetime:
    """Since when the filer had the data: as stated, but no later than they show (FIL-26).

    The earliest contact already logged by the same person since the customer last became free.
    """
    free = free_since(customer, now=now)
    own = Contact.objects.filter(
        Q(on_behalf_of=filer) | Q(by=filer, on_behalf_of=None), customer=customer, voided_at=None
    )
    if free.at is not None:
        own = own.filter(occurred_at__gt=free.at)
    earliest = own.order_by("occurred_at").values_list("occurred_at", flat=True).first()
    return min(stated, earliest) if earliest else stated


def _check_waits(
    customer: Customer, filer: Person, *, project: Project, terms: rules.Terms, now: datetime
) -> None:
    """Whoever gave a lead up, or took a filing back, waits before filing it again (PUL-04)."""
    own = Filing.objects.filter(project=project, filer=filer).order_by("-pk")
    released = own.filter(ended=Lost.RELEASED_D).first()
    if released is not None and released.ended_at is not None:
        until = released.ended_at + timedelta(hours=terms.release_wait_hours)
        if now < until:
            raise LeadNotFiled.because("waits_after_release", until=_said(until, filer))
    voided = own.filter(withdrawn=Withdrawn.VOIDED).first()
    if voided is not None and voided.submitted_at is not None:
        voided_at = voided.events.filter(kind=EventKind.WITHDRAWN).latest("pk").at
        until = voided_at + timedelta(days=terms.refile_wait_days)
        if now < until:
            raise LeadNotFiled.because("waits_after_voiding", until=_said(until, filer))


def _said(at: datetime, person: Person) -> str:
    zone = person.store.tzinfo if person.store else None
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _check_most(filer: Person, *, terms: rules.Terms, lead: Lead, now: datetime) -> None:
    """The limits that are off unless switched on (PUL-05)."""
    if terms.claims_a_day and lead.is_from_pool and filer.store is not None:
        begins = now.astimezone(filer.store.tzinfo).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        taken = Filing.objects.filter(filer=filer, is_from_pool=True, submitted_at__gte=begins)
        if taken.filter(invalid="").count() >= terms.claims_a_day:
            raise LeadNotFiled.because("claims_of_the_day", most=terms.claims_a_day)
    if terms.most_held:
        held = Filing.objects.filter(
            holder=filer, invalid="", withdrawn="", ended="", protected_until__gt=now
        )
        if held.filter(deals=None).count() >= terms.most_held:
            raise LeadNotFiled.because("holds_too_many", most=terms.most_held)


def review_due(store: Store, *, terms: rules.Terms, now: datetime) -> datetime:
    """Until when a filing is to be reviewed; then it is escalated, never approved (FIL-28)."""
    last = business_calendar().add_working_days(store.today(now), terms.review_working_days)
    return rules.Clock(zone=store.tzinfo).end_of(last)


@transaction.atomic
def file_lead(
    *, customer: Customer, lead: Lead, filer: Person, by: Person, now: datetime | None = None
) -> Filing:
    """File a customer's project for `filer`, or keep it as a draft that lacks something.

    The answer is a row, whatever the rules say: admitted, refused with the first failing test
    (`invalid`), or a draft (`submitted_at` None). Whoever files what another protects is refused
    (FIL-10) and recorded; nobody is queued (FIL-12). Without `now` the database's clock is read
    under the lock. The caller may hold the customer already. Raises LeadNotFiled.

    What another's protection refuses for certain waits for no lock: of two hundred who file one
    number, a hundred and ninety-nine are told at once.
    """
    if filer.store is None or filer.role not in CHANNEL_OF_ROLE:
        raise LeadNotFiled.because("not_a_filer")
    filed = _file_or_none(customer, lead, filer=filer, by=by, now=now)
    if filed is None:
        with suppress(_NotRefused), transaction.atomic():
            return _file(customer, lead, filer=filer, by=by, now=now, is_held=False)
        # What protected a moment ago does so no more.
        return _file(_held(customer), lead, filer=filer, by=by, now=now, is_held=True)
    return filed


class _NotRefused(Exception):
    """The filing would be admitted, which takes the lock."""


def _file_or_none(
    customer: Customer, lead: Lead, *, filer: Person, by: Person, now: datetime | None
) -> Filing | None:
    """File under the lock; None where another's filing protects already.

    Whoever finds the customer held looks again in a moment instead of queueing: of two hundred who
    come at once the first is done by then, and the others need no lock.
    """
    for wait in (*WAITS, None):
        if _is_protected_by_another(lead, filer, at=moment(now)):
            return None
        try:
            with transaction.atomic():  # a savepoint: what it locked is let go with it
                held = _held(customer, nowait=wait is not None)
                if CHANNEL_OF_ROLE[Role(filer.role)] == Channel.FIELD:
                    # The quota is the filer's: one filing of theirs at a time.
                    Person.objects.select_for_update(no_key=True).get(pk=filer.pk)
                if _is_protected_by_another(lead, filer, at=moment(now)):
                    return None
                return _file(held, lead, filer=filer, by=by, now=now, is_held=True)
        except OperationalError as busy:
            if wait is None or not isinstance(busy.__cause__, LockNotAvailable):
                raise
            time.sleep(wait * random())  # noqa: S311  # nobody gains by guessing it
    raise AssertionError("the last try waits for the lock")


def _is_protected_by_another(lead: Lead, filer: Person, *, at: datetime) -> bool:
    running = Protection.objects.filter(
        project=lead.project, withdrawn=False, during__contains=at
    ).exclude(filing__holder=filer)
    return running.exists()


def _file(
    customer: Customer,
    lead: Lead,
    *,
    filer: Person,
    by: Person,
    now: datetime | None,
    is_held: bool,
) -> Filing:
    """The tests, the draft, and where nothing is missing the filing."""
    if filer.store is None:
        raise LeadNotFiled.because("not_a_filer")
    open_book = OpenBook(customer)
    at = open_book.moment(now)
    policy = policy_for(filer.store, now=at)
    terms = terms_of(policy)
    if lead.acquired_at > at:
        raise LeadNotFiled.because("acquired_later")
    mine = open_book.book.protecting(lead.project.pk, at)
    if mine is not None and mine.holder == filer.pk:
        raise LeadNotFiled.because("yours_already")
    _check_waits(customer, filer, project=lead.project, terms=terms, now=at)
    _check_most(filer, terms=terms, lead=lead, now=at)

    filing = _draft(customer, lead, filer=filer, by=by, policy=policy, at=at)
    if lead.cross_region is not None and filing.cross_state == CrossState.ASKED:
        tell_cross_asked(filing, by=by, now=at)
    missing = _still_missing(filing, customer, lead, terms=terms)
    if not missing and filing.cross_state in ("", CrossState.APPROVED):
        _submit(filing, open_book, terms=terms, by=by, at=at, is_held=is_held)
    return filing


def _held(customer: Customer, *, nowait: bool = False) -> Customer:
    """The customer under lock, fresh."""
    return hold_customer(customer.pk, nowait=nowait)


def _draft(
    customer: Customer,
    lead: Lead,
    *,
    filer: Person,
    by: Person,
    policy: Policy,
    at: datetime,
) -> Filing:
    """The filer's draft for this project: the one that waits, or a new one."""
    waiting = Filing.objects.select_related("store", "policy").filter(
        project=lead.project, filer=filer, submitted_at=None
    )
    found = waiting.first()
    acquired_at = known_since(customer, filer, stated=lead.acquired_at, now=at)
    region = region_named_in(parse_address(lead.project.address or customer.address).region)
    facts = {
        "policy": policy,
        "region": region,
        "is_new_project": lead.is_new_project,
        "project_reason": lead.project_reason[:200],
        "is_from_pool": lead.is_from_pool,
        "is_out_of_scope": customer.bought_count > 0 and not lead.is_new_project,
    }
    if lead.cross_region is not None:
        facts |= {"cross_reason": lead.cross_region.reason, "cross_state": CrossState.ASKED}
    if found is not None:
        if found.cross_state == CrossState.APPROVED:
            facts.pop("cross_state", None)
        acquired_at = min(acquired_at, found.acquired_at)
        Filing.objects.filter(pk=found.pk).update(acquired_at=acquired_at, **facts)
        found.refresh_from_db()
        return found
    if filer.store is None:
        raise LeadNotFiled.because("not_a_filer")
    return Filing.objects.create(
        customer=customer,
        project=lead.project,
        filer=filer,
        holder=filer,
        by=by,
        store=filer.store,
        channel=CHANNEL_OF_ROLE[Role(filer.role)],
        acquired_at=acquired_at,
        noted_at=at,
        **facts,
    )


def _still_missing(
    filing: Filing, customer: Customer, lead: Lead, *, terms: rules.Terms
) -> Sequence[Element]:
    """What keeps this filing a draft, by the channel's reading of complete (decision 13)."""
    missing = missing_of(customer, lead.project, trade=filing.store.trade)
    event = filed_event(filing, at=filing.noted_at, terms=terms, was=None)
    found = rules.missing_elements(replace(event, missing=missing))
    return [element for element in Element if element in found]


def _submit(
    filing: Filing,
    open_book: OpenBook,
    *,
    terms: rules.Terms,
    by: Person,
    at: datetime,
    is_held: bool,
) -> None:
    """The draft becomes a filing at this moment: every test is made now (FIL-09)."""
    slots = slots_of(
        filing.filer, store=filing.store, day=filing.store.today(at), refill=terms.refill_month
    )
    month = rules.month_of(at, clock=clock_of(filing.store, terms=terms))
    book = open_book.book
    # The customer's own book knows of some of these already.
    known = book.slots(filing.filer_id, month)
    book.before = Before(
        slots={
            (filing.filer_id, month): replace(
                slots, admitted=slots.admitted - known.admitted, deals=slots.deals - known.deals
            )
        }
    )
    entry = book.entry_of(filed_event(filing, at=at, terms=terms, was=None))
    if not entry.invalid and not is_held:
        raise _NotRefused
    filing.submitted_at, filing.invalid = at, entry.invalid
    filing.notes = list(_notes_of(filing.customer, filing.project))
    is_admitted = not entry.invalid
    Filing.objects.filter(pk=filing.pk).update(
        submitted_at=at,
        # The stored state follows with the event; the row must be whole until then.
        acted_at=at,
        update_due_at=at,
        notes=filing.notes,
        review_state=ReviewState.PENDING if is_admitted else "",
        review_due_at=review_due(filing.store, terms=terms, now=at) if is_admitted else None,
    )
    open_book.enter(
        EventKind.FILED,
        at=at,
        by=by,
        person=filing.filer,
        filing=filing,
        project=filing.project,
        code=entry.invalid,
    )
    if entry.invalid:
        note_refused(filing, because=Invalid(entry.invalid), at=at)
    audit.record(verb="file", of=filing, by=by, customer=filing.customer_id, invalid=entry.invalid)
    filing.refresh_from_db()
    note_doubts(filing, book, at=at)


@transaction.atomic
def complete_drafts(*, customer: Customer, by: Person, now: datetime | None = None) -> list[Filing]:
    """Drafts of this customer that lack nothing any more become filings, at this moment (FIL-09).

    Called whenever something on the card was written; nobody's clock goes back.
    """
    drafts = Filing.objects.filter(customer=customer, submitted_at=None, withdrawn="")
    drafts = drafts.select_related("filer__store", "project", "store").order_by("pk")
    done = []
    for draft in drafts:
        lead = Lead(
            project=draft.project,
            acquired_at=draft.acquired_at,
            is_new_project=draft.is_new_project,
            project_reason=draft.project_reason,
            is_from_pool=draft.is_from_pool,
        )
        try:
            with transaction.atomic():
                filing = file_lead(customer=customer, lead=lead, filer=draft.filer, by=by, now=now)
        except (LeadNotFiled, AlreadyProtected):
            continue
        if filing.submitted_at is not None:
            done.append(filing)
    return done
