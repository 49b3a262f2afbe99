"""Customers to whom care is owed, made fast and always the same."""

from datetime import timedelta

from django.utils import timezone

from customers.models import Customer, OwnedProduct
from staff.models import Person, Region, Store


def seed(count: int, *, days_ago: int = 0) -> None:
    """`count` customers of one car dealer, each with a car delivered `days_ago` days ago.

    A delivery of today owes four things within the horizon: letter, two calls, first contact.
    """
    now = timezone.now() - timedelta(days=days_ago)
    region = Region.objects.create(code="r", name="R")
    store = Store.objects.create(code="s", name="S", region=region, trade="cars", kind="store")
    manager = Person.objects.create_user(
        "manager", name="M", role="store_manager", store=store, password=None
    )
    seller = Person.objects.create_user(
        "seller", name="S", role="sales_store", store=store, password=None
    )
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
