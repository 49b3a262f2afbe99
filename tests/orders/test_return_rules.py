"""The window of returns: the last day of it, the day after, and what is owed beyond it."""

from datetime import date, timedelta

import pytest

from orders.rules.returns import (
    Delivered,
    ask_blockers,
    decision_blockers,
    delivered_on,
    gone_deliveries,
    is_within,
    last_day,
    left_of,
)
from orders.states import ReturnCause

DAY = date(2026, 3, 10)


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def asked(**changed) -> list[str]:
    said = {"cause": ReturnCause.CUSTOMER, "qty": 1, "left": 2, "delivered_on": DAY,
            "asked_on": after(1), "days": 7} | changed  # fmt: skip
    return [one.code for one in ask_blockers(**said)]


def test_the_day_of_delivery_is_not_counted_and_the_last_day_is_in():
    assert last_day(DAY, days=7) == date(2026, 3, 17)
    assert [is_within(DAY, asked_on=after(n), days=7) for n in (0, 7, 8)] == [True, True, False]
    assert not is_within(DAY, asked_on=after(1), days=0)


@pytest.mark.parametrize("cause", [ReturnCause.CUSTOMER, ReturnCause.OTHER])
def test_day_eight_of_seven_is_refused_with_the_rule(cause):
    assert asked(asked_on=after(7), cause=cause) == []
    (blocker,) = ask_blockers(
        cause=cause, qty=1, left=1, delivered_on=DAY, asked_on=after(8), days=7
    )
    assert blocker.code == "beyond_window"
    assert blocker.params == {
        "days": 7, "day": 8, "delivered": "2026-03-10", "last": "2026-03-17",
    }  # fmt: skip


@pytest.mark.parametrize("cause", [ReturnCause.QUALITY, ReturnCause.DAMAGED, ReturnCause.WRONG])
def test_what_is_our_fault_may_be_asked_for_later(cause):
    assert asked(asked_on=after(400), cause=cause) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"qty": 2}, None), ({"qty": 3}, "more_than_delivered"), ({"qty": 0}, "qty_missing"),
        ({"left": 0, "delivered_on": None}, "nothing_delivered"),
        ({"asked_on": DAY}, None), ({"asked_on": after(-1)}, "asked_before_delivery"),
    ],
)  # fmt: skip
def test_only_pieces_that_are_with_the_customer_come_back(changed, code):
    assert asked(**changed) == ([code] if code else [])


def test_pieces_come_back_from_the_newest_delivery_first():
    both = [Delivered(on=DAY, qty=2), Delivered(on=after(10), qty=1)]
    assert left_of(both, taken=1) == [Delivered(on=DAY, qty=2)]
    assert left_of(both, taken=2) == [Delivered(on=DAY, qty=1)]
    assert left_of(both, taken=3) == []
    assert delivered_on(both, taken=0, qty=1) == after(10)
    assert delivered_on(both, taken=0, qty=2) == DAY
    assert delivered_on(both, taken=1, qty=1) == DAY
    assert delivered_on(both, taken=1, qty=3) is None


@pytest.mark.parametrize(
    ("is_agreed", "is_within", "reason", "is_own", "code"),
    [
        (True, True, "", False, None), (True, False, "", False, "late_reason_missing"),
        (True, False, "三包", False, None), (False, True, "", False, "reason_missing"),
        (False, False, "", False, "reason_missing"), (False, True, "用过", False, None),
        (True, True, "好", True, "own_return"),
    ],
)  # fmt: skip
def test_who_decides_says_why_where_it_is_late_or_refused(
    is_agreed, is_within, reason, is_own, code
):
    blockers = decision_blockers(
        is_agreed=is_agreed, is_within=is_within, reason=reason, is_own=is_own
    )
    assert [one.code for one in blockers] == ([code] if code else [])


def test_a_delivery_is_gone_once_all_its_pieces_came_back_the_newest_first():
    first, second = Delivered(on=DAY, qty=2), Delivered(on=after(5), qty=1)
    delivered = {11: [(1, first), (2, second)], 12: [(1, Delivered(on=DAY, qty=1))]}
    assert gone_deliveries(delivered, returned={}) == set()
    assert gone_deliveries(delivered, returned={11: 1}) == {2}
    assert gone_deliveries(delivered, returned={11: 3}) == {2}
    assert gone_deliveries(delivered, returned={11: 3, 12: 1}) == {1, 2}
