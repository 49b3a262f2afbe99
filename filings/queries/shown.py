"""Filings on their way to a screen: with what a row or a page says of them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Least

from core.models import AuditEntry
from core.queries import is_any
from customers.models import Customer, CustomerPhone
from customers.queries import visible
from filings.models import Deal, ExtensionRequest, Filing, FilingEvent
from filings.queries.deciders import with_rivals
from filings.queries.standing import ADMITTED, visible_filings
from filings.rules.lights import SOON
from filings.states import EventKind, LapseBy, RequestState, Withdrawn
from staff.scope import Reach
from staff.states import Role

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Shown(TypedDict):
        due_at: datetime | None
        has_deal: bool
        is_asked: bool
        is_known: bool
        is_free: bool
        numbers: list[str]
        has_number: bool
        is_past: bool
        is_renamed: bool

    ShownFiling = WithAnnotations[Filing, _Shown]
else:
    ShownFiling = Filing

DRAFTED = Q(submitted_at=None, withdrawn="")
REFUSED = Q(submitted_at__isnull=False) & ~Q(invalid="")
STANDING_DEAL = Deal.objects.filter(filing=OuterRef("pk"), undone_at=None)
# The first of what is owed, nothing once a deal is made: twin of `rules.lights.next_limit`.
DUE_AT = Case(
    When(Exists(STANDING_DEAL), then=None),
    default=Least(
        "update_due_at",
        "protected_until",
        Case(When(measured_at=None, then=F("limit_at"))),
    ),
    output_field=DateTimeField(),
)


def holding(now: datetime) -> Q:
    """Filings that protect now, or whose deal stands."""
    return ADMITTED & Q(ended="", protected_until__gt=now)


def keeping_out(now: datetime) -> Q:
    """Filings that keep others from filing: those that protect, and where only a deposit ends what
    has gone silent (decision 13), silent ones that are not void for want of measuring.
    """
    in_time = Q(limit_at=None) | Q(measured_at__isnull=False) | Q(limit_at__gt=now)
    silent = Q(ended="", protected_until__isnull=False, policy__lapse_by=LapseBy.DEPOSIT) & in_time
    return ADMITTED & (Q(protected_until__gt=now) | silent)


def over(now: datetime) -> Q:
    """Filings that protected once and do not now."""
    lapsed = Q(protected_until__lte=now) | Q(protected_until=None) | ~Q(ended="")
    return Q(submitted_at__isnull=False, invalid="") & (~Q(withdrawn="") | lapsed)


def lapsing(now: datetime, *, within: timedelta = SOON) -> Q:
    """Filings that protect now and lapse soon, unless something is done."""
    return ADMITTED & Q(ended="", protected_until__gt=now, protected_until__lte=now + within)


def is_known_to(reach: Reach) -> Combinable:
    """Whether the reader may open the card of a filing's customer."""
    if reach.sees_all:
        return Value(True)
    return Exists(visible(reach).filter(pk=OuterRef("customer")))


def is_past_to(reach: Reach) -> Combinable:
    """Whether the reader filed it and holds it no more, nor leads where it was filed."""
    if reach.sees_all:
        return Value(False)
    past = ~Q(holder__in=reach.acts_for) & ~Q(store__in=reach.store_ids)
    return ExpressionWrapper(past, output_field=BooleanField())


# Filings that went to another person, of cards that the reader may not open.
PASSED_ON = Q(is_past=True, is_known=False)


def with_reader(filings: QuerySet, *, reach: Reach) -> QuerySet:
    """Filings with what they are to this reader: `is_known` and `is_past`."""
    return filings.annotate(is_known=is_known_to(reach), is_past=is_past_to(reach))


def is_passed_on(filing: ShownFiling) -> bool:
    """Whether it went to another person, and its card is out of the reader's reach."""
    return filing.is_past and not filing.is_known


# A customer may bear another name than the one under which they were filed: renamed since, or
# joined with another card.
RENAMED = Exists(
    AuditEntry.objects.filter(
        object_type="customers.customer",
        object_id=OuterRef("customer"),
        at__gt=OuterRef("noted_at"),
        verb="update",
        detail__fields__contains=["name"],
    )
) | Exists(Customer.objects.filter(merged_into=OuterRef("customer")))


NUMBERS = CustomerPhone.objects.filter(customer=OuterRef("customer"), retired_at=None)
HAS_NUMBER = ExpressionWrapper(
    is_any(NUMBERS.filter(is_placeholder=False)), output_field=BooleanField()
)


def with_light(filings: QuerySet, *, reach: Reach) -> QuerySet:
    """Filings with what their light is told from: `is_known`, `is_past` and `has_deal`."""
    rows = with_reader(filings, reach=reach).select_related("holder", "store")
    return rows.annotate(has_deal=Exists(STANDING_DEAL))


def shown_filings(filings: QuerySet[Filing], *, reach: Reach, now: datetime) -> QuerySet:
    """Filings with what a screen says of them, in the one query that reads them.

    `numbers`: at most two masked numbers of the customer, `is_known`: the reader may open the
    card, `is_free`: the project could be filed again now, `due_at`: what is owed next.
    """
    running = Filing.objects.filter(keeping_out(now), project=OuterRef("project"))
    dealt = Deal.objects.filter(project=OuterRef("project"), undone_at=None)
    asked = ExtensionRequest.objects.filter(
        filing=OuterRef("pk"), state=RequestState.OPEN, held_until__gt=now
    )
    rows = with_light(filings, reach=reach).select_related("customer")
    return rows.annotate(
        due_at=DUE_AT,
        is_asked=Exists(asked),
        is_renamed=RENAMED,
        is_free=ExpressionWrapper(~is_any(running) & ~is_any(dealt), output_field=BooleanField()),
        numbers=ArraySubquery(NUMBERS.order_by("-is_primary", "pk").values("masked")[:2]),
        has_number=HAS_NUMBER,
        filed_at=Coalesce("submitted_at", "noted_at"),
    )


def names_customer(filing: ShownFiling) -> bool:
    """Whether the reader may be told who it is: of a card within reach, or of a lead once held,
    by the name that it had then.

    Whoever was refused never learns what stands on another's card (decision 4), nor does who filed
    a further project of somebody's customer: they are shown what they said themselves.
    """
    was_held = bool(filing.submitted_at) and not filing.invalid and not filing.said
    is_same = filing.withdrawn != Withdrawn.MERGED and not filing.is_renamed
    return filing.is_known or (was_held and is_same)


def counts_of(filings: QuerySet[Filing], *, now: datetime) -> dict[str, int]:
    """How many are held, drafted, refused and over, and how many of those held lapse soon.

    Of filings `with_reader`: what was passed on is over to them.
    """
    passed_on = holding(now) & PASSED_ON
    return filings.aggregate(
        held=Count("pk", filter=holding(now) & ~PASSED_ON),
        soon=Count("pk", filter=lapsing(now) & ~PASSED_ON),
        drafts=Count("pk", filter=DRAFTED),
        refused=Count("pk", filter=REFUSED),
        over=Count("pk", filter=over(now) | passed_on),
    )


def counts_by_store(filings: QuerySet[Filing], *, now: datetime) -> list[dict]:
    """The same figures, a row a store: for whoever reads figures alone."""
    rows = filings.values("store__name", "store__code").annotate(
        held=Count("pk", filter=holding(now)),
        soon=Count("pk", filter=lapsing(now)),
        drafts=Count("pk", filter=DRAFTED),
        refused=Count("pk", filter=REFUSED),
        over=Count("pk", filter=over(now)),
    )
    return [dict(row) for row in rows.order_by("store__code")]


def count_lapsing(reach: Reach, *, now: datetime) -> int:
    """How many of the reader's own filings lapse within three days, if nothing is done."""
    own = Filing.objects.filter(lapsing(now), holder__in=reach.acts_for)
    return own.exclude(Exists(STANDING_DEAL)).count()


def filing_for(reach: Reach, pk: int, *, now: datetime) -> ShownFiling | None:
    """One filing within reach with all its page says, and who else has filed its project, by which
    each act asks whether the reader is a party to it; None where there is none.
    """
    rows = with_rivals(shown_filings(visible_filings(reach), reach=reach, now=now))
    others = ("filer", "by", "project", "policy", "region", "reviewed_by", "customer__store")
    return rows.select_related("holder", "store", "customer", *others).filter(pk=pk).first()


def events_of(filing: Filing) -> QuerySet[FilingEvent]:
    """What happened to one filing, its holders' contacts among it and nobody else's."""
    own = FilingEvent.objects.filter(filing=filing.pk)
    holders = {filing.filer_id, filing.holder_id}
    holders |= {row for row in own.values_list("person", flat=True) if row}
    acts = Q(
        customer=filing.customer_id,
        person__in=holders,
        filing=None,
        kind__in=[EventKind.CONTACTED, EventKind.MEASURED, EventKind.CONTACT_VOIDED],
    ) & (Q(project=None) | Q(project=filing.project_id))
    found = FilingEvent.objects.filter(Q(filing=filing.pk) | acts | Q(deal__filing=filing.pk))
    if filing.submitted_at is not None:
        found = found.filter(at__gte=filing.submitted_at)
    return found.select_related("person", "by", "request", "contact").order_by("pk")


def with_filing(customers: QuerySet, *, reach: Reach, now: datetime) -> QuerySet:
    """Customers with `filed_until`: until when a filing within reach protects; None without one,
    and for whoever reads figures alone.
    """
    held = visible_filings(reach).filter(holding(now), customer=OuterRef("pk"))
    if reach.role == Role.MARKETING_MANAGER:
        held = held.none()
    ends = held.order_by("-protected_until").values("protected_until")[:1]
    return customers.annotate(filed_until=Subquery(ends))
