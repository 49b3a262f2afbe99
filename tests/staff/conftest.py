"""A company in small: one person of each role, two stores, a field team."""

from types import SimpleNamespace

import pytest
from django.test import Client

from staff.states import Role, StoreKind
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory


@pytest.fixture
def company(db):
    """People by role, a second salesperson elsewhere, and places."""
    region = RegionFactory()
    store, other = StoreFactory(region=region), StoreFactory(region=region)
    team = StoreFactory(region=region, kind=StoreKind.FIELD_TEAM)
    places = {
        Role.SALES_STORE: store,
        Role.STORE_MANAGER: store,
        Role.SALES_FIELD: team,
        Role.FIELD_SUPERVISOR: team,
    }
    people = {role.value: PersonFactory(role=role, store=places.get(role)) for role in Role}
    return SimpleNamespace(
        region=region,
        store=store,
        other=other,
        team=team,
        stranger=PersonFactory(role=Role.SALES_STORE, store=other),
        **people,
    )


@pytest.fixture
def as_(client):
    """A browser in which somebody has signed in: `as_(person)`."""

    def browser(person, **options) -> Client:
        opened = Client(**options)
        opened.force_login(person, backend="staff.backends.PersonBackend")
        return opened

    return browser
