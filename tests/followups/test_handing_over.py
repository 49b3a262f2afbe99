"""Customers handed to another keeper: what is to be done for them goes along, and nothing else."""

from datetime import date

import pytest

from followups import services
from followups.models import Obligation
from followups.services import engine
from followups.states import State
from followups.verification import empty_task_differences, task_differences
from staff.models import Person
from staff.states import Role
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, delivery, shop

pytestmark = pytest.mark.django_db
NOW = at("2026-03-01 10:00")


def assignees(who) -> dict[str, Person | None]:
    """Who has each open obligation of the customer, and that its task agrees."""
    assert [*task_differences(), *empty_task_differences()] == []
    rows = Obligation.objects.filter(customer=who, state=State.OPEN)
    return {row.step.code: row.assignee for row in rows.select_related("step", "assignee")}


def test_what_fell_due_after_the_keeper_left_goes_to_the_new_keeper():
    place = shop()
    who = customer(place, now=NOW, grade="A")
    Person.objects.filter(pk=place.seller.pk).update(is_active=False)
    engine.ask(now=NOW)
    assert assignees(who) == {"cadence_a": None}

    heir = PersonFactory(role=Role.SALES_STORE, store=place.store)
    services.assign_keeper(customer=who, keeper=heir, by=place.manager, now=NOW)

    assert assignees(who) == {"cadence_a": heir}


def test_the_managers_own_call_stays_with_him_when_he_gives_the_customer_away():
    place = shop()
    who = customer(place, now=NOW, grade="B2", owner=place.manager)
    delivery(who, on=date(2026, 3, 1), now=NOW)
    engine.ask(now=NOW)
    # The 7-day call is brought forward to the day of the 24-hour call: one task for both.
    task = Obligation.objects.get(customer=who, step__code="dealer_7d").task
    services.move_task(
        task=task, day=date(2026, 3, 2), reason="customer_asked", by=place.manager, now=NOW
    )

    services.assign_keeper(customer=who, keeper=place.seller, by=place.manager, now=NOW)

    assert assignees(who) == {
        "dealer_24h": place.manager,
        "dealer_letter": place.seller,
        "dealer_7d": place.seller,
    }
