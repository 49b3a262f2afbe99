"""The tables of moves, held whole against what they are to say (ORD-03 … ORD-08)."""

import itertools

import pytest

from orders.rules.moves import (
    EVENTS,
    LINE_MOVES,
    MILESTONES,
    ORDER_MOVES,
    may_line_move,
    may_order_move,
    next_steps,
    step_back,
)
from orders.states import LineState, MilestoneKind, OrderState, Supply

# Every way that there is; what is not here there is not.
ORDERS = """
    received checked|cancelled
    checked received|confirmed|cancelled
    confirmed delivered|cancelled
    delivered confirmed|settled
    settled archived
"""
AT_HAND = """
    open allocated|cancelled
    allocated arrived|ready|delivered|cancelled
    submitted cancelled
    in_production cancelled
    arrived ready|shipped|delivered|cancelled
    ready shipped|delivered|cancelled
    shipped delivered|cancelled
"""
BOUGHT = """
    open allocated|cancelled
    allocated submitted|cancelled
    submitted in_production|arrived|cancelled
    in_production arrived|cancelled
    arrived ready|shipped|delivered|cancelled
    ready shipped|delivered|cancelled
    shipped delivered|cancelled
"""
MADE = BOUGHT.replace("in_production|arrived|cancelled", "in_production|cancelled")
LINES = {
    Supply.STOCK: AT_HAND,
    Supply.FLOOR_SAMPLE: AT_HAND,
    Supply.PURCHASE: BOUGHT,
    Supply.PRODUCTION: MADE,
}


def ways(table: str) -> set[tuple[str, str]]:
    rows = [row.split() for row in table.strip().splitlines()]
    return {(before, after) for before, afters in rows for after in afters.split("|")}


def test_orders_go_these_ways_and_no_others():
    found = {
        (before.value, after.value)
        for before, after in itertools.product(OrderState, OrderState)
        if may_order_move(before, after)
    }
    assert found == ways(ORDERS)


@pytest.mark.parametrize("supply", Supply)
def test_goods_go_these_ways_and_no_others(supply):
    found = {
        (before.value, after.value)
        for before, after in itertools.product(LineState, LineState)
        if may_line_move(before, after, supply=supply)
    }
    assert found == ways(LINES[supply])


def test_the_tables_name_every_state():
    assert set(ORDER_MOVES) == set(OrderState)
    for supply in Supply:
        assert set(LINE_MOVES[supply]) == set(LineState)


def test_every_line_reaches_its_customer_from_where_it_starts():
    for supply in Supply:
        seen, waiting = set(), [LineState.OPEN]
        while waiting:
            state = waiting.pop()
            seen.add(state)
            waiting += [each for each in LINE_MOVES[supply][state] if each not in seen]
        assert LineState.DELIVERED in seen


def test_what_a_person_may_say_next():
    assert next_steps(LineState.ALLOCATED, supply=Supply.STOCK) == ["arrived", "ready"]
    assert next_steps(LineState.ALLOCATED, supply=Supply.PURCHASE) == ["submitted"]
    assert next_steps(LineState.SHIPPED, supply=Supply.PURCHASE) == []
    assert next_steps(LineState.OPEN, supply=Supply.STOCK) == []


K = MilestoneKind


@pytest.mark.parametrize(
    ("state", "supply", "reached", "back"),
    [
        ("ready", "stock", {K.ALLOCATED, K.READY}, "allocated"),
        ("ready", "stock", {K.ALLOCATED, K.ARRIVED, K.READY}, "arrived"),
        ("arrived", "purchase", {K.ALLOCATED, K.SUBMITTED, K.ARRIVED}, "submitted"),
        ("arrived", "purchase", {K.SUBMITTED, K.IN_PRODUCTION, K.ARRIVED}, "in_production"),
        ("arrived", "production", set(), "in_production"),
        ("allocated", "stock", {K.ALLOCATED}, "open"),
        ("delivered", "stock", {K.ALLOCATED, K.DELIVERED}, "allocated"),
        ("delivered", "purchase", {K.ARRIVED, K.SHIPPED, K.DELIVERED}, "shipped"),
        ("delivered", "purchase", set(), "ready"),
        ("open", "stock", set(), None),
        ("cancelled", "stock", {K.ALLOCATED}, None),
        ("submitted", "stock", {K.ALLOCATED, K.SUBMITTED}, None),
    ],
)
def test_a_step_taken_back_leads_to_the_last_one_reached(state, supply, reached, back):
    assert step_back(state, supply=supply, reached=reached) == back


def test_every_step_has_its_milestone_and_its_line_of_history():
    assert {state.value for state in EVENTS} == {kind.value for kind in EVENTS.values()}
    assert {state.value for state in MILESTONES} == {kind.value for kind in MILESTONES.values()}
