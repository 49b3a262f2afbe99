"""Which orders and quotes somebody may see: own, of the own customers, of the store, or all."""

from datetime import date

from django.db.models import Q, QuerySet

from customers.models import Customer
from customers.queries import IsAmong
from orders.models import Order, Quote
from staff.models import Store
from staff.scope import SERVING_KINDS, Reach, running_duties, serving_stores
from staff.states import DutyKind, Role

# Duties that open the orders of the store or region they are given for.
ORDER_DUTIES = frozenset({DutyKind.ORDER_DESK, DutyKind.DELIVERY, DutyKind.VISUAL_DISPLAY})


def stores_of_duties(reach: Reach, *, today: date) -> set[int]:
    """The stores whose orders the duties of this person open; no query for who has none."""
    if not reach.duties & ORDER_DUTIES:
        return set()
    duties = running_duties(on=today).filter(person=reach.person_id, kind__in=ORDER_DUTIES)
    found = list(duties.values_list("store", "region"))
    if any(store is None and region is None for store, region in found):
        return set(Store.objects.values_list("pk", flat=True))
    regions = {region for _store, region in found if region}
    stores = {store for store, _region in found if store}
    if regions:
        stores |= set(Store.objects.filter(region__in=regions).values_list("pk", flat=True))
    return stores


def _visible(reach: Reach, *, today: date, also: Q | None = None) -> Q:
    """What this person may see of quotes and of orders alike."""
    if reach.sees_all or reach.role == Role.FINANCE:
        return Q()
    kept = Customer.objects.filter(owner__in=reach.acts_for)
    # By two indexes of its own table: joined, PostgreSQL reads all orders in the list's order.
    own = Q(seller__in=reach.acts_for) | Q(IsAmong("customer", kept.values("pk"))) | (also or Q())
    stores = set(reach.store_ids) | stores_of_duties(reach, today=today)
    return own | Q(store__in=stores) if stores else own


def visible_orders(reach: Reach, *, today: date) -> QuerySet[Order]:
    """Orders this person sold, checks, or whose customer they keep, or of their stores; finance
    all.
    """
    checked = Q(clerk__in=reach.acts_for)
    return Order.objects.filter(_visible(reach, also=checked, today=today))


def orders_for(reach: Reach | None, *, today: date) -> QuerySet[Order]:
    """Orders within reach; `reach` None is the machine itself, which sees all."""
    return Order.objects.all() if reach is None else visible_orders(reach, today=today)


def visible_quotes(reach: Reach, *, today: date) -> QuerySet[Quote]:
    """Quotes in the same way."""
    return Quote.objects.filter(_visible(reach, today=today))


def sees_stores(reach: Reach) -> bool:
    """Whether this person sees the orders of a store, and not the own ones alone."""
    return reach.leads_stores or reach.role == Role.FINANCE or bool(reach.duties & ORDER_DUTIES)


def order_stores(reach: Reach, *, today: date) -> QuerySet[Store]:
    """The stores whose orders this person may choose among, by code; finance and operations all."""
    if reach.role == Role.FINANCE:
        stores = Store.objects.filter(is_active=True, kind__in=SERVING_KINDS)
    else:
        stores = serving_stores(reach)
        if by_duty := stores_of_duties(reach, today=today):
            stores |= Store.objects.filter(is_active=True, pk__in=by_duty)
    return stores.order_by("code", "pk")
