"""Twenty people want one car: one has it, the others are told, nobody waits for a circle."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from crm.verification import verify
from customers.models import Appointment, Resource
from customers.services import appointments as rows
from customers.services.appointments import AppointmentNotMade
from customers.states import AppointmentKind, AppointmentState, ResourceKind
from followups import services
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, shop
from tests.followups.test_services_appointments import book

pytestmark = pytest.mark.django_db(transaction=True)

NOW = at("2026-03-12 09:50")
MANY = 20


def together(acts):
    """Do all acts at the same moment, each on its own connection; answers or refusals."""
    gate = Barrier(len(acts))

    def one(act):
        gate.wait()
        try:
            return act()
        except AppointmentNotMade as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def car(place):
    return Resource.objects.create(store=place.store, kind=ResourceKind.TEST_CAR, name="远山X5")


@pytest.fixture
def customers(place):
    many = [
        customer(place, now=at("2026-03-10 10:00"), owner=PersonFactory(store=place.store))
        for _each in range(MANY)
    ]
    services.ask(now=NOW)
    return many


def wants(who, car, begins="2026-03-12 15:00"):
    return lambda: book(who, begins=begins, resource=car)


def test_twenty_people_book_one_car_and_one_has_it(customers, car):
    answers = together([wants(who, car) for who in customers])
    won = [answer for answer in answers if isinstance(answer, Appointment)]
    told = [answer for answer in answers if isinstance(answer, AppointmentNotMade)]
    assert (len(won), len(told)) == (1, MANY - 1)
    assert all(refusal.codes == ("resource_taken",) for refusal in told)
    assert all("15:00–16:00" in str(refusal) for refusal in told)
    assert Appointment.objects.count() == 1
    assert verify(now=NOW).differences == []


def test_the_constraint_alone_holds_where_nobody_looks_first(customers, car, monkeypatch):
    monkeypatch.setattr(rows.queries, "taking", lambda **_asked: Appointment.objects.none())
    answers = together([wants(who, car) for who in customers])
    assert sum(isinstance(answer, Appointment) for answer in answers) == 1


def test_the_control_without_constraint_and_look_the_car_is_booked_again_and_again(
    customers, car, monkeypatch
):
    monkeypatch.setattr(rows.queries, "taking", lambda **_asked: Appointment.objects.none())
    constraint = next(
        each
        for each in Appointment._meta.constraints
        if each.name == "one_appointment_a_resource_at_a_time"
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(Appointment, constraint)
    try:
        answers = together([wants(who, car) for who in customers[:5]])
        assert sum(isinstance(answer, Appointment) for answer in answers) == 5
    finally:
        Appointment.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Appointment, constraint)


def test_two_who_swap_their_cars_do_not_wait_for_each_other(place, customers, car):
    second = Resource.objects.create(store=place.store, kind=ResourceKind.TEST_CAR, name="E3")
    one, two = customers[:2]
    mine, theirs = book(one, resource=car), book(two, resource=second)

    def swap(row, to, begins):
        return lambda: services.move_appointment(
            appointment=row,
            starts_at=at(f"{begins}:00"),
            ends_at=at(f"{begins}:59"),
            person=row.person,
            resource=to,
            by=row.person,
            now=NOW,
            key=uuid4(),
        )

    answers = together([swap(mine, second, "2026-03-12 17"), swap(theirs, car, "2026-03-12 17")])
    assert all(isinstance(answer, Appointment) for answer in answers)
    assert verify(now=NOW).differences == []


def test_a_form_sent_twice_at_once_books_one(customers, car):
    who, key = customers[0], uuid4()
    answers = together([lambda: book(who, resource=car, key=key)] * 5)
    assert len({answer.pk for answer in answers}) == 1


def test_closed_at_once_by_two_is_closed_once(customers):
    row = book(customers[0], kind=AppointmentKind.SERVICE)
    closing = {"appointment": row, "by": row.person, "now": NOW}
    answers = together(
        [
            lambda: services.keep_appointment(**closing),
            lambda: services.cancel_appointment(reason="改主意", **closing),
        ]
    )
    assert sum(answer is None for answer in answers) == 1
    refused = next(answer for answer in answers if answer is not None)
    assert refused.codes == ("is_closed",)
    row.refresh_from_db()
    assert row.state in (AppointmentState.KEPT, AppointmentState.CANCELLED)
    assert verify(now=NOW).differences == []
