"""Data to complete (资料待完善): which cards are without what.

`lacking` is the twin in SQL of `rules.fields_to_complete`; a test holds both together.
"""

from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)  # fmt: skip

from customers.models import Customer, CustomerPhone, Interest, OwnedProduct
from customers.queries.finding import MaskedCustomer
from customers.rules import fields_to_complete
from customers.rules.cards import NO_ADDRESS_TRADES, NUMBERED_TRADES, REFERRED_SOURCES
from customers.rules.grading import BUYER_GRADES
from customers.states import Grade, ToComplete

ANYTHING = "anything"


def _interests() -> Exists:
    return Exists(Interest.objects.filter(customer=OuterRef("pk")))


def _bare_products() -> Exists:
    """Products that are known by no number and are still with the customer."""
    return Exists(OwnedProduct.objects.filter(customer=OuterRef("pk"), serial="", gone_on=None))


def _has_phone() -> Exists:
    return Exists(CustomerPhone.objects.filter(customer=OuterRef("pk"), retired_at=None))


def _conditions() -> dict[str, Q]:
    return {
        ToComplete.PHONE: ~Q(_has_phone()),
        ToComplete.ADDRESS: Q(address="") & ~Q(store__trade__in=NO_ADDRESS_TRADES),
        ToComplete.NEED: Q(need="") & ~Q(_interests()),
        ToComplete.EXPECTED: Q(expected_purchase="", expected_on=None) & ~Q(grade__in=BUYER_GRADES),
        ToComplete.SOURCE: Q(source=""),
        ToComplete.REFERRER: Q(source__in=REFERRED_SOURCES)
        & Q(referrer=None, referrer_text="", designer=None),
        ToComplete.CONTACT_TIME: Q(contact_time="", contact_from=None),
        ToComplete.KEEPER: Q(owner=None),
        ToComplete.SERIAL: Q(store__trade__in=NUMBERED_TRADES) & Q(_bare_products()),
    }


def lacking(field: str) -> Q:
    """Cards that are without this field (DAT-04); with `ANYTHING` those without any one."""
    conditions = _conditions()
    found = reduce(or_, conditions.values()) if field == ANYTHING else conditions[field]
    return ~Q(grade=Grade.D) & Q(merged_into=None) & found


def with_missing(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Each card with `missing`: the names of the fields it is without, in the order of asking."""
    cases = [
        Case(
            When(ExpressionWrapper(lacking(field), output_field=BooleanField()), then=Value(field)),
            output_field=CharField(),
        )
        for field in ToComplete.values
    ]
    fields = Func(*cases, function="ARRAY", template="ARRAY[%(expressions)s]::text[]")
    return customers.annotate(
        missing=Func(
            fields,
            Value(None),
            function="array_remove",
            output_field=ArrayField(CharField()),
        )
    )


def missing_on(customer: MaskedCustomer, *, has_interest: bool | None = None) -> list[str]:
    """What one card is without, by the rule; asks for interests (unless they are known) and
    products only where they decide.
    """
    if has_interest is None:
        has_interest = not customer.need and customer.interests.exists()
    trade = customer.store.trade
    asks_serial = trade in NUMBERED_TRADES
    return fields_to_complete(
        has_phone=bool(customer.phone),
        address=customer.address,
        need=customer.need or has_interest,
        expected=customer.expected_purchase or customer.expected_on,
        source=customer.source,
        contact_time=customer.contact_time or customer.contact_from,
        referrer=customer.referrer_id or customer.referrer_text or customer.designer_id,
        has_keeper=customer.owner_id is not None,
        has_bare_product=asks_serial and customer.products.filter(serial="", gone_on=None).exists(),
        grade=customer.grade,
        trade=trade,
    )
