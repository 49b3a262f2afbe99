"""Filing a lead (报备): the draft, its completion, and the admission in one transaction."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from random import random

from django.db import OperationalError, transaction
from psycopg2.errors import LockNotAvailable

from core.addresses import parse as parse_address
from core.services import audit
from customers.models import Customer
from filings import rules
from filings.models import Filing, Policy, Protection
from filings.queries import slots_of, terms_of
from filings.queries.history import clock_of, filed_event
from filings.rules.events import Before
from filings.services.admission import (
    Lead,
    LeadNotFiled,
    check_most,
    check_waits,
    known_since,
    policy_for,
    review_due,
)
from filings.services.decision_news import tell_cross_asked
from filings.services.disputing import note_doubts
from filings.services.elements import missing_of, notes_of
from filings.services.entering import AlreadyProtected, OpenBook, hold_customer, moment
from filings.services.violations import note_refused
from filings.states import (
    CHANNEL_OF_ROLE,
    Channel,
    CrossState,
    Element,
    EventKind,
    Invalid,
    ReviewState,
)
from staff.models import Person
from staff.regions import region_named_in
from staff.states import Role

# Seconds, at most, between two looks at a customer whom somebody else is filing right now.
WAITS = (0.05, 0.1, 0.2, 0.4, 0.4)


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
    check_waits(customer, filer, project=lead.project, terms=terms, now=at)
    check_most(filer, terms=terms, lead=lead, now=at)

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
    filing.notes = list(notes_of(filing.customer, filing.project))
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
