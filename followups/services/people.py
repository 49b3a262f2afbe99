"""The people around a customer, whose birthdays are work: each change asks the engine at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from customers.models import Customer, HouseholdMember, KeyPerson
from customers.services import people
from followups.services import engine
from followups.services.holding import hold_of, hold_one
from staff.models import Person

Somebody = TypeVar("Somebody", HouseholdMember, KeyPerson)


def _add(add: Callable[..., Somebody | None], customer: Customer, **told: Any) -> Somebody | None:
    held = hold_one(customer)
    somebody = add(customer=held, **told)
    engine.touch_and_ask(customers=[held.pk], now=told["now"])
    return somebody


@transaction.atomic
def add_member(*, customer: Customer, **told: Any) -> HouseholdMember | None:
    """Write down a member of the household (see `customers.services.people.add_member`)."""
    return _add(people.add_member, customer, **told)


@transaction.atomic
def add_key_person(*, customer: Customer, **told: Any) -> KeyPerson | None:
    """Write down a key person (see `customers.services.people.add_key_person`)."""
    return _add(people.add_key_person, customer, **told)


@transaction.atomic
def change_somebody(
    *, somebody: HouseholdMember | KeyPerson, by: Person, now: datetime, **told: Any
) -> None:
    """Write what changed (see `customers.services.people.change_somebody`); an open greeting moves
    with its birthday. Raises SomebodyNotSaved.
    """
    held = _hold_card_of(somebody)
    people.change_somebody(somebody=somebody, by=by, now=now, **told)
    if held is not None:
        engine.touch_and_ask(customers=[held.pk], now=now)


@transaction.atomic
def remove_somebody(*, somebody: HouseholdMember | KeyPerson, by: Person, now: datetime) -> None:
    """Take a member or a key person off the card; nobody is greeted who is not on it."""
    held = _hold_card_of(somebody)
    people.remove_somebody(somebody=somebody, by=by, now=now)
    if held is not None:
        engine.touch_and_ask(customers=[held.pk], now=now)


def _hold_card_of(somebody: HouseholdMember | KeyPerson) -> Customer | None:
    """Lock the card on which they stand; None where they were taken off it meanwhile."""
    try:
        return hold_of(somebody)
    except type(somebody).DoesNotExist:
        return None
