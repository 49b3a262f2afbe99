"""The allocation page: the corrected pace first, what was missed, what requests brought."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stock.figures.summing import parts_of, total
from stock.models import Request
from stock.queries.allocation import allocation_rows, by_office
from stock.queries.visible import visible_offices
from stock.rules.terms import DEFAULTS
from tests.factories.stock import FigureFactory, FigureSetFactory, StyleFactory

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr("staff.middleware.LANGUAGES", ("en", "zh-hans"))


@pytest.fixture
def goods(company):
    """RF4 in one store, a day without goods in another; RF2 of requests."""
    company.figures = FigureSetFactory.create(as_of=AS_OF)
    company.style = StyleFactory.create()
    of = {"set": company.figures, "window_days": 14, "days_on_sale": 60}
    FigureFactory.create(
        **of, style=company.style, office=company.store, window_sold=12, window_stocked=9,
        closing=4, in_transit=2,
    )  # fmt: skip
    FigureFactory.create(
        **of, style=StyleFactory.create(), office=company.store, window_sold=5, window_stocked=14
    )
    FigureFactory.create(
        **of, style=company.style, office=company.other, window_sold=0, window_stocked=0
    )
    for style, requested, shipped in ((company.style, 20, 26), (StyleFactory.create(), 30, 18)):
        Request.objects.create(
            office=company.store,
            style=style,
            on=AS_OF - timedelta(days=13),
            requested=requested,
            shipped=shipped,
            served=min(requested, shipped),
        )
    Request.objects.create(
        office=company.store,
        style=company.style,
        on=AS_OF - timedelta(days=14),
        requested=9,
        shipped=0,
    )
    return company


def rows_of(goods):
    return allocation_rows(goods.figures, offices=visible_offices(None))


def test_pace_and_lost_sales_are_those_of_the_rules(goods):
    rows = list(rows_of(goods))
    assert {row.window_stocked for row in rows} == {0, 9, 14}
    for row in rows:
        told = total([parts_of(row)], as_of=AS_OF, terms=DEFAULTS)
        for name, rule in (("pace", told.pace), ("missed", told.missed)):
            found = getattr(row, name)
            assert (found is None) == (rule is None)
            if rule is not None:
                assert abs(Fraction(found) - rule) < Fraction(1, 10**9)
    first, last = by_office(rows_of(goods))
    both = rows_of(goods).filter(office=goods.store)
    told = total(map(parts_of, both), as_of=AS_OF, terms=DEFAULTS)
    assert abs(Fraction(first["sum_pace"]) - told.pace) < Fraction(1, 10**9)
    assert abs(Fraction(first["sum_missed"]) - told.missed) < Fraction(1, 10**9)
    assert (last["sum_pace"], last["sum_missed"]) == (None, None)


def test_the_page_says_the_fill_rate_beside_the_corrected_pace(goods, as_):
    said = as_(goods.merchandiser).get("/stock/allocation/").content.decode()
    assert "76.0%" in said  # 38 of 50, not 44 of 50
    assert "6.7" in said
    of_styles = as_(goods.merchandiser).get(f"/stock/allocation/?office={goods.store.pk}")
    said = of_styles.content.decode()
    assert "1.33" in said
    assert "0.86" in said
    assert "100.0%" in said


def test_a_store_reads_its_own(goods, as_):
    browser = as_(goods.sales_store)
    said = browser.get("/stock/allocation/").content.decode()
    assert goods.store.name in said
    assert goods.other.name not in said
    assert browser.get(f"/stock/allocation/?office={goods.other.pk}").status_code == 404
    assert as_(goods.admin).get("/stock/allocation/").status_code == 403


def test_the_page_asks_as_much_for_one_style_as_for_many(goods, as_):
    browser = as_(goods.merchandiser)
    counts = []
    for more in (0, 9):
        for _each in range(more):
            FigureFactory.create(
                set=goods.figures, style=StyleFactory.create(), office=goods.store, window_days=14
            )
        for address in ("/stock/allocation/", f"/stock/allocation/?office={goods.store.pk}"):
            browser.get(address)
            with CaptureQueriesContext(connection) as ran:
                browser.get(address)
            counts.append(len(ran))
    assert counts[:2] == counts[2:]


def test_before_the_first_figures_it_says_so(company, as_):
    said = as_(company.merchandiser).get("/stock/allocation/").content.decode()
    assert "Nothing to allot is here" in said
