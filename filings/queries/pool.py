"""The pool (公海): customers whom anybody who files may take, why and since when (PUL-01).

One definition for the list, for one customer, and for taking them: `pool`. Set-based: what
protects, what is sold and who was held are read by their indexes, never the contacts.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Left, NullIf

from customers.models import Customer, CustomerPhone, GradeChange, Project
from customers.queries import with_masked_phone
from customers.states import Grade, Quiet
from filings.models import Deal, Filing
from filings.queries.policies import policies_in_force
from filings.queries.shown import keeping_out
from filings.queries.standing import ADMITTED
from filings.states import Lost
from filings.states.lights import WhyFree
from staff.models import Region, Store
from staff.regions import words_of
from staff.scope import SERVING_KINDS

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Free(TypedDict):
        phone: str | None
        why_free: str
        free_since: datetime
        home_address: str | None

    FreeCustomer = WithAnnotations[Customer, _Free]
else:
    FreeCustomer = Customer


# How much of an address can name a place: what stands before the road and the home.
REGION_LETTERS = 16


def filing_trades(*, day: date) -> list[str]:
    """The trades in which leads are filed on this day (decision 6)."""
    return [policy.trade for policy in policies_in_force(day=day) if policy.is_on]


def _last_held() -> QuerySet[Filing]:
    """The filing of a customer that protected last."""
    admitted = Filing.objects.filter(
        ADMITTED, customer=OuterRef("pk"), protected_until__isnull=False
    )
    return admitted.order_by("-protected_until", "-pk")


def _how_lost(now: datetime) -> Case:
    """Twin of `rules.lights.lost_by`, in the words of the pool."""
    unmeasured = Q(ended="", limit_at__lte=now, measured_at=None) | Q(ended=Lost.VOID_15D)
    return Case(
        When(ended=Lost.RELEASED_D, then=Value(WhyFree.RELEASED.value)),
        When(unmeasured, then=Value(WhyFree.UNMEASURED.value)),
        default=Value(WhyFree.SILENCE.value),
        output_field=CharField(),
    )


def _candidates(day: date) -> QuerySet[Customer]:
    """Customers of trades that file who can be filed at all: they have a number, are no buyers,
    wish to hear from us, and nobody keeps them by other means.
    """
    stores = Store.objects.filter(trade__in=filing_trades(day=day), kind__in=SERVING_KINDS)
    numbers = CustomerPhone.objects.filter(retired_at=None, is_placeholder=False)
    held = Filing.objects.filter(ADMITTED, protected_until__isnull=False)
    is_left = Q(owner=None) | Q(owner__is_active=False) | Q(grade=Grade.D)
    return Customer.objects.filter(
        is_left | Q(Exists(held.filter(customer=OuterRef("pk")))),
        Exists(numbers.filter(customer=OuterRef("pk"))),
        store__in=stores,
        merged_into=None,
        bought_count=0,
    ).exclude(quiet=Quiet.ALL)


def pool(*, now: datetime, day: date, trade: str | None = None) -> QuerySet[FreeCustomer]:
    """Who is free at this moment: nobody's filing protects them, and no deal stands.

    A customer belongs to the `trade` of their store: who files sees those of the own one.

    `why_free` is a `WhyFree`, `free_since` the end of the last protection; where nobody ever held
    them, when they were given up as D, else when they were registered.
    """
    running = Filing.objects.filter(keeping_out(now), customer=OuterRef("pk"))
    dealt = Deal.objects.filter(customer=OuterRef("pk"), undone_at=None)
    given_up = GradeChange.objects.filter(customer=OuterRef("pk"), after=Grade.D)
    last = _last_held()
    free: Any = _candidates(day).filter(~Exists(running), ~Exists(dealt))
    if trade is not None:
        free = free.filter(store__trade=trade)
    return free.annotate(
        how_lost=Subquery(last.annotate(lost=_how_lost(now)).values("lost")[:1]),
        last_until=Subquery(last.values("protected_until")[:1]),
    ).annotate(
        why_free=Case(
            When(how_lost=WhyFree.RELEASED, grade=Grade.D, then=Value(WhyFree.GRADE_D.value)),
            When(how_lost__isnull=False, then=F("how_lost")),
            When(grade=Grade.D, then=Value(WhyFree.GRADE_D.value)),
            When(owner=None, then=Value(WhyFree.NEVER_KEPT.value)),
            default=Value(WhyFree.LEAVER.value),
            output_field=CharField(),
        ),
        free_since=Coalesce(
            "last_until",
            Case(
                When(
                    grade=Grade.D,
                    then=Subquery(given_up.order_by("-at").values("at")[:1]),
                ),
                output_field=DateTimeField(),
            ),
            "registered_at",
        ),
    )


def held_last(customer: int | OuterRef) -> QuerySet[Filing]:
    """The filings of a customer that protected, the last one first: its project is taken."""
    held = Filing.objects.filter(
        customer=customer, invalid="", withdrawn="", project__joined_to=None
    )
    return held.exclude(protected_until=None).order_by("-protected_until", "-pk")


def first_project(customer: int | OuterRef) -> QuerySet[Project]:
    """What a customer wanted first: taken where nothing was ever held."""
    return Project.objects.filter(customer=customer, joined_to=None).order_by("pk")


def pool_rows(free: QuerySet[FreeCustomer]) -> QuerySet[FreeCustomer]:
    """Rows of the pool with what a row shows: the number masked, the need, the place, no name.

    `home_address` is that of the project that would be filed, for its region (XRG-01).
    """
    customer = OuterRef("pk")
    rows: Any = with_masked_phone(free).annotate(
        home_address=Coalesce(
            Subquery(held_last(customer).values("project__address")[:1]),
            Subquery(first_project(customer).values("address")[:1]),
        )
    )
    return rows.select_related("store__region").only(
        "grade", "need", "expected_purchase", "registered_at", "address", "store__name",
        "store__zone", "store__code", "store__trade", "store__region__name",
    )  # fmt: skip


def lying_in(free: QuerySet, region: int) -> QuerySet:
    """Those of the pool whose home lies in this region: as the address names it, else the store's.

    The twin of `home_region` for many rows: the longest name wins there, too.
    """
    named = sorted(
        ((word, each.pk) for each in Region.objects.order_by("pk") for word in words_of(each)),
        key=lambda pair: -len(pair[0]),
    )
    return free.annotate(
        place=Left(Coalesce(NullIf("home_address", Value("")), "address"), REGION_LETTERS)
    ).annotate(
        lies_in=Case(
            *[When(place__contains=word, then=Value(pk)) for word, pk in named],
            default=F("store__region"),
            output_field=BigIntegerField(),
        )
    ).filter(lies_in=region)  # fmt: skip
