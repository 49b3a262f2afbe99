"""Floors, computed amounts and the difference from the original (3.9, FIL-38, ORD-27)."""

from decimal import Decimal

import pytest

from orders.rules.prices import (
    Priced,
    amount_of,
    difference,
    is_under_floor,
    line_blockers,
    original_blockers,
)
from stock.rules import check_price, floor_price

FLOOR = Decimal("253.97")


def line(**said):
    facts = {
        "product": "单人床", "qty": 1, "list_price": Decimal(300), "agreed_price": Decimal(280),
        "floor_price": FLOOR,
    }  # fmt: skip
    return Priced(**facts | said)


def codes(**said):
    return [each.code for each in line_blockers(line(**said))]


def test_the_worked_value_of_the_floor():
    """BE1: 180 with 3 % freight, 25 % commission, 2 % expense."""
    floor = floor_price(
        cost=Decimal(180), freight=Decimal("0.03"), commission=Decimal("0.25"),
        expense=Decimal("0.02"),
    )  # fmt: skip
    assert (floor, check_price(floor)) == (FLOOR, Decimal(254))


def test_shares_that_leave_nothing_have_no_floor():
    with pytest.raises(ValueError, match="nothing"):
        floor_price(cost=Decimal(1), freight=Decimal(0), commission=Decimal("0.6"),
                    expense=Decimal("0.4"))  # fmt: skip


@pytest.mark.parametrize(
    ("price", "is_under"),
    [("253", True), ("253.97", True), ("253.99", True), ("254", False), ("254.01", False)],
)
def test_a_price_is_held_against_whole_yuan(price, is_under):
    assert is_under_floor(agreed_price=Decimal(price), floor_price=FLOOR) is is_under
    assert codes(agreed_price=Decimal(price)) == (["under_floor"] if is_under else [])
    assert codes(agreed_price=Decimal(price), special_no="TJ-000001") == []


def test_an_unknown_floor_stops_nothing():
    assert codes(agreed_price=Decimal(1), floor_price=None) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"product": " "}, "product_missing"), ({"qty": 0}, "qty_wrong"),
        ({"qty": 10_000}, "qty_wrong"), ({"list_price": None}, "list_price_missing"),
        ({"agreed_price": Decimal(-1), "floor_price": None}, "price_wrong"),
        ({"is_corrected": True}, "remark_missing"),
    ],
)  # fmt: skip
def test_what_stops_a_line(said, code):
    assert codes(**said) == [code]


def test_a_corrected_line_says_what_was_asked():
    assert codes(is_corrected=True, remark="问过,颜色为灰") == []


def test_the_amount_is_the_sum_of_pieces_and_prices():
    lines = [line(qty=3, agreed_price=Decimal("0.33")), line(qty=9999, agreed_price=Decimal(1))]
    assert (amount_of(lines), amount_of([])) == (Decimal("9999.99"), Decimal(0))


@pytest.mark.parametrize(
    ("original", "reason", "codes"),
    [
        (Decimal(12800), "", ["difference_unexplained"]), (Decimal(12800), " ", ["difference_"
         "unexplained"]), (Decimal(12800), "少一张茶几", []), (Decimal(12600), "", []),
        (None, "", []),
    ],
)  # fmt: skip
def test_a_difference_from_the_original_needs_its_reason(original, reason, codes):
    computed = Decimal(12600)
    found = original_blockers(computed=computed, original=original, reason=reason)
    assert [each.code for each in found] == codes
    if codes:
        assert found[0].params["difference"] == "200.00"
        assert difference(computed=computed, original=original) == Decimal(200)
