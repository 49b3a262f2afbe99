"""What the card says of a customer that stands in other tables, in the customer's own query."""

from typing import TYPE_CHECKING, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, QuerySet, When
from django.db.models.functions import JSONObject

from customers.models import Customer, CustomerPhone, Interest
from customers.queries.finding import with_masked_phone
from customers.queries.tags import with_tags

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Number(TypedDict):
        pk: int
        masked: str
        retired_at: str | None

    class _Known(TypedDict):
        phone: str | None
        numbers: list[_Number]
        interest_words: list[str]
        tag_names: list[str]

    KnownCustomer = WithAnnotations[Customer, _Known]
else:
    KnownCustomer = Customer


def with_what_is_known(customers: QuerySet[Customer]) -> QuerySet[KnownCustomer]:
    """Each customer with the masked main number, all numbers, interests and tags."""
    numbers = CustomerPhone.objects.filter(customer=OuterRef("pk")).order_by("-is_primary", "pk")
    interests = Interest.objects.filter(customer=OuterRef("pk")).order_by("pk")
    words = Case(
        When(text="", style__isnull=False, then=F("style__number")),
        When(text="", then=F("brand__name")),
        default=F("text"),
    )
    return with_tags(with_masked_phone(customers)).annotate(
        numbers=ArraySubquery(
            numbers.values(
                json=JSONObject(pk=F("pk"), masked=F("masked"), retired_at=F("retired_at"))
            )
        ),
        interest_words=ArraySubquery(interests.annotate(words=words).values("words")),
    )
