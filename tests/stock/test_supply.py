"""Days of supply, what to order, what was lacking: the worked values of 3.5 and 3.6, each edge."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from stock.rules.figures import Figure, Flag
from stock.rules.fill import (
    adjusted_daily_sales,
    days_in_stock,
    fill_rate,
    lost_sales,
    weekly_stocked,
)
from stock.rules.launch import days_on_sale
from stock.rules.rates import Day, Restock, restock_hit_rate, restocks
from stock.rules.supply import (
    Red,
    daily_pace,
    days_left,
    days_of_supply,
    order_before,
    pace_window,
    red_list,
    replenish_quantity,
    supply_ends_on,
)
from stock.states import StyleClass

F = Fraction
AS_OF = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("name", "stock", "sold", "on_sale", "days", "flags"),
    [
        ("DS1", 30, 15, 32, F(28), ()), ("DS2", 48, 6, 60, F(112), ()),
        ("DS3", 25, 0, 40, None, (Flag.NO_SALES,)),
        ("DS4", 25, -2, 40, None, (Flag.NO_SALES, Flag.NET_RETURN)),
        ("DS5", 0, 9, 40, 0, ()), ("DS6", -3, 9, 40, 0, (Flag.NEG_STOCK,)),
        ("DS7", 40, 10, 5, F(20), (Flag.SHORT_ON_SALE,)),
        ("DS8", 10, 70, 90, F(2), (Flag.RUNNING_OUT,)),
        ("DS9", 20, 1, 1, F(20), (Flag.SHORT_ON_SALE,)),
        ("13 days on sale", 13, 13, 13, F(13), (Flag.SHORT_ON_SALE,)),
        ("14 days on sale", 14, 14, 14, F(14), ()), ("15 days on sale", 14, 14, 15, F(14), ()),
        ("a week left", 7, 14, 20, F(7), ()), ("less than one", 6, 14, 20, F(6), (
            Flag.RUNNING_OUT,)),
        ("nothing left, nothing sold", 0, 0, 40, 0, ()),
        ("not launched", 5, 0, 0, None, (Flag.NOT_ON_SALE,)),
        ("nobody says since when", 28, 14, None, F(28), (Flag.NO_LAUNCH,)),
    ],
)  # fmt: skip
def test_days_of_supply(name, stock, sold, on_sale, days, flags):
    found = days_of_supply(stock=stock, sold=sold, days_on_sale=on_sale)
    assert (found.value, found.flags) == (days, flags)


@pytest.mark.parametrize(
    ("name", "stock", "in_transit", "sold", "cover", "order"),
    [
        ("RP1", 30, 0, 15, 90, 67), ("RP2", 30, 0, 15, 28, 0), ("RP3", 30, 0, 15, 35, 8),
        ("RP4", 30, 20, 15, 28, 0), ("RP5", -3, 0, 14, 21, 24), ("RP6", 10, 0, 0, 30, 0),
        ("RP7", 20, 0, 9, 42, 7), ("a day more", 30, 0, 15, 29, 2), ("49 days", 30, 0, 15, 49, 23),
        ("to 04-05", 30, 0, 15, 86, 63), ("to 04-10", 30, 0, 15, 81, 57),
        ("only a deficit", -3, 0, 0, 30, 3), ("net returns", 5, 0, -4, 30, 0),
    ],
)  # fmt: skip
def test_replenish_quantity(name, stock, in_transit, sold, cover, order):
    found = replenish_quantity(
        stock=stock, in_transit=in_transit, sold=sold, window=14, cover=cover
    )
    assert (found.value, found.flags) == (order, ())


def test_the_shoe_of_march():
    """The worked example: 30 sold, 30 left, 15 of them in two weeks; does the stock last?"""
    on_sale = days_on_sale(date(2026, 3, 1), as_of=AS_OF).value
    assert (on_sale, pace_window(on_sale)) == (32, 14)
    assert daily_pace(sold=15, window=14).value == F(15, 14)
    days = days_of_supply(stock=30, sold=15, days_on_sale=on_sale)
    assert supply_ends_on(days, as_of=AS_OF) == date(2026, 4, 29)
    assert order_before(days, as_of=AS_OF, lead_days=10) == date(2026, 4, 19)
    left = days_left(season_ends_on=date(2026, 6, 30), as_of=AS_OF)
    assert left == 90
    assert replenish_quantity(stock=30, in_transit=0, sold=15, window=14, cover=left).value == 67


def test_what_has_no_window_has_no_pace_and_no_order():
    assert pace_window(0) == pace_window(-3) == 0
    assert daily_pace(sold=1, window=0).flags == (Flag.NOT_ON_SALE,)
    order = replenish_quantity(stock=0, in_transit=0, sold=0, window=0, cover=30)
    assert order == Figure(None, (Flag.NOT_ON_SALE,))


def test_an_end_of_supply_that_nobody_lives_to_see():
    endless = days_of_supply(stock=10**9, sold=1, days_on_sale=60)
    assert supply_ends_on(endless, as_of=AS_OF) is None
    assert supply_ends_on(Figure(None, (Flag.NO_SALES,)), as_of=AS_OF) is None
    assert order_before(endless, as_of=AS_OF, lead_days=1) is None
    assert supply_ends_on(Figure(F(0)), as_of=AS_OF) == AS_OF
    assert supply_ends_on(Figure(F(59, 2)), as_of=AS_OF) == AS_OF + timedelta(days=29)
    assert days_left(season_ends_on=AS_OF, as_of=AS_OF) == 0
    assert days_left(season_ends_on=AS_OF - timedelta(days=9), as_of=AS_OF) == 0


@pytest.mark.parametrize(
    ("days", "style_class", "red"),
    [
        (F(27, 2), StyleClass.FAST, Red.REORDER), (14, StyleClass.FAST, None),
        (0, StyleClass.FAST, Red.REORDER), (5, StyleClass.STEADY, None), (5, None, None),
        (90, StyleClass.SLOW, None), (F(181, 2), StyleClass.SLOW, Red.MARK_DOWN),
        (91, StyleClass.DEAD, Red.MARK_DOWN), (91, StyleClass.STEADY, None),
        (None, StyleClass.SLOW, Red.MARK_DOWN), (None, StyleClass.FAST, None),
        (91, StyleClass.WATCHED, None),
    ],
)  # fmt: skip
def test_the_red_lists(days, style_class, red):
    figure = Figure(days, () if days is not None else (Flag.NO_SALES,))
    assert red_list(figure, style_class=style_class) == red


def test_a_slow_style_that_is_not_on_sale_yet_is_on_no_red_list():
    figure = Figure(None, (Flag.NOT_ON_SALE,))
    assert red_list(figure, style_class=StyleClass.SLOW) is None


@pytest.mark.parametrize(
    ("name", "lines", "value"),
    [
        ("RF1", [(20, 20), (30, 18), (10, 0)], F(38, 60)), ("RF2", [(20, 26), (30, 18)], F(38, 50)),
        ("RF3", [], None), ("only shipped", [(0, 5)], None), ("all of it", [(5, 6)], F(1)),
    ],
)  # fmt: skip
def test_fill_rate(name, lines, value):
    found = fill_rate(lines)
    assert (found.value, found.flags) == (
        value, () if value is not None else (Flag.NOTHING_REQUESTED,)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "sold", "in_stock", "adjusted", "lost", "flags"),
    [
        ("RF4", 12, 9, F(4, 3), F(20, 3), ()), ("RF5", 0, 0, None, None, (Flag.OUT_OF_STOCK,)),
        ("always there", 12, 14, F(12, 14), F(0), ()), ("not asked for", 0, 9, F(0), F(0), ()),
        ("net returns", -9, 9, F(-1), F(-5), (Flag.NET_RETURN,)),
    ],
)  # fmt: skip
def test_sales_understated_for_lack_of_goods(name, sold, in_stock, adjusted, lost, flags):
    pace = adjusted_daily_sales(sold=sold, in_stock=in_stock)
    assert (pace.value, pace.flags) == (adjusted, flags)
    found = lost_sales(sold=sold, in_stock=in_stock, window=14)
    assert (found.value, found.flags) == (lost, flags)


def test_a_day_with_goods_closes_with_some_or_sold_some():
    days = [(3, 0), (0, 3), (0, 0), (-1, 0), (-1, 1), (0, -1), (1, -1)]
    assert days_in_stock(days) == 4
    weeks = [(0, 0)] * 6 + [(1, 0)] + [(0, 0)] * 7 + [(9, 9)] * 6
    assert weekly_stocked(weeks) == [True, False]


def days(*rows):
    """(day of April, received, sold) a day."""
    return [
        Day(on=date(2026, 4, day), received=received, sold=sold, change=received - sold)
        for day, received, sold in rows
    ]


LAUNCHED = date(2026, 4, 1)
APRIL = days((1, 20, 2), (5, 10, 8), (8, 0, 12), (11, 0, 5), (12, 6, 9), (20, 0, 0))


def judged(rows=APRIL, *, as_of=20, cover=7, launched_on=LAUNCHED, opening=0):
    found = restocks(
        rows, opening=opening, launched_on=launched_on, cover=cover, as_of=date(2026, 4, as_of)
    )
    return [(each.on.day, each.quantity, each.stock_before, each.sold, each.hits) for each in found]


def test_restocking_hits_where_it_sells_in_time_after_what_lay_there():
    """04-05: 18 lie there, 25 sell by 04-11, so 7 of the 10; 04-12: 3 lie there, 9 sell, all 6."""
    assert judged() == [(5, 10, 18, 25, 7), (12, 6, 3, 9, 6)]
    found = [Restock(on=AS_OF, quantity=10, stock_before=18, sold=25)]
    found.append(Restock(on=AS_OF, quantity=6, stock_before=3, sold=9))
    assert restock_hit_rate(found).value == F(13, 16)
    assert restock_hit_rate([]).flags == (Flag.NO_RESTOCK,)


@pytest.mark.parametrize(("as_of", "count"), [(10, 0), (11, 1), (17, 1), (18, 2)])
def test_a_restocking_is_judged_when_its_days_are_over(as_of, count):
    assert len(judged(as_of=as_of)) == count


def test_the_first_allotment_is_no_restocking():
    assert judged(launched_on=None) == judged()
    assert [row[0] for row in judged(launched_on=date(2026, 4, 5))] == [12]
    assert judged(days((1, -3, 0), (20, 0, 0))) == []


@pytest.mark.parametrize(
    ("before", "sold", "hits"),
    [(0, 9, 9), (0, 11, 10), (5, 5, 0), (5, 6, 1), (-4, 0, 4), (0, -1, 0)],
)
def test_hits_are_neither_less_than_none_nor_more_than_came(before, sold, hits):
    assert Restock(on=AS_OF, quantity=10, stock_before=before, sold=sold).hits == hits
