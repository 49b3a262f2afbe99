"""What is filed, and what is tested before a filing comes in: waits and limits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from core.queries import business_calendar
from core.refusals import Refused
from customers.models import Customer, GradeChange, Project
from customers.states import Grade
from filings import rules
from filings.models import Filing, FilingEvent, Policy
from filings.queries import policy_of
from filings.queries.shown import STANDING_DEAL, holding
from filings.states import CrossReason, EventKind, Lost, Withdrawn
from filings.wording.moments import limit_text
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
        "late_already": _(
            "You filed this customer too late, so colleagues come first. Reach the customer again "
            "after %(until)s, and file within %(hours)s hours of that contact."
        ),
        "claims_of_the_day": _("You have taken %(most)s customers from the pool today already."),
        "holds_too_many": _("You hold %(most)s filings, which is the limit. Close or release one."),
        "not_a_draft": _("This filing is complete already."),
        "new_project_reason": _("Say why this is another project."),
        "other_card": _("This project is not on this card any more. Open the customer again."),
        "cross_refused": _(
            "Operations refused this filing across regions. Ask again with another reason or "
            "another proof, or correct the address."
        ),
    }


@dataclass(frozen=True, kw_only=True)
class CrossRegion:
    """Why a lead is filed across regions (XRG-03); the proof is the filing's attachment.

    `has_proof` says that one comes along with it.
    """

    reason: CrossReason | str
    has_proof: bool = False


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


def check_waits(
    customer: Customer, filer: Person, *, terms: rules.Terms, lead: Lead, now: datetime
) -> None:
    """Whoever gave a lead up, or took a filing back, waits before filing it again (PUL-04).

    It is by who did it, whosever filing it was: a manager's act makes nobody else wait. Nor does
    anybody grade D and take the customer from the pool at once, which would begin the hours anew.
    """
    given_up = GradeChange.objects.filter(customer=customer, by=filer, after=Grade.D)
    own = FilingEvent.objects.filter(
        customer=customer, by=filer, filing__submitted_at__isnull=False
    )
    released = own.filter(
        kind=EventKind.RELEASED, filing__ended=Lost.RELEASED_D, at=F("filing__ended_at")
    )
    voided = own.filter(
        kind=EventKind.WITHDRAWN, code=Withdrawn.VOIDED, filing__withdrawn=Withdrawn.VOIDED
    )
    after_release = timedelta(hours=terms.release_wait_hours)
    waits: list[tuple[str, QuerySet[Any], timedelta]] = [
        ("waits_after_release", released, after_release),
        ("waits_after_voiding", voided, timedelta(days=terms.refile_wait_days)),
    ]
    if lead.is_from_pool and customer.grade == Grade.D:
        waits.insert(0, ("waits_after_release", given_up, after_release))
    for code, events, wait in waits:
        last = events.aggregate(at=Max("at"))["at"]
        if last is not None and now < last + wait:
            raise LeadNotFiled.because(code, until=said_moment(last + wait, filer))


def said_moment(at: datetime, person: Person) -> str:
    """A moment in words, by the clock of this person's store."""
    return limit_text(at, zone=person.store.tzinfo if person.store else None)


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
        held = Filing.objects.filter(holding(now), ~Exists(STANDING_DEAL), holder=filer)
        if held.count() >= terms.most_held:
            raise LeadNotFiled.because("holds_too_many", most=terms.most_held)


def review_due(store: Store, *, terms: rules.Terms, now: datetime) -> datetime:
    """Until when a filing is to be reviewed; then it is escalated, never approved (FIL-28)."""
    last = business_calendar().add_working_days(store.today(now), terms.review_working_days)
    return rules.Clock(zone=store.tzinfo).end_of(last)
