"""Figures of a period against the worked values: 3.1, 3.2, 3.4, and the target curve."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from stock.rules.figures import Figure, Flag, in_order, ratio
from stock.rules.in_to_sales import allotted, in_to_sales
from stock.rules.rates import stock_rate
from stock.rules.sell_through import sell_through
from stock.rules.stock_to_sales import opening_to_sales, stock_to_sales
from stock.rules.targets import (
    SeasonEnd,
    is_behind,
    markdown_weeks,
    season_end,
    target_curve,
    target_share,
    weeks_behind,
)
from stock.rules.terms import DEFAULTS
from stock.rules.turnover import Turnover, season_view, total, turnover
from stock.states import Kind

F = Fraction
TOLERANCE = 1e-6


def period(opening, purchased=0, sold=0, **said):
    return Turnover(opening=opening, purchased=purchased, sold=sold, **said)


# name, turnover, exact value, rounded value of the table, flags
ST = [
    ("ST1", period(100, 200, 150), F(150, 300), 0.5, ()),
    ("ST2", period(80, 120, 95, purchase_returned=20, returned=5), F(90, 180), 0.5, ()),
    ("ST3", period(60, 40, 0), F(0), 0, ()),
    ("ST4", period(40, 0, 2, returned=5), F(-3, 40), -0.075, (Flag.NET_RETURN,)),
    ("ST5", period(0, 120, 54), F(54, 120), 0.45, ()),
    ("ST6", period(0), None, None, (Flag.NO_SUPPLY,)),
    ("ST7", period(-5, 50, 20), F(20, 45), 0.444444, (Flag.NEG_OPENING,)),
    ("ST8", period(-10, 5, 3), None, None, (Flag.NO_SUPPLY, Flag.NEG_OPENING)),
    (
        "ST9",
        period(30, 50, 45, transferred_in=12, transferred_out=20, returned=3),
        F(42, 72),
        0.583333,
        (),
    ),
    ("ST10", period(10, 0, 12), F(12, 10), 1.2, (Flag.OVER_100,)),
    ("ST11", period(50, 30, 0, purchase_returned=80), None, None, (Flag.NO_SUPPLY,)),
    ("ST12", period(100, 100, 90, given=10), F(90, 200), 0.45, ()),
    ("ST13", period(0, 60, 30), F(30, 60), 0.5, ()),
    ("all of it", period(10, 0, 10), F(1), 1, ()),
    ("one pair", period(-4, 5, 0), F(0), 0, (Flag.NEG_OPENING,)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "turned", "exact", "rounded", "flags"), ST)
def test_sell_through(name, turned, exact, rounded, flags):
    found = sell_through(turned)
    assert (found.value, found.flags) == (exact, flags)
    if exact is not None:
        assert float(exact) == pytest.approx(rounded, abs=TOLERANCE)


def test_gifts_and_business_use_are_sales_where_the_report_says_so():
    """ST12 with the setting on; and they have left the shelf either way."""
    turned = period(100, 100, 90, given=6, business_use=4)
    assert sell_through(turned).value == F(90, 200)
    assert sell_through(turned, counts_gifts=True).value == F(100, 200)
    assert turned.closing == 100


def test_a_stock_take_changes_the_closing_and_neither_side_of_the_rate():
    turned = period(100, 200, 150, gained=7, lost=9)
    assert (sell_through(turned).value, turned.closing) == (F(1, 2), 148)


def test_a_total_is_the_ratio_of_sums():
    """ST1 and ST3: 0.375, where the mean of the rates is 0.25."""
    assert sell_through(total([ST[0][1], ST[2][1]])).value == F(150, 400)


LEDGER = [
    (date(2026, 2, 1), Kind.OPENING, 40), (date(2026, 2, 9), Kind.PURCHASE, 30),
    (date(2026, 2, 28), Kind.SALE, 5), (date(2026, 3, 1), Kind.PURCHASE, 100),
    (date(2026, 3, 5), Kind.SALE, 60), (date(2026, 3, 31), Kind.SALE_RETURN, 2),
    (date(2026, 4, 1), Kind.SALE, 50),
]  # fmt: skip


def test_a_period_is_closed_at_both_ends():
    march = turnover(LEDGER, since=date(2026, 3, 1), until=date(2026, 3, 31))
    assert march == period(65, 100, 60, returned=2)
    assert march.closing == 107


def test_a_season_opens_with_nothing_and_has_received_what_lay_there():
    march = turnover(LEDGER, since=date(2026, 3, 1), until=date(2026, 3, 31))
    season = season_view(march)
    assert (season.opening, season.received, season.supply) == (0, 165, 165)
    assert sell_through(season) == sell_through(march)
    sold_before = season_view(period(-5, 50, 20))
    assert sell_through(sold_before).flags == (Flag.NEG_OPENING,)


def test_a_ledger_that_begins_inside_the_period_opens_with_what_it_says():
    rows = [(date(2026, 3, 1), Kind.OPENING, 100), (date(2026, 3, 2), Kind.PURCHASE, 200)]
    march = turnover(rows, since=date(2026, 3, 1), until=date(2026, 3, 31))
    assert (march.opening, march.received) == (100, 200)


@pytest.mark.parametrize(
    ("name", "sales", "closing", "value", "flags"),
    [
        ("JX1", 36, 14, F(36, 50), ()), ("JX2", 0, 20, F(0), ()),
        ("JX3", 45, -3, F(45, 42), (Flag.NEG_STOCK,)), ("JX4", 0, 0, None, (Flag.NO_SUPPLY,)),
        ("less than none", 2, -3, None, (Flag.NO_SUPPLY, Flag.NEG_STOCK)),
        ("net returns", -2, 3, F(-2), (Flag.NET_RETURN,)),
    ],
)  # fmt: skip
def test_in_to_sales(name, sales, closing, value, flags):
    found = in_to_sales(sales=sales, closing=closing)
    assert (found.value, found.flags) == (value, flags)


def test_what_was_allotted_is_what_was_sold_and_what_is_left():
    assert allotted(sales=36, closing=14) == 50


@pytest.mark.parametrize(
    ("name", "opening", "closing", "sales", "value", "flags"),
    [
        ("IS1", 100, 150, 150, F(5, 6), ()), ("IS2", 60, 100, 0, None, (Flag.NO_SALES,)),
        ("IS3", 40, 43, -3, None, (Flag.NET_RETURN,)), ("IS4", 0, 66, 54, F(33, 54), ()),
        ("IS5", -5, 25, 20, F(1, 2), (Flag.NEG_OPENING,)), ("IS6", 30, 0, 30, F(1, 2), ()),
        ("IS7", -20, 4, 16, None, (Flag.NEG_AVERAGE, Flag.NEG_OPENING)),
        ("mean of nothing", -5, 5, 10, F(0), (Flag.NEG_OPENING,)),
        ("one pair", 60, 100, 1, F(80), ()),
        ("oversold", 30, -4, 34, F(13, 34), (Flag.NEG_STOCK,)),
    ],
)  # fmt: skip
def test_stock_to_sales(name, opening, closing, sales, value, flags):
    found = stock_to_sales(opening=opening, closing=closing, sales=sales)
    assert (found.value, found.flags) == (value, flags)


def test_the_public_ratio_beside_it_is_of_amounts():
    found = opening_to_sales(opening_amount=Decimal("4990.00"), tag_sales=Decimal("1497.00"))
    assert found.value == F(10, 3)
    assert opening_to_sales(opening_amount=Decimal(1), tag_sales=Decimal(0)).flags == (
        Flag.NO_SALES,
    )


def test_the_stock_rate_is_what_sell_through_leaves():
    turned = period(100, 200, 150)
    assert stock_rate(closing=turned.closing, supply=turned.supply).value == F(1, 2)
    assert stock_rate(closing=-1, supply=0).flags == (Flag.NO_SUPPLY, Flag.NEG_STOCK)


def test_a_figure_without_a_value_says_why():
    with pytest.raises(ValueError, match="why"):
        Figure(None)
    assert ratio(1, 0, Flag.NO_SALES, reason=Flag.NO_SALES).flags == (Flag.NO_SALES,)
    assert in_order([Flag.NEG_STOCK, Flag.NO_SALES, Flag.NEG_STOCK]) == (
        Flag.NO_SALES, Flag.NEG_STOCK,
    )  # fmt: skip


def test_the_curve_of_eight_weeks():
    assert target_curve(season_weeks=8) == [*DEFAULTS.curve, DEFAULTS.curve[-1], DEFAULTS.curve[-1]]
    assert target_share(week=0, season_weeks=8) == 0
    assert markdown_weeks(season_weeks=8) == (7, 8)


def test_a_season_of_seventeen_weeks_keeps_the_shares_and_stretches_the_weeks():
    curve = target_curve(season_weeks=17)
    assert target_share(week=17, season_weeks=34) == F(1, 2)
    assert curve[0] == F(20, 100) * F(8, 17)
    assert (curve[11], curve[12]) == (F(60, 100) + F(15, 100) * (F(96, 17) - 5), F(75, 100))
    assert curve == sorted(curve)
    assert markdown_weeks(season_weeks=17) == (15, 17)
    with pytest.raises(ValueError, match="week"):
        target_share(week=1, season_weeks=0)


@pytest.mark.parametrize(
    ("shares", "behind"),
    [
        ((20, 30, 40), 0), ((20, 30, 39), 1), ((20, 29, 39), 2), ((19, 30, 39), 1),
        ((19, None, 39), 2), ((None, None, None), 0), ((), 0), ((19, 29, 39, 49, 59, 74, 74), 7),
    ],
)  # fmt: skip
def test_two_weeks_below_the_target_are_behind(shares, behind):
    told = [
        Figure(None, (Flag.NO_SUPPLY,)) if share is None else Figure(F(share, 100))
        for share in shares
    ]
    assert weeks_behind(told, DEFAULTS.curve) == behind
    assert is_behind(behind) is (behind >= 2)
    assert weeks_behind(told, []) == 0


@pytest.mark.parametrize(
    ("share", "end"),
    [
        (F(649, 1000), SeasonEnd.LEFT_OVER), (F(65, 100), SeasonEnd.HEALTHY),
        (F(80, 100), SeasonEnd.HEALTHY), (F(801, 1000), SeasonEnd.BOUGHT_TOO_LITTLE),
    ],
)  # fmt: skip
def test_how_a_season_ends(share, end):
    assert season_end(Figure(share)) == end
    assert season_end(Figure(None, (Flag.NO_SUPPLY,))) is None
