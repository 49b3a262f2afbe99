"""A round goes in batches, waits for nobody, and brings back what a plan had taken away."""

from datetime import date, timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from customers import services as customers
from followups.models import Course, Obligation, Plan, Step, Task
from followups.services import engine, hold
from followups.states import Cause, State
from staff.models import Person
from staff.states import Trade
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, delivery, dues, everything, shop

NOW = at("2026-05-18 20:00")


@pytest.mark.django_db
@pytest.mark.parametrize("batch", [1, 2, 3])
def test_small_batches_make_what_one_round_would(monkeypatch, batch):
    monkeypatch.setattr(engine, "BATCH", batch)
    place = shop()
    for _ in range(5):
        delivery(customer(place, now=NOW, grade="B2"), on=date(2026, 5, 18), now=NOW)
    made = engine.ask(now=NOW).obligations_created
    assert made == len(everything()) == 15
    assert Task.objects.filter(state=State.OPEN).count() == 15


@pytest.mark.django_db
def test_what_stands_moves_in_a_batch_with_those_for_whom_nothing_was_made():
    place = shop()
    old = customer(place, now=NOW, grade="B2")
    product = delivery(old, on=date(2026, 5, 18), now=NOW)
    engine.ask(now=NOW)
    before = dict(dues(old))
    new = customer(place, now=NOW, grade="B2")
    delivery(new, on=date(2026, 5, 19), now=NOW)
    type(product).objects.filter(pk=product.pk).update(delivered_on=date(2026, 5, 19))
    engine.touch(customers=[old.pk])

    asked = engine.ask(now=NOW)

    assert (asked.obligations_created, asked.obligations_cancelled) == (3, 0)
    assert asked.obligations_moved == 3
    assert dict(dues(old)) != before
    assert dues(old) == dues(new)


@pytest.mark.django_db
@pytest.mark.parametrize("what", [Plan, Step])
def test_a_plan_or_step_switched_off_and_on_again_loses_nothing(what):
    place = shop()
    who = customer(place, now=NOW, grade="B2")
    delivery(who, on=date(2026, 5, 18), now=NOW)
    engine.ask(now=NOW)
    before = dues(who)
    rows = (
        what.objects.filter(code="dealer")
        if what is Plan
        else Step.objects.filter(plan__code="dealer")
    )

    rows.update(is_active=False)
    engine.touch_and_ask(customers=[who.pk], now=NOW)
    assert [code for code, _ in dues(who) if code.startswith("dealer")] == []
    assert set(
        Obligation.objects.filter(state=State.CANCELLED).values_list("cause", flat=True)
    ) == {Cause.LEFT_OVER}

    rows.update(is_active=True)
    engine.touch_and_ask(customers=[who.pk], now=NOW)
    assert dues(who) == before


@pytest.mark.django_db
def test_what_was_done_or_skipped_is_not_brought_back():
    place = shop()
    who = customer(place, now=NOW, grade="B2")
    delivery(who, on=date(2026, 5, 18), now=NOW)
    engine.ask(now=NOW)
    Obligation.objects.filter(step__code="dealer_7d").update(state=State.DONE, closed_at=NOW)
    for is_active in (False, True):
        Plan.objects.filter(code="dealer").update(is_active=is_active)
        engine.touch_and_ask(customers=[who.pk], now=NOW)
    assert "dealer_7d" not in [code for code, _ in dues(who)]


@pytest.mark.django_db
def test_a_managers_call_goes_to_the_new_leader_of_the_store():
    place = shop()
    who = customer(place, now=NOW, grade="B2")
    delivery(who, on=date(2026, 5, 18), now=NOW)
    engine.ask(now=NOW)
    Person.objects.filter(pk=place.manager.pk).update(is_active=False)
    successor = PersonFactory(role="store_manager", store=place.store)

    engine.touch_and_ask(customers=[who.pk], now=NOW)

    call = Obligation.objects.get(step__code="dealer_24h")
    assert (call.assignee, call.task.assignee) == (successor, successor)


@pytest.mark.django_db
def test_a_delivery_of_what_was_bought_is_written_on_that_purchase():
    place = shop(Trade.FURNITURE)
    who = customer(place, now=NOW, grade="B2")
    bought = customers.record_product(
        customer=who, product="沙发", purchased_on=date(2026, 5, 10), by=place.seller, now=NOW,
        today=date(2026, 5, 18),
    )  # fmt: skip
    delivered = customers.record_product(
        customer=who, product="沙发", delivered_on=date(2026, 5, 18), serial="s9",
        by=place.seller, now=NOW, today=date(2026, 5, 18),
    )  # fmt: skip
    assert delivered.pk == bought.pk
    assert (delivered.purchased_on, delivered.serial) == (date(2026, 5, 10), "S9")


@pytest.mark.django_db(transaction=True)
def test_a_round_leaves_whoever_is_being_served_and_serves_the_others():
    place = shop()
    busy, free = (customer(place, now=NOW, grade="B2") for _ in range(2))
    engine.ask(now=NOW)
    for who in (busy, free):
        delivery(who, on=date(2026, 5, 18), now=NOW)
    held, done = Event(), Event()

    def serve() -> None:
        with transaction.atomic():
            hold([busy.pk])
            held.set()
            done.wait(20)
        connection.close()

    server = Thread(target=serve)
    server.start()
    held.wait(10)
    engine.ask(now=NOW)
    done.set()
    server.join()

    assert dues(busy) == []
    assert len(dues(free)) == 3
    engine.ask(now=NOW)
    assert len(dues(busy)) == 3


def enrolled() -> set[int]:
    return set(Course.objects.filter(product=None).values_list("customer", flat=True))


@pytest.mark.django_db
def test_what_came_by_another_way_is_found_within_the_hour(monkeypatch):
    monkeypatch.setattr(engine, "NEWEST", 0)
    place = shop()
    unseen, newest = (customer(place, now=NOW, grade="A") for _ in range(2))
    engine.ask(now=NOW, customers=[newest.pk])
    assert enrolled() == {newest.pk}

    for minute in range(60):
        engine.ask(now=NOW + timedelta(minutes=minute))

    assert enrolled() == {unseen.pk, newest.pk}
    assert len(dues(unseen)) == 1


@pytest.mark.django_db
def test_where_one_was_found_without_a_course_all_are_looked_at(monkeypatch):
    monkeypatch.setattr(engine, "NEWEST", 0)
    place = shop()
    everybody = {customer(place, now=NOW, grade="A").pk for _ in range(5)}
    engine.ask(now=NOW)
    assert enrolled() == everybody


@pytest.mark.django_db
def test_a_minute_in_which_nothing_is_due_writes_nothing_and_asks_little(
    django_assert_max_num_queries,
):
    place = shop()
    delivery(customer(place, now=NOW, grade="B2"), on=date(2026, 5, 18), now=NOW)
    engine.ask(now=NOW)
    with django_assert_max_num_queries(10):
        assert engine.ask(now=NOW).obligations_created == 0


@pytest.mark.django_db
@pytest.mark.parametrize("noted", ["today", "then"])
@pytest.mark.parametrize("trade", [Trade.CARS, Trade.FURNITURE])
@pytest.mark.parametrize("ago", [-40, 0, 1, 28, 59, 61, 308, 365, 1461, 1795, 1830, 2400])
def test_the_first_asking_knows_what_comes_next_and_how_long_a_plan_runs(
    monkeypatch, ago, trade, noted
):
    """It looks at few of sixty months; where something stands, all are looked at."""
    who = customer(shop(trade), now=NOW, grade="B2")
    product = delivery(who, on=NOW.date() - timedelta(days=ago), now=NOW)
    if noted == "then":
        then = NOW - timedelta(days=max(ago, 0))
        type(product).objects.filter(pk=product.pk).update(delivered_noted_at=then)
    engine.ask(now=NOW)
    courses = list(Course.objects.order_by("pk").values())
    made = everything()

    known = dict.fromkeys(("stands", "filed", "orders"), True)
    monkeypatch.setattr(engine, "_known", lambda cursor: known)
    engine.touch_and_ask(customers=[who.pk], now=NOW)

    assert list(Course.objects.order_by("pk").values()) == courses
    assert everything() == made


@pytest.mark.django_db
def test_a_product_that_came_by_another_way_gets_its_course_with_its_customer_or_by_itself():
    place = shop()
    asked_anyway, others = (customer(place, now=NOW, grade="B2") for _ in range(2))
    engine.ask(now=NOW)
    for who in (asked_anyway, others):
        delivery(who, on=date(2026, 5, 18), now=NOW)
    Course.objects.filter(product__isnull=False).delete()
    Obligation.objects.all().delete()
    engine.touch(customers=[asked_anyway.pk])

    engine.ask(now=NOW)

    courses = Course.objects.filter(product__isnull=False)
    assert set(courses.values_list("customer", flat=True)) == {asked_anyway.pk, others.pk}
    assert len(dues(asked_anyway)) == len(dues(others)) == 3


@pytest.mark.django_db
def test_one_customers_asking_asks_little_where_there_is_little_to_find(
    django_assert_max_num_queries,
):
    place = shop()
    owner, other = (customer(place, now=NOW, grade="A") for _ in range(2))
    delivery(owner, on=date(2026, 5, 18), now=NOW)
    engine.ask(now=NOW)
    with django_assert_max_num_queries(34):
        engine.ask(customers=[other.pk], now=NOW)
    engine.touch(customers=[owner.pk])
    with django_assert_max_num_queries(44):
        engine.ask(customers=[owner.pk], now=NOW)
