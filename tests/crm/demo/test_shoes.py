"""The house of shoes: a ledger that holds together, and goods of which something is to be seen."""

from datetime import timedelta

import pytest
from django.db.models import Q, Sum

from crm.demo.shoe_stories import LEFT, LONG, MISTAKEN, RESERVE, SHORT
from staff.models import Store
from staff.states import StoreKind, Trade
from stock.models import (
    DaySum,
    Figure,
    FigureSet,
    InTransit,
    Movement,
    OfficePrice,
    Request,
    SizeStock,
    Style,
)
from stock.rules.floor import check_price
from stock.states import FigureLevel, FigureSetState, Kind, StyleClass
from tests.crm.test_demo import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def test_the_house_has_offices_warehouses_stores_and_a_ledger_of_all_kinds_until_yesterday():
    places = Store.objects.filter(trade=Trade.SHOES)
    assert set(places.filter(kind=StoreKind.OFFICE).values_list("name", flat=True)) == {
        "郑办", "西安办", "地市"
    }  # fmt: skip
    assert set(places.values_list("kind", flat=True)) == {
        StoreKind.OFFICE, StoreKind.WAREHOUSE, StoreKind.STORE
    }  # fmt: skip
    assert set(Movement.objects.values_list("kind", flat=True)) == {int(kind) for kind in Kind}
    assert 15_000 < Movement.objects.count() < 40_000
    assert Movement.objects.order_by("on").last().on == TODAY - timedelta(days=1)
    assert Request.objects.filter(shipped__gt=0).exists()
    assert InTransit.objects.filter(due_on__gte=TODAY).exists()
    assert DaySum.objects.exists()
    brands = Style.objects.exclude(season=None).values_list("brand__name", "brand__code")
    assert set(brands) == {("HP", "04"), ("YLS", "02"), ("KC", ""), ("金布谷", "")}


def test_one_store_runs_short_while_another_has_forty_and_one_stock_is_negative():
    stocks = SizeStock.objects.values("style", "office__code").annotate(pairs=Sum("quantity"))
    found = {(row["style"], row["office__code"]): row["pairs"] for row in stocks}
    short = {style for (style, code), pairs in found.items() if (code, pairs) == (SHORT, LEFT)}
    assert any(found.get((style, LONG)) == RESERVE for style in short)
    negative = [place for (_style, place), pairs in found.items() if pairs < 0]
    assert negative == [MISTAKEN]
    assert SizeStock.objects.filter(quantity=0).exists()


def test_prices_differ_by_office_and_fall_under_the_floor_for_dead_styles_only():
    first = OfficePrice.objects.filter(office__code__in=["ZZB", "DSB"])
    assert first.values("style", "current_price").distinct().count() > len(
        set(first.values_list("style", flat=True))
    )
    steps = OfficePrice.objects.filter(~Q(style__floor_price=None)).select_related("style")
    under = {row.style for row in steps if row.current_price < check_price(row.style.floor_price)}
    assert under
    sold = Movement.objects.filter(kind=Kind.SALE, style__in=under)
    pairs = sold.values("style", "office").annotate(pairs=Sum("quantity"))
    assert all(row["pairs"] < 12 for row in pairs)


def test_figures_of_today_stand_with_styles_of_all_classes_and_broken_sizes():
    figures = Figure.objects.filter(set__is_standing=True, set__state=FigureSetState.READY)
    assert FigureSet.objects.get(is_standing=True).as_of == TODAY
    offices = figures.filter(level=FigureLevel.OFFICE)
    assert set(offices.values_list("style_class", flat=True)) - {""} == set(StyleClass)
    assert offices.filter(is_broken=True).exists()
    told_apart = offices.filter(office__code=LONG, closing=RESERVE).values("style")
    short = offices.get(
        office__code=SHORT, closing=LEFT, style_class=StyleClass.FAST, style__in=told_apart
    )
    assert short.window_sold == 14 - 1
