"""Classes of styles and how new they are: the worked values of 3.8, each limit and a step past."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from stock.figures.bulk.classing import Measured, classes_of
from stock.rules.classes import (
    Week,
    classify,
    continuity,
    is_promoted,
    is_promoted_by_sales,
    main_season_mean,
    relative_volume,
    weeks_on_sale,
)
from stock.rules.figures import Figure, Flag
from stock.rules.launch import category, days_on_sale, launch_day
from stock.rules.terms import DEFAULTS
from stock.states import Category, StyleClass

F = Fraction
FAST, STEADY, SLOW, DEAD, WATCHED = (
    StyleClass.FAST, StyleClass.STEADY, StyleClass.SLOW, StyleClass.DEAD, StyleClass.WATCHED,
)  # fmt: skip
LAUNCHED = date(2026, 3, 1)
NOTHING = Figure(None, (Flag.NO_PEERS,))


def weeks(*sales):
    return [Week(sales=sold) for sold in sales]


@pytest.mark.parametrize(
    ("name", "sales", "volume", "is_promoted", "share", "style_class"),
    [
        ("CL1", (6, 8, 9, 7, 10, 8, 6, 5), "2.1", False, F(1), FAST),
        ("CL2", (2, 1, 3, 2, 0, 2, 1, 2), "0.9", False, F(7, 8), STEADY),
        ("CL3", (1, 0, 0, 2, 0, 1, 0, 0), "0.3", False, F(3, 8), SLOW),
        ("CL4", (1, *[0] * 11), "0.05", True, F(1, 12), DEAD),
        ("CL5", (5, 6, 4), "2.0", False, F(1), WATCHED),
        ("CL6", (0, 0, 0, 0, 0, 1), "0.1", False, F(1, 6), SLOW),
        ("CL7", (0, 0, 0, 0, 0, 1), "0.1", True, F(1, 6), DEAD),
        ("CL8", (3, 0, 3, 3), "1.6", False, F(3, 4), FAST),
        ("CL9", (0, -1, 2, 0, 0, 3, 0, 0), "0.2", False, F(1, 4), SLOW),
        ("volume at its limit", (3, 0, 3, 3), "1.5", False, F(3, 4), FAST),
        ("a little less", (3, 0, 3, 3), "1.499", False, F(3, 4), STEADY),
        ("just not continuous", (1, 1, 1, 1, 1, 0, 0), "9", False, F(5, 7), SLOW),
        ("promoted, a quarter", (2, 0, 0, 0), "0.1", True, F(1, 4), SLOW),
        ("eleven weeks", (1, *[0] * 10), "0.05", False, F(1, 11), SLOW),
        ("twelve weeks", (1, *[0] * 11), "0.05", False, F(1, 12), DEAD),
        ("four weeks, nothing", (0, 0, 0, 0), "0", True, F(0), DEAD),
    ],
)  # fmt: skip
def test_classes(name, sales, volume, is_promoted, share, style_class):
    found = classify(weeks(*sales), volume=Figure(F(volume)), is_promoted=is_promoted)
    assert (found.continuity.value, found.weeks) == (share, len(sales))
    assert (found.style_class, found.flags) == (style_class, ())


def test_a_week_without_goods_counts_neither_way():
    """Lack of goods is no lack of demand: 3 of 4 weeks with goods sold, whatever the others did."""
    gap = Week(sales=0, had_stock=False)
    lying = [*weeks(3, 0, 3), gap, gap, *weeks(3)]
    assert continuity(lying).value == F(3, 4)
    assert classify(lying, volume=Figure(F(2)), is_promoted=False).style_class == FAST
    few = [*weeks(3, 3, 3), gap]
    found = classify(few, volume=Figure(F(2)), is_promoted=False)
    assert (found.style_class, found.flags) == (WATCHED, (Flag.FEW_WEEKS_IN_STOCK,))
    never = classify([gap] * 5, volume=NOTHING, is_promoted=True)
    assert (never.style_class, never.continuity.flags) == (WATCHED, (Flag.OUT_OF_STOCK,))


def test_without_peers_what_sells_continuously_is_steady():
    found = classify(weeks(9, 9, 9, 9), volume=NOTHING, is_promoted=False)
    assert (found.style_class, found.flags) == (STEADY, (Flag.NO_PEERS,))


def test_limits_are_terms():
    terms = replace(DEFAULTS, watch_weeks=3, fast_volume_from=F(3))
    found = classify(weeks(5, 6, 4), volume=Figure(F(2)), is_promoted=False, terms=terms)
    assert found.style_class == STEADY


@pytest.mark.parametrize(
    ("day", "until", "count"),
    [(7, None, 1), (6, None, 0), (13, None, 1), (14, None, 2), (0, None, 0), (-5, None, 0),
     (90, date(2026, 3, 14), 2), (90, date(2026, 3, 13), 1), (90, date(2026, 2, 1), 0)],
)  # fmt: skip
def test_weeks_on_sale_are_completed_ones(day, until, count):
    as_of = LAUNCHED + timedelta(days=day - 1)
    assert weeks_on_sale(LAUNCHED, as_of=as_of, season_ends_on=until) == count
    assert weeks_on_sale(None, as_of=as_of) == 0


def test_the_main_season_is_weeks_three_to_ten_with_goods():
    sold = weeks(90, 90, 2, 4, 6, 8, 2, 4, 6, 8, 90, 90)
    assert main_season_mean(sold).value == F(40, 8)
    gap = Week(sales=0, had_stock=False)
    assert main_season_mean([*sold[:2], gap, Week(sales=4)]).value == F(4)
    assert main_season_mean([*weeks(3, 6), gap]).value == F(9, 2)
    assert main_season_mean([gap]).flags == main_season_mean([]).flags == (Flag.OUT_OF_STOCK,)


def test_volume_is_held_against_the_median_of_its_peers():
    means = [Figure(F(mean)) for mean in (1, 2, 30)]
    assert relative_volume(means[2], peers=[*means, NOTHING]).value == F(15)
    assert relative_volume(means[0], peers=means[:2]).value == F(2, 3)
    idle = [Figure(F(0)), Figure(F(0)), Figure(F(5))]
    assert relative_volume(idle[2], peers=idle).flags == (Flag.NO_PEERS,)
    assert relative_volume(NOTHING, peers=means) == NOTHING


def path(*steps):
    return [(date(2026, *day), Decimal(price)) for day, price in steps]


@pytest.mark.parametrize(
    ("steps", "as_of", "is_so"),
    [
        (path(((4, 1), 399)), (4, 14), True), (path(((4, 1), 399)), (4, 13), False),
        (path(((4, 1), "399.20")), (5, 30), False),  # 0.8 of the tag is no cut
        (path(((4, 8), 299), ((4, 1), 399)), (4, 14), True),  # cut further, one run
        (path(((4, 1), 399), ((4, 8), 499), ((4, 9), 399)), (4, 21), False),
        (path(((4, 1), 399), ((4, 15), 499)), (5, 30), True),  # tried, and given up
        (path(((4, 1), 399), ((4, 1), 499)), (5, 30), False), (path(((6, 1), 99)), (5, 30), False),
        ([], (5, 30), False),
    ],
)  # fmt: skip
def test_a_promotion_is_two_weeks_on_end_below_eight_tenths(steps, as_of, is_so):
    assert is_promoted(steps, tag=Decimal(499), as_of=date(2026, *as_of)) is is_so


def test_where_no_price_is_known_what_was_paid_tells_of_a_promotion():
    cut, full = Figure(F(7, 10)), Figure(F(8, 10))
    unsold = Figure(None, (Flag.NO_SALES,))
    assert is_promoted_by_sales([cut, unsold, full, cut])
    assert not is_promoted_by_sales([cut, unsold, full])


def test_the_launch_day_is_the_first():
    assert days_on_sale(LAUNCHED, as_of=date(2026, 4, 1)).value == 32
    assert days_on_sale(LAUNCHED, as_of=LAUNCHED).value == 1
    before = days_on_sale(LAUNCHED, as_of=LAUNCHED - timedelta(days=1))
    assert before == Figure(None, (Flag.NOT_ON_SALE,))
    assert days_on_sale(None, as_of=LAUNCHED).flags == (Flag.NO_LAUNCH,)


def test_an_office_s_launch_comes_before_the_style_s():
    style, first = date(2026, 3, 5), date(2026, 2, 20)
    assert launch_day(office=LAUNCHED, style=style, first_received=first) == (LAUNCHED, ())
    assert launch_day(office=None, style=style, first_received=first) == (style, ())
    told = launch_day(office=None, style=None, first_received=first)
    assert told == (first, (Flag.NO_LAUNCH,))
    assert launch_day(office=None, style=None, first_received=None)[0] is None


SEASON_END = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("launched_on", "ends_on", "as_of", "found"),
    [
        (LAUNCHED, SEASON_END, date(2026, 2, 1), Category.NEW),
        (LAUNCHED, SEASON_END, date(2026, 3, 28), Category.NEW),
        (LAUNCHED, SEASON_END, date(2026, 3, 29), Category.CONTINUED),
        (LAUNCHED, SEASON_END, SEASON_END, Category.CONTINUED),
        (LAUNCHED, SEASON_END, date(2026, 7, 1), Category.PAST),
        (date(2026, 6, 25), SEASON_END, date(2026, 7, 1), Category.PAST),
        (LAUNCHED, None, date(2027, 2, 28), Category.CONTINUED),
        (LAUNCHED, None, date(2027, 3, 1), Category.PAST),
        (None, SEASON_END, SEASON_END, Category.CONTINUED), (None, None, SEASON_END, None),
    ],
)  # fmt: skip
def test_a_style_is_new_then_continued_then_past(launched_on, ends_on, as_of, found):
    assert category(launched_on=launched_on, season_ends_on=ends_on, as_of=as_of) == found


@pytest.mark.parametrize(
    ("weeks", "selling", "is_promoted", "answer"),
    [
        (8, 2, True, StyleClass.SLOW), (9, 2, True, StyleClass.DEAD),
        (11, 1, False, StyleClass.SLOW), (12, 1, False, StyleClass.DEAD),
        (3, 0, True, StyleClass.WATCHED), (4, 3, False, StyleClass.STEADY),
    ],
)  # fmt: skip
def test_each_limit_belongs_to_the_better_class_where_many_are_told_at_once(
    weeks, selling, is_promoted, answer
):
    told = (0, 5, 8, weeks, selling, is_promoted)
    rows = Measured(*(np.array([each]) for each in told))
    assert classes_of(rows, terms=DEFAULTS).style_class.tolist() == [answer]
