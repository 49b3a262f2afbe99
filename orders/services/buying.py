"""What every sale does that begins with a number: the customer, the project, the order, the credit.

Shared by taking a deposit, placing an order and signing one; always in the caller's transaction.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, connection, transaction

from customers.models import Customer, Project
from customers.services import register_customer
from customers.states import Grade
from followups import services as followups
from orders.models import Order
from orders.services.clerks import clerk_of
from orders.services.foreseeing import Bought, Home, SaleNotMade, Wanted
from orders.services.history import note
from orders.services.people import knows_card
from orders.states import EventKind
from staff.models import Person, Store


def bought(
    wanted: Wanted,
    home: Home,
    store: Store,
    *,
    name: str,
    by: Person,
    at: datetime,
    grade: Grade = Grade.A,
    card: Mapping[str, Any] = MappingProxyType({}),
) -> Bought:
    """Who buys, held, and for which project: registered, begun or addressed where it is new.

    `card` is what else is known of somebody new.
    """
    customer, project = home.customer, home.project
    if customer.pk is None:
        customer = register_buyer(wanted, store, name=name, by=by, at=at, grade=grade, card=card)
        project = Project.objects.get(customer=customer)
    elif project.pk is None:
        project = Project.objects.create(
            customer=customer,
            address=project.address,
            address_key=project.address_key,
            opened_at=at,
            opened_by=by,
        )
    elif home.takes_address:
        Project.objects.filter(pk=project.pk).update(
            address=project.address, address_key=project.address_key
        )
    return Bought(customer=customer, project=project, is_new=home.is_new)


def register_buyer(
    wanted: Wanted,
    store: Store,
    *,
    name: str,
    by: Person,
    at: datetime,
    grade: Grade,
    card: Mapping[str, Any] = MappingProxyType({}),
) -> Customer:
    """Open the card of a number that nobody has registered; held. Raises CustomerNotRegistered."""
    registered = register_customer(
        name=name,
        phones=[wanted.phone] if wanted.phone is not None else [],
        store=store,
        owner=by,
        grade=grade,
        by=by,
        now=at,
        address=wanted.address,
        **card,
    )
    return followups.hold_one(registered)


def open_order(
    bought: Bought,
    store: Store,
    *,
    by: Person,
    at: datetime,
    number: str = "",
    address: str = "",
    **facts: Any,
) -> Order:
    """A new order of this sale; without a number it gets one. Raises SaleNotMade.

    The address of the home is written on it only where the seller may know it: they typed it, or
    the customer is theirs (decision 4).
    """
    pk = next_key("orders_order")
    home = bought.project.address
    clerk = clerk_of(
        store=store, customer=bought.customer, address=address or home, seller=by,
        on=store.today(at),
    )  # fmt: skip
    if not address and knows_card(bought.customer, by):
        address = home
    try:
        with transaction.atomic():
            order = Order.objects.create(
                pk=pk,
                number=number or f"DD-{at.astimezone(store.tzinfo):%y%m}-{pk:06d}",
                ordered_on=store.today(at),
                customer=bought.customer,
                project=bought.project,
                store=store,
                seller=by,
                clerk=clerk,
                address=address,
                made_at=at,
                **facts,
            )
    except IntegrityError as error:
        if not Order.objects.filter(number=number).exists():
            raise
        raise SaleNotMade.because("number_taken") from error
    note(order, EventKind.RECEIVED, by=by, at=at, channel=str(order.channel))
    return order


def next_key(table: str) -> int:
    """The key that the next row will have: the number on a paper is made of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        return cursor.fetchone()[0]
