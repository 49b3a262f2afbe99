"""Small worlds for the engine's tests: a store with people, customers, deliveries."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from core.phones import normalise
from customers import services as customers
from customers.models import Customer, OwnedProduct
from followups.models import Obligation
from followups.states import State
from staff.models import Person, Store
from staff.states import Role, Trade
from tests.factories.staff import PersonFactory, StoreFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
_numbers = count(13_900_000_000)


def at(text: str) -> datetime:
    """A time in Shanghai: `2026-03-01 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@dataclass
class Shop:
    """A store, its manager and one salesperson."""

    store: Store
    manager: Person
    seller: Person


def shop(trade: Trade = Trade.CARS) -> Shop:
    store = StoreFactory(trade=trade)
    return Shop(
        store=store,
        manager=PersonFactory(role=Role.STORE_MANAGER, store=store),
        seller=PersonFactory(role=Role.SALES_STORE, store=store),
    )


def customer(place: Shop, *, now: datetime, grade: str = "A", **facts) -> Customer:
    return customers.register_customer(
        name="王芳",
        phones=[normalise(str(next(_numbers)))],
        store=place.store,
        owner=facts.pop("owner", place.seller),
        grade=grade,
        by=place.seller,
        now=now,
        **facts,
    )


def delivery(
    who: Customer,
    *,
    on: date,
    now: datetime,
    at: datetime | None = None,
    purchased_on: date | None = None,
) -> OwnedProduct:
    """A delivery noted at `now`; no engine is asked."""
    return customers.record_product(
        customer=who,
        product="S1",
        by=who.registered_by,
        now=now,
        today=max(who.store.today(now), on),
        delivered_on=on,
        delivered_at=at,
        purchased_on=purchased_on,
    )


def dues(who: Customer, *, states=(State.OPEN,)) -> list[tuple[str, date]]:
    """(step code, day) of the customer's obligations in these states, by day."""
    rows = Obligation.objects.filter(customer=who, state__in=states)
    return sorted(rows.values_list("step__code", "due_on"), key=lambda row: (row[1], row[0]))


def everything() -> set[tuple]:
    """All obligations with what is promised of them, to compare two worlds."""
    return set(
        Obligation.objects.values_list(
            "step__code", "subject_id", "occurrence", "due_on", "due_at", "state", "assignee_id"
        )
    )


def weeks(number: int) -> timedelta:
    return timedelta(days=7 * number)
