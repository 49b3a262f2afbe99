"""Whose stock a person reads: a store its own, everybody else who reads stock all of it."""

from django.db.models import Q, QuerySet

from staff.models import Person, Store
from staff.scope import Reach
from staff.states import Role

OWN_STORE_ROLES = frozenset({Role.SALES_STORE, Role.STORE_MANAGER})


def reads_own_store(reach: Reach | None) -> bool:
    """Whether this person reads the stock of the own store alone: no region, no company."""
    return reach is not None and reach.role in OWN_STORE_ROLES


def visible_offices(reach: Reach | None) -> QuerySet[Store]:
    """The stores, offices and warehouses whose stock this person may read, by code.

    None is the machine itself: all.
    """
    return Store.objects.filter(in_reach(reach, field="pk")).order_by("code", "pk")


def in_reach(reach: Reach | None, *, field: str = "office") -> Q:
    """The same as a condition on rows that name an office in `field`.

    A salesperson's customers are their own, and so their reach names no store: the stock on whose
    shelves they serve is their store's all the same.
    """
    if reach is None or not reads_own_store(reach):
        return Q()
    own = Person.objects.filter(pk=reach.person_id, store__isnull=False).values("store")
    return Q(**{f"{field}__in": reach.store_ids}) | Q(**{f"{field}__in": own})
