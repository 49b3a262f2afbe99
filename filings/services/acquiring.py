"""Since when somebody has had the data of a lead, and what shows it (FIL-26, decision 20)."""

from datetime import datetime, time, timedelta
from itertools import takewhile

from django.db.models import Min, Q

from customers.models import Contact, Customer, CustomerPhone, LeadOffer, Project
from customers.rules import EFFECTIVE_CHANNELS
from customers.states import OfferState
from filings import rules
from filings.models import Filing, Policy
from filings.queries.standing import free_since
from filings.services.admission import Lead, LeadNotFiled, said_moment
from filings.states import Invalid
from staff.models import Person, Store


def known_since(
    customer: Customer,
    filer: Person,
    *,
    lead: Lead,
    free_at: datetime | None,
    terms: rules.Terms,
    now: datetime,
) -> datetime:
    """Since when the filer had the data: as stated, but no later than they show (FIL-26).

    From the pool the clock starts at the taking. Whoever filed too late begins anew with the first
    contact that reaches the customer once colleagues have had their time. Raises LeadNotFiled.
    """
    if lead.is_from_pool:
        return lead.acquired_at
    since = _latest(free_at, filing_began(filer.store, now=now) if filer.store else None)
    late_at = _filed_late_at(lead.project, filer, since=since)
    if late_at is None:
        shown = _shown_since(customer, filer, since=since, of=lead)
        return min([lead.acquired_at, *shown])
    until = late_at + timedelta(hours=terms.release_wait_hours)
    shown = _shown_since(customer, filer, since=until, of=lead, is_fresh=True)
    if not shown:
        raise LeadNotFiled.because(
            "late_already", until=said_moment(until, filer), hours=terms.file_within_hours
        )
    return min([lead.acquired_at, *shown])


def filing_began(store: Store, *, now: datetime) -> datetime | None:
    """Since when leads are filed in this store's trade without a break.

    What ships is in force since it was installed, whatever day it names: what was known before,
    nobody could file in time.
    """
    rows = Policy.objects.filter(trade=store.trade, valid_from__lte=store.today(now))
    in_force = list(takewhile(lambda policy: policy.is_on, rows.order_by("-valid_from")))
    if not in_force:
        return None
    first = in_force[-1]
    return max(datetime.combine(first.valid_from, time(), store.tzinfo), first.set_at)


def knew_longer(filing: Filing, *, at: datetime) -> bool:
    """Whether the filer of another project has had the customer's data for too long (FIL-33).

    It makes nobody late: for this project the data are new. Its reviewer is told.
    """
    if not filing.is_new_project or filing.is_from_pool:
        return False
    since = _latest(free_since(filing.customer, now=at).at, filing_began(filing.store, now=at))
    shown = _shown_since(filing.customer, filing.filer, since=since)
    return bool(shown) and min(shown) < at - timedelta(hours=filing.policy.file_within_hours)


def _latest(*moments: datetime | None) -> datetime | None:
    return max((at for at in moments if at is not None), default=None)


def _filed_late_at(project: Project, filer: Person, *, since: datetime | None) -> datetime | None:
    """When this person's late filing of the project was refused, since it was free last."""
    late = Filing.objects.filter(project=project, filer=filer, invalid=Invalid.LATE_24H)
    if since is not None:
        late = late.filter(submitted_at__gt=since)
    return late.order_by("-submitted_at").values_list("submitted_at", flat=True).first()


def _shown_since(
    customer: Customer,
    filer: Person,
    *,
    since: datetime | None,
    of: Lead | None = None,
    is_fresh: bool = False,
) -> list[datetime]:
    """What shows that somebody had the data: each kind's first moment after `since`.

    Nothing from before a number was known: the first contact logged by the same person, the card
    that they registered, the inquiry that they accepted. `of` one lead only what is of it: no
    contact that names another project, and nothing from before a further project was opened.
    `is_fresh` asks that the contact reached the customer and was entered in time (FIL-29, FIL-30).
    """
    numbers = CustomerPhone.objects.filter(customer=customer, is_placeholder=False)
    numbered_at = numbers.aggregate(at=Min("added_at"))["at"]
    opened_at = of.project.opened_at if of is not None and of.is_new_project else None
    found: list[datetime | None] = []
    if numbered_at is not None:
        own = Contact.objects.filter(
            Q(on_behalf_of=filer) | Q(by=filer, on_behalf_of=None), customer=customer,
            voided_at=None, occurred_at__gte=numbered_at,
        )  # fmt: skip
        if is_fresh:
            own = own.filter(reached=True, is_late_entry=False, channel__in=EFFECTIVE_CHANNELS)
        if of is not None:
            own = own.filter(_is_of(of.project, since=opened_at))
        if since is not None:
            own = own.filter(occurred_at__gt=since)
        found.append(own.aggregate(at=Min("occurred_at"))["at"])
        if customer.registered_by_id == filer.pk and numbered_at <= customer.registered_at:
            found.append(_not_before(opened_at, customer.registered_at))
    accepted = LeadOffer.objects.filter(
        person=filer, state=OfferState.ACCEPTED, lead__customer=customer, lead__key__isnull=False
    )
    if since is not None:
        accepted = accepted.filter(answered_at__gt=since)
    if opened_at is not None:
        accepted = accepted.filter(answered_at__gte=opened_at)
    found.append(accepted.aggregate(at=Min("answered_at"))["at"])
    return [at for at in found if at is not None and (since is None or at > since)]


def _is_of(project: Project, *, since: datetime | None) -> Q:
    """The contacts that name this project, or none; those from `since` on, where it is told."""
    none = Q(project=None) if since is None else Q(project=None, occurred_at__gte=since)
    return none | Q(project=project) | Q(project__joined_to=project)


def _not_before(earliest: datetime | None, at: datetime) -> datetime | None:
    return at if earliest is None or at >= earliest else None
