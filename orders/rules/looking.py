"""The weekly look through one's own orders (FUP-27, ORD-14): its week, and what is wrong with each.

A week begins on Monday. What is wrong is said in the order of its weight; days are calendar days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from orders.rules.completion import DELIVERED
from orders.states import Completion, LateWith, OrderState

# So near a promised day is told.
NEAR = timedelta(days=7)
# An order in which nothing happened for so long is asked about.
DORMANT = timedelta(days=14)
FIRST_MONDAY = date(2000, 1, 3)
# The worst first: late, unpaid, waiting to be handed over, waiting for its goods.
WORST_FIRST = (
    Completion.OVERDUE,
    Completion.UNPAID,
    Completion.DELIVERABLE,
    Completion.AWAITED,
)


class Wrong(StrEnum):
    """What may be wrong with an open order, the gravest first."""

    OWED = "owed"
    LATE = "late"
    BROKEN = "broken"
    UNPAID = "unpaid"
    ASTRAY = "astray"
    NEAR = "near"
    UNWRITTEN = "unwritten"
    UNSUBMITTED = "unsubmitted"
    DORMANT = "dormant"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong, with how many days or lines; 0 where it has no number."""

    wrong: Wrong
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What of an open order a look at it wants to know.

    `late_with` are the reasons of its colour, `expected_on` the first day on which goods that are
    still awaited were expected, `moved_on` the day on which something happened to it last.
    """

    state: OrderState
    late_with: tuple[LateWith, ...]
    current_on: date | None
    promised_on: date | None
    expected_on: date | None
    moved_on: date
    lines_all: int
    lines_submitted: int


def monday_of(day: date) -> date:
    """The day on which the week of `day` begins."""
    return day - timedelta(days=day.weekday())


def week_ends_on(day: date) -> date:
    """Its Sunday: until then a look is owed."""
    return monday_of(day) + timedelta(days=6)


def week_number(day: date) -> int:
    """Weeks counted without a break, whatever the year."""
    return (monday_of(day) - FIRST_MONDAY).days // 7


def weight(completion: Completion) -> int:
    """Where an order of this colour stands among the open ones; the worst is 0."""
    return WORST_FIRST.index(completion)


def findings(order: Watched, *, today: date) -> tuple[Finding, ...]:
    """What is wrong with an open order today, the gravest first."""
    return tuple(_findings(order, today))


def _findings(order: Watched, today: date) -> Iterator[Finding]:
    if LateWith.RECEIVABLE in order.late_with:
        yield Finding(wrong=Wrong.OWED)
    if order.state not in DELIVERED:
        yield from _of_days(order, today)
    if not order.lines_all:
        yield Finding(wrong=Wrong.UNWRITTEN)
    elif order.state == OrderState.CONFIRMED and order.lines_submitted < order.lines_all:
        yield Finding(wrong=Wrong.UNSUBMITTED, count=order.lines_all - order.lines_submitted)
    if today - order.moved_on >= DORMANT:
        yield Finding(wrong=Wrong.DORMANT, count=(today - order.moved_on).days)


def _of_days(order: Watched, today: date) -> Iterator[Finding]:
    """What its days say: planned, promised, to be paid by, expected."""
    planned, promised = order.current_on, order.promised_on
    if planned is not None and planned < today:
        yield Finding(wrong=Wrong.LATE, count=(today - planned).days)
    elif promised is not None and promised < today:
        yield Finding(wrong=Wrong.BROKEN, count=(today - promised).days)
    if LateWith.PAYMENT in order.late_with and planned is not None and planned >= today:
        yield Finding(wrong=Wrong.UNPAID, count=(planned - today).days)
    elif LateWith.PAYMENT in order.late_with:
        yield Finding(wrong=Wrong.UNPAID)
    if order.expected_on is not None and order.expected_on < today:
        yield Finding(wrong=Wrong.ASTRAY, count=(today - order.expected_on).days)
    if promised is not None and today <= promised <= today + NEAR:
        yield Finding(wrong=Wrong.NEAR, count=(promised - today).days)
