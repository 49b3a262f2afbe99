"""Appointments as work: booked, moved, missed, cancelled, kept, and what else touches them."""

from contextlib import contextmanager
from datetime import date, timedelta
from uuid import uuid4

import pytest

from core.models import AuditEntry
from crm.verification import verify
from customers.models import Appointment, Resource
from customers.rules import NextStep
from customers.services.appointments import AppointmentNotMade
from customers.states import (
    AppointmentKind,
    AppointmentState,
    Channel,
    NextKind,
    Outcome,
    Quiet,
    Reason,
    ResourceKind,
)
from followups import services
from followups.models import Obligation, Task
from followups.services import AppointmentNotBooked, TaskNotChanged
from followups.states import Anchor, Cause, MoveReason, SkipReason, State, Way
from tests.factories.staff import PersonFactory, StoreFactory
from tests.followups.build import at, customer, shop

pytestmark = pytest.mark.django_db

NOW = at("2026-03-12 09:50")


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def who(place):
    return customer(place, now=NOW - timedelta(days=2))


@pytest.fixture
def car(place):
    return Resource.objects.create(store=place.store, kind=ResourceKind.TEST_CAR, name="远山X5")


def book(who, *, begins="2026-03-12 15:00", hours=1, now=NOW, **said):
    starts_at = at(begins)
    return services.book_appointment(
        customer=who,
        kind=said.pop("kind", AppointmentKind.TEST_DRIVE),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        person=said.pop("person", who.owner),
        by=said.pop("by", who.owner),
        now=now,
        key=said.pop("key", None) or uuid4(),
        **said,
    )


def move(row, *, begins, now=NOW, **said):
    starts_at = at(begins)
    return services.move_appointment(
        appointment=row,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        person=said.pop("person", row.person),
        resource=said.pop("resource", row.resource),
        by=row.person,
        now=now,
        key=said.pop("key", None) or uuid4(),
        **said,
    )


def log(who, *, channel, outcome, now=NOW, **said):
    is_met = outcome in (Outcome.MET, Outcome.CONNECTED)
    step = NextStep(kind=NextKind.CALL, on=date(2026, 3, 20)) if is_met else None
    return services.log_contact(
        customer=who,
        channel=channel,
        outcome=outcome,
        reason=Reason.PRICE if is_met else "",
        next_step=said.pop("next_step", step),
        retry_on=None if is_met else date(2026, 3, 13),
        by=who.owner,
        now=now,
        key=uuid4(),
        **said,
    )


def work(row):
    return Obligation.objects.get(step__anchor=Anchor.APPOINTMENT, subject_id=row.pk)


def fresh(row):
    return Appointment.objects.get(pk=row.pk)


@contextmanager
def refused(kind, code):
    """The act is refused for this reason."""
    with pytest.raises(kind) as refusal:
        yield refusal
    assert refusal.value.codes == (code,)


def is_true(now=NOW):
    return verify(now=now).differences == []


def test_an_appointment_stands_on_the_list_of_its_day_at_its_hour(who, car):
    row = book(who, resource=car, place="南门", note="带驾照")
    found = work(row)
    assert (found.due_at, found.due_on, found.is_timed) == (row.starts_at, date(2026, 3, 12), True)
    assert (found.assignee, found.way, found.text) == (
        who.owner, Way.TEST_DRIVE, "远山X5 · 南门 · 带驾照",
    )  # fmt: skip
    assert found.task.is_timed
    assert AuditEntry.objects.filter(verb="book", object_id=row.pk).count() == 1
    assert is_true()


def test_it_replaces_the_cadence_that_would_be_later(who):
    services.ask(now=NOW)
    cadence = Obligation.objects.filter(customer=who, step__anchor=Anchor.CADENCE)
    assert cadence.get().state == State.OPEN
    row = book(who)
    assert cadence.get().state == State.CANCELLED
    services.cancel_appointment(appointment=row, reason="下雨", by=who.owner, now=NOW)
    assert cadence.filter(state=State.OPEN).count() == 1
    assert is_true()


def test_the_same_form_books_once(who):
    key = uuid4()
    assert book(who, key=key).pk == book(who, key=key).pk
    assert Appointment.objects.count() == 1


def test_a_car_serves_one_at_a_time_and_who_may_know_is_told_for_whom(place, who, car):
    book(who, resource=car)
    other = customer(place, now=NOW)
    for begins in ("2026-03-12 14:01", "2026-03-12 15:59"):
        with pytest.raises(AppointmentNotMade) as refusal:
            book(other, begins=begins, resource=car, anyway=True)
        assert refusal.value.codes == ("resource_taken_by",)
        assert "15:00–16:00" in str(refusal.value)
        assert "王芳" in str(refusal.value)
    book(other, begins="2026-03-12 16:00", resource=car)
    assert Appointment.objects.count() == 2


def test_who_may_not_know_is_told_the_hours_alone(place, who, car):
    book(who, resource=car)
    colleague = PersonFactory(store=place.store)
    other = customer(place, now=NOW, owner=colleague)
    with pytest.raises(AppointmentNotMade) as refusal:
        book(other, resource=car, by=colleague)
    assert refusal.value.codes == ("resource_taken",)
    assert "王芳" not in str(refusal.value)


def test_a_person_is_told_and_may_book_anyway(place, who):
    book(who)
    other = customer(place, now=NOW)
    with refused(AppointmentNotMade, "person_is_busy") as refusal:
        book(other, begins="2026-03-12 15:30")
    assert "15:00–16:00" in str(refusal.value)
    assert book(other, begins="2026-03-12 15:30", anyway=True).person == who.owner


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"begins": "2026-03-12 09:00"}, "begins_in_the_past"),
        ({"hours": 0}, "ends_before_it_begins"),
        ({"hours": 13}, "too_long"),
        ({"begins": "2027-04-12 09:00"}, "too_far_ahead"),
        ({"resource": None}, "car_missing"),
    ],
)
def test_what_is_refused(who, car, said, code):
    with pytest.raises(AppointmentNotMade) as refusal:
        book(who, **{"resource": car, **said})
    assert code in refusal.value.codes
    assert not Appointment.objects.exists()
    assert not Obligation.objects.filter(step__anchor=Anchor.APPOINTMENT).exists()


def test_a_car_of_another_store_or_out_of_use_is_refused(who, car):
    away = Resource.objects.create(store=StoreFactory(), kind=ResourceKind.TEST_CAR, name="A")
    with refused(AppointmentNotMade, "resource_of_another_store"):
        book(who, resource=away)
    Resource.objects.filter(pk=car.pk).update(is_active=False)
    with refused(AppointmentNotMade, "resource_out_of_use"):
        book(who, resource=car)


def test_who_does_not_see_the_customer_is_not_booked(place, who):
    with refused(AppointmentNotMade, "person_does_not_see"):
        book(who, person=PersonFactory(store=place.store))
    assert book(who, person=place.manager).person == place.manager


def test_moved_the_old_one_names_the_new_and_frees_the_car(place, who, car):
    old = book(who, resource=car)
    new = move(old, begins="2026-03-13 15:30")
    old = fresh(old)
    assert (old.state, old.moved_to) == (AppointmentState.MOVED, new)
    assert (work(old).state, work(old).cause) == (State.CANCELLED, Cause.CALLED_OFF)
    assert work(new).due_on == date(2026, 3, 13)
    book(customer(place, now=NOW), resource=car, anyway=True)
    with refused(AppointmentNotMade, "is_closed"):
        move(old, begins="2026-03-14 10:00")
    assert is_true()


def test_it_may_move_within_its_own_time(who, car):
    assert move(book(who, resource=car), begins="2026-03-12 15:30").resource == car


def test_missed_only_after_it_began(who):
    row = book(who)
    with refused(AppointmentNotMade, "is_still_ahead"):
        services.miss_appointment(appointment=row, by=who.owner, now=NOW)
    later = at("2026-03-12 16:10")
    services.miss_appointment(appointment=row, by=who.owner, now=later)
    assert fresh(row).state == AppointmentState.MISSED
    assert work(row).state == State.CANCELLED
    with refused(AppointmentNotMade, "is_closed"):
        services.keep_appointment(appointment=row, by=who.owner, now=later)
    assert is_true(later)


def test_cancelled_with_a_reason(who):
    row = book(who)
    with refused(AppointmentNotMade, "reason_missing"):
        services.cancel_appointment(appointment=row, reason=" ", by=who.owner, now=NOW)
    services.cancel_appointment(appointment=row, reason="改主意", by=who.owner, now=NOW)
    assert (fresh(row).state, fresh(row).result) == (AppointmentState.CANCELLED, "改主意")


def test_kept_without_a_word(who):
    ahead = book(who, begins="2026-03-13 10:00")
    with refused(AppointmentNotMade, "is_still_ahead"):
        services.keep_appointment(appointment=ahead, by=who.owner, now=NOW)
    row = book(who)
    services.keep_appointment(appointment=row, by=who.owner, now=NOW, result="早到")
    assert (fresh(row).state, work(row).state) == (AppointmentState.KEPT, State.DONE)
    assert is_true()


# what a contact does to it


def test_meeting_keeps_it_and_it_names_the_contact(who):
    row = book(who)
    contact = log(who, channel=Channel.STORE_VISIT, outcome=Outcome.MET, note="开了半小时")
    row = fresh(row)
    assert (row.state, row.contact, row.result) == (AppointmentState.KEPT, contact, "开了半小时")
    assert work(row).state == State.DONE
    assert is_true()


def test_a_call_on_the_day_leaves_it_booked_at_its_hour(who):
    row = book(who)
    log(who, channel=Channel.CALL, outcome=Outcome.CONNECTED)
    log(who, channel=Channel.CALL, outcome=Outcome.UNANSWERED)
    assert fresh(row).state == AppointmentState.BOOKED
    assert (work(row).state, work(row).task.day) == (State.OPEN, date(2026, 3, 12))
    assert is_true()


def test_not_met_is_missed_and_trying_again_is_a_task(who):
    row = book(who)
    contact = log(
        who, channel=Channel.STORE_VISIT, outcome=Outcome.NOT_MET, now=at("2026-03-12 16:00")
    )
    assert (fresh(row).state, fresh(row).contact) == (AppointmentState.MISSED, contact)
    assert Task.objects.get(customer=who, state=State.OPEN).day == date(2026, 3, 13)
    assert is_true(at("2026-03-12 16:00"))


@pytest.mark.parametrize("outcome", [Outcome.MET, Outcome.NOT_MET])
def test_a_contact_taken_back_books_it_again(who, place, outcome):
    row = book(who)
    contact = log(who, channel=Channel.STORE_VISIT, outcome=outcome)
    services.void_contact(contact=contact, reason="记错了", by=place.manager, now=NOW)
    assert (fresh(row).state, fresh(row).closed_at) == (AppointmentState.BOOKED, None)
    assert work(row).state == State.OPEN
    assert is_true()


def test_missed_by_mistake_it_stays_so_where_the_car_is_gone(place, who, car):
    row = book(who, resource=car)
    contact = log(who, channel=Channel.STORE_VISIT, outcome=Outcome.NOT_MET)
    book(customer(place, now=NOW), resource=car)
    services.void_contact(contact=contact, reason="记错了", by=place.manager, now=NOW)
    assert fresh(row).state == AppointmentState.MISSED
    assert is_true()


def test_a_next_step_at_the_hour_of_an_appointment_is_that_appointment(who):
    row = book(who, begins="2026-03-14 10:00")
    step = NextStep(kind=NextKind.STORE_VISIT, on=date(2026, 3, 14), at=at("2026-03-14 10:00"))
    log(who, channel=Channel.CALL, outcome=Outcome.CONNECTED, next_step=step)
    assert Obligation.objects.get(customer=who, state=State.OPEN) == work(row)


# what else touches it


def test_a_task_that_is_an_appointment_is_neither_moved_nor_skipped(who):
    task = work(book(who)).task
    with refused(TaskNotChanged, "is_an_appointment"):
        services.move_task(
            task=task, day=date(2026, 3, 15), reason=MoveReason.NO_TIME, by=who.owner, now=NOW
        )
    with refused(TaskNotChanged, "is_an_appointment"):
        services.skip_task(task=task, reason=SkipReason.AWAY, by=who.owner, now=NOW)


def test_of_a_task_with_more_only_the_rest_moves(who):
    log(who, channel=Channel.CALL, outcome=Outcome.UNANSWERED)  # try again on the 13th
    row = book(who, begins="2026-03-13 15:00")
    task = work(row).task
    assert task.obligations.filter(state=State.OPEN).count() == 2
    services.move_task(
        task=task, day=date(2026, 3, 15), reason=MoveReason.NO_TIME, by=who.owner, now=NOW
    )
    assert work(row).task.day == date(2026, 3, 13)
    assert is_true()


def test_grade_d_cancels_what_was_to_win_and_undone_books_it_again(who):
    drive = book(who)
    service = book(who, begins="2026-03-13 15:00", kind=AppointmentKind.SERVICE)
    services.regrade(customer=who, grade="D", by=who.owner, now=NOW, reason="无意向")
    assert fresh(drive).state == AppointmentState.CANCELLED
    assert fresh(service).state == AppointmentState.BOOKED
    assert is_true()
    with refused(AppointmentNotBooked, "given_up"):
        book(who, begins="2026-03-14 15:00")
    services.undo_regrade(customer=who, by=who.owner, now=NOW + timedelta(minutes=5))
    assert fresh(drive).state == AppointmentState.BOOKED
    assert is_true()


def test_no_contact_puts_it_to_rest_and_back(place, who):
    row = book(who, begins="2026-03-14 15:00")
    quiet = {"customer": who, "reason": "意愿", "by": place.manager, "now": NOW}
    services.set_quiet(quiet=Quiet.ALL, **quiet)
    assert (work(row).state, fresh(row).state) == (State.SUSPENDED, AppointmentState.BOOKED)
    assert is_true()
    services.set_quiet(quiet=Quiet.NONE, **quiet)
    assert work(row).state == State.OPEN
    assert is_true()


def test_another_keeper_has_the_appointment_too(place, who):
    row = book(who)
    colleague = PersonFactory(store=place.store)
    services.assign_keeper(customer=who, keeper=colleague, by=place.manager, now=NOW)
    assert (fresh(row).person, work(row).assignee) == (colleague, colleague)
    assert is_true()


def test_the_day_is_the_stores(place, who):
    place.store.zone = "America/New_York"
    place.store.save()
    row = book(who, begins="2026-03-13 08:00")  # the evening of the 12th there
    assert work(row).due_on == date(2026, 3, 12)
    assert is_true()
