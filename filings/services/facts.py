"""What is known of a lead as somebody files it, and how the rules test it: filed, or foretold."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from customers.models import Customer
from filings import rules
from filings.models import Filing, Policy
from filings.queries import home_region, slots_of, terms_of
from filings.queries.history import book_of, clock_of, filed_event
from filings.queries.standing import free_since
from filings.rules import Book
from filings.rules.book import Entry
from filings.rules.events import Before
from filings.services.acquiring import known_since
from filings.services.admission import Lead, LeadNotFiled, check_most, check_waits, policy_for
from filings.states import CHANNEL_OF_ROLE, CrossState
from staff.models import Person, Region, Store
from staff.states import Role


def store_of(filer: Person) -> Store:
    """Where somebody files. Raises LeadNotFiled where they do not."""
    if filer.store is None or filer.role not in CHANNEL_OF_ROLE:
        raise LeadNotFiled.because("not_a_filer")
    return filer.store


def waiting_of(lead: Lead, filer: Person) -> QuerySet[Filing]:
    """The filer's draft of this project."""
    drafts = Filing.objects.select_related("store", "policy")
    return drafts.filter(project=lead.project, filer=filer, submitted_at=None)


def facts_of(
    customer: Customer,
    lead: Lead,
    found: Filing | None,
    *,
    filer: Person,
    policy: Policy,
    at: datetime,
) -> dict[str, Any]:
    """What a filing says of this lead; `found` is the draft that waits. Raises LeadNotFiled.

    Somebody new, who has no key yet, is known since when it is said.
    """
    acquired_at, free_at = lead.acquired_at, None
    if customer.pk is not None:
        free_at = free_since(customer, now=at).at
        acquired_at = known_since(
            customer, filer, lead=lead, free_at=free_at, terms=terms_of(policy), now=at
        )
    region = home_region(customer, address=lead.project.address)
    store = found.store if found else store_of(filer)
    facts = {
        "policy": policy,
        "region": region,
        "is_new_project": lead.is_new_project,
        "project_reason": lead.project_reason[:200],
        "is_from_pool": lead.is_from_pool,
        "is_out_of_scope": customer.bought_count > 0 and not lead.is_new_project,
        **_cross_facts(lead, found, region=region, store=store),
    }
    if found is None:
        channel = CHANNEL_OF_ROLE[Role(filer.role)]
        facts |= {"filer": filer, "holder": filer, "store": store, "channel": channel}
    elif not lead.is_from_pool and (free_at is None or found.acquired_at > free_at):
        acquired_at = min(acquired_at, found.acquired_at)
    return {"acquired_at": acquired_at, **facts}


def _cross_facts(
    lead: Lead, found: Filing | None, *, region: Region | None, store: Store
) -> dict[str, object]:
    """What is asked across regions by this lead, after what was decided of the waiting draft.

    A home of one's own region asks for nothing; what was refused is asked again with another
    reason or proof (XRG-03). Raises LeadNotFiled.
    """
    asked, state = lead.cross_region, found.cross_state if found else ""
    if not rules.is_foreign(
        region=region.pk if region else None, own=store.region_id, is_approved=False
    ):
        return {"cross_state": "", "cross_reason": ""}
    if found is not None and state == CrossState.REFUSED:
        is_same = asked is None or str(asked.reason) == found.cross_reason
        if asked is None or (is_same and not asked.has_proof):
            raise LeadNotFiled.because("cross_refused")
    if asked is None or state == CrossState.APPROVED:
        return {}
    return {"cross_reason": asked.reason, "cross_state": CrossState.ASKED}


def _slots_elsewhere(filing: Filing, book: Book, *, terms: rules.Terms, at: datetime) -> Before:
    """What the filer has used of the month's quota, but for what this customer's book knows."""
    slots = slots_of(
        filing.filer, store=filing.store, day=filing.store.today(at), refill=terms.refill_month
    )
    month = rules.month_of(at, clock=clock_of(filing.store, terms=terms))
    known = book.slots(filing.filer_id, month)
    left = replace(slots, admitted=slots.admitted - known.admitted, deals=slots.deals - known.deals)
    return Before(slots={(filing.filer_id, month): left})


def entry_of(filing: Filing, book: Book, *, terms: rules.Terms, at: datetime) -> Entry:
    """The first test that this filing fails at this moment, all it needs being there (FIL-09)."""
    book.before = _slots_elsewhere(filing, book, terms=terms, at=at)
    return book.entry_of(filed_event(filing, at=at, terms=terms, was=None))


def foretell(*, customer: Customer, lead: Lead, filer: Person, now: datetime) -> Filing:
    """What would come of this filing if it came in now and lacked nothing; nothing is written.

    By the tests that decide, read without a lock: `invalid`, or not `submitted_at` where operations
    are to decide first. `customer` and project without keys are somebody new. Raises LeadNotFiled.
    """
    policy = policy_for(store_of(filer), now=now)
    terms = terms_of(policy)
    is_known = customer.pk is not None
    if is_known:
        check_waits(customer, filer, terms=terms, lead=lead, now=now)
    check_most(filer, terms=terms, lead=lead, now=now)
    found = waiting_of(lead, filer).first() if is_known else None
    facts = facts_of(customer, lead, found, filer=filer, policy=policy, at=now)
    filing = found or Filing(customer=customer, project=lead.project, by=filer, noted_at=now)
    for name, value in facts.items():
        setattr(filing, name, value)
    if filing.cross_state in ("", CrossState.APPROVED):
        book = book_of(customer) if is_known else Book()
        filing.submitted_at = now
        filing.invalid = entry_of(filing, book, terms=terms, at=now).invalid
    return filing
