"""A company in small: one person of each role, two stores, a field team."""

from types import SimpleNamespace

import pytest
from django.test import Client

from staff.models import Person, Store
from staff.states import Role, StoreKind
from tests.browsers import signed_in
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory


@pytest.fixture
def company(db):
    """People by role, a second salesperson elsewhere, and places; each table written once."""
    region = RegionFactory()
    store, other, team = Store.objects.bulk_create(
        StoreFactory.build(region=region, kind=kind)
        for kind in (StoreKind.STORE, StoreKind.STORE, StoreKind.FIELD_TEAM)
    )
    places = {
        Role.SALES_STORE: store,
        Role.STORE_MANAGER: store,
        Role.SALES_FIELD: team,
        Role.FIELD_SUPERVISOR: team,
    }
    *people, stranger = Person.objects.bulk_create(
        PersonFactory.build(role=role, store=at)
        for role, at in [*((role, places.get(role)) for role in Role), (Role.SALES_STORE, other)]
    )
    return SimpleNamespace(
        region=region,
        store=store,
        other=other,
        team=team,
        stranger=stranger,
        **{person.role.value: person for person in people},
    )


@pytest.fixture
def as_(client):
    """A browser in which somebody has signed in: `as_(person)`."""

    def browser(person, **options) -> Client:
        return signed_in(person, **options)

    return browser
