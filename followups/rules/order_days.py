"""What a day of an order owes: pure decisions (ORD-17, ORD-20, formulas 3.10).

The engine says the same in SQL (`followups.services.order_days`); a test holds the two together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from followups.rules.care import LOOK_BACK, Anchored, Due, StepSpec, is_made, occurrences


@dataclass(frozen=True, kw_only=True)
class OrderDay:
    """A day of an order as it stands: when it was noted so, and from when on it asks again after a
    pause; while it does not stand, because it is paused or has ended, nothing is owed for it.
    """

    on: date
    noted_on: date
    asks_from: date | None = None
    stands: bool = True


def dues_of_order(
    *,
    step: StepSpec,
    day: OrderDay,
    zone: ZoneInfo,
    add_working_days: Callable[[date, int], date],
) -> list[Due]:
    """When this step falls due for this day, however long ago or ahead; never where it rests."""
    if not day.stands:
        return []
    anchored = Anchored(on=day.on, noted_on=day.noted_on)
    return occurrences(step=step, anchored=anchored, zone=zone, add_working_days=add_working_days)


def is_owed_for_order(
    *, step: StepSpec, day: OrderDay, due_on: date, today: date, horizon: timedelta
) -> bool:
    """Whether this time of the step becomes an obligation now (decision 9): not long past when the
    day was noted so, nor while it was paused, and within the horizon.
    """
    if day.asks_from is not None and due_on < day.asks_from:
        return False
    return is_made(
        due_on=due_on,
        noted_on=day.noted_on,
        asks_from=step.asks_from,
        today=today,
        horizon=horizon,
    )


def is_end_final(*, ended_at: datetime, now: datetime) -> bool:
    """Whether an end that is taken back now was one: within a week all is as if it had not been;
    later the day is news, and what fell due in between is not asked for (decision 12).
    """
    return now - ended_at > LOOK_BACK
