"""How often customers ordered: derived from their orders, never a grade (forms 2.16)."""

from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from customers.models import Customer
from orders.models import Order
from orders.states import OrderState

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Ordered(TypedDict):
        order_count: int

    BuyingCustomer = WithAnnotations[Customer, _Ordered]
else:
    BuyingCustomer = Customer


def _orders() -> QuerySet[Order]:
    return Order.objects.exclude(state=OrderState.CANCELLED).order_by()


def with_order_count(customers: QuerySet[Customer]) -> QuerySet[BuyingCustomer]:
    """Customers with `order_count`: their orders, cancelled ones left out."""
    own = _orders().filter(customer=OuterRef("pk")).values("customer")
    counted = own.annotate(count=Count("pk")).values("count")
    return customers.annotate(order_count=Coalesce(Subquery(counted), 0))


def who_ordered(customers: QuerySet[Customer], *, at_least: int) -> QuerySet[Customer]:
    """Those with so many orders and more; with 0 those who never ordered."""
    if at_least == 0:
        return customers.exclude(pk__in=_orders().values("customer"))
    times = _orders().values("customer").annotate(count=Count("pk")).filter(count__gte=at_least)
    return customers.filter(pk__in=times.values("customer"))
