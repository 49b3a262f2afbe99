"""Leads come in, are told apart, handed out, passed on, swept up."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Arrival, DispatchRule, Lead, LeadOffer
from customers.services import dispatch
from customers.services.intake import LeadRefused, read_facts
from customers.services.leads import LeadNotChanged, discard_lead
from customers.states import DispatchMethod, LeadState, OfferState
from staff.models import Person
from staff.states import Role
from tests.factories.customers import CustomerFactory
from tests.factories.leads import facts, lead, on_duty, source
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory
from tests.followups.build import at, shop

pytestmark = pytest.mark.django_db
NOW = at("2026-03-12 10:00")
TODAY = NOW.date()


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def origin(place):
    return source(store=place.store)


def holder(which):
    offer = LeadOffer.objects.filter(lead=which, state=OfferState.OPEN).first()
    return offer.person if offer else None


def states(which):
    return list(LeadOffer.objects.filter(lead=which).order_by("pk").values_list("state", flat=True))


def test_a_new_lead_is_offered_to_who_is_on_duty(place, origin):
    on_duty(place.store, place.seller, on=TODAY)
    found = lead(origin=origin, now=NOW)
    assert (found.state, found.store) == (LeadState.OFFERED, place.store)
    assert holder(found) == place.seller
    assert LeadOffer.objects.get().lapses_at == at("2026-03-12 10:15")


def test_the_same_id_again_answers_the_same_lead_and_changes_nothing(place, origin):
    first = lead(origin=origin, now=NOW, platform_id="A1", need="沙发")
    again = lead(origin=origin, now=NOW, platform_id="A1", need="床", phone="13800138000")
    assert again.pk == first.pk
    assert (again.need, again.last4) == ("沙发", first.last4)
    assert lead(origin=source(), now=NOW, platform_id="A1").pk != first.pk


def test_the_number_of_a_customer_joins_them_as_an_arrival(place, origin):
    known = CustomerFactory(owner=place.seller, phone="13800138000")
    found = lead(origin=origin, now=NOW, phone="+86 138-0013-8000", campaign="618")
    assert (found.state, found.customer) == (LeadState.JOINED, known)
    arrival = Arrival.objects.get()
    assert (arrival.customer, arrival.source, arrival.campaign) == (known, "online", "618")
    assert not LeadOffer.objects.exists()


def test_a_number_that_is_open_already_repeats_that_lead(place, origin):
    first = lead(origin=origin, now=NOW, phone="13800138000")
    second = lead(origin=source(), now=NOW, phone="0086 13800138000")
    assert (second.state, second.duplicate_of) == (LeadState.INVALID, first)
    discard_lead(lead=first, reason="推销", by=place.manager, now=NOW)
    third = lead(origin=origin, now=NOW, phone="13800138000")
    assert third.state == LeadState.WAITING


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"phone": "1380013800"}, "phone", "PHONE_LENGTH"),
        ({"phone": "", "wechat": ""}, "phone", "NO_WAY_TO_REACH"),
        ({"platform_id": ""}, "platform_id", "ID_MISSING"),
        ({"platform_id": None}, "platform_id", "ID_MISSING"),
        ({"platform_id": "x" * 81}, "platform_id", "TEXT_TOO_LONG"),
        ({"name": "a\x00b"}, "name", "TEXT_DAMAGED"),
        ({"need": ["床"]}, "need", "NOT_TEXT"),
        ({"name": True}, "name", "NOT_TEXT"),
        ({"phone": 138.5}, "phone", "NOT_TEXT"),
        ({"need": "床" * 401}, "need", "TEXT_TOO_LONG"),
        ({"store": "NOWHERE"}, "store", "STORE_UNKNOWN"),
        ({"asked_at": "gestern"}, "asked_at", "DATE_INVALID"),
        ({"asked_at": "2026-03-20"}, "asked_at", "DATE_OUT_OF_RANGE"),
    ],
)
def test_a_field_that_cannot_be_read_is_refused_by_name(said, field, code):
    whole = {"platform_id": "A1", "phone": "13800138000", "name": "许文博", **said}
    with pytest.raises(LeadRefused) as refused:
        read_facts(whole, stores={}, now=NOW)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [(field, code)]
    assert all(fault.text for fault in refused.value.faults)


def test_facts_are_read_from_figures_and_texts():
    found = read_facts(
        {"platform_id": 77, "phone": 13800138000, "store": "s1", "asked_at": "2026-03-12 09:58"},
        stores={"s1": 5}, now=NOW,
    )  # fmt: skip
    assert (found.platform_id, found.store_id) == ("77", 5)
    assert found.phone.e164 == "+8613800138000"
    assert found.asked_at == at("2026-03-12 09:58")


def test_passed_on_it_goes_to_the_next_and_then_waits_for_the_manager(place, origin):
    colleague = PersonFactory(store=place.store)
    on_duty(place.store, place.seller, colleague, on=TODAY)
    found = lead(origin=origin, now=NOW)
    dispatch.pass_lead(lead=found, by=place.seller, now=NOW)
    assert holder(found) == colleague
    dispatch.pass_lead(lead=found, by=place.seller, now=NOW)  # a second tap is no second answer
    dispatch.pass_lead(lead=found, by=colleague, now=NOW)
    found.refresh_from_db()
    assert (found.state, states(found)) == (LeadState.WAITING, ["passed", "passed"])


def test_who_was_not_offered_cannot_pass(place, origin):
    found = lead(origin=origin, now=NOW)
    with pytest.raises(LeadNotChanged):
        dispatch.pass_lead(lead=found, by=place.seller, now=NOW)


@pytest.mark.parametrize(("now", "is_moved"), [("10:14:59", False), ("10:15:00", True)])
def test_the_sweep_moves_what_was_not_answered_in_time(place, origin, now, is_moved):
    colleague = PersonFactory(store=place.store)
    on_duty(place.store, place.seller, colleague, on=TODAY)
    found = lead(origin=origin, now=NOW)
    moment = at(f"2026-03-12 {now}")
    dispatch.sweep(now=moment)
    dispatch.sweep(now=moment)
    assert holder(found) == (colleague if is_moved else place.seller)
    assert states(found) == (["lapsed", "open"] if is_moved else ["open"])


def test_the_rota_goes_round_and_load_goes_to_who_has_least(place, origin):
    colleague = PersonFactory(store=place.store)
    on_duty(place.store, place.seller, colleague, on=TODAY)
    got = [holder(lead(origin=origin, now=at(f"2026-03-12 10:0{n}"))) for n in range(4)]
    assert got == [place.seller, colleague, place.seller, colleague]
    DispatchRule.objects.create(store=place.store, method=DispatchMethod.LOAD, accept_minutes=5)
    third = PersonFactory(store=place.store)
    found = lead(origin=origin, now=at("2026-03-12 10:06"))
    assert holder(found) == third
    offer = LeadOffer.objects.get(lead=found)
    assert offer.lapses_at == at("2026-03-12 10:11")


@pytest.mark.parametrize("how", ["disabled", "invited", "elsewhere", "another day"])
def test_nobody_who_cannot_answer_is_offered_a_lead(place, origin, how):
    on_duty(place.store, place.seller, on=at("2026-03-13 10:00").date() if how == "another day"
            else TODAY)  # fmt: skip
    people = Person.objects.filter(pk=place.seller.pk)
    if how == "disabled":
        people.update(is_active=False)
    elif how == "invited":
        people.update(password="")
    elif how == "elsewhere":
        people.update(store=StoreFactory())
    assert lead(origin=origin, now=NOW).state == LeadState.WAITING


def test_an_offer_to_somebody_who_leaves_is_taken_back(place, origin):
    colleague = PersonFactory(store=place.store)
    on_duty(place.store, place.seller, colleague, on=TODAY)
    found = lead(origin=origin, now=NOW)
    Person.objects.filter(pk=place.seller.pk).update(is_active=False)
    dispatch.sweep(now=NOW)
    assert (holder(found), states(found)) == (colleague, ["withdrawn", "open"])


def test_what_waits_is_offered_when_somebody_comes_on_duty(place, origin):
    found = lead(origin=origin, now=NOW)
    assert found.state == LeadState.WAITING
    on_duty(place.store, place.seller, on=TODAY)
    dispatch.sweep(now=at("2026-03-12 10:01"))
    assert holder(found) == place.seller


def test_by_city_then_by_region_with_the_fewest_open():
    region = RegionFactory(name="河南")
    first, second = StoreFactory(region=region), StoreFactory(region=region, name="郑州店")
    origin = source(region=region)
    got = [lead(origin=origin, now=NOW).store for _n in range(2)]
    assert set(got) == {first, second}
    assert lead(origin=origin, now=NOW, place="郑州").store == second
    assert lead(origin=source(), now=NOW).store is None


def test_handed_out_by_hand_even_to_who_passed(place, origin):
    on_duty(place.store, place.seller, on=TODAY)
    found = lead(origin=origin, now=NOW)
    dispatch.pass_lead(lead=found, by=place.seller, now=NOW)
    dispatch.assign_lead(lead=found, person=place.seller, by=place.manager, now=NOW)
    found.refresh_from_db()
    assert (found.state, holder(found)) == (LeadState.OFFERED, place.seller)
    with pytest.raises(LeadNotChanged):
        dispatch.assign_lead(
            lead=found, person=PersonFactory(role=Role.FINANCE), by=place.manager, now=NOW
        )


def test_sent_to_a_store_its_rule_hands_it_out(place):
    found = lead(origin=source(), now=NOW)
    on_duty(place.store, place.seller, on=TODAY)
    dispatch.send_to_store(lead=found, store=place.store, by=place.manager, now=NOW)
    assert holder(found) == place.seller


def test_registering_the_number_closes_the_lead_and_what_repeats_it(place, origin):
    on_duty(place.store, place.seller, on=TODAY)
    found = lead(origin=origin, now=NOW, phone="13800138000", campaign="618")
    again = lead(origin=source(source="advert"), now=NOW, phone="13800138000")
    walked_in = CustomerFactory(owner=place.manager, phone="13800138000", source="walk_in")
    for each in (found, again):
        each.refresh_from_db()
    assert (found.state, found.customer) == (LeadState.ACCEPTED, walked_in)
    assert (again.state, again.customer) == (LeadState.JOINED, walked_in)
    assert states(found) == ["withdrawn"]
    came = set(Arrival.objects.values_list("source", "campaign"))
    assert came == {("online", "618"), ("advert", "")}


def test_the_sweep_asks_as_often_for_twelve_leads_as_for_one(place, origin):
    on_duty(place.store, place.seller, on=TODAY)

    def asked(count):
        Lead.objects.all().delete()
        for _n in range(count):
            lead(origin=origin, now=NOW)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            dispatch.sweep(now=at("2026-03-12 11:00"))
        return len(queries)

    assert asked(1) == asked(12)


def test_no_number_stands_in_the_clear(place, origin):
    found = lead(origin=origin, now=NOW, phone="13812345678")
    row = Lead.objects.filter(pk=found.pk).values().get()
    assert b"12345678" not in bytes(row["cipher"])
    assert row["masked"] == "138****5678"
    assert not any("12345678" in str(value) for value in row.values())
    assert facts(phone="").phone is None
