"""Tasks moved, merged, skipped, handed over and silenced; deliveries; letters."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from core.models import AuditEntry
from customers.models import Access, OwnedProduct
from customers.services import ProductNotRecorded
from customers.states import Grade, Quiet
from followups import services
from followups.models import Obligation, Task
from followups.services import TaskNotChanged, assign_keeper, move_task, set_quiet, skip_task
from followups.states import MoveReason, SkipReason, State
from staff.states import Role, Trade
from tests.factories.followups import cadence_task, task_today
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, delivery, shop

pytestmark = pytest.mark.django_db

NOW = at("2026-03-12 10:00")
TODAY, TOMORROW = date(2026, 3, 12), date(2026, 3, 13)


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def who(place):
    return customer(place, now=at("2026-03-02 10:00"))


@pytest.fixture
def task(who):
    return cadence_task(who, now=NOW)


def move(task, day=TOMORROW, reason=MoveReason.CUSTOMER_ASKED):
    move_task(task=task, day=day, reason=reason, by=task.assignee, now=NOW)


def open_tasks(who) -> list[Task]:
    return list(Task.objects.filter(customer=who, state=State.OPEN).order_by("day", "pk"))


def test_a_moved_task_stands_on_its_new_day_and_keeps_its_limit(task):
    before = task.due_at
    move(task)
    task.refresh_from_db()
    assert (task.day, task.shown_on, task.due_at) == (TOMORROW, TOMORROW, before)
    assert task.moved_reason == MoveReason.CUSTOMER_ASKED
    trail = AuditEntry.objects.get(verb="move")
    assert trail.detail == {"before": "2026-03-09", "after": "2026-03-13"}


def test_a_moved_task_stays_where_it_was_put_when_the_engine_asks_again(task):
    move(task)
    services.ask(now=NOW + timedelta(minutes=1))
    task.refresh_from_db()
    assert (task.day, task.state) == (TOMORROW, State.OPEN)


@pytest.mark.parametrize(
    ("day", "reason", "code"),
    [
        (date(2026, 3, 11), MoveReason.OTHER, "move_to_past"),
        (date(2027, 3, 14), MoveReason.OTHER, "move_too_far"),
        (TOMORROW, "", "move_reason_missing"),
    ],
)
def test_a_task_is_not_moved_to_where_it_cannot_be(task, day, reason, code):
    with pytest.raises(TaskNotChanged) as refusal:
        move(task, day, reason)
    assert code in refusal.value.codes
    task.refresh_from_db()
    assert task.day == date(2026, 3, 9)


@pytest.mark.parametrize("day", [TODAY, TODAY + timedelta(days=366)])
def test_a_task_is_moved_to_today_and_a_year_ahead(task, day):
    move(task, day)
    task.refresh_from_db()
    assert task.day == day


def test_care_moved_onto_an_agreed_day_carries_both(place):
    who = customer(place, now=NOW, grade=Grade.A)
    delivery(who, on=TODAY, now=NOW)
    task_today(who, now=NOW, text="试座")
    care = Task.objects.get(customer=who, state=State.OPEN, obligations__step__code="dealer_7d")
    move(care, TODAY)
    merged = Task.objects.get(
        customer=who, state=State.OPEN, day=TODAY, letter=None, assignee=who.owner
    )
    codes = set(merged.obligations.values_list("step__code", flat=True))
    assert {"dealer_7d", "next_step"} <= codes
    assert merged.is_care
    care.refresh_from_db()
    assert (care.state, care.merged_into) == (State.CANCELLED, merged)


def test_a_skipped_task_is_closed_with_its_reason(task):
    skip_task(task=task, reason=SkipReason.AWAY, by=task.assignee, now=NOW, note="till May")
    task.refresh_from_db()
    assert (task.state, task.skip_reason, task.closed_at) == (State.SKIPPED, SkipReason.AWAY, NOW)
    assert AuditEntry.objects.get(verb="skip").reason == "till May"


def test_a_task_is_not_skipped_without_a_reason_nor_twice(task):
    with pytest.raises(TaskNotChanged) as refusal:
        skip_task(task=task, reason="", by=task.assignee, now=NOW)
    assert refusal.value.codes == ("skip_reason_missing",)
    skip_task(task=task, reason=SkipReason.AWAY, by=task.assignee, now=NOW)
    with pytest.raises(TaskNotChanged) as refusal:
        skip_task(task=task, reason=SkipReason.AWAY, by=task.assignee, now=NOW)
    assert refusal.value.codes == ("task_is_closed",)


def test_open_tasks_follow_the_customer_to_the_new_keeper(who, place):
    move(cadence_task(who, now=NOW), date(2026, 3, 15))
    new = PersonFactory(role=Role.SALES_STORE, store=place.store)
    assign_keeper(customer=who, keeper=new, by=place.manager, now=NOW, reason="left")
    assert [(task.assignee, task.day) for task in open_tasks(who)] == [(new, date(2026, 3, 15))]


def test_the_managers_call_stays_with_the_manager(place):
    who = customer(place, now=NOW, grade=Grade.B2)
    delivery(who, on=TODAY, now=NOW, at=NOW - timedelta(hours=1))
    services.ask(now=NOW)
    new = PersonFactory(role=Role.SALES_STORE, store=place.store)
    assign_keeper(customer=who, keeper=new, by=place.manager, now=NOW)
    call = Obligation.objects.get(customer=who, step__code="dealer_24h")
    assert call.assignee == place.manager
    week = Obligation.objects.get(customer=who, step__code="dealer_7d")
    assert week.assignee == new


def test_a_customer_without_a_keeper_has_tasks_that_nobody_has(who, place, task):
    assign_keeper(customer=who, keeper=None, by=place.manager, now=NOW)
    assert [task.assignee for task in open_tasks(who)] == [None]
    assign_keeper(customer=who, keeper=place.seller, by=place.manager, now=NOW)
    assert [task.assignee for task in open_tasks(who)] == [place.seller]


def test_no_contact_takes_everything_off_the_list_and_gives_back_what_lies_ahead(place):
    who = customer(place, now=NOW, grade=Grade.B2)
    delivery(who, on=TODAY, now=NOW)
    services.ask(now=NOW)
    set_quiet(customer=who, quiet=Quiet.ALL, reason="asked", by=place.manager, now=NOW)
    assert open_tasks(who) == []
    services.ask(now=NOW + timedelta(minutes=1))
    assert open_tasks(who) == []

    later = NOW + timedelta(days=3)
    set_quiet(customer=who, quiet=Quiet.NONE, reason="wishes_again", by=place.manager, now=later)
    back = {row.step.code for row in Obligation.objects.filter(customer=who, state=State.OPEN)}
    assert back == {"dealer_7d", "dealer_2m"}
    assert open_tasks(who)[0].day == date(2026, 3, 19)


@pytest.mark.parametrize("quiet", [Quiet.MARKETING, Quiet.VISITS])
def test_a_narrower_wish_leaves_calls_where_they_are(who, place, task, quiet):
    set_quiet(customer=who, quiet=quiet, reason="asked", by=place.manager, now=NOW)
    assert open_tasks(who) == [task]


def test_the_letter_is_sent_with_its_hour_and_a_call_is_no_letter(place):
    who = customer(place, now=NOW, grade=Grade.B2)
    delivered_at = at("2026-03-12 09:40")
    delivery(who, on=TODAY, now=NOW, at=delivered_at)
    services.ask(now=NOW)
    letter = Task.objects.get(customer=who, letter__isnull=False)
    assert letter.due_at == delivered_at + timedelta(hours=24)
    services.send_letter(task=letter, by=place.seller, now=NOW)
    letter.refresh_from_db()
    assert (letter.state, letter.closed_at) == (State.DONE, NOW)
    who.refresh_from_db()
    assert who.last_contact_at is None


def sold(who, **changes):
    values = {"product": "S1", "delivered_on": TODAY, "by": who.owner, "now": NOW, "key": uuid4()}
    return services.record_delivery(customer=who, **{**values, **changes})


def test_a_delivery_falls_due_at_once(place):
    who = customer(place, now=NOW, grade=Grade.B2)
    product = sold(who, delivered_at=at("2026-03-12 09:40"), serial=" vin1 ")
    assert product.serial == "VIN1"
    assert {task.day for task in open_tasks(who)} == {TOMORROW, date(2026, 3, 19)}


def test_whoever_sold_it_may_serve_the_customer(place):
    who = customer(place, now=NOW)
    seller = PersonFactory(store=place.store)
    sold(who, sold_by=seller)
    assert Access.objects.filter(customer=who, person=seller).exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"product": " "}, "product_missing"),
        ({"delivered_on": None}, "no_date"),
        ({"delivered_on": TOMORROW}, "delivered_in_future"),
        ({"delivered_at": NOW + timedelta(seconds=1)}, "delivered_in_future"),
        ({"purchased_on": TOMORROW}, "purchased_in_future"),
        ({"purchased_on": TODAY, "delivered_on": date(2026, 3, 11)}, "delivered_before_purchase"),
    ],
)
def test_a_delivery_that_cannot_be_is_refused(who, changes, code):
    with pytest.raises(ProductNotRecorded) as refusal:
        sold(who, **changes)
    assert refusal.value.codes == (code,)
    assert not OwnedProduct.objects.exists()


def test_a_serial_belongs_to_one_product(who):
    sold(who, serial="VIN1")
    with pytest.raises(ProductNotRecorded) as refusal:
        sold(who, serial="vin1")
    assert refusal.value.codes == ("serial_is_taken",)


def test_thanks_after_a_purchase_come_within_three_working_days():
    place = shop(Trade.FURNITURE)
    who = customer(place, now=at("2025-09-30 10:00"), grade=Grade.B1)
    services.record_delivery(
        customer=who,
        product="L3",
        purchased_on=date(2025, 9, 30),
        by=place.seller,
        now=at("2025-09-30 18:00"),
        key=uuid4(),
    )
    thanks = Obligation.objects.get(customer=who, step__code="furniture_thanks")
    assert thanks.due_on == date(2025, 10, 11)
