"""One digest a day: what it says, to whom and when; forty days off bring one; no number leaves."""

import re
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Appointment, Customer
from customers.states import AppointmentKind
from followups.services.digests import write_digests
from staff.models import Absence, Installation, NoticeSettings, Outgoing, Person, Store
from staff.services.notices import tell
from staff.states import AbsenceKind, NoticeKind
from tests.factories.cases import opened
from tests.factories.followups import task_today
from tests.factories.outgoing import robot_of
from tests.factories.staff import PersonFactory, StoreFactory
from tests.followups.build import Shop, at, customer, shop

pytestmark = pytest.mark.django_db

MORNING = at("2026-05-06 08:30")
YESTERDAY = at("2026-05-05 10:00")
# Eleven digits, or eight with an area code: what a number looks like.
NUMBER = re.compile(r"\d{7,}")


def reader(**facts) -> Person:
    """A salesperson who wishes the mail."""
    place = shop()
    Person.objects.filter(pk=place.seller.pk).update(email="li@example.com", language="en")
    place.seller.refresh_from_db()
    NoticeSettings.objects.create(person=place.seller, by_mail=True, **facts)
    return place.seller


def with_task(person: Person, *, now=MORNING) -> Customer:
    assert person.store is not None
    place = Shop(store=person.store, manager=person, seller=person)
    who = customer(place, now=now - timedelta(days=2))
    task_today(who, now=now)
    return who


def appointment(who: Customer, *, begins) -> Appointment:
    assert who.owner is not None
    return Appointment.objects.create(
        customer=who,
        kind=AppointmentKind.TEST_DRIVE,
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
        person=who.owner,
        made_by=who.owner,
        place="13812345678",
        note="call 13812345678",
    )


def test_it_says_what_the_day_holds():
    person = reader()
    who = with_task(person)
    appointment(who, begins=at("2026-05-06 10:30"))
    appointment(who, begins=at("2026-05-07 10:30"))
    tell(person=person, kind=NoticeKind.PLAN_CHANGED, key="plan:1", now=YESTERDAY)
    assert write_digests(now=MORNING) == 1
    row = Outgoing.objects.get()
    assert (row.key, row.person) == (f"digest:{person.pk}:2026-05-06", person)
    lines = row.body.splitlines()
    assert "Due today: 1" in lines
    assert "  10:30 Test drive" in lines
    assert "Unread notices: 1" in lines
    assert not any(line.startswith("Overdue") for line in lines)
    assert row.body.count("Test drive") == 1
    assert who.name not in row.body


def test_the_evening_counts_what_was_left_as_overdue():
    person = reader(digest_at=time(0, 0))
    with_task(person)
    write_digests(now=MORNING + timedelta(days=1))
    assert "Overdue: 1" in Outgoing.objects.get().body


def test_a_late_case_is_told():
    person = reader()
    case = opened(with_task(person), now=YESTERDAY - timedelta(days=20))
    type(case).objects.update(assignee=person, due_at=YESTERDAY)
    write_digests(now=MORNING)
    assert "Service cases past their clock: 1" in Outgoing.objects.get().body


def test_nothing_to_say_is_not_sent_and_not_asked_again_that_day():
    person = reader()
    assert write_digests(now=MORNING) == 0
    with_task(person)
    assert write_digests(now=MORNING + timedelta(hours=2)) == 0
    assert not Outgoing.objects.exists()


def test_before_the_hour_nothing_is_written_and_after_it_once():
    person = reader(digest_at=time(8, 30))
    with_task(person)
    assert write_digests(now=MORNING - timedelta(minutes=1)) == 0
    assert [write_digests(now=MORNING + timedelta(minutes=n)) for n in range(3)] == [1, 0, 0]


def test_the_day_is_that_of_the_store():
    person = reader()
    Store.objects.filter(pk=person.store_id).update(zone="Europe/Berlin")
    with_task(person)
    assert write_digests(now=MORNING) == 0  # 02:30 in Berlin
    assert write_digests(now=at("2026-05-06 14:30")) == 1


def test_after_forty_days_off_one_digest_goes_out_todays():
    person = reader()
    with_task(person)
    write_digests(now=MORNING)
    assert write_digests(now=at("2026-06-15 15:00")) == 1
    keys = Outgoing.objects.order_by("pk").values_list("key", flat=True)
    assert list(keys) == [f"digest:{person.pk}:2026-05-06", f"digest:{person.pk}:2026-06-15"]


def test_after_the_clock_ran_ahead_todays_digest_goes_out_and_once():
    person = reader()
    with_task(person)
    robot_of(store=person.store)
    ahead = MORNING + timedelta(days=3)
    assert write_digests(now=ahead) == 2
    assert [write_digests(now=MORNING + timedelta(minutes=n)) for n in range(3)] == [2, 0, 0]
    write_digests(now=ahead)
    assert Outgoing.objects.count() == 4


def away(person: Person, stand_in: Person, *, until: date = date(2026, 5, 8)) -> Absence:
    return Absence.objects.create(
        person=person, stand_in=stand_in, kind=AbsenceKind.LEAVE, starts_on=date(2026, 5, 6),
        ends_on=until, set_by=person,
    )  # fmt: skip


def test_whoever_stands_in_hears_of_the_day_of_those_who_are_away():
    person = reader()
    colleague = PersonFactory(store=person.store, name="小林")
    who = with_task(colleague)
    appointment(who, begins=at("2026-05-06 10:30"))
    tell(person=colleague, kind=NoticeKind.PLAN_CHANGED, key="plan:1", now=YESTERDAY)
    leave = away(colleague, person)
    assert write_digests(now=MORNING) == 1
    row = Outgoing.objects.get()
    assert "due 1, overdue 0" in row.subject
    lines = row.body.splitlines()
    told = lines[lines.index("For 小林, who is away:") :]
    assert told[1:4] == ["Due today: 1", "Appointments:", "  10:30 Test drive"]
    assert "Unread" not in row.body

    Absence.objects.filter(pk=leave.pk).update(called_off_at=MORNING, called_off_by=person)
    assert write_digests(now=MORNING + timedelta(days=1)) == 0


@pytest.mark.parametrize("why", ["has left", "no address", "no wish", "on leave"])
def test_who_gets_none(why):
    person = reader()
    with_task(person)
    if why == "has left":
        Person.objects.filter(pk=person.pk).update(is_active=False, disabled_at=MORNING)
    elif why == "no address":
        Person.objects.filter(pk=person.pk).update(email="")
    elif why == "no wish":
        NoticeSettings.objects.update(by_mail=False)
    else:
        Absence.objects.create(
            person=person,
            stand_in=PersonFactory(),
            kind=AbsenceKind.LEAVE,
            starts_on=date(2026, 5, 1),
            ends_on=date(2026, 5, 6),
            set_by=person,
        )
    assert write_digests(now=MORNING) == 0
    assert not Outgoing.objects.exists()


def test_twelve_people_cost_no_more_queries_than_one():
    def asked(now) -> int:
        with CaptureQueriesContext(connection) as context:
            write_digests(now=now)
        return len(context)

    def reader_standing_in() -> Person:
        person = reader()
        colleague = PersonFactory(store=person.store)
        with_task(colleague)
        away(colleague, person)
        return person

    with_task(reader_standing_in())
    one = asked(MORNING)
    for _ in range(11):
        with_task(reader_standing_in())
    assert asked(MORNING + timedelta(days=1)) == one
    assert Outgoing.objects.count() == 13


def test_a_copy_writes_none():
    with_task(reader())
    Installation.objects.create(mark="elsewhere")
    assert write_digests(now=MORNING) == 0
    assert NoticeSettings.objects.get().digested_on is None


# --- by robot ---


def test_a_robot_tells_a_stores_day_and_who_is_behind():
    person = reader()
    with_task(person)
    with_task(person, now=MORNING + timedelta(days=1))
    elsewhere = reader()
    with_task(elsewhere)
    NoticeSettings.objects.all().delete()
    robot = robot_of(store=person.store)
    assert write_digests(now=MORNING + timedelta(days=1)) == 1
    row = Outgoing.objects.get()
    assert row.robot == robot
    assert person.store.name in row.subject
    assert person.name in row.body
    assert elsewhere.name not in row.body


def test_a_robot_of_all_stores_tells_a_line_a_store():
    first, second = reader(), reader()
    for person in (first, second):
        with_task(person)
    NoticeSettings.objects.all().delete()
    quiet = StoreFactory()
    robot_of()
    write_digests(now=MORNING)
    body = Outgoing.objects.get().body
    assert first.store.name + "：" in body
    assert second.store.name + "：" in body
    assert quiet.name + "：" not in body


def test_a_store_with_nothing_due_is_left_in_peace():
    robot_of(store=StoreFactory())
    assert write_digests(now=MORNING) == 0


def test_a_retired_robot_says_nothing():
    person = reader()
    with_task(person)
    NoticeSettings.objects.all().delete()
    robot_of(store=person.store, is_active=False)
    assert write_digests(now=MORNING) == 0


def test_no_number_leaves_in_any_message():
    person = reader()
    Person.objects.filter(pk=person.pk).update(name="李 13812345678")
    who = with_task(person)
    Customer.objects.filter(pk=who.pk).update(name="王 13812345678")
    appointment(who, begins=at("2026-05-07 10:30"))
    robot_of(store=person.store)
    robot_of()
    assert write_digests(now=MORNING + timedelta(days=1)) == 3
    for row in Outgoing.objects.all():
        assert not NUMBER.search(row.body + row.subject), row.body
        assert "王" not in row.body


def test_the_control_the_pattern_finds_a_number():
    assert NUMBER.search("call 13812345678")
