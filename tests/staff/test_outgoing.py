"""Messages out: each arrives, twice at most, and the second says so; a copy sends nothing."""

from datetime import timedelta

import httpx
import pytest
from cryptography.fernet import Fernet
from django.core import mail
from django.db import connection
from django.utils import timezone

from staff.models import Installation, Outgoing, Robot
from staff.outgoing import Undelivered, Why
from staff.outgoing.robots import Limits
from staff.services import outgoing
from staff.services.installations import (
    StillRestored,
    confirm_installation,
    mark_here,
    silence,
)
from staff.services.outgoing import (
    LEASE,
    MOST_ATTEMPTS,
    MOST_FAILURES,
    WAIT_UNKNOWN,
    WAITS,
    NotSentAgain,
    Parcel,
    mine,
    put_back,
    queue,
    send_again,
    send_due,
    take_one,
)
from staff.states import OutgoingState, RobotKind, Role
from tests.factories.outgoing import ADDRESSES, robot_of, waiting
from tests.factories.staff import PersonFactory
from tests.staff.gateways import late, running_gateway

pytestmark = pytest.mark.django_db
FAILED = (200, {"errcode": -1})


@pytest.fixture
def gateway(settings, monkeypatch):
    """A service that answers at once, unless told; nobody waits longer than 0.3 s for it."""
    monkeypatch.setattr("staff.outgoing.robots.TIMEOUT", httpx.Timeout(0.3))
    with running_gateway() as running:
        settings.ROBOT_GATEWAYS = dict.fromkeys(RobotKind.values, running.url)
        yield running


def until(row: Outgoing, wait: timedelta) -> None:
    """Let the time pass until which a message waits, which has to be `wait`."""
    row.refresh_from_db()
    assert row.state == OutgoingState.WAITING
    assert abs(row.next_at - timezone.now() - wait) < timedelta(seconds=20)
    Outgoing.objects.filter(pk=row.pk).update(next_at=timezone.now())


def let_lease_run_out(**which) -> None:
    Outgoing.objects.filter(state=OutgoingState.SENDING, **which).update(
        lease_ends_at=timezone.now() - timedelta(seconds=1)
    )


def a_minute_later() -> None:
    Outgoing.objects.update(tried_at=timezone.now() - timedelta(seconds=61))


def test_a_message_goes_out_once(gateway):
    row = waiting(robot_of())
    assert (send_due(), send_due()) == (1, 0)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == (OutgoingState.SENT, 1, "")
    assert gateway.texts == ["Digest\n\nDue today: 3"]


def test_what_is_queued_twice_is_one_message():
    robot = robot_of()
    parcel = Parcel(key="robot:1:2026-05-06", robot_id=robot.pk, subject="a", body="b")
    for _again in range(2):
        queue([parcel], now=timezone.now())
    assert Outgoing.objects.count() == 1


def test_a_service_that_fails_is_asked_again_with_growing_waits_and_then_given_up(gateway):
    row = waiting(robot_of())
    gateway.script = [FAILED] * MOST_ATTEMPTS
    for wait in WAITS:
        assert send_due() == 0
        until(row, wait)
    send_due()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == (OutgoingState.FAILED, 5, "broken:-1")
    assert not row.may_be_twice
    assert send_due() == 0


def test_after_a_failure_it_arrives_once_and_unmarked(gateway):
    row = waiting(robot_of())
    gateway.script = [FAILED]
    send_due()
    until(row, WAITS[0])
    assert send_due() == 1
    assert len(gateway.arrived) == 2  # the first of which the service did not take
    row.refresh_from_db()
    assert not row.may_be_twice


def test_a_service_that_answers_late_gets_it_twice_at_most_and_the_second_says_so(gateway):
    row = waiting(robot_of())
    gateway.script = [late(0.6)]
    send_due()
    until(row, WAIT_UNKNOWN)
    assert send_due() == 1
    first, second = gateway.texts
    assert first == "Digest\n\nDue today: 3"
    assert second != first
    assert second.endswith(first)
    row.refresh_from_db()
    assert (row.state, row.may_be_twice) == (OutgoingState.SENT, True)


def test_where_nobody_knows_twice_a_person_decides(gateway):
    row = waiting(robot_of())
    gateway.script = [late(0.6), late(0.6)]
    send_due()
    until(row, WAIT_UNKNOWN)
    send_due()
    row.refresh_from_db()
    assert (row.state, row.error) == (OutgoingState.FAILED, "unknown")
    assert len(gateway.arrived) == 2
    assert send_due() == 0


def test_what_will_not_pass_by_itself_is_given_up_at_once(gateway):
    row = waiting(robot_of())
    gateway.script = [(200, {"errcode": 93000})]
    send_due()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == (OutgoingState.FAILED, 1, "gone:93000")


def test_a_service_that_hangs_is_left_alone_after_two_and_others_get_theirs(gateway):
    hanging, fine = robot_of(), robot_of(RobotKind.FEISHU)
    for number in range(5):
        waiting(hanging, key=f"hanging:{number}")
    row = waiting(fine, key="fine")
    gateway.script = [late(0.6, None)] * MOST_FAILURES
    assert send_due() == 1
    row.refresh_from_db()
    assert row.state == OutgoingState.SENT
    assert Outgoing.objects.filter(robot=hanging, attempts=0).count() == 3


def test_no_robot_posts_more_than_its_service_takes_in_a_minute(gateway):
    robot = robot_of()
    for number in range(23):
        waiting(robot, key=f"many:{number}")
    assert send_due() == 20
    assert send_due() == 0
    a_minute_later()
    assert send_due() == 3


def test_what_a_service_refused_counts_for_its_limit_and_two_rows_of_one_address_are_one(gateway):
    first, second = robot_of(), robot_of(address=f"{ADDRESSES[RobotKind.WECOM]}&from=copy")
    for number in range(23):
        waiting(first if number % 2 else second, key=f"many:{number}")
    gateway.script = [(200, {"errcode": 45002})] * 8
    assert send_due() == 12
    assert len(gateway.arrived) == 20
    a_minute_later()
    assert send_due() == 3


def test_after_the_clock_ran_ahead_a_robot_posts_and_what_waits_is_sent(gateway):
    robot = robot_of()
    for number in range(20):
        waiting(robot, key=f"many:{number}")
    Outgoing.objects.update(
        state=OutgoingState.SENT,
        sent_at=timezone.now() + timedelta(days=3),
        tried_at=timezone.now() + timedelta(days=3),
    )
    late = waiting(robot, key="late")
    Outgoing.objects.filter(pk=late.pk).update(next_at=timezone.now() + timedelta(days=3))
    assert send_due() == 1


@pytest.mark.parametrize("kind", [RobotKind.WECOM, RobotKind.DINGTALK])
def test_a_robot_that_gets_too_many_rests_as_long_as_its_service_says_and_others_go_on(
    gateway, kind
):
    full = robot_of(kind)
    other = robot_of(kind, address=f"{ADDRESSES[kind]}ff")
    mails = [PersonFactory(email=f"li{number}@example.com") for number in range(3)]
    row = waiting(full, key="full:1")
    gateway.script = [(200, {"errcode": {"wecom": 45009, "dingtalk": 130101}[kind]})]
    send_due()
    waiting(full, key="full:2")
    for number in range(3):
        waiting(other, key=f"other:{number}")
        waiting(person=mails[number], key=f"mail:{number}")
    assert send_due() == 6
    until(row, timedelta(minutes=10 if kind == RobotKind.DINGTALK else 1))
    assert send_due() == 2


def test_two_dead_mailboxes_or_robots_hold_up_nobody_else(gateway):
    for number in range(2):
        dead = robot_of(address=f"{ADDRESSES[RobotKind.WECOM]}{number}")
        waiting(dead, key=f"dead:{number}")
        waiting(person=PersonFactory(is_active=False), key=f"left:{number}")
    waiting(robot_of(), key="fine")
    waiting(person=PersonFactory(email="li@example.com"), key="mail")
    gateway.script = [(200, {"errcode": 93000})] * 2
    assert send_due() == 2


def test_a_proxys_error_goes_once_more_marked_and_then_to_a_person(gateway):
    row = waiting(robot_of())
    gateway.script = [(504, "<html>gateway time-out</html>")] * MOST_ATTEMPTS
    send_due()
    until(row, WAIT_UNKNOWN)
    send_due()
    row.refresh_from_db()
    assert (row.state, row.error) == (OutgoingState.FAILED, "unknown:504")
    first, second = gateway.texts
    assert second != first
    assert second.endswith(first)


def test_an_address_that_no_key_opens_ends_its_own_message_alone(gateway):
    robot = robot_of()
    robot_of(address=f"{ADDRESSES[RobotKind.WECOM]}ff")
    lost = waiting(robot, key="lost")
    fine = waiting(robot_of(RobotKind.FEISHU), key="fine")
    Robot.objects.filter(pk=robot.pk).update(
        address_cipher=Fernet(Fernet.generate_key()).encrypt(b"x")
    )
    assert send_due() == 1
    lost.refresh_from_db()
    fine.refresh_from_db()
    assert (lost.state, lost.error) == (OutgoingState.FAILED, "unreadable")
    assert fine.state == OutgoingState.SENT


def test_what_nobody_thought_of_ends_one_message_and_not_the_round(gateway):
    broken = waiting(person=PersonFactory(email="li@example.com"), key="broken", subject="a\nb")
    for number in range(2):
        waiting(person=PersonFactory(email="wu@example.com"), key=f"fine:{number}")
    assert send_due() == 2
    until(broken, WAIT_UNKNOWN)
    assert send_due() == 0
    broken.refresh_from_db()
    assert (broken.state, broken.error) == (OutgoingState.FAILED, "fault:BadHeaderError")


def test_a_sender_that_died_leaves_a_message_that_goes_once_more_and_says_so(gateway):
    row = waiting(robot_of())
    assert take_one(now=timezone.now()) is not None
    assert send_due() == 0  # its lease still runs
    let_lease_run_out()
    assert send_due() == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, row.may_be_twice) == (OutgoingState.SENT, 2, True)


def test_a_sender_who_waited_for_its_turn_counts_what_went_before_it(monkeypatch):
    monkeypatch.setattr(outgoing, "LIMITS", {RobotKind.FEISHU: Limits(size=2000, a_minute=1)})
    robot = robot_of(RobotKind.FEISHU)
    for number in range(2):
        waiting(robot, key=f"m:{number}")
    came = timezone.now()
    assert take_one(now=came + timedelta(milliseconds=20)) is not None
    assert take_one(now=came) is None


def test_senders_that_die_twice_leave_it_to_a_person(gateway):
    row = waiting(robot_of())
    for _death in range(2):
        take_one(now=timezone.now())
        let_lease_run_out()
    assert send_due() == 0
    row.refresh_from_db()
    assert (row.state, row.error) == (OutgoingState.FAILED, str(Why.UNKNOWN))


def test_a_sender_thought_dead_writes_nothing_over_its_successor():
    row = waiting(robot_of())
    slow = take_one(now=timezone.now())
    successor = take_one(now=timezone.now() + LEASE + timedelta(seconds=1))
    assert slow is not None
    assert successor is not None
    put_back(slow, Undelivered(Why.GONE), now=timezone.now())
    assert mine(slow, slow.attempt).count() == 0
    row.refresh_from_db()
    assert (row.state, row.attempt) == (OutgoingState.SENDING, successor.attempt)


def test_the_owner_of_a_retired_robot_hears_why(gateway):
    row = waiting(robot_of(is_active=False))
    send_due()
    row.refresh_from_db()
    assert (row.state, row.error) == (OutgoingState.FAILED, "out_of_use")
    assert gateway.arrived == []


def test_a_mail_goes_to_its_person_under_a_key_of_its_own():
    person = PersonFactory(email="li@example.com")
    row = waiting(person=person, key="digest:7:2026-05-06")
    assert send_due() == 1
    assert [(each.to, each.subject) for each in mail.outbox] == [(["li@example.com"], "Digest")]
    assert mail.outbox[0].extra_headers["Message-ID"] == "<digest.7.2026-05-06@genjin>"
    row.refresh_from_db()
    assert row.state == OutgoingState.SENT


def test_who_has_left_gets_no_mail():
    person = PersonFactory(email="li@example.com", is_active=False)
    row = waiting(person=person)
    send_due()
    row.refresh_from_db()
    assert (mail.outbox, row.state) == ([], OutgoingState.FAILED)


def test_a_message_given_up_is_sent_again_by_hand_once(gateway):
    ops = PersonFactory(role=Role.OPS_MANAGER)
    row = waiting(robot_of())
    gateway.script = [(200, {"errcode": 93000})]
    send_due()
    send_again(row=row, by=ops, now=timezone.now())
    with pytest.raises(NotSentAgain):
        send_again(row=row, by=ops, now=timezone.now())
    assert send_due() == 1
    with pytest.raises(NotSentAgain):
        send_again(row=row, by=ops, now=timezone.now())


# --- a copy ---


@pytest.mark.parametrize("reason", ["restored", "moved"])
def test_a_copy_sends_nothing_and_holds_what_waited(gateway, settings, reason):
    robot, person = robot_of(), PersonFactory(email="li@example.com")
    waiting(robot, key="waiting")
    waiting(person=person, key="mail")
    waiting(robot, key="under way")
    Outgoing.objects.filter(key="under way").update(
        state=OutgoingState.SENDING, lease_ends_at=timezone.now() - LEASE
    )
    if reason == "restored":
        settings.RESTORED = True
    else:
        Installation.objects.create(mark="7/1/crm.example.com")
    for _minute in range(3):
        assert send_due() == 0
    assert silence() == reason
    assert set(Outgoing.objects.values_list("state", flat=True)) == {OutgoingState.HELD}
    assert (gateway.arrived, mail.outbox) == ([], [])


def test_the_control_the_original_sends_all_of_it(gateway):
    Installation.objects.create(mark=mark_here())
    waiting(robot_of(), key="waiting")
    assert (silence(), send_due()) == ("", 1)


def test_the_first_round_writes_down_whose_database_this_is(gateway):
    send_due()
    assert Installation.objects.get().mark == mark_here()


def test_another_address_of_the_web_is_another_place(settings):
    send_due()
    settings.BASE_URL = "https://copy.example.com"
    assert silence() == "moved"


def test_once_operations_say_so_it_speaks_and_what_was_held_stays_held(gateway):
    ops, robot = PersonFactory(role=Role.OPS_MANAGER), robot_of()
    Installation.objects.create(mark="7/1/crm.example.com")
    old = waiting(robot, key="old")
    send_due()
    confirm_installation(by=ops, now=timezone.now())
    waiting(robot, key="new")
    assert send_due() == 1
    old.refresh_from_db()
    assert old.state == OutgoingState.HELD


def test_where_the_settings_say_copy_nobody_confirms_otherwise(settings):
    settings.RESTORED = True
    with pytest.raises(StillRestored):
        confirm_installation(by=PersonFactory(role=Role.OPS_MANAGER), now=timezone.now())


def test_an_ordinary_database_user_may_ask_where_it_runs():
    here = mark_here()
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_reader NOSUPERUSER")
        cursor.execute("SET LOCAL ROLE plain_reader")
        assert mark_here() == here
        cursor.execute("RESET ROLE")
