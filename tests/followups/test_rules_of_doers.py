"""Whose work a step is, and what stays of an agreed day."""

from datetime import date

import pytest

from followups import rules
from followups.rules import Anchored, Hands

KEEPER, SELLER, SALES, SERVICE = 1, 2, 3, 4
ALL = Hands(
    keeper_id=KEEPER, seller_id=SELLER, sees=frozenset({SELLER}), sales_lead_id=SALES,
    service_lead_id=SERVICE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("assignee", "hands", "doer"),
    [
        ("keeper", ALL, KEEPER),
        ("seller", ALL, SELLER),
        ("sales_manager", ALL, SALES),
        ("service_lead", ALL, SERVICE),
        # whoever has handed the customer over sees them no more
        ("seller", Hands(keeper_id=KEEPER, seller_id=SELLER), KEEPER),
        ("seller", Hands(keeper_id=KEEPER, sees=frozenset({SELLER})), KEEPER),
        ("seller", Hands(keeper_id=KEEPER, seller_id=KEEPER), KEEPER),
        ("keeper", Hands(sales_lead_id=SALES), None),
        ("sales_manager", Hands(keeper_id=KEEPER), None),
        ("service_lead", Hands(keeper_id=KEEPER, sales_lead_id=SALES), None),
    ],
)
def test_a_step_is_done_by_whom_it_names_as_long_as_they_see_the_customer(assignee, hands, doer):
    assert rules.doer(assignee=assignee, hands=hands) == doer


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("planned_on", "due_before", "due_on", "stays"),
    [
        (None, "2026-03-19", "2026-03-17", None),
        ("2026-04-02", "2026-03-19", "2026-03-17", "2026-04-02"),  # put off, due sooner by now
        ("2026-04-02", "2026-03-19", "2026-04-02", "2026-04-02"),  # due that very day
        ("2026-04-02", "2026-03-19", "2026-04-03", None),  # due later than it was put off to
        ("2026-03-15", "2026-03-19", "2026-04-03", "2026-03-15"),  # wished sooner than due
    ],
)
def test_an_agreed_day_stays_unless_what_was_put_off_falls_due_later(
    planned_on, due_before, due_on, stays
):
    found = rules.planned_after(
        planned_on=planned_on and day(planned_on), due_before=day(due_before), due_on=day(due_on)
    )
    assert found == (stays and day(stays))


@pytest.mark.parametrize(
    ("ends", "number"),
    [
        (("2026-03-31",), 2026),
        (("2026-03-31", "2026-12-31"), 12026),
        (("2026-03-31", "2026-12-31", "2027-12-31"), 2027),
        (("2026-01-31", "2026-06-30", "2026-12-31"), 22026),
    ],
)
def test_the_second_insurance_that_ends_in_a_year_is_another(ends, number):
    *before, last = (day(end) for end in ends)
    anchored = Anchored(on=last, noted_on=last, ends_before=tuple(before))
    assert rules.number_of_term(anchored) == number
