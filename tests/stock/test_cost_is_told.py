"""What goods cost us is read by merchandisers, operations and finance, in no store's page."""

import pytest
from django.utils import timezone

from staff.states import Role
from tests.factories.stock import FigureFactory, FigureSetFactory, MovementFactory, StyleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
COSTS = ("¥183.21", "GMROI", "Cost a pair", "at cost")
READERS = {Role.MERCHANDISER, Role.OPS_MANAGER, Role.FINANCE}


@pytest.fixture
def pages(company):
    """Where a pair that cost 183.21 could be read, by whoever has the store."""
    style, figures = StyleFactory(), FigureSetFactory(as_of=timezone.localdate())
    MovementFactory(style=style, office=company.store, unit_cost="183.21")
    row = FigureFactory(
        set=figures, style=style, office=company.store, closing=10, purchased=10, margin=60_000,
        opening_cost="183.21", closing_cost="183.21",
    )  # fmt: skip
    return [
        f"/stock/f/{row.pk}/",
        f"/stock/f/sum/?office={company.store.pk}",
        f"/stock/movements/?style={style.pk}",
        f"/stock/movements/?style={style.pk}&cols=cost",
        f"/stock/styles/{style.pk}/prices/",
        f"/stock/styles/{style.pk}/",
        f"/stock/?office={company.store.pk}",
    ]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_what_goods_cost_is_told_to_whom_it_concerns(company, as_, pages, role):
    browser = as_(getattr(company, role))
    told = set()
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200, page
        text = answer.content.decode()
        told |= {said for said in COSTS if said in text}
    assert told == (set(COSTS) if role in READERS else set())
