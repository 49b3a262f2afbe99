"""Whose stock is read where: a store its own, everybody else every place."""

import pytest
from django.utils import timezone

from staff.models import Person
from staff.scope import Reach, reach_of
from stock.queries.places import place_of
from stock.queries.visible import in_reach, visible_offices
from stock.states import FigureLevel
from tests.factories.stock import SizeStockFactory

pytestmark = pytest.mark.django_db


def reach(person: Person) -> Reach:
    return reach_of(person, today=timezone.localdate())


@pytest.mark.parametrize("role", ["sales_store", "store_manager"])
def test_who_serves_in_a_store_reads_the_stock_of_its_shelves(company, role):
    theirs = reach(getattr(company, role))
    assert list(visible_offices(theirs)) == [company.store]
    place = place_of(theirs)
    assert place is not None
    assert (place.level, place.office) == (FigureLevel.OFFICE, company.store)
    assert place_of(theirs, office=company.other.pk) is None
    assert place_of(theirs, region=company.region.pk) == place
    elsewhere = SizeStockFactory.create(office=company.other)
    here = SizeStockFactory.create(office=company.store)
    rows = type(here).objects.filter(in_reach(theirs))
    assert list(rows) == [here]
    assert elsewhere not in rows


@pytest.mark.parametrize("role", ["merchandiser", "ops_manager", "sales_field", "finance"])
def test_everybody_else_reads_every_place(company, role):
    theirs = reach(getattr(company, role))
    assert visible_offices(theirs).count() == visible_offices(None).count() == 3
    for level, asked in (
        (FigureLevel.COMPANY, {}),
        (FigureLevel.REGION, {"region": company.region.pk}),
        (FigureLevel.OFFICE, {"office": company.other.pk}),
    ):
        place = place_of(theirs, **asked)
        assert place is not None
        assert place.level == level
    assert place_of(theirs, region=10**6) is None
