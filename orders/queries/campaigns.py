"""What guests of a campaign bought afterwards: orders, and what came of no order (ORG-18).

An order counts from the day it was placed, at its amount: not before its goods are there, and not
a second time when they are handed over.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from followups.models import Invitation
from followups.queries.campaigns import (
    BOUGHT,
    GUEST,
    STANDING,
    Figures,
    counts_of,
    products_bought,
    window,
)
from orders.models import Delivery, DeliveryLine, Order
from orders.states import OrderState

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Bought(TypedDict):
        has_bought: bool

    Guest = WithAnnotations[Invitation, _Bought]
else:
    Guest = Invitation

NOTHING = Decimal(0)


@dataclass
class _Sales:
    """What one campaign's guests bought: who, who of them came, and for how much."""

    buyers: set[int] = field(default_factory=set)
    who_came: set[int] = field(default_factory=set)
    amount: Decimal = NOTHING
    unpriced: int = 0


def _sold_orders() -> QuerySet[Order]:
    """Orders that are a sale: not cancelled, and not all of it returned."""
    return Order.objects.exclude(state=OrderState.CANCELLED).exclude(amount=0)


def _is_of_no_order(product: str, customer: str) -> Q:
    """Whether an owned product, at the path `product`, came of no order: of none that was handed
    over, nor, not delivered yet, of one placed on the day it was bought.
    """
    came = OuterRef(product)
    waiting = Q(ordered_on=OuterRef("bought_on"), customer=OuterRef(customer))
    return (
        Q(~Exists(Delivery.objects.filter(product=came)))
        & ~Exists(DeliveryLine.objects.filter(product=came))
        & (Q(delivered__isnull=False) | ~Exists(_sold_orders().filter(waiting)))
    )


def with_deal(guests: QuerySet[Invitation]) -> QuerySet[Guest]:
    """Each guest with `has_bought`: something was bought within the campaign's days."""
    ordered = _sold_orders().filter(
        customer=OuterRef("customer"),
        ordered_on__gte=OuterRef("deals_from"),
        ordered_on__lte=OuterRef("deals_until"),
    )
    owned = products_bought().annotate(bought_on=F("purchased_on"), delivered=F("delivered_on"))
    owned = owned.filter(_is_of_no_order("pk", "customer"))
    return guests.annotate(**window()).annotate(has_bought=Exists(ordered) | Exists(owned))


def _sales(guests: QuerySet[Invitation]) -> Iterator[tuple[int, int, bool, Decimal | None]]:
    """Each purchase of a guest within the days of a campaign: campaign, customer, whether they
    came, and the amount: one query.
    """
    those = guests.filter(GUEST).order_by().annotate(**window())
    is_within = Q(sold_on__gte=F("deals_from"), sold_on__lte=F("deals_until"))
    ordered = those.annotate(
        sold_on=F("customer__orders__ordered_on"),
        price=F("customer__orders__amount"),
        source=F("customer__orders"),
    ).filter(is_within, Exists(_sold_orders().filter(pk=OuterRef("source"))))
    owned = those.annotate(
        sold_on=Coalesce("customer__products__purchased_on", "customer__products__delivered_on"),
        price=F("customer__products__price"),
        source=F("customer__products"),
        bought_on=F("customer__products__purchased_on"),
        delivered=F("customer__products__delivered_on"),
        gone=F("customer__products__gone_reason"),
    ).filter(is_within, _is_of_no_order("source", "customer"), gone__in=BOUGHT)
    columns = ("campaign", "customer", "attended_at", "price")
    found = ordered.values_list(*columns).union(owned.values_list(*columns), all=True)
    for campaign, customer, attended_at, price in found:
        yield campaign, customer, attended_at is not None, price


def figures_of(guests: QuerySet[Invitation], campaigns: Iterable[int]) -> dict[int, Figures]:
    """By campaign, what came of it for these guests: two queries, however many campaigns."""
    told = counts_of(guests, campaigns)
    sales: dict[int, _Sales] = defaultdict(_Sales)
    for campaign, customer, has_come, price in _sales(
        guests.filter(STANDING, campaign__in=list(told))
    ):
        of = sales[campaign]
        of.buyers.add(customer)
        if has_come:
            of.who_came.add(customer)
        of.amount += price or NOTHING
        of.unpriced += price is None
    return {
        pk: replace(
            figures,
            bought=len(sales[pk].buyers),
            bought_who_came=len(sales[pk].who_came),
            amount=sales[pk].amount,
            unpriced=sales[pk].unpriced,
        )
        for pk, figures in told.items()
    }
