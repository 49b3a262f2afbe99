"""The engine against real rows: what is made, once, and for whom."""

from datetime import date, timedelta

import pytest
from django.db import connection

from customers.states import Quiet
from followups import queries, services
from followups.models import Course, Obligation, Plan, Task
from followups.services import engine
from followups.states import State
from staff.models import Duty, Person
from staff.scope import reach_of
from staff.states import DutyKind, Role, Trade
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, delivery, dues, everything, shop

pytestmark = pytest.mark.django_db


def iso(*pairs: tuple[str, str]) -> list[tuple[str, date]]:
    return [(code, date.fromisoformat(day)) for code, day in pairs]


def test_a_delivered_car_gets_what_falls_due_within_the_horizon():
    now = at("2026-05-18 20:00")
    who = customer(shop(), now=now, grade="B2")
    delivery(who, on=date(2026, 5, 18), at=at("2026-05-18 19:40"), now=now)

    engine.ask(now=now)

    assert dues(who) == iso(
        ("dealer_24h", "2026-05-19"),
        ("dealer_letter", "2026-05-19"),
        ("dealer_7d", "2026-05-25"),
    )
    letter = Obligation.objects.get(step__code="dealer_letter")
    assert letter.due_at == at("2026-05-19 19:40")


def test_walking_the_clock_makes_each_occurrence_once_until_month_60():
    now = at("2024-02-29 10:00")
    who = customer(shop(), now=now, grade="B2")
    delivery(who, on=date(2024, 2, 29), now=now)

    for week in range(62 * 4 + 16):
        engine.ask(now=now + timedelta(days=7 * week))

    visits = [day for code, day in dues(who) if code in ("dealer_12m", "dealer_36m")]
    assert visits == [
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
        date(2029, 2, 28),
    ]
    two_months = [day for code, day in dues(who) if code == "dealer_2m"]
    assert len(two_months) == 30
    assert two_months[:3] == [date(2024, 4, 29), date(2024, 6, 29), date(2024, 8, 29)]


def test_month_12_is_one_task_that_carries_both_codes():
    now = at("2026-05-18 10:00")
    who = customer(shop(), now=now, grade="B2")
    delivery(who, on=date(2026, 5, 18), now=now)
    engine.ask(now=at("2027-05-01 10:00"))

    task = Task.objects.get(customer=who, day=date(2027, 5, 18))
    assert set(task.obligations.values_list("step__code", flat=True)) == {
        "dealer_2m",
        "dealer_12m",
    }


def test_the_manager_calls_within_24_hours_and_the_seller_within_7_days():
    place = shop()
    now = at("2026-05-18 10:00")
    who = customer(place, now=now, grade="B2")
    delivery(who, on=date(2026, 5, 18), now=now)
    engine.ask(now=now)

    assert Obligation.objects.get(step__code="dealer_24h").assignee == place.manager
    assert Obligation.objects.get(step__code="dealer_7d").assignee == place.seller
    assert Obligation.objects.get(step__code="dealer_letter").assignee == place.seller


def test_a_person_with_the_duty_of_sales_manager_comes_before_the_store_manager():
    place = shop()
    chief = PersonFactory(role=Role.SALES_STORE, store=place.store)
    Duty.objects.create(
        person=chief, kind=DutyKind.SALES_MANAGER, store=place.store, starts_on=date(2026, 1, 1)
    )
    now = at("2026-05-18 10:00")
    delivery(customer(place, now=now, grade="B2"), on=date(2026, 5, 18), now=now)
    engine.ask(now=now)

    assert Obligation.objects.get(step__code="dealer_24h").assignee == chief


def test_furniture_is_thanked_after_purchase_and_called_after_installation():
    now = at("2025-09-30 18:00")
    who = customer(shop(Trade.FURNITURE), now=now, grade="B2")
    delivery(who, on=date(2026, 7, 3), now=now, purchased_on=date(2025, 9, 30))
    engine.ask(now=now)
    assert dues(who) == iso(("furniture_thanks", "2025-10-11"))

    engine.ask(now=at("2026-07-03 18:00"))
    assert (
        iso(("furniture_installed", "2026-07-08"), ("furniture_monthly", "2026-08-03"))
        == [due for due in dues(who) if due[0] != "furniture_thanks" and "cadence" not in due[0]][
            :2
        ]
    )


def test_a_shoe_shop_has_no_plan_after_the_sale():
    now = at("2026-05-18 10:00")
    who = customer(shop(Trade.SHOES), now=now, grade="B2")
    delivery(who, on=date(2026, 5, 18), now=now)
    engine.ask(now=now, horizon=timedelta(days=400))
    assert [code for code, _ in dues(who)] == ["cadence_c1"]


def test_what_was_long_past_when_it_was_registered_is_not_made():
    now = at("2026-06-10 10:00")
    who = customer(shop(), now=now, grade="B2")
    delivery(who, on=date(2026, 4, 9), now=now)
    engine.ask(now=now)
    # 7 days after delivery was 2026-04-16; the first two-month contact of 06-09 is recent enough
    assert dues(who) == iso(("dealer_2m", "2026-06-09"), ("dealer_2m", "2026-08-09"))


@pytest.mark.parametrize("times", [1, 3])
def test_asked_again_nothing_is_doubled(times):
    now = at("2026-05-18 10:00")
    place = shop()
    for grade in ("A", "B1", "C2", "D"):
        customer(place, now=now, grade=grade)
    delivery(customer(place, now=now, grade="B2"), on=date(2026, 5, 18), now=now)
    engine.ask(now=now)
    before, tasks = everything(), Task.objects.count()

    for _ in range(times):
        again = engine.ask(now=now)

    assert (everything(), Task.objects.count()) == (before, tasks)
    assert (again.obligations_created, again.obligations_moved) == (0, 0)


def test_after_40_days_of_pause_each_missed_one_exists_once_and_overdue():
    now = at("2025-12-31 10:00")
    who = customer(shop(), now=now, grade="B2")
    delivery(who, on=date(2025, 12, 31), now=now)
    engine.ask(now=now)
    later = at("2026-05-10 10:00")
    engine.ask(now=later)

    overdue = Obligation.objects.filter(customer=who, due_at__lt=later, step__code="dealer_2m")
    assert list(overdue.values_list("due_on", flat=True).order_by("due_on")) == [
        date(2026, 2, 28),
        date(2026, 4, 30),
    ]
    assert not Obligation.objects.filter(due_on=later.date()).exists()


def test_every_prospect_has_one_open_cadence_and_d_has_none():
    now = at("2026-03-01 10:00")
    place = shop()
    people = {
        grade: customer(place, now=now, grade=grade) for grade in ("A", "B1", "C1", "C2", "D")
    }
    engine.ask(now=now, horizon=timedelta(days=100))

    assert {grade: dues(who) for grade, who in people.items()} == {
        "A": iso(("cadence_a", "2026-03-08")),
        "B1": iso(("cadence_b1", "2026-03-06")),
        "C1": iso(("cadence_c1", "2026-05-30")),
        "C2": iso(("cadence_c2", "2026-03-31")),
        "D": [],
    }


def test_an_unanswered_cadence_grows_overdue_and_is_not_repeated():
    now = at("2026-03-01 10:00")
    who = customer(shop(), now=now, grade="A")
    for month in range(5):
        engine.ask(now=now + timedelta(days=30 * month))
    assert dues(who) == iso(("cadence_a", "2026-03-08"))


def test_tasks_of_a_customer_without_a_keeper_belong_to_nobody_but_exist():
    now = at("2026-03-01 10:00")
    who = customer(shop(), now=now, owner=None)
    engine.ask(now=now)
    assert Task.objects.get(customer=who).assignee is None


def test_a_second_asker_leaves_the_round_to_the_first(django_db_blocker):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [engine.ROUND_LOCK])
        now = at("2026-03-01 10:00")
        who = customer(shop(), now=now)
        assert engine.ask(now=now).obligations_created == 0
        cursor.execute("ROLLBACK")
    other.close()
    engine.ask(now=now)
    assert dues(who) == iso(("cadence_a", "2026-03-08"))


def test_no_contact_suspends_everything_and_lifting_it_brings_back_what_lies_ahead():
    now = at("2026-05-18 10:00")
    place = shop()
    who = customer(place, now=now, grade="B2")
    delivery(who, on=date(2026, 5, 18), now=now)
    engine.ask(now=now)

    services.set_quiet(customer=who, quiet=Quiet.ALL, reason="asked", by=place.seller, now=now)
    assert dues(who) == []
    assert not Task.objects.filter(customer=who, state=State.OPEN).exists()
    engine.ask(now=at("2026-08-01 10:00"))
    assert dues(who) == []

    services.set_quiet(
        customer=who,
        quiet=Quiet.NONE,
        reason="wishes_again",
        by=place.seller,
        now=at("2026-08-01 10:00"),
    )
    assert dues(who) == iso(("dealer_2m", "2026-09-18"))


def test_a_corrected_delivery_moves_what_is_open_and_leaves_what_is_done():
    now = at("2026-05-18 10:00")
    place = shop()
    who = customer(place, now=now, grade="B2")
    product = delivery(who, on=date(2026, 5, 18), now=now)
    engine.ask(now=now, horizon=timedelta(days=70))
    letter = Task.objects.get(customer=who, letter__isnull=False)
    services.send_letter(task=letter, by=place.seller, now=now)

    type(product).objects.filter(pk=product.pk).update(delivered_on=date(2026, 5, 20))
    engine.touch_and_ask(customers=[who.pk], now=now)

    assert dues(who) == iso(
        ("dealer_24h", "2026-05-21"), ("dealer_7d", "2026-05-27"), ("dealer_2m", "2026-07-20")
    )
    assert dues(who, states=[State.DONE]) == iso(("dealer_letter", "2026-05-19"))
    assert Task.objects.filter(customer=who, state=State.OPEN).count() == 3


def test_the_card_learns_the_day_of_the_next_contact():
    now = at("2026-03-01 10:00")
    who = customer(shop(), now=now)
    engine.ask(now=now)
    who.refresh_from_db()
    assert who.next_contact_on == date(2026, 3, 8)


def test_two_letters_of_one_day_stay_two_tasks_and_never_merge_with_a_call():
    now = at("2026-05-18 10:00")
    place = shop()
    who = customer(place, now=now, grade="B2")
    delivery(who, on=date(2026, 5, 18), now=now)
    engine.ask(now=now)
    on_day = Task.objects.filter(customer=who, day=date(2026, 5, 19))
    assert on_day.filter(letter__isnull=False).count() == 1
    assert on_day.filter(letter=None).count() == 1


@pytest.mark.parametrize(
    ("plan_runs_until", "due"),
    [
        ("2026-03-07", "2026-03-08"),  # over before the cadence falls due
        ("2026-03-08", "2026-03-15"),  # still running on that day: the cadence counts on from it
    ],
)
def test_a_running_plan_replaces_the_cadence_to_the_day(plan_runs_until, due):
    now = at("2026-03-01 10:00")
    who = customer(shop(Trade.SHOES), now=now)
    product = delivery(who, on=date(2026, 3, 1), now=now)
    Course.objects.create(
        customer=who,
        product=product,
        plan=Plan.objects.get(code="dealer"),
        ends_on=date.fromisoformat(plan_runs_until),
    )
    engine.ask(now=now)
    assert dues(who) == iso(("cadence_a", due))


def test_a_task_forgets_the_hour_of_an_appointment_that_was_taken_back():
    now = at("2026-03-01 10:00")
    place = shop()
    who = customer(place, now=now)
    engine.ask(now=now)
    Task.objects.filter(customer=who).update(is_timed=True, due_at=at("2026-03-08 09:00"))

    engine.touch_and_ask(customers=[who.pk], now=now)

    task = Task.objects.get(customer=who)
    assert (task.is_timed, task.due_at) == (False, at("2026-03-09 00:00"))


def test_work_of_somebody_who_left_is_found_as_work_that_nobody_has():
    now = at("2026-03-01 10:00")
    place = shop()
    customer(place, now=now)
    engine.ask(now=now)
    Person.objects.filter(pk=place.seller.pk).update(is_active=False)
    reach = reach_of(place.manager, today=date(2026, 3, 8))
    assert queries.unkept(reach, today=date(2026, 3, 8)).count() == 1
