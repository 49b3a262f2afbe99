"""`verify` holds the kept sums of stock against the ledger, and says which differ."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from crm.verification import verify
from staff.models import Store
from stock.models import Brand, DaySum, Figure, FigureSet, Movement, SizeStock, WeekFigure
from stock.services.figure_making import make_now, question_of
from stock.services.figure_sets import ask_standing, fresh_set
from stock.services.masters import add_style
from stock.services.recounting import recount_all
from stock.verification import (
    day_sum_differences,
    figure_differences,
    size_stock_differences,
    week_figure_differences,
)
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory
from tests.stock.ledger_rows import brought_in

pytestmark = pytest.mark.django_db

ROW = {"date": "2026-03-05", "office": "ZZ", "style": "X1", "size": 36}
ROWS = [
    {**ROW, "type": "采购", "qty": 9, "document": "d1", "unit_cost": 100},
    {**ROW, "type": "销售", "qty": 2, "document": "d2", "unit_price": 499},
    {**ROW, "type": "销售退货", "qty": 1, "document": "d3", "reference": "d2"},
    {**ROW, "date": "2026-03-06", "type": "调拨出", "qty": 3, "document": "d4"},
]


@pytest.fixture
def goods():
    StoreFactory(code="ZZ")
    brought_in(styles=[{"brand": "HP", "style": "X1", "tag_price": 599}], movements=ROWS)


def differences():
    return [*day_sum_differences(), *size_stock_differences()]


def test_what_an_import_kept_is_what_the_ledger_says(goods):
    verified = verify(now=timezone.now())
    assert verified.checked["movements"] == verified.checked["day_sums"] == 4
    assert not [one for one in verified.differences if one.check in ("day_sum", "size_stock")]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: DaySum.objects.filter(kind=2).update(quantity=8),
        lambda: DaySum.objects.filter(kind=4).update(amount=997),
        lambda: DaySum.objects.filter(kind=9).delete(),
        lambda: SizeStock.objects.update(quantity=4),
        lambda: Movement.objects.filter(document="d3").update(reference=""),
        lambda: Movement.objects.filter(document="d1").update(size="37"),
    ],
)
def test_the_control_what_was_spoiled_is_found_and_mended(goods, spoil):
    spoil()
    assert differences()
    recount_all()
    assert not differences()


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        ("UPDATE stock_figure SET sold = sold + 1 WHERE level = 1", ["figure sold"]),
        ("UPDATE stock_figure SET pair_days = 0 WHERE level = 3", ["figure pair_days"]),
        ("UPDATE stock_figure SET paid = 1 WHERE level = 2", ["figure paid"]),
        ("UPDATE stock_figure SET flags = '{neg_stock}' WHERE level = 1", ["figure flags"]),
        ("UPDATE stock_figure SET style_class = 'fast' WHERE level = 3", ["figure_class "]),
        ("DELETE FROM stock_figure WHERE level = 2", ["figure "]),
    ],
)
def test_figures_that_were_altered_are_found(goods, spoil, found):
    figures = make_now(as_of=date(2026, 4, 1))
    assert not list(figure_differences())
    with connection.cursor() as cursor:
        cursor.execute(spoil)
    told = [f"{one.check} {one.where.get('column', '')}" for one in figure_differences()]
    assert told == found
    assert not differences()
    ask_standing()
    assert not list(figure_differences()), "others are under way"
    assert FigureSet.objects.get(pk=figures.pk).is_standing
    assert Figure.objects.exists()


@pytest.mark.parametrize("act", ["a style", "an office"])
def test_what_is_on_its_way_into_the_figures_is_no_difference(goods, act):
    """A new style asks for figures; an office that was moved gets them within the hour."""
    figures = make_now(as_of=date(2026, 4, 1))
    known = {"as_of": figures.as_of, "terms": question_of(figures).terms}
    assert fresh_set(**known) == figures
    if act == "a style":
        values = {"brand": Brand.objects.get(), "number": "X2", "tag_price": 499}
        add_style(values=values, by=PersonFactory.create(), key=uuid4())
    else:
        Store.objects.update(region=RegionFactory.create())
    assert not list(figure_differences())
    assert not list(week_figure_differences())
    assert fresh_set(**known) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda weeks: weeks.filter(monday="2026-03-02").update(sold=7),
        lambda weeks: weeks.filter(monday="2026-03-30").update(closing=0),
        lambda weeks: weeks.filter(monday="2026-03-09").delete(),
    ],
)
def test_weeks_that_were_altered_are_found(goods, spoil):
    figures = make_now(as_of=date(2026, 4, 1))
    assert WeekFigure.objects.count() == 5
    assert not list(week_figure_differences())
    spoil(WeekFigure.objects.filter(set=figures))
    (found,) = verify(now=timezone.now()).differences
    assert found.check == "week_figure"
    ask_standing()
    assert not list(week_figure_differences()), "others are under way"
