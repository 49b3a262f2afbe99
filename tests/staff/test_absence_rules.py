"""Whose leave somebody may write down, who may stand in, and what that must not open."""

from datetime import date, timedelta

import pytest

from staff.absence_rules import (
    Worker,
    absence_blockers,
    may_set,
    may_stand_in,
    would_open_more,
)
from staff.states import Role

TODAY = date(2026, 3, 12)


def of(pk: int, role: Role, *units: int, opened: set[int] | None = None, **more) -> Worker:
    """A worker whose home is the first of these units."""
    leads = units if role in (Role.STORE_MANAGER, Role.FIELD_SUPERVISOR) else ()
    return Worker(
        person_id=pk, role=role, home=units[0] if units else None, units=frozenset(units),
        opened=frozenset({*leads, *(opened or ())}), **more,
    )  # fmt: skip


SELLER = of(1, Role.SALES_STORE, 1)
COLLEAGUE = of(2, Role.SALES_STORE, 1)
MANAGER = of(3, Role.STORE_MANAGER, 1, 2)
ELSEWHERE = of(4, Role.SALES_STORE, 2)
OPS = of(5, Role.OPS_MANAGER)
OFFICE = of(6, Role.FINANCE)
MARKETING = of(10, Role.MARKETING_MANAGER)
PEER = of(11, Role.STORE_MANAGER, 1)


@pytest.mark.parametrize(
    ("by", "person", "may"),
    [
        (SELLER, SELLER, True),
        (SELLER, COLLEAGUE, False),
        (MANAGER, SELLER, True),
        (MANAGER, ELSEWHERE, True),
        (MANAGER, of(9, Role.SALES_FIELD, 2), True),
        (MANAGER, of(9, Role.SALES_STORE, 3), False),
        # Lent to a store of the manager's, at home in another.
        (MANAGER, of(9, Role.SALES_STORE, 3, 1), False),
        (MANAGER, MANAGER, True),
        (MANAGER, PEER, False),
        (PEER, MANAGER, False),
        (MANAGER, MARKETING, False),
        # Where the store is opened by a duty alone.
        (of(12, Role.STORE_MANAGER, 3, opened={1}), SELLER, False),
        (of(12, Role.SALES_STORE, 1, opened={1}), SELLER, False),
        (OPS, ELSEWHERE, True),
        (OPS, MANAGER, True),
        (OPS, MARKETING, True),
        (OFFICE, SELLER, False),
        (MARKETING, SELLER, False),
        (MARKETING, MARKETING, True),
    ],
)
def test_who_may_say_that_somebody_is_away(by, person, may):
    assert may_set(by=by, person=person) is may


@pytest.mark.parametrize(
    ("opened", "more"),
    [(set(), False), ({1}, False), ({1, 2}, False), ({3}, True), ({1, 2, 3}, True)],
)
def test_a_manager_hands_out_nobodys_view_beyond_the_own(opened, more):
    """Edge: as much as the manager sees; one step past: one store more."""
    person = of(9, Role.SALES_STORE, 1, opened=opened)
    assert would_open_more(by=MANAGER, person=person) is more
    assert would_open_more(by=OPS, person=person) is False
    assert would_open_more(by=person, person=person) is False
    found = absence_blockers(
        by=MANAGER, person=person, stand_in=MANAGER, starts_on=TODAY, ends_on=TODAY, today=TODAY
    )
    assert [row.code for row in found] == (["sees_more_than_you"] if more else [])


def test_what_a_duty_opens_to_the_manager_is_seen_by_the_manager():
    manager = of(3, Role.STORE_MANAGER, 1, opened={3})
    person = of(9, Role.SALES_STORE, 1, opened={3})
    assert would_open_more(by=manager, person=person) is False


@pytest.mark.parametrize(
    ("by", "stand_in", "may"),
    [
        (SELLER, COLLEAGUE, True),
        (SELLER, MANAGER, True),
        (SELLER, ELSEWHERE, False),
        (MANAGER, ELSEWHERE, True),
        (MANAGER, MANAGER, True),
        (OPS, ELSEWHERE, True),
        (OPS, OFFICE, False),
        (SELLER, SELLER, False),
        (SELLER, of(7, Role.SALES_STORE, 1, is_active=False), False),
    ],
)
def test_who_may_stand_in(by, stand_in, may):
    assert may_stand_in(person=SELLER, stand_in=stand_in, by=by) is may


@pytest.mark.parametrize(
    ("starts", "ends", "codes"),
    [
        (0, 0, []),
        (-7, 0, []),
        (-8, 0, ["is_over"]),
        (-2, -1, ["is_over"]),
        (3, 2, ["ends_before_it_starts"]),
        (0, 366, []),
        (0, 367, ["too_long"]),
    ],
)
def test_which_days_may_be_written_down(starts, ends, codes):
    found = absence_blockers(
        by=SELLER, person=SELLER, stand_in=COLLEAGUE, today=TODAY,
        starts_on=TODAY + timedelta(starts), ends_on=TODAY + timedelta(ends),
    )  # fmt: skip
    assert [blocker.code for blocker in found] == codes
