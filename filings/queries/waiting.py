"""What waits for somebody's decision, and what was decided."""

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)

from customers.models import CustomerPhone
from filings.models import ExtensionRequest, Filing, SpecialPrice
from filings.queries.deciders import with_rivals, within
from filings.rules.deciders import Matter, Powers, stores_of
from filings.states import CrossState, RequestKind, RequestState, ReviewState, SpecialPriceState
from staff.scope import Reach

OF_KIND = {RequestKind.LIMIT: Matter.LIMIT, RequestKind.SILENCE: Matter.SILENCE}
DECIDED = (ReviewState.APPROVED, ReviewState.REJECTED)


def phone_of(path: str) -> Subquery:
    """The masked main number of the customer at `path`."""
    in_use = CustomerPhone.objects.filter(customer=OuterRef(path), retired_at=None)
    return Subquery(in_use.order_by("-is_primary", "pk").values("masked")[:1])


def filings_for_review(powers: Powers) -> QuerySet[Filing]:
    """The filings of what this person reviews, decided ones too; none that was taken back."""
    found = within(Filing.objects.exclude(review_state=""), stores_of(powers, Matter.REVIEW))
    rows = found.filter(Q(withdrawn="") | Q(review_state=ReviewState.REJECTED))
    rows = rows.select_related(
        "customer", "project", "filer", "holder", "store", "policy", "proof", "reviewed_by"
    )
    return with_rivals(rows).annotate(
        phone=phone_of("customer"), is_same_second=_same_second(), is_refiled=_refiled()
    )


def _others() -> QuerySet[Filing]:
    """The other filings of the same project."""
    return Filing.objects.filter(project=OuterRef("project")).exclude(pk=OuterRef("pk"))


def _same_second() -> Exists:
    """Somebody else filed the project in the same second (FIL-11): known when both are in."""
    rows = _others().exclude(filer=OuterRef("filer"))
    return Exists(
        rows.annotate(second=_second(F("submitted_at"))).filter(
            second=_second(OuterRef("submitted_at"))
        )
    )


def _second(moment: F) -> Func:
    """The second of a moment; Django's own function does not take an outer row's."""
    return Func(Value("second"), moment, function="DATE_TRUNC", output_field=DateTimeField())


def _refiled() -> Exists:
    """The same person had filed the project before, and lost or gave up that filing."""
    before = _others().filter(submitted_at__lt=OuterRef("submitted_at"), invalid="")
    return Exists(before.filter(filer=OuterRef("filer")))


def reviews_in(rows: QuerySet[Filing], part: str) -> QuerySet[Filing]:
    """Those that wait, wait for proof, or are decided."""
    if part == "proof":
        return rows.filter(review_state=ReviewState.PROOF)
    if part == "decided":
        return rows.filter(review_state__in=DECIDED, reviewed_at__isnull=False)
    return rows.filter(review_state=ReviewState.PENDING)


def requests_for(powers: Powers) -> QuerySet[ExtensionRequest]:
    """The requests for more time that this person decides."""
    chosen = Q(pk=None)
    for kind, matter in OF_KIND.items():
        stores = stores_of(powers, matter)
        own = Q(kind=kind)
        chosen |= own if stores is None else own & Q(filing__store__in=stores)
    rows = with_rivals(ExtensionRequest.objects.filter(chosen), project="filing__project")
    return rows.select_related(
        "asked_by", "decided_by", "filing__customer", "filing__holder", "filing__filer",
        "filing__store", "filing__policy", "filing__project",
    )  # fmt: skip


def requests_in(rows: QuerySet[ExtensionRequest], part: str) -> QuerySet[ExtensionRequest]:
    """Those that wait, or are decided."""
    if part == "decided":
        return rows.exclude(state=RequestState.OPEN)
    return rows.filter(state=RequestState.OPEN)


def cross_region_filings() -> QuerySet[Filing]:
    """The leads for which somebody asked to file across regions: operations decide them alone."""
    rows = Filing.objects.exclude(cross_state="").select_related(
        "customer", "project", "filer", "holder", "store__region", "region", "policy", "proof"
    )
    return with_rivals(rows).annotate(phone=phone_of("customer"))


def cross_region_in(rows: QuerySet[Filing], part: str) -> QuerySet[Filing]:
    """Those that wait, or are decided."""
    if part == "decided":
        return rows.exclude(cross_state=CrossState.ASKED)
    return rows.filter(cross_state=CrossState.ASKED)


def visible_prices(reach: Reach, powers: Powers) -> QuerySet[SpecialPrice]:
    """The special prices within this person's reach, and those they decide."""
    rows = SpecialPrice.objects.select_related("customer", "store", "asked_by", "decided_by")
    if reach.sees_all:
        return rows
    stores = reach.store_ids | powers.in_sales
    return rows.filter(Q(asked_by__in=reach.acts_for) | Q(store__in=stores))


def prices_to_decide(powers: Powers) -> QuerySet[SpecialPrice]:
    """The open ones of the stores whose prices this person decides."""
    rows = SpecialPrice.objects.filter(state=SpecialPriceState.OPEN)
    return within(rows, stores_of(powers, Matter.PRICE)).exclude(asked_by__in=powers.acts_for)


def counts_of(powers: Powers) -> dict[str, int]:
    """How much waits for this person, by kind: four statements."""
    reviews = reviews_in(filings_for_review(powers).order_by(), "waiting")
    cross = cross_region_in(cross_region_filings().order_by(), "waiting")
    return {
        "reviews": reviews.count(),
        "extensions": requests_in(requests_for(powers), "waiting").count(),
        "cross_region": cross.count() if powers.is_operations else 0,
        "prices": prices_to_decide(powers).aggregate(count=Count("pk"))["count"],
    }
