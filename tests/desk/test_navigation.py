"""The way around: nobody is offered a page that they may not open."""

import pytest

from staff.states import Role
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_registering_is_offered_to_whom_it_is_open(company, as_, role):
    browser = as_(PersonFactory(role=role, store=company.store))
    page = browser.get("/me/").content.decode()
    is_open = browser.get("/customers/register/").status_code == 200
    assert ('href="/customers/register/"' in page) == is_open
