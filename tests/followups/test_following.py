"""Work goes with whose it is: with who leads the store, with who sold; and keeps its agreed day."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from customers.models import OwnedProduct
from customers.services import ProductDetails
from customers.services.products import version_of_product
from customers.states import Quiet, QuietReason
from followups import services
from followups.models import Obligation, Step
from followups.queries.tasks import visible
from followups.services import engine
from followups.services.giving import give_task
from followups.states import State
from followups.verification import obligation_differences, task_differences
from staff.models import Person
from staff.scope import reach_of
from staff.services.duties import end_duty
from staff.services.people import change_person
from staff.states import DutyKind, Role, Trade
from tests.factories.staff import DutyFactory, PersonFactory, StoreFactory
from tests.followups.build import at, customer, shop

pytestmark = pytest.mark.django_db
NOW = at("2026-03-12 10:00")
TODAY = NOW.date()
AGREED = date(2026, 4, 2)


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def who(place):
    return customer(place, now=NOW)


def sold(who, **told) -> OwnedProduct:
    return services.record_delivery(
        customer=who, product="S1", delivered_on=TODAY, by=who.owner, now=NOW, key=uuid4(), **told
    )


def work(who, code: str = "dealer_24h") -> Obligation:
    return Obligation.objects.select_related("task", "assignee").get(customer=who, step__code=code)


def sees(person: Person, row: Obligation, *, today: date = TODAY) -> bool:
    person = Person.objects.get(pk=person.pk)
    return visible(reach_of(person, today=today)).filter(pk=row.task_id).exists()


def as_the_rules_say(now=NOW) -> bool:
    return [*obligation_differences(now=now), *task_differences()] == []


def put_off(who, code: str, *, by) -> None:
    services.move_task(
        task=work(who, code).task, day=AGREED, reason="customer_asked", by=by, now=NOW
    )


def test_a_manager_whom_a_store_shares_has_its_first_call(place):
    second = StoreFactory(trade=Trade.CARS)
    place.manager.other_stores.add(second)
    seller = PersonFactory(role=Role.SALES_STORE, store=second)
    place.store, place.seller = second, seller
    who = customer(place, now=NOW)
    sold(who)
    assert work(who).assignee == place.manager


def test_when_a_duty_is_ended_the_call_goes_to_the_manager_within_the_minute(place, who):
    lead = PersonFactory(role=Role.SALES_STORE, store=place.store)
    duty = DutyFactory(person=lead, kind=DutyKind.SALES_MANAGER, store=place.store)
    sold(who)
    assert work(who).assignee == lead

    end_duty(duty=duty, by=PersonFactory(role=Role.OPS_MANAGER), now=NOW)
    assert not as_the_rules_say()
    engine.ask(now=NOW + timedelta(minutes=1))

    call = work(who)
    assert (call.assignee, call.task.assignee) == (place.manager, place.manager)
    assert sees(place.manager, call)
    assert as_the_rules_say()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "days", "is_leads"),
    [(1, 1, 0, False), (1, 1, 1, True), (1, 1, 2, False)],
)
def test_a_duty_begins_and_ends_by_its_days(place, who, starts_on, ends_on, days, is_leads):
    lead = PersonFactory(role=Role.SALES_STORE, store=place.store)
    DutyFactory(
        person=lead, kind=DutyKind.SALES_MANAGER, store=place.store,
        starts_on=TODAY + timedelta(days=starts_on), ends_on=TODAY + timedelta(days=ends_on),
    )  # fmt: skip
    sold(who)
    for day in range(days + 1):
        engine.ask(now=NOW + timedelta(days=day))
    assert work(who).assignee == (lead if is_leads else place.manager)


def test_the_calls_of_a_manager_who_goes_to_another_store_stay_with_the_store(place, who):
    sold(who)
    new = PersonFactory(role=Role.STORE_MANAGER, store=place.store)
    old = Person.objects.get(pk=place.manager.pk)
    change_person(
        person=old, name=old.name, role=old.role, store=StoreFactory(), other_stores=[], email="",
        by=PersonFactory(role=Role.ADMIN), now=NOW,
    )  # fmt: skip
    engine.ask(now=NOW + timedelta(minutes=1))
    assert work(who).assignee == new
    assert sees(new, work(who))


def test_a_call_that_was_given_to_somebody_stays_there_whoever_leads(place, who):
    sold(who)
    give_task(task=work(who).task, to=place.seller, reason="忙", by=place.manager, now=NOW)
    Person.objects.filter(pk=place.manager.pk).update(store=StoreFactory())
    engine.ask(now=NOW + timedelta(minutes=1))
    assert work(who).assignee == place.seller
    assert as_the_rules_say()


def test_a_corrected_seller_has_the_week_call(place, who):
    other = PersonFactory(role=Role.SALES_STORE, store=place.store)
    row = OwnedProduct.objects.get(pk=sold(who, sold_by=place.seller).pk)
    services.change_delivery(
        product=row, seen=version_of_product(row), name=row.product, serial="", sold_by=other,
        purchased_on=None, delivered_on=row.delivered_on, delivered_at=row.delivered_at,
        insurance_until=None, details=ProductDetails(), by=place.manager, now=NOW,
    )  # fmt: skip
    call = work(who, "dealer_7d")
    assert call.assignee == other
    assert sees(other, call, today=call.due_on)
    assert as_the_rules_say()


def test_what_a_seller_would_do_is_the_new_keepers_once_the_seller_sees_nothing(place, who):
    Step.objects.filter(code="dealer_2m").update(assignee="seller")
    heir = PersonFactory(role=Role.SALES_STORE, store=place.store)
    sold(who, sold_by=place.seller)
    services.assign_keeper(customer=who, keeper=heir, by=place.manager, now=NOW)
    later = NOW + timedelta(days=100)
    engine.ask(now=later)
    rows = Obligation.objects.filter(step__code="dealer_2m", state=State.OPEN)
    assert {row.assignee for row in rows} == {heir}
    assert all(sees(heir, row, today=later.date()) for row in rows)
    assert as_the_rules_say(later)


def test_a_change_of_the_plan_keeps_the_day_the_customer_asked_for(place, who):
    sold(who)
    put_off(who, "dealer_7d", by=place.seller)
    Step.objects.filter(code="dealer_7d").update(offset=5)
    engine.touch_and_ask(customers=[who.pk], now=NOW)
    call = work(who, "dealer_7d")
    assert (call.due_on, call.task.day, call.task.shown_on) == (date(2026, 3, 17), AGREED, AGREED)
    assert call.task.moved_reason == "customer_asked"
    assert as_the_rules_say()


def test_what_falls_due_after_the_day_it_was_put_off_to_is_due_when_it_falls_due(place, who):
    sold(who)
    put_off(who, "dealer_7d", by=place.seller)
    Step.objects.filter(code="dealer_7d").update(offset=60)
    engine.touch_and_ask(customers=[who.pk], now=NOW)
    call = work(who, "dealer_7d")
    assert (call.planned_on, call.task.day) == (None, date(2026, 5, 11))


def test_another_leader_calls_on_the_day_the_customer_asked_for(place, who):
    sold(who)
    put_off(who, "dealer_24h", by=place.manager)
    lead = PersonFactory(role=Role.SALES_STORE, store=place.store)
    DutyFactory(person=lead, kind=DutyKind.SALES_MANAGER, store=place.store)
    engine.ask(now=NOW)
    call = work(who)
    assert (call.assignee, call.task.assignee, call.task.day) == (lead, lead, AGREED)
    assert as_the_rules_say()


def test_a_silence_that_ends_before_the_agreed_day_keeps_it(place, who):
    sold(who)
    put_off(who, "dealer_7d", by=place.seller)
    wish = {"customer": who, "by": place.seller}
    services.set_quiet(quiet=Quiet.ALL, reason=QuietReason.ASKED, now=NOW, **wish)
    # Due on the 19th, asked for on 2 April: what was agreed on lies ahead still.
    again = {"quiet": Quiet.NONE, "reason": QuietReason.WISHES_AGAIN}
    services.set_quiet(**again, now=at("2026-03-25 10:00"), **wish)
    call = work(who, "dealer_7d")
    assert (call.state, call.task.day) == (State.OPEN, AGREED)


def test_a_silence_that_ends_after_the_agreed_day_ends_it_too(place, who):
    sold(who)
    put_off(who, "dealer_7d", by=place.seller)
    wish = {"customer": who, "by": place.seller}
    services.set_quiet(quiet=Quiet.ALL, reason=QuietReason.ASKED, now=NOW, **wish)
    again = {"quiet": Quiet.NONE, "reason": QuietReason.WISHES_AGAIN}
    services.set_quiet(**again, now=at("2026-04-03 10:00"), **wish)
    assert (work(who, "dealer_7d").state, work(who, "dealer_7d").cause) == ("cancelled", "silence")


@pytest.mark.parametrize("away", ["silence", "given up"])
def test_after_a_silence_or_being_given_up_the_cadence_counts_from_its_end(place, who, away):
    engine.ask(now=NOW)
    later = NOW + timedelta(days=60)
    how = {"customer": who, "by": place.seller}
    if away == "silence":
        services.set_quiet(quiet=Quiet.ALL, reason=QuietReason.ASKED, now=NOW, **how)
        again = {"quiet": Quiet.NONE, "reason": QuietReason.WISHES_AGAIN}
        services.set_quiet(**again, now=later, **how)
    else:
        services.regrade(grade="D", now=NOW, reason="没有计划", **how)
        services.regrade(grade="A", now=later, reason="又来了", **how)
    row = Obligation.objects.get(customer=who, step__code="cadence_a", state=State.OPEN)
    assert row.due_on == later.date() + timedelta(days=7)
    assert as_the_rules_say(later)


def test_a_round_over_nothing_that_strayed_asks_nobody(place, who, django_assert_max_num_queries):
    sold(who)
    engine.ask(now=NOW)
    with django_assert_max_num_queries(16):
        again = engine.ask(now=NOW)
    assert (again.obligations_created, again.obligations_moved) == (0, 0)
