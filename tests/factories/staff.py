"""The smallest valid regions, stores, people and duties."""

from datetime import date

import factory
from django.contrib.auth.hashers import make_password

from staff.models import Duty, Person, Region, Store
from staff.states import STORE_BOUND_ROLES, DutyKind, Role, StoreKind, Trade

PASSWORD = "forty-two sofas"
# Hashed once: argon2 takes 0.15 s, which a thousand factory people would feel.
_HASH = make_password(PASSWORD)


class RegionFactory(factory.django.DjangoModelFactory[Region]):
    class Meta:
        model = Region

    name = factory.Sequence(lambda n: f"Region {n}")


class StoreFactory(factory.django.DjangoModelFactory[Store]):
    class Meta:
        model = Store

    code = factory.Sequence(lambda n: f"S{n:03}")
    name = factory.Sequence(lambda n: f"Store {n}")
    region = factory.SubFactory(RegionFactory)
    kind = StoreKind.STORE
    trade = Trade.FURNITURE


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    """A person who can sign in with PASSWORD; in a store of the own where the role needs one."""

    class Meta:
        model = Person

    username = factory.Sequence(lambda n: f"person{n}")
    name = factory.Sequence(lambda n: f"Person {n}")
    role = Role.SALES_STORE
    password = _HASH
    store = factory.Maybe(
        factory.LazyAttribute(lambda person: person.role in STORE_BOUND_ROLES),
        yes_declaration=factory.SubFactory(StoreFactory),
        no_declaration=None,
    )


class DutyFactory(factory.django.DjangoModelFactory[Duty]):
    """A duty without an end, for everything unless told `store=` or `region=`."""

    class Meta:
        model = Duty

    person = factory.SubFactory(PersonFactory)
    kind = DutyKind.SALES_MANAGER
    starts_on = date(2026, 1, 1)
