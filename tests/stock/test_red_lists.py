"""The red lists of stores, found among all rows of a set, against the rule of one row."""

from datetime import timedelta
from itertools import product

import pytest

from staff.models import Store
from staff.states import StoreKind
from stock.figures.of_row import Asked
from stock.models import ClassOverride, Figure
from stock.queries.situations import office_rows, red_rows
from stock.rules.supply import Red
from stock.rules.terms import DEFAULTS
from stock.showing.suggesting import held_red
from stock.states import StyleClass
from tests.factories.staff import PersonFactory, StoreFactory
from tests.factories.stock import FigureFactory, FigureSetFactory, StyleFactory

# 14 × sold against 14 × stock: around the 14 and the 90 days of the limits; fewer pairs than none.
PAIRS = (-1, 0, 1, 14, 15, 90, 91)


@pytest.fixture
def known(db):
    figures, office = FigureSetFactory(), StoreFactory()
    warehouse = StoreFactory(kind=StoreKind.WAREHOUSE)
    rows = []
    for held, pairs, sold in product(StyleClass, PAIRS, (-2, 0, 14)):
        rows.append({"style_class": held, "closing": pairs, "window_sold": sold})
    to_come = {"days_on_sale": None, "launched_on": figures.as_of + timedelta(days=1)}
    rows += [
        {"style_class": StyleClass.FAST, "closing": 1, "window_sold": 14, "window_days": 0}
        | to_come,
        {"style_class": StyleClass.SLOW, "closing": 9} | to_come,
    ]
    launched = {"launched_on": figures.as_of - timedelta(days=59), "days_on_sale": 60}
    for row in rows:
        said = {"set": figures, "office": office, "window_days": 14, **launched, **row}
        FigureFactory(**said)
    FigureFactory(
        set=figures, office=warehouse, style_class=StyleClass.SLOW, closing=9, window_days=14
    )
    return figures


def give(style, held, office=None):
    ClassOverride.objects.create(
        style=style, office=office, style_class=held, reason="x", set_by=PersonFactory()
    )


def found(known, red):
    rows = office_rows(known, offices=Store.objects.all())
    return set(red_rows(rows, red, as_of=known.as_of, terms=DEFAULTS).values_list("pk", flat=True))


def by_the_rule(known, red):
    asked = Asked(as_of=known.as_of, terms=DEFAULTS)
    rows = office_rows(known, offices=Store.objects.exclude(kind=StoreKind.WAREHOUSE))
    return {row.pk for row in rows if held_red(row, asked=asked) == red}


@pytest.mark.parametrize("red", Red)
def test_what_a_red_list_finds_is_what_the_rule_says_of_each_row(known, red):
    first = by_the_rule(known, red)
    assert found(known, red) == first
    assert len(first) > 3
    office = Store.objects.exclude(kind=StoreKind.WAREHOUSE).get()
    of_class = {
        held: list(Figure.objects.filter(set=known, style_class=held).order_by("pk"))
        for held in StyleClass
    }
    for row in of_class[StyleClass.FAST][:12]:
        give(row.style, StyleClass.SLOW)
    for row in of_class[StyleClass.STEADY][:12]:
        give(row.style, StyleClass.FAST, office)
        give(row.style, StyleClass.DEAD)
    give(of_class[StyleClass.DEAD][-1].style, StyleClass.FAST, StoreFactory())
    give(StyleFactory(), StyleClass.FAST)
    ClassOverride.objects.filter(style=of_class[StyleClass.FAST][0].style).update(
        lifted_at=known.asked_at, lifted_by=PersonFactory()
    )
    assert found(known, red) == by_the_rule(known, red) != first
