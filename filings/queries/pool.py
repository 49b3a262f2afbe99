"""The pool (公海): customers whom anybody who files may take, why and since when (PUL-01).

One definition for the list, for one customer, and for taking them: `pool`. Set-based: what
protects, what is sold and who was held are read by their indexes, never the contacts.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import (
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
from django.db.models.functions import Coalesce

from customers.models import Customer, CustomerPhone, GradeChange
from customers.queries import with_masked_phone
from customers.states import Grade, Quiet
from filings.models import Deal, Filing
from filings.queries.policies import policies_in_force
from filings.queries.shown import keeping_out
from filings.queries.standing import ADMITTED
from filings.states import Lost
from filings.states.lights import WhyFree
from staff.models import Store
from staff.scope import SERVING_KINDS

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Free(TypedDict):
        phone: str | None
        why_free: str
        free_since: datetime
        region_name: str | None

    FreeCustomer = WithAnnotations[Customer, _Free]
else:
    FreeCustomer = Customer


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


def pool(*, now: datetime, day: date) -> QuerySet[FreeCustomer]:
    """Who is free at this moment: nobody's filing protects them, and no deal stands.

    `why_free` is a `WhyFree`, `free_since` the end of the last protection; where nobody ever held
    them, when they were given up as D, else when they were registered.
    """
    running = Filing.objects.filter(keeping_out(now), customer=OuterRef("pk"))
    dealt = Deal.objects.filter(customer=OuterRef("pk"), undone_at=None)
    given_up = GradeChange.objects.filter(customer=OuterRef("pk"), after=Grade.D)
    last = _last_held()
    free: Any = _candidates(day).filter(~Exists(running), ~Exists(dealt))
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


def pool_rows(free: QuerySet[FreeCustomer]) -> QuerySet[FreeCustomer]:
    """Rows of the pool with what a row shows: the number masked, the need, the place, no name."""
    rows: Any = with_masked_phone(free).annotate(region_name=F("store__region__name"))
    return rows.select_related("store").only(
        "grade", "need", "expected_purchase", "registered_at", "store__name", "store__zone",
        "store__code",
    )  # fmt: skip
