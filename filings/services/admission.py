"""What is filed, and what is tested before a filing comes in: waits, limits, since when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.queries import business_calendar
from core.refusals import Refused
from customers.models import Contact, Customer, Project
from filings import rules
from filings.models import Filing, Policy
from filings.queries import policy_of
from filings.queries.standing import free_since
from filings.states import CrossReason, EventKind, Lost, Withdrawn
from staff.models import Person, Store


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


def check_waits(
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


def check_most(filer: Person, *, terms: rules.Terms, lead: Lead, now: datetime) -> None:
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
