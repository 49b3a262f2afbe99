"""Which way orders and the goods of their lines go: plain tables (ORD-01 … ORD-08)."""

from collections.abc import Collection, Mapping

from orders.states import EventKind, LineState, MilestoneKind, OrderState, Supply

# What an order may become next. It is delivered with the last of its lines, and is so no more when
# that delivery was a mistake; one whose lines change after it was checked is checked anew.
ORDER_MOVES: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.RECEIVED: frozenset({OrderState.CHECKED, OrderState.CANCELLED}),
    OrderState.CHECKED: frozenset(
        {OrderState.RECEIVED, OrderState.CONFIRMED, OrderState.CANCELLED}
    ),
    OrderState.CONFIRMED: frozenset({OrderState.DELIVERED, OrderState.CANCELLED}),
    OrderState.DELIVERED: frozenset({OrderState.CONFIRMED, OrderState.SETTLED}),
    OrderState.SETTLED: frozenset({OrderState.ARCHIVED}),
    OrderState.ARCHIVED: frozenset(),
    OrderState.CANCELLED: frozenset(),
}

_AT_HAND: Mapping[LineState, tuple[LineState, ...]] = {
    LineState.OPEN: (LineState.ALLOCATED,),
    LineState.ALLOCATED: (LineState.ARRIVED, LineState.READY, LineState.DELIVERED),
    LineState.SUBMITTED: (),
    LineState.IN_PRODUCTION: (),
    LineState.ARRIVED: (LineState.READY, LineState.SHIPPED, LineState.DELIVERED),
    LineState.READY: (LineState.SHIPPED, LineState.DELIVERED),
    LineState.SHIPPED: (LineState.DELIVERED,),
    LineState.DELIVERED: (),
    LineState.CANCELLED: (),
}
_BOUGHT: Mapping[LineState, tuple[LineState, ...]] = {
    **_AT_HAND,
    LineState.ALLOCATED: (LineState.SUBMITTED,),
    LineState.SUBMITTED: (LineState.IN_PRODUCTION, LineState.ARRIVED),
    LineState.IN_PRODUCTION: (LineState.ARRIVED,),
}
_MADE: Mapping[LineState, tuple[LineState, ...]] = {
    **_BOUGHT,
    LineState.SUBMITTED: (LineState.IN_PRODUCTION,),
}
# What the goods of a line may do next, by where they come from. What is at hand, in stock or on the
# floor, is neither submitted nor made; what is bought may be made first, what we make is. From
# every state before it is delivered a line may be cancelled.
LINE_MOVES: Mapping[Supply, Mapping[LineState, tuple[LineState, ...]]] = {
    Supply.STOCK: _AT_HAND,
    Supply.FLOOR_SAMPLE: _AT_HAND,
    Supply.PURCHASE: _BOUGHT,
    Supply.PRODUCTION: _MADE,
}
# States that end the way of a line.
LAST_LINES = (LineState.DELIVERED, LineState.CANCELLED)
# What a person says of goods; a line is delivered by a delivery and cancelled by a change.
STEPS = (
    LineState.SUBMITTED,
    LineState.IN_PRODUCTION,
    LineState.ARRIVED,
    LineState.READY,
    LineState.SHIPPED,
)
# The milestone and the line of history of each step.
MILESTONES: Mapping[LineState, MilestoneKind] = {
    state: MilestoneKind(state.value) for state in (LineState.ALLOCATED, *STEPS)
} | {LineState.DELIVERED: MilestoneKind.DELIVERED}
EVENTS: Mapping[LineState, EventKind] = {
    state: EventKind(state.value) for state in (LineState.ALLOCATED, *STEPS)
}


def may_order_move(before: OrderState | str, after: OrderState | str) -> bool:
    """Whether an order goes from one state to the other."""
    return OrderState(after) in ORDER_MOVES[OrderState(before)]


def may_line_move(before: LineState | str, after: LineState | str, *, supply: Supply | str) -> bool:
    """Whether the goods of a line go from one state to the other, forward."""
    before, after = LineState(before), LineState(after)
    if after == LineState.CANCELLED:
        return before not in LAST_LINES
    return after in LINE_MOVES[Supply(supply)][before]


def next_steps(state: LineState | str, *, supply: Supply | str) -> list[LineState]:
    """What a person may say of these goods next, in the order in which goods go."""
    return [step for step in STEPS if may_line_move(state, step, supply=supply)]


def step_back(
    state: LineState | str, *, supply: Supply | str, reached: Collection[MilestoneKind | str]
) -> LineState | None:
    """Where a step that is taken back leads: to the last state before it that was reached.

    `reached` are the milestones of the line; goods of which nothing is known but that they were
    delivered by mistake are ready to be. None where there is no step to take back.
    """
    state = LineState(state)
    if state == LineState.CANCELLED:
        return None
    before = [each for each, after in LINE_MOVES[Supply(supply)].items() if state in after]
    known = [each for each in before if MILESTONES.get(each) in reached]
    if state == LineState.DELIVERED and not known:
        return LineState.READY
    return next(reversed(known or before), None)
