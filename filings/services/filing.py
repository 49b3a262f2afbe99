"""Filing a lead (报备): the draft, its completion, and the admission in one transaction."""

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from random import random

from django.db import IntegrityError, OperationalError, transaction
from psycopg2.errors import LockNotAvailable

from core.services import audit
from customers.models import Customer, Project
from filings import rules
from filings.models import Filing, Policy, Protection
from filings.queries import terms_of
from filings.queries.history import filed_event
from filings.queries.standing import free_since
from filings.services.admission import (
    Lead,
    LeadNotFiled,
    check_most,
    check_waits,
    policy_for,
    review_due,
)
from filings.services.decision_news import tell_cross_asked
from filings.services.disputing import note_doubts
from filings.services.elements import missing_of, notes_of
from filings.services.entering import (
    MOST_MERGES,
    AlreadyProtected,
    OpenBook,
    hold_customer,
    moment,
)
from filings.services.facts import entry_of, facts_of, store_of, waiting_of
from filings.services.flags import note_flags
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
    store_of(filer)
    filed = _file_or_none(customer, lead, filer=filer, by=by, now=now)
    if filed is not None:
        return filed
    with suppress(_NotRefused), transaction.atomic():
        return _file(customer, lead, filer=filer, by=by, now=now, is_held=False)
    # What protected a moment ago does so no more.
    held = _held(customer, filer)
    return _file(held, lead, filer=filer, by=by, now=now, is_held=True)


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
                held = _held(customer, filer, nowait=wait is not None)
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
    lead = _on_card(lead, customer, is_held=is_held)
    open_book = OpenBook(customer)
    at = open_book.moment(now)
    policy = policy_for(store_of(filer), now=at)
    terms = terms_of(policy)
    if lead.acquired_at > at:
        raise LeadNotFiled.because("acquired_later")
    mine = open_book.book.protecting(lead.project.pk, at)
    if mine is not None and mine.holder == filer.pk:
        raise LeadNotFiled.because("yours_already")
    check_waits(customer, filer, terms=terms, lead=lead, now=at)
    check_most(filer, terms=terms, lead=lead, now=at)

    filing = _draft(customer, lead, filer=filer, by=by, policy=policy, at=at)
    if lead.cross_region is not None and filing.cross_state == CrossState.ASKED:
        tell_cross_asked(filing, by=by, now=at)
    missing = _still_missing(filing, customer, lead, terms=terms)
    if not missing and filing.cross_state in ("", CrossState.APPROVED):
        _submit(filing, open_book, terms=terms, by=by, at=at, is_held=is_held)
    return filing


def hold_filers(filers: Iterable[Person]) -> None:
    """Lock those of these who file against a quota, always in the order of their ids."""
    field = [each.pk for each in filers if CHANNEL_OF_ROLE.get(Role(each.role)) == Channel.FIELD]
    if field:
        rows = Person.objects.filter(pk__in=field).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))


class _Merged(Exception):
    """The card went into another; raised so that its lock is let go."""


def _held(customer: Customer, filer: Person, *, nowait: bool = False) -> Customer:
    """The customer under lock, fresh, and whoever files against a quota: one filing at a time.

    A card that was merged meanwhile is followed to the one that it went into.
    """
    pk = customer.pk
    for _merge in range(MOST_MERGES):
        try:
            with transaction.atomic():  # both at once would cross those who merge
                held = hold_customer(pk, nowait=nowait)
                if held.merged_into_id is not None:
                    raise _Merged
        except _Merged:
            pk = held.merged_into_id or pk
            continue
        hold_filers([filer])
        return held
    raise RuntimeError(f"customer {customer.pk} was merged in a circle")


def _on_card(lead: Lead, customer: Customer, *, is_held: bool) -> Lead:
    """The lead with its project as it is now on this card, or with the one that it was joined to.

    Raises LeadNotFiled; _NotRefused where a merge may have moved it, which the lock will tell.
    """
    project = Project.objects.select_related("joined_to").get(pk=lead.project.pk)
    project = project.joined_to or project
    if project.customer_id != customer.pk:
        if not is_held:
            raise _NotRefused
        raise LeadNotFiled.because("other_card")
    return replace(lead, project=project)


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
    waiting = waiting_of(lead, filer)
    found = waiting.first()
    if found is None:
        facts = facts_of(customer, lead, None, filer=filer, policy=policy, at=at)
        try:
            with transaction.atomic():
                return Filing.objects.create(
                    customer=customer, project=lead.project, by=by, noted_at=at, **facts
                )
        except IntegrityError:
            # The same person filed it in this very moment: that draft is this one.
            found = waiting.first()
            if found is None:
                raise
    facts = facts_of(customer, lead, found, filer=filer, policy=policy, at=at)
    Filing.objects.filter(pk=found.pk).update(**facts)
    found.refresh_from_db()
    return found


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
    book = open_book.book
    entry = entry_of(filing, book, terms=terms, at=at)
    if not entry.invalid and not is_held:
        raise _NotRefused
    filing.submitted_at, filing.invalid = at, entry.invalid
    filing.notes = list(notes_of(filing.customer, filing.project))
    is_admitted = not entry.invalid
    submitted = Filing.objects.filter(pk=filing.pk, submitted_at=None).update(
        submitted_at=at,
        # The stored state follows with the event; the row must be whole until then.
        acted_at=at,
        update_due_at=at,
        notes=filing.notes,
        review_state=ReviewState.PENDING if is_admitted else "",
        review_due_at=review_due(filing.store, terms=terms, now=at) if is_admitted else None,
    )
    if not submitted:
        raise LeadNotFiled.because("not_a_draft")
    open_book.enter_of(
        filing, EventKind.FILED, at=at, by=by, person=filing.filer, code=entry.invalid
    )
    if entry.invalid:
        note_refused(filing, because=Invalid(entry.invalid), at=at)
    audit.record(verb="file", of=filing, by=by, customer=filing.customer_id, invalid=entry.invalid)
    filing.refresh_from_db()
    note_doubts(filing, book, at=at)
    if not filing.invalid:
        note_flags(filing, at=at)


@transaction.atomic
def complete_drafts(*, customer: Customer, by: Person, now: datetime | None = None) -> list[Filing]:
    """Drafts of this customer that lack nothing any more become filings, at this moment (FIL-09).

    Called whenever something on the card was written; nobody's clock goes back. Whoever has left
    files nothing any more.
    """
    drafts = Filing.objects.filter(
        customer=customer, submitted_at=None, withdrawn="", filer__is_active=True
    )
    rows = list(drafts.select_related("filer__store", "project", "store").order_by("pk"))
    if not rows:
        return []
    customer = hold_customer(customer.pk)
    hold_filers([draft.filer for draft in rows])
    free_at = free_since(customer, now=moment(now)).at
    done: list[Filing] = []
    for draft in rows:
        lead = Lead(
            project=draft.project,
            # What another's filing kept anybody from filing counts from its end.
            acquired_at=max(draft.acquired_at, free_at or draft.acquired_at),
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
