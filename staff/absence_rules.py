"""Who may say that somebody is away, and who may stand in (FUP-30). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.rules import Blocker
from staff.states import SALES_ROLES, STORE_BOUND_ROLES, UNIT_MANAGER_ROLES, Role

SERVING = frozenset(STORE_BOUND_ROLES)
LONGEST = timedelta(days=366)
# Somebody who fell ill says so afterwards.
LATEST_SAID = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Worker:
    """What matters of a person: role, where they work, what they see, whether they can sign in.

    `home` is the unit they belong to, `units` all those they work in; `opened` are the stores that
    role and duties open to them, by nobody's leave.
    """

    person_id: int
    role: Role
    home: int | None = None
    units: frozenset[int] = frozenset()
    opened: frozenset[int] = frozenset()
    is_active: bool = True


def may_set(*, by: Worker, person: Worker) -> bool:
    """One's own days; a manager those of the unit's salespeople, operations those of all.

    They are the people whose customers a manager may hand over: nobody speaks for a peer.
    """
    if by.person_id == person.person_id or by.role == Role.OPS_MANAGER:
        return True
    is_led = person.role in SALES_ROLES and person.home is not None and person.home in by.units
    return by.role in UNIT_MANAGER_ROLES and is_led


def would_open_more(*, by: Worker, person: Worker) -> bool:
    """Whether leave that `by` writes down for `person` would open stores that `by` does not see.

    What opens more than a manager's own view is given by operations, or by whoever has it.
    """
    if by.person_id == person.person_id or by.role == Role.OPS_MANAGER:
        return False
    return not person.opened <= by.opened


def may_stand_in(*, person: Worker, stand_in: Worker, by: Worker) -> bool:
    """Somebody of the same unit, or within reach of whoever says so; of the same kind of work."""
    if not stand_in.is_active or stand_in.person_id == person.person_id:
        return False
    if person.role not in SERVING:
        return stand_in.role == person.role
    near = person.units | (by.units if by.role in UNIT_MANAGER_ROLES else frozenset[int]())
    is_near = by.role == Role.OPS_MANAGER or bool(near & stand_in.units)
    return stand_in.role in SERVING and is_near


def absence_blockers(
    *, by: Worker, person: Worker, stand_in: Worker, starts_on: date, ends_on: date, today: date
) -> list[Blocker]:
    """Everything that stops this leave from being written down."""
    codes: list[str] = []
    if not may_set(by=by, person=person):
        codes.append("not_yours_to_say")
    elif would_open_more(by=by, person=person):
        codes.append("sees_more_than_you")
    if person.person_id == stand_in.person_id:
        codes.append("nobody_for_oneself")
    elif not may_stand_in(person=person, stand_in=stand_in, by=by):
        codes.append("stand_in_elsewhere")
    codes += _day_codes(starts_on=starts_on, ends_on=ends_on, today=today)
    return [Blocker(code) for code in codes]


def _day_codes(*, starts_on: date, ends_on: date, today: date) -> Iterable[str]:
    if ends_on < starts_on:
        yield "ends_before_it_starts"
    elif ends_on < today or starts_on < today - LATEST_SAID:
        yield "is_over"
    elif ends_on - starts_on > LONGEST or starts_on - today > LONGEST:
        yield "too_long"
