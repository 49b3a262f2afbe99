"""Returns and exchanges: the window of the policy, how many pieces, what they cost (ORD-37)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.rules import Blocker
from orders.states import ReturnCause

# What is not the customer's doing may come back after the window, too (三包): a manager says why.
OWED_BEYOND_WINDOW = (ReturnCause.QUALITY, ReturnCause.DAMAGED, ReturnCause.WRONG)


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """So many pieces of one line, handed over on a day."""

    on: date
    qty: int


def left_of(delivered: Iterable[Delivered], *, taken: int) -> list[Delivered]:
    """What is left of deliveries of which `taken` pieces came back, newest first: the piece that
    comes back is one of the last delivery that has any.
    """
    left = []
    for one in sorted(delivered, key=lambda one: one.on, reverse=True):
        gone = min(taken, one.qty)
        taken -= gone
        if one.qty > gone:
            left.append(Delivered(on=one.on, qty=one.qty - gone))
    return left


def delivered_on(delivered: Iterable[Delivered], *, taken: int, qty: int) -> date | None:
    """The day from which the window of `qty` further pieces counts; None where so many are not
    there.
    """
    for one in left_of(delivered, taken=taken):
        qty -= min(qty, one.qty)
        if qty == 0:
            return one.on
    return None


def last_day(delivered_on: date, *, days: int) -> date:
    """The last day of the window; the day of the delivery is not counted."""
    return delivered_on + timedelta(days=days)


def is_within(delivered_on: date, *, asked_on: date, days: int) -> bool:
    """Whether the window holds: day 7 of 7 does, until 24:00, day 8 does not."""
    return asked_on <= last_day(delivered_on, days=days)


def ask_blockers(
    *,
    cause: ReturnCause,
    qty: int,
    left: int,
    delivered_on: date | None,
    asked_on: date,
    days: int,
) -> list[Blocker]:
    """What stops a return from being asked for; `left` pieces are delivered and not on their way
    back. At the customer's wish only within the window.
    """
    if left <= 0:
        return [Blocker("nothing_delivered")]
    if qty < 1:
        return [Blocker("qty_missing")]
    if qty > left or delivered_on is None:
        return [Blocker("more_than_delivered", {"left": left})]
    if asked_on < delivered_on:
        return [Blocker("asked_before_delivery", {"on": delivered_on.isoformat()})]
    is_late = not is_within(delivered_on, asked_on=asked_on, days=days)
    if is_late and cause not in OWED_BEYOND_WINDOW:
        last = last_day(delivered_on, days=days)
        return [
            Blocker(
                "beyond_window",
                {
                    "days": days,
                    "day": (asked_on - delivered_on).days,
                    "delivered": delivered_on.isoformat(),
                    "last": last.isoformat(),
                },
            )
        ]
    return []


def decision_blockers(
    *, is_agreed: bool, is_within: bool, reason: str, is_own: bool
) -> list[Blocker]:
    """What stops a decision: a refusal and a late return say why; nobody decides their own."""
    if is_own:
        return [Blocker("own_return")]
    if not reason:
        if not is_agreed:
            return [Blocker("reason_missing")]
        if not is_within:
            return [Blocker("late_reason_missing")]
    return []


def gone_deliveries(
    delivered: Mapping[int, Sequence[tuple[int, Delivered]]], *, returned: Mapping[int, int]
) -> set[int]:
    """The deliveries of which nothing is left with the customer.

    `delivered` has for each line the deliveries (key, pieces) it was in, `returned` how many pieces
    of it came back in all; those of the newest delivery came back first.
    """
    pieces: dict[int, int] = {}
    for line, parts in delivered.items():
        taken = returned.get(line, 0)
        for key, part in sorted(parts, key=lambda each: (each[1].on, each[0]), reverse=True):
            gone = min(taken, part.qty)
            taken -= gone
            pieces[key] = pieces.get(key, 0) + part.qty - gone
    return {key for key, left in pieces.items() if left == 0}
