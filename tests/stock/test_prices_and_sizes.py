"""Discounts, sizes, margin and floor: the worked values of 3.7 and 3.9, and each edge."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from stock.rules import check_price
from stock.rules.discount import Sold, discount_level, discount_of, is_cut
from stock.rules.figures import Figure, Flag
from stock.rules.floor import floor_blockers
from stock.rules.gmroi import annualised, gmroi
from stock.rules.sizes import core_sizes, size_gaps
from stock.rules.terms import DEFAULTS, terms_blockers
from stock.states import DiscountLevel, StyleClass

F = Fraction
WOMEN, MEN = ("36", "37", "38"), ("40", "41", "42")


def sold(*lines):
    return [
        Sold(quantity=quantity, paid=None if paid is None else Decimal(paid), tag=Decimal(tag))
        for quantity, paid, tag in lines
    ]


@pytest.mark.parametrize(
    ("name", "lines", "value", "rounded", "level", "flags"),
    [
        ("AD1", [(3, 499, 499), (2, 399, 499), (1, "249.5", 499)], F(25445, 29940), 0.849866,
         DiscountLevel.LIGHT, ()),
        ("AD2", [(5, 399, 499), (-1, 499, 499)], F(1496, 1996), 0.749499,
         DiscountLevel.PROMOTED, ()),
        ("AD3", [(1, 399, 499), (-2, 399, 499)], None, None, None, (Flag.NET_RETURN,)),
        ("AD4", [], None, None, None, (Flag.NO_SALES,)),
        ("AD5", [(10, 560, 799), (4, 299, 599)], F(6796, 10386), 0.654342,
         DiscountLevel.PROMOTED, ()),
        ("one unpriced", [(1, 475, 500), (3, None, 500)], F(95, 100), 0.95, DiscountLevel.FULL,
         (Flag.NO_PRICE,)),
        ("none priced", [(3, None, 500)], None, None, None, (Flag.NO_SALES, Flag.NO_PRICE)),
        ("sold and brought back", [(1, 400, 500), (-1, 400, 500)], None, None, None,
         (Flag.NO_SALES,)),
        ("brought back dear", [(2, 100, 500), (-1, 499, 500)], F(-299, 500), -0.598,
         DiscountLevel.PROMOTED, (Flag.NET_RETURN,)),
        ("sold for nothing", [(1, 0, 500)], F(0), 0, DiscountLevel.PROMOTED, ()),
    ],
)  # fmt: skip
def test_average_discount(name, lines, value, rounded, level, flags):
    found = discount_of(sold(*lines))
    assert (found.value, found.flags) == (value, flags)
    assert discount_level(found) == level
    if value is not None:
        assert float(value) == pytest.approx(rounded, abs=1e-6)


@pytest.mark.parametrize(
    ("share", "level"),
    [
        ("1.2", DiscountLevel.FULL), ("0.95", DiscountLevel.FULL),
        ("0.949999", DiscountLevel.LIGHT), ("0.8", DiscountLevel.LIGHT),
        ("0.799999", DiscountLevel.PROMOTED),
    ],
)  # fmt: skip
def test_the_levels_of_a_discount(share, level):
    assert discount_level(Figure(F(share))) == level


def test_a_price_is_cut_below_eight_tenths_of_the_tag():
    assert not is_cut(price=Decimal("399.20"), tag=Decimal(499))
    assert is_cut(price=Decimal("399.19"), tag=Decimal(499))


def sizes(**pairs):
    return {name.strip("s"): count for name, count in pairs.items()}


@pytest.mark.parametrize(
    ("name", "pairs", "rate", "is_broken", "missing", "flags"),
    [
        ("BS1", sizes(s35=2, s36=4, s37=0, s38=5, s39=3, s40=0), F(4, 6), True, ("37",), ()),
        ("BS2", sizes(s35=0, s36=0, s37=0, s38=0, s39=0, s40=0), F(0), False, WOMEN,
         (Flag.OUT_OF_STOCK,)),
        ("BS3", sizes(s35=0, s36=1, s37=1, s38=1, s39=1, s40=1), F(5, 6), False, (), ()),
        ("negative", sizes(s36=1, s37=-2, s38=1), F(2, 3), True, ("37",), (Flag.NEG_SIZE,)),
        ("one at the edge", sizes(s35=1, s36=0, s37=0, s38=0), F(1, 4), True, WOMEN, ()),
        ("no range", {}, None, False, WOMEN, (Flag.NO_SIZES,)),
    ],
)  # fmt: skip
def test_size_gaps(name, pairs, rate, is_broken, missing, flags):
    found = size_gaps(pairs, core=WOMEN)
    assert (found.complete_rate.value, found.is_broken) == (rate, is_broken)
    assert (found.missing_core, found.flags) == (missing, flags)
    assert found.sizes_in_range == len(pairs)
    assert found.sizes_in_stock == sum(count > 0 for count in pairs.values())


def test_a_range_without_core_sizes_is_never_broken():
    found = size_gaps({"S": 1, "M": 0}, core=())
    assert (found.is_broken, found.flags) == (False, (Flag.NO_CORE,))


@pytest.mark.parametrize(
    ("lowest", "highest", "core"),
    [(35, 40, WOMEN), (36, 38, WOMEN), (37, 42, MEN), (39, 44, MEN), (35, 42, WOMEN), (39, 41, ())],
)
def test_the_core_of_a_range_is_the_first_run_that_lies_in_it(lowest, highest, core):
    sizes = [str(size) for size in range(lowest, highest + 1)]
    assert core_sizes(sizes, [("38", "36", "37"), MEN]) == core


def test_sizes_are_missed_in_their_order():
    found = size_gaps({"9": 0, "10": 0, "9.5": 0, "L": 0, "11": 1}, core=("L", "10", "9.5", "9"))
    assert found.missing_core == ("9", "9.5", "10", "L")


@pytest.mark.parametrize(
    ("name", "margin", "opening", "closing", "value", "flags"),
    [
        ("GM1", 60_000, 40_000, 60_000, F(12, 10), ()),
        ("GM2", -5_000, 25_000, 25_000, F(-2, 10), ()),
        ("GM3", 0, 0, 0, None, (Flag.NO_STOCK,)),
        ("GM4", 36_000, 60_000, 60_000, F(6, 10), ()),
        ("less than none", 5, -3, 1, None, (Flag.NEG_AVERAGE, Flag.NEG_OPENING)),
        ("from less than none", 5, -1, 3, F(5), (Flag.NEG_OPENING,)),
    ],
)  # fmt: skip
def test_gmroi(name, margin, opening, closing, value, flags):
    found = gmroi(margin=Decimal(margin), opening=Decimal(opening), closing=Decimal(closing))
    assert (found.value, found.flags) == (value, flags)


def test_a_quarter_s_gmroi_for_a_year():
    quarter = gmroi(margin=Decimal(60_000), opening=Decimal(40_000), closing=Decimal(60_000))
    assert float(annualised(quarter, days=92).value) == pytest.approx(4.7609, abs=5e-5)
    nothing = Figure(None, (Flag.NO_STOCK,))
    assert annualised(nothing, days=92) == nothing
    with pytest.raises(ValueError, match="day"):
        annualised(quarter, days=0)


def test_whole_yuan_are_not_rounded_up():
    assert (check_price(Decimal("254.00")), check_price(Decimal("254.01"))) == (254, 255)


@pytest.mark.parametrize(
    ("price", "said", "stops"),
    [
        (253, {}, True), (254, {}, False), (253, {"floor": None}, False),
        (253, {"is_approved": True}, False), (253, {"style_class": StyleClass.DEAD}, True),
        (253, {"style_class": StyleClass.DEAD, "was_marked_down": True}, False),
        (253, {"style_class": StyleClass.SLOW, "was_marked_down": True}, True),
    ],
)  # fmt: skip
def test_under_the_floor_goes_what_is_dead_after_a_markdown_or_approved(price, said, stops):
    facts = {"floor": Decimal("253.97"), "style_class": None, "was_marked_down": False} | said
    found = floor_blockers(price=Decimal(price), **facts)
    assert [(each.code, each.params) for each in found] == (
        [("under_floor", {"floor": "254"})] if stops else []
    )


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"bucket_limits": (30, 30)}, "bucket_limits"), ({"bucket_limits": ()}, "bucket_limits"),
        ({"light_from": F(95, 100)}, "full_price_from"), ({"steady_from": F(1, 4)}, "steady_from"),
        ({"red_over_days": 14}, "red_over_days"), ({"main_until_week": 2}, "main_until_week"),
        ({"curve": (F(1, 2), F(1, 2))}, "curve"), ({"curve": (F(3, 2),)}, "curve"),
        ({"commission": Decimal("0.98")}, "commission"), ({"cut_weeks": 0}, "cut_under"),
        ({"watch_weeks": 0}, "watch_weeks"), ({"window_days": 0}, "window_days"),
        ({"markdown_weeks": (8, 8)}, "markdown_weeks"), ({"new_days": 365}, "past_after_days"),
    ],
)  # fmt: skip
def test_limits_that_contradict_each_other_are_named(said, code):
    assert terms_blockers(DEFAULTS) == []
    assert [each.code for each in terms_blockers(replace(DEFAULTS, **said))] == [code]
