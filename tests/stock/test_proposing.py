"""What is ordered, moved, marked down: whole pairs that sum, by size, of what a place can spare."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stock.rules.floor import check_price, floor_blockers
from stock.rules.price_paths import Step, day_blockers, was_marked_down
from stock.rules.proposals import pairs_blockers, price_blockers
from stock.rules.proposing import (
    Place,
    lower_price,
    move_sizes,
    moves_between,
    order_sizes,
    pairs_lacking,
    shared,
    spare_sizes,
)
from stock.states import ProposalKind, StyleClass
from tests.examples import examples

CORE = ("36", "37", "38")
SIZES = ("35", "36", "37", "38", "39")
TODAY = date(2026, 4, 1)


def place(office: int = 1, *, window: int = 14, **by_size) -> Place:
    return Place(office=office, window=window, **by_size)


@pytest.mark.parametrize(
    ("total", "weights", "answer"),
    [
        (10, {"36": 1, "37": 1, "38": 1}, {"36": 4, "37": 3, "38": 3}),
        (2, {"36": 1, "37": 5}, {"37": 2}),
        (3, {"36": 0, "37": 0}, {"36": 2, "37": 1}),
        (0, {"36": 1}, {}),
        (5, {}, {}),
    ],
)
def test_pairs_are_shared_out_whole(total, weights, answer):
    assert shared(total, weights=weights) == answer


def test_the_shoe_needs_eight_for_thirty_five_days():
    shoe = place(stock={"37": 20, "38": 10}, sold={"37": 10, "38": 5})
    assert pairs_lacking(shoe, cover=35) == 8
    assert order_sizes(shoe, pairs=8, cover=35) == {"37": 5, "38": 3}


def test_a_core_size_that_lacks_comes_first():
    shoe = place(stock={"35": 9, "36": 9, "37": 0, "38": 0}, sold={"37": 4, "38": 1, "35": 7})
    assert order_sizes(shoe, pairs=1, cover=14, core=CORE) == {"37": 1}
    assert order_sizes(shoe, pairs=2, cover=14, core=CORE) == {"37": 1, "38": 1}
    # Of what is lacking for a fortnight (37: 4, 38: 1), all of it.
    assert order_sizes(shoe, pairs=5, cover=14, core=CORE) == {"37": 4, "38": 1}


def test_what_is_coming_is_not_ordered_again():
    shoe = place(stock={"37": 0}, coming={"37": 4}, sold={"37": 4})
    assert pairs_lacking(shoe, cover=14) == 0
    assert order_sizes(shoe, pairs=2, cover=14, core=CORE) == {"37": 2}


def test_a_style_without_sizes_is_ordered_as_one():
    assert order_sizes(place(stock={"": 2}, sold={"": 4}), pairs=6, cover=28) == {"": 6}
    assert order_sizes(place(stock={}), pairs=6, cover=28, core=CORE) == {"": 6}


def test_a_giver_keeps_its_own_days():
    giver = place(stock={"37": 30, "38": 10}, sold={"37": 8, "38": 0})
    # 35 days at 8 in 14 are 20 pairs of 37.
    assert spare_sizes(giver, cover=35) == {"37": 10, "38": 10}
    short = place(stock={"37": 2, "38": 20}, sold={"37": 8, "38": 0})
    assert spare_sizes(short, cover=35) == {"38": 2}
    assert spare_sizes(place(stock={"37": 9}, window=0), cover=35) == {}


def test_nine_days_of_supply_are_filled_from_the_store_that_has_forty():
    short = place(1, stock={"36": 2, "37": 4, "38": 3}, sold={"36": 4, "37": 6, "38": 4})
    rich = place(2, stock={"36": 10, "37": 20, "38": 10}, sold={"37": 1})
    assert pairs_lacking(short, cover=35) == 26
    (move,) = moves_between([rich, short], [short], cover=35, core=CORE)
    assert (move.giver, move.taker) == (2, 1)
    assert move.sizes == {"36": 8, "37": 11, "38": 7}
    assert move.sizes == move_sizes(giver=rich, taker=short, cover=35, core=CORE)


def test_what_one_takes_another_does_not_get():
    rich = place(9, stock={"37": 10})
    takers = [place(n, stock={"37": 0}, sold={"37": 7}) for n in (1, 2)]
    moves = moves_between([rich], takers, cover=14)
    assert [(move.taker, move.pairs) for move in moves] == [(1, 7), (2, 3)]


places = st.builds(
    lambda office, stock, coming, sold, window: Place(
        office=office, stock=stock, coming=coming, sold=sold, window=window
    ),
    office=st.integers(1, 9),
    stock=st.dictionaries(st.sampled_from(SIZES), st.integers(-5, 40), max_size=5),
    coming=st.dictionaries(st.sampled_from(SIZES), st.integers(1, 9), max_size=2),
    sold=st.dictionaries(st.sampled_from(SIZES), st.integers(-2, 20), max_size=5),
    window=st.integers(0, 14),
)


@examples(60)
@given(place=places, pairs=st.integers(0, 200), cover=st.integers(1, 90))
def test_an_order_is_split_to_the_pair(place, pairs, cover):
    sizes = order_sizes(place, pairs=pairs, cover=cover, core=CORE)
    assert sum(sizes.values()) == pairs
    assert all(each > 0 for each in sizes.values())
    assert set(sizes) <= {*place.sizes, ""}


@examples(60)
@given(
    rows=st.lists(places, max_size=6, unique_by=lambda each: each.office), cover=st.integers(1, 60)
)
def test_moves_take_from_nobody_what_they_need(rows, cover):
    moves = moves_between(rows, rows, cover=cover, core=CORE)
    for row in rows:
        given_away = [move for move in moves if move.giver == row.office]
        gone = sum(move.pairs for move in given_away)
        if gone:
            left = sum(row.stock.values()) - gone
            assert left >= Fraction(max(0, row.pairs_sold) * cover, row.window)
            for size in row.stock:
                sent = sum(move.sizes.get(size, 0) for move in given_away)
                assert not sent or row.stock[size] - sent >= row.demand(size, cover=cover)
        got = sum(move.pairs for move in moves if move.taker == row.office)
        assert got <= pairs_lacking(row, cover=cover)
    assert all(move.giver != move.taker and move.pairs > 0 for move in moves)


@pytest.mark.parametrize(
    ("current", "floor", "style_class", "was_cut", "answer"),
    [
        (499, None, StyleClass.SLOW, False, 399),
        (597, None, StyleClass.SLOW, False, 477),
        (499, "253.97", StyleClass.SLOW, False, 399),
        (300, "253.97", StyleClass.SLOW, False, 254),
        (254, "253.97", StyleClass.SLOW, False, None),
        (254, "253.97", StyleClass.DEAD, False, None),
        (254, "253.97", StyleClass.DEAD, True, 203),
        (1, None, StyleClass.DEAD, True, None),
    ],
)
def test_a_price_goes_down_to_the_floor_and_no_further(
    current, floor, style_class, was_cut, answer
):
    found = lower_price(
        current=Decimal(current),
        floor=Decimal(floor) if floor else None,
        style_class=style_class,
        was_marked_down=was_cut,
    )
    assert found == (None if answer is None else Decimal(answer))


@examples(60)
@given(
    current=st.integers(1, 2000),
    floor=st.one_of(st.none(), st.decimals("1", "999", places=2)),
    style_class=st.sampled_from(StyleClass),
    was_cut=st.booleans(),
)
def test_no_price_that_is_proposed_stops_at_the_floor(current, floor, style_class, was_cut):
    price = lower_price(
        current=Decimal(current), floor=floor, style_class=style_class, was_marked_down=was_cut
    )
    if price is not None:
        assert price < current
        assert not floor_blockers(
            price=price, floor=floor, style_class=style_class, was_marked_down=was_cut
        )
        assert floor is None or style_class == StyleClass.DEAD or price >= check_price(floor)


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, []), ({"new_price": Decimal("498.99")}, []),
        ({"new_price": Decimal(499)}, ["not_lower"]),
        ({"new_price": Decimal(254)}, []), ({"new_price": Decimal("253.99")}, ["under_floor"]),
        ({"from_on": TODAY - timedelta(days=1)}, ["is_past"]),
        ({"from_on": TODAY + timedelta(days=365)}, []),
        ({"from_on": TODAY + timedelta(days=366)}, ["is_far"]),
        ({"asks_under_floor": True, "reason": " "}, ["reason_missing"]),
    ],
)  # fmt: skip
def test_how_far_a_markdown_goes(said, codes):
    base = {
        "old_price": Decimal(499), "new_price": Decimal(399), "from_on": TODAY, "today": TODAY,
        "floor": Decimal("253.97"), "style_class": None, "was_marked_down": False,
        "asks_under_floor": False, "reason": "",
    }  # fmt: skip
    assert [each.code for each in price_blockers(**base | said)] == codes


@pytest.mark.parametrize(
    ("pairs", "cover", "codes"),
    [
        (1, 14, []), (100_000, 14, []), (100_001, 14, ["too_many_pairs"]), (0, 14, ["no_pairs"]),
        (1, 13, ["cover_under_lead"]),
    ],
)  # fmt: skip
def test_how_many_pairs_are_ordered_for_how_long(pairs, cover, codes):
    found = pairs_blockers(
        kind=ProposalKind.REORDER, sizes={"37": pairs}, cover_days=cover, lead_days=14,
        has_giver=False, has_taker=False, is_same_office=False,
    )  # fmt: skip
    assert [each.code for each in found] == codes


@pytest.mark.parametrize(
    ("days", "codes"), [(-1, ["is_past"]), (0, []), (366, []), (367, ["is_far"])]
)
def test_when_a_price_begins(days, codes):
    found = day_blockers(from_on=TODAY + timedelta(days=days), today=TODAY, most_days=366)
    assert [each.code for each in found] == codes


@pytest.mark.parametrize(("days", "answer"), [(0, False), (1, True)])
def test_a_markdown_was_tried_from_the_day_after_on(days, answer):
    steps = [Step(from_on=TODAY, current=Decimal(300))]
    before = TODAY + timedelta(days=days)
    assert was_marked_down(steps, before=before, plain=Decimal(499)) is answer
