"""Customers to whom care is owed, made fast and always the same."""

from datetime import timedelta

from django.utils import timezone

from customers.models import Customer, OwnedProduct
from staff.states import Role, Trade
from tests.factories.staff import PersonFactory, StoreFactory


def seed(count: int, *, days_ago: int = 0) -> None:
    """`count` customers of one car dealer, each with a car delivered `days_ago` days ago.

    A delivery of today owes four things within the horizon: letter, two calls, first contact.
    """
    now = timezone.now() - timedelta(days=days_ago)
    store = StoreFactory(trade=Trade.CARS)
    manager = PersonFactory(username="manager", role=Role.STORE_MANAGER, store=store)
    seller = PersonFactory(username="seller", store=store)
    customers = Customer.objects.bulk_create(
        Customer(
            name=f"C{number}", search=f"c{number}", store=store, owner=seller, grade="B2",
            registered_by=manager, registered_at=now, first_seen_at=now,
        )
        for number in range(count)
    )  # fmt: skip
    OwnedProduct.objects.bulk_create(
        OwnedProduct(
            customer=customer, store=store, product="car", sold_by=seller,
            delivered_on=store.today(now), delivered_at=now, delivered_noted_at=now,
        )
        for customer in customers
    )  # fmt: skip
