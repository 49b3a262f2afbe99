"""Two people at one product: real connections at the same time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from core.refusals import Refused
from customers import services as customers
from customers.models import OwnedProduct, ProductEvent
from customers.services import Happening, ProductDetails, product_events
from customers.states import GoneReason, ProductEventKind
from followups import services
from tests.followups.build import at, customer, shop

pytestmark = pytest.mark.django_db(transaction=True)
NOW = at("2026-03-12 10:00")
VIN = "LSVNV133X22222222"


def together(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do all acts at the same moment, each on its own connection; answers or refusals."""
    gate = Barrier(len(acts))

    def one(act):
        gate.wait()
        try:
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def refused(answers) -> list[tuple[str, ...]]:
    return [answer.codes for answer in answers if isinstance(answer, Refused)]


@pytest.fixture
def place():
    return shop()


def deliver(who, serial=VIN):
    return services.record_delivery(
        customer=who, product="X5", serial=serial, delivered_on=date(2026, 3, 1), by=who.owner,
        now=NOW, key=uuid4(),
    )  # fmt: skip


def test_one_vin_delivered_to_two_customers_at_once_is_one_product(place):
    buyers = [customer(place, now=NOW) for _each in range(2)]
    answers = together([lambda who=who: deliver(who) for who in buyers])
    assert refused(answers) == [("serial_is_taken",)]
    assert OwnedProduct.objects.filter(serial=VIN).count() == 1
    buyers[0].refresh_from_db()
    buyers[1].refresh_from_db()
    assert buyers[0].bought_count + buyers[1].bought_count == 1


def renew(car):
    told = Happening(kind=ProductEventKind.RENEWAL, on=NOW.date(), insured_until=date(2028, 3, 1))
    return services.record_product_event(
        product=car, told=told, by=car.customer.owner, now=NOW, key=uuid4()
    )


def test_of_two_who_note_one_renewal_the_second_is_told(place):
    car = deliver(customer(place, now=NOW))
    answers = together([lambda: renew(car)] * 4)
    assert refused(answers) == [("renewal_is_not_later",)] * 3
    assert ProductEvent.objects.count() == 1


def test_control_without_the_held_product_both_note_it(place, monkeypatch):
    """What is read without the lock is yesterday's: both find the old insurance."""
    car = deliver(customer(place, now=NOW))
    gate = Barrier(2)

    def unheld(product):
        row = OwnedProduct.objects.select_related("customer").get(pk=product.pk)
        gate.wait()
        return row

    monkeypatch.setattr(product_events, "locked", unheld)

    def note():
        told = Happening(
            kind=ProductEventKind.RENEWAL, on=NOW.date(), insured_until=date(2028, 3, 1)
        )
        return customers.record_event(
            product=car, told=told, by=car.customer.owner, now=NOW, today=NOW.date()
        )

    assert refused(together([note] * 2)) == []
    assert ProductEvent.objects.count() == 2


def test_of_two_who_end_or_change_one_product_each_hears_what_became_of_it(place):
    car = deliver(customer(place, now=NOW))
    seen = customers.version_of_product(car)

    def end():
        return services.end_product(
            product=car, gone_on=NOW.date(), because=GoneReason.SCRAPPED, note="",
            by=place.seller, now=NOW,
        )  # fmt: skip

    def change(colour):
        return services.change_delivery(
            product=car, seen=seen, name="X5", serial=VIN, sold_by=place.seller,
            purchased_on=None, delivered_on=date(2026, 3, 1), delivered_at=None,
            insurance_until=None, details=ProductDetails(colour=colour), by=place.seller, now=NOW,
        )  # fmt: skip

    assert refused(together([lambda: change("白"), lambda: change("黑")])) == [
        ("changed_meanwhile",)
    ]
    assert refused(together([end, end])) == [("product_is_gone",)]
    assert refused([*together([lambda: change("红")])]) == [("product_is_gone",)]


def test_two_who_sell_to_each_other_do_not_lock_each_other_out(place):
    first, second = (customer(place, now=NOW) for _each in range(2))
    cars = [deliver(first), deliver(second, "LSVNV133X33333333")]

    def swap(car, to):
        return services.end_product(
            product=car, gone_on=NOW.date(), because=GoneReason.SOLD, note="", to=to,
            by=place.seller, now=NOW,
        )  # fmt: skip

    answers = together([lambda: swap(cars[0], second), lambda: swap(cars[1], first)])
    assert refused(answers) == []
    assert OwnedProduct.objects.filter(gone_on=None).count() == 2
