"""What becomes of a planned delivery when goods come at another day (ORD-13): pure decisions."""

from collections.abc import Iterable
from datetime import date


def is_later(before: date | None, after: date | None) -> bool:
    """Whether a day was moved to a later one; a first day is no delay."""
    return before is not None and after is not None and after > before


def proposed_delivery(
    *, planned_on: date | None, before_on: date | None, after_on: date
) -> date | None:
    """The day to which the delivery moves when goods arrive on `after_on` instead of `before_on`.

    It keeps its distance from the arrival. None where the goods still arrive in time, or where no
    delivery is planned.
    """
    if planned_on is None or after_on <= planned_on:
        return None
    if before_on is None or before_on >= planned_on:
        return after_on
    return after_on + (planned_on - before_on)


def latest_arrival(*, planned_on: date | None, arrivals: Iterable[date | None]) -> date | None:
    """The last day on which goods are expected, where it lies after the planned delivery."""
    known = [on for on in arrivals if on is not None]
    if planned_on is None or not known or max(known) <= planned_on:
        return None
    return max(known)
