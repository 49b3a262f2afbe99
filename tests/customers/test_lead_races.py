"""Two at once: sweeps, acceptances, a registration beside an acceptance, one number twice.

Each guard has its control where it is cheap: with the guard taken away the race is lost.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connection

from core.phones import normalise
from customers import services as customers
from customers.models import Customer, Lead, LeadOffer
from customers.services import dispatch
from customers.services import leads as lead_services
from customers.services.leads import LeadNotChanged
from customers.states import Grade, LeadState, OfferState
from desk.services.leads import accept_lead
from tests.factories.leads import lead, on_duty, source
from tests.factories.staff import PersonFactory
from tests.followups.build import at, shop

pytestmark = pytest.mark.django_db(transaction=True)
NOW = at("2026-03-12 10:00")
NUMBER = "13812345678"


def together(acts):
    """Do all acts at the same moment, each on its own connection; answers or refusals."""
    gate = Barrier(len(acts))

    def one(act):
        gate.wait()
        try:
            return act()
        except (LeadNotChanged, customers.CustomerNotRegistered) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def origin(place):
    return source(store=place.store)


def register(place):
    return customers.register_customer(
        name="许文博", phones=[normalise(NUMBER)], store=place.store, owner=place.manager,
        grade=Grade.A, by=place.manager, now=NOW,
    )  # fmt: skip


def test_of_two_who_accept_one_has_it_and_the_other_is_told(place, origin):
    colleague = PersonFactory(store=place.store)
    found = lead(origin=origin, now=NOW, phone=NUMBER)
    answers = together(
        [
            lambda: accept_lead(lead=found, by=place.seller, now=NOW),
            lambda: accept_lead(lead=found, by=colleague, now=NOW),
        ]
    )
    refused = [answer for answer in answers if isinstance(answer, LeadNotChanged)]
    assert [answer.codes for answer in refused] == [("taken",)]
    assert Customer.objects.count() == 1


def test_two_taps_of_one_person_are_one_customer(place, origin):
    found = lead(origin=origin, now=NOW, phone=NUMBER)
    answers = together([lambda: accept_lead(lead=found, by=place.seller, now=NOW)] * 5)
    assert len({answer.customer.pk for answer in answers}) == 1


def test_control_without_the_lock_both_have_it(place, origin, monkeypatch):
    gate = Barrier(2)

    def unlocked(pk):
        row = Lead.objects.select_related("origin").get(pk=pk)
        gate.wait()
        return row

    monkeypatch.setattr("desk.services.leads.held_lead", unlocked)
    monkeypatch.setattr("desk.services.leads.hold_numbers", lambda keys: None)
    monkeypatch.setattr(lead_services, "hold_numbers", lambda keys: None)
    colleague = PersonFactory(store=place.store)
    found = lead(origin=origin, now=NOW, phone="", wechat="zumu14")
    together(
        [
            lambda: accept_lead(lead=found, by=place.seller, now=NOW),
            lambda: accept_lead(lead=found, by=colleague, now=NOW),
        ]
    )
    assert Customer.objects.count() == 2


@pytest.mark.parametrize("turn", range(4))
def test_accepting_beside_registering_ends_in_one_customer(place, origin, turn):
    found = lead(origin=origin, now=NOW, phone=NUMBER)
    acts = [
        lambda: accept_lead(lead=found, by=place.seller, now=NOW),
        lambda: register(place),
    ]
    together(acts if turn % 2 else acts[::-1])
    found.refresh_from_db()
    assert Customer.objects.count() == 1
    assert found.customer == Customer.objects.get()
    assert not LeadOffer.objects.filter(state=OfferState.OPEN).exists()


@pytest.mark.parametrize("turn", range(4))
def test_a_lead_that_arrives_while_its_number_is_registered_is_never_left_open(place, origin, turn):
    acts = [lambda: register(place), lambda: lead(origin=origin, now=NOW, phone=NUMBER)]
    together(acts if turn % 2 else acts[::-1])
    assert Lead.objects.get().customer == Customer.objects.get()


def test_one_number_through_two_platforms_at_once_is_one_open_lead(place, origin):
    other = source()
    together(
        [lambda each=each: lead(origin=each, now=NOW, phone=NUMBER) for each in (origin, other)]
    )
    assert Counter(Lead.objects.values_list("state", flat=True)) == {
        LeadState.WAITING: 1, LeadState.INVALID: 1,
    }  # fmt: skip


def test_two_sweeps_at_once_offer_each_lead_once(place, origin):
    people = [place.seller, PersonFactory(store=place.store), PersonFactory(store=place.store)]
    on_duty(place.store, *people, on=NOW.date())
    for _n in range(12):
        lead(origin=origin, now=NOW)
    later = at("2026-03-12 10:20")
    together([lambda: dispatch.sweep(now=later)] * 3)
    dispatch.sweep(now=later)
    assert LeadOffer.objects.filter(state=OfferState.LAPSED).count() == 12
    assert LeadOffer.objects.filter(state=OfferState.OPEN).count() == 12


def test_accepting_while_the_sweep_moves_it_on_leaves_one_holder(place, origin):
    on_duty(place.store, place.seller, place.manager, on=NOW.date())
    found = lead(origin=origin, now=NOW)
    later = at("2026-03-12 10:20")
    try:
        together(
            [
                lambda: accept_lead(lead=found, by=place.seller, now=later),
                lambda: dispatch.sweep(now=later),
            ]
        )
    except OperationalError as error:
        pytest.fail(str(error))
    found.refresh_from_db()
    is_open = LeadOffer.objects.filter(lead=found, state=OfferState.OPEN).count()
    assert (found.state, is_open) in ((LeadState.ACCEPTED, 0), (LeadState.OFFERED, 1))
