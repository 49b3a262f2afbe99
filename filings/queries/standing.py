"""Who holds a customer's lead at this moment, and whether it is free."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from customers.models import Customer, CustomerPhone, Project
from filings.models import Deal, Filing, FilingEvent, Protection
from filings.states import CrossState, EventKind, Withdrawn
from staff.models import Person
from staff.scope import Reach

# Admitted, and neither withdrawn nor drafted.
ADMITTED = Q(submitted_at__isnull=False, invalid="", withdrawn="")
# What ends a protection before its time.
FREEING = (EventKind.REVIEWED, EventKind.WITHDRAWN, EventKind.RELEASED)


def visible_filings(reach: Reach) -> QuerySet[Filing]:
    """The filings within this person's reach: held or filed by them, of their stores, or all."""
    found = Filing.objects.all()
    if reach.sees_all:
        return found
    acting = reach.acts_for
    return found.filter(Q(holder__in=acting) | Q(filer__in=acting) | Q(store__in=reach.store_ids))


def protecting(*, customer: Customer | int, now: datetime) -> QuerySet[Filing]:
    """The filings that protect this customer's projects now, one a project at most."""
    running = Protection.objects.filter(
        filing=OuterRef("pk"), withdrawn=False, during__contains=now
    )
    return Filing.objects.filter(ADMITTED, Exists(running), customer=customer).order_by("pk")


def filings_of(customer: Customer) -> QuerySet[Filing]:
    """All filings of a customer, refused ones and drafts too, the newest first."""
    found = Filing.objects.filter(customer=customer)
    return found.select_related("holder", "filer", "project", "store", "policy").order_by("-pk")


def drafts_of(customer: Customer) -> QuerySet[Filing]:
    """The filings of a customer that lack something and protect nobody (FIL-09)."""
    drafts = Filing.objects.filter(customer=customer, submitted_at=None, withdrawn="")
    return drafts.select_related("project", "store", "policy").order_by("pk")


def is_held_elsewhere(cards: Iterable[int], *, at: datetime, besides: int) -> bool:
    """Whether somebody else than this person protected, at a moment, the lead of one of these cards
    that may be the same customer's (FIL-32).

    Asked at the deposit and after it alike: what has lapsed protects nobody, on one card or two.
    """
    protected = Protection.objects.filter(
        filing=OuterRef("pk"), withdrawn=False, during__contains=at
    )
    rivals = Filing.objects.filter(ADMITTED, Exists(protected), customer__in=cards)
    return rivals.exclude(holder=besides).exists()


def drafts_with_number() -> QuerySet[Filing]:
    """Drafts of customers who can be called, of trades in which leads are filed; those of who has
    left, and those that wait for another region's word, are not among them.
    """
    numbers = CustomerPhone.objects.filter(
        customer=OuterRef("customer"), retired_at=None, is_placeholder=False
    )
    drafts = Filing.objects.filter(
        Exists(numbers), submitted_at=None, withdrawn="", filer__is_active=True
    )
    ready = drafts.filter(cross_state__in=["", CrossState.APPROVED], policy__is_on=True)
    others = ("customer", "project", "store", "policy", "filer")
    return ready.select_related(*others).order_by("customer", "pk")


def standing_deal(project_id: int) -> Deal | None:
    """The first deal of a project that stands."""
    return Deal.objects.filter(project=project_id, undone_at=None).order_by("at", "pk").first()


def purchases_of(project_id: int) -> list[list[Deal]]:
    """The standing deals of a project, those of one purchase together, in their order (FIL-05).

    A repeat purchase begins with its first deposit, whether or not that was returned since.
    """
    found: list[list[Deal]] = [[]]
    for deal in Deal.objects.filter(project=project_id).order_by("at", "pk"):
        if deal.is_repeat:
            found.append([])
        if deal.undone_at is None:
            found[-1].append(deal)
    return [deals for deals in found if deals]


def same_purchase(deal: Deal) -> list[Deal]:
    """The standing deals of the purchase to which this one belongs, or belonged; it included."""
    begun = Deal.objects.filter(project=deal.project_id, is_repeat=True).order_by("at", "pk")
    starts = [(each.at, each.pk) for each in begun]

    def part(each: Deal) -> int:
        return sum(start <= (each.at, each.pk) for start in starts)

    rows = Deal.objects.filter(project=deal.project_id, undone_at=None).select_related("project")
    return [each for each in rows.order_by("at", "pk") if part(each) == part(deal)]


@dataclass(frozen=True, kw_only=True)
class FreeSince:
    """When a customer's leads became free last, and whether somebody ever held them."""

    at: datetime | None
    was_held: bool


def free_since(customer: Customer, *, now: datetime) -> FreeSince:
    """Since when nobody has protected any of this customer's projects.

    What was rejected or taken back protected until then, and so did a deposit until its return.
    """
    stretches = Protection.objects.filter(filing__customer=customer, withdrawn=False)
    ends: list[datetime | None] = [
        during.upper for during in stretches.values_list("during", flat=True)
    ]
    freed = FilingEvent.objects.filter(customer=customer, kind__in=FREEING)
    freed = freed.filter(at__lte=now).exclude(code=Withdrawn.MERGED)
    ends.append(freed.aggregate(at=Max("at"))["at"])
    undone = Deal.objects.filter(customer=customer, undone_at__lte=now)
    ends.append(undone.aggregate(at=Max("undone_at"))["at"])
    past = [end for end in ends if end is not None and end <= now]
    held = Filing.objects.filter(ADMITTED, customer=customer, protected_until__isnull=False)
    return FreeSince(at=max(past, default=None), was_held=held.exists())


def projects_held(customer: Customer, person: Person) -> list[Project]:
    """For which projects of a customer this person holds a filing that may still change."""
    held = Filing.objects.filter(ADMITTED, customer=customer, holder=person, ended="")
    return list(Project.objects.filter(pk__in=held.values("project")).order_by("pk"))
