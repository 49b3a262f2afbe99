"""The class a person gives beside the one computed; what lies where and what is on its way."""

from datetime import date

import pytest
from django.db.models import Q

from staff.scope import reach_of
from staff.states import Role
from stock.models import ClassOverride, Figure, InTransit
from stock.queries.availability import Coming, availability
from stock.queries.classes import class_of, classes_of, standing_set
from stock.queries.goods import sizes_of_style
from stock.queries.overrides import with_class
from stock.services.recounting import recount_all
from stock.states import FigureLevel, Kind, StyleClass
from tests.factories.staff import PersonFactory
from tests.factories.stock import (
    FigureFactory,
    FigureSetFactory,
    MovementFactory,
    SizeStockFactory,
    StyleFactory,
    offices,
)

pytestmark = pytest.mark.django_db


def test_the_own_class_of_an_office_goes_before_the_one_for_everywhere():
    style, here, there = StyleFactory.create(), *offices("A1", "A2")
    figures = FigureSetFactory.create()
    for office in (here, there):
        FigureFactory.create(set=figures, style=style, office=office, style_class=StyleClass.SLOW)
    FigureFactory.create(
        set=figures, style=style, level=FigureLevel.COMPANY, office=None, region=None,
        style_class=StyleClass.STEADY,
    )  # fmt: skip
    by = PersonFactory.create()
    ClassOverride.objects.create(style=style, style_class=StyleClass.DEAD, reason="r", set_by=by)
    ClassOverride.objects.create(
        style=style, office=here, style_class=StyleClass.FAST, reason="r", set_by=by
    )
    assert standing_set() == figures

    assert class_of(style, here).computed == StyleClass.SLOW
    assert class_of(style, here).holds == StyleClass.FAST
    assert class_of(style, there).holds == StyleClass.DEAD
    assert (class_of(style).computed, class_of(style).holds) == (StyleClass.STEADY, StyleClass.DEAD)
    held = dict(
        with_class(Figure.objects.filter(~Q(office=None))).values_list("office", "held_class")
    )
    assert held == {here.pk: StyleClass.FAST, there.pk: StyleClass.DEAD}


def test_a_style_without_figures_has_no_class():
    style = StyleFactory.create()
    assert classes_of([style]) == {style.pk: (None, None)}


def test_a_lifted_class_holds_no_longer():
    figure, by = FigureFactory.create(style_class=StyleClass.SLOW), PersonFactory.create()
    row = ClassOverride.objects.create(
        style=figure.style, style_class=StyleClass.DEAD, reason="r", set_by=by
    )
    held = with_class(Figure.objects.all()).values_list("given_class", "held_class")
    assert class_of(figure.style, figure.office).holds == StyleClass.DEAD
    assert list(held.all()) == [(StyleClass.DEAD, StyleClass.DEAD)]
    ClassOverride.objects.filter(pk=row.pk).update(lifted_by=by, lifted_at="2026-04-01T00:00Z")
    assert class_of(figure.style, figure.office).holds == StyleClass.SLOW
    assert list(held.all()) == [(None, StyleClass.SLOW)]


def test_what_lies_there_is_told_by_size_all_colours_together(django_assert_num_queries):
    style, here, there = StyleFactory.create(), *offices("B1", "B2")
    for colour, pairs in (("red", 2), ("black", 1)):
        SizeStockFactory.create(style=style, office=here, colour=colour, quantity=pairs)
    SizeStockFactory.create(style=style, office=here, size="36", quantity=0)
    SizeStockFactory.create(style=style, office=there, quantity=9)
    for due_on in (date(2026, 6, 12), None):
        InTransit.objects.create(style=style, office=here, size="37", quantity=5, due_on=due_on)
    with django_assert_num_queries(1):
        found = availability([style.pk], offices=[here.pk], on=date(2026, 4, 1))
    assert list(found) == [(style.pk, here.pk)]
    row = found[style.pk, here.pk]
    assert (row.on_hand, row.pairs) == ({"36": 0, "37": 3}, 3)
    assert row.coming == [Coming(date(2026, 6, 12), "37", 5), Coming(None, "37", 5)]
    assert (row.pairs_coming, row.next_due) == (10, date(2026, 6, 12))
    assert availability([style.pk], offices=[], on=date(2026, 4, 1)) == {}


def test_what_the_ledger_has_ahead_lies_there_on_its_day():
    """A sheet may tell of days to come; what comes or goes then changes nothing today."""
    style, (here,) = StyleFactory.create(), offices("B1")
    ahead = [
        (date(2026, 4, 1), Kind.PURCHASE, 5, "d1"), (date(2026, 4, 2), Kind.SALE, 2, "d2"),
        (date(2026, 4, 3), Kind.TRANSFER_IN, 9, "d3"),
    ]  # fmt: skip
    for on, kind, pairs, document in ahead:
        MovementFactory.create(
            style=style, office=here, size="37", on=on, kind=kind, quantity=pairs, document=document
        )
    recount_all()
    reach = reach_of(PersonFactory.create(role=Role.MERCHANDISER), today=date(2026, 4, 1))
    for day, pairs in ((1, 5), (2, 3), (3, 12)):
        on = date(2026, 4, day)
        assert availability([style.pk], offices=[here.pk], on=on)[style.pk, here.pk].pairs == pairs
        (row,) = sizes_of_style(style, reach=reach, on=on)
        assert row.lying == pairs
