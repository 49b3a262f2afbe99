"""Designers with an agreement, and what they introduced."""

from datetime import date
from decimal import Decimal
from itertools import count
from uuid import uuid4

from core.phones import normalise
from customers.models import Customer, Designer
from customers.services.designers import add_designer
from orders.models import Introduction
from staff.models import Person
from tests.factories.orders import NOW

_numbers = count(1)


def designer(by: Person, **said) -> Designer:
    """A designer of the store of `by`, whose agreement holds all of 2026."""
    number = next(_numbers)
    facts = {
        "name": f"设计师{number}",
        "phone": normalise(f"137{number:08}"),
        "keeper": by,
        "agreement_no": f"SJ-{number:03}",
        "signed_on": date(2026, 1, 1),
        "valid_until": date(2026, 12, 31),
    }
    return add_designer(store=by.store, by=by, now=NOW, key=uuid4(), **facts | said)


def introduction(
    of: Designer,
    customer: Customer,
    *,
    on: date = date(2026, 3, 1),
    furniture_rate: int | Decimal = 10,
    accessories_rate: int | Decimal = 20,
) -> Introduction:
    """The designer brought this customer, at these rates."""
    return Introduction.objects.create(
        designer=of,
        customer=customer,
        introduced_on=on,
        furniture_rate=furniture_rate,
        accessories_rate=accessories_rate,
        noted_by=of.added_by,
    )
