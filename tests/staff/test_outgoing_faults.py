"""Senders killed between sending and marking, and several at once: nothing lost (F02, G22).

A message arrives twice at most, and the second says so. Each guard has its control.
"""

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread
from time import sleep

import pytest
from django.db import connection
from django.utils import timezone

from staff.models import Outgoing
from staff.outgoing.robots import Limits
from staff.services import outgoing
from staff.states import OutgoingState, RobotKind
from tests.dying import die
from tests.factories.outgoing import robot_of, waiting
from tests.staff.gateways import Gateway, running_gateway
from tests.staff.test_outgoing import let_lease_run_out

pytestmark = pytest.mark.django_db(transaction=True)

# Dies at the third message: before it is sent, or between sending and marking.
SENDER = """
import os, signal, django
django.setup()
from django.conf import settings
from django.utils import timezone
settings.ROBOT_GATEWAYS = {{"feishu": "{url}"}}
from staff.models import Outgoing
from staff.outgoing.robots import Limits
from staff.services import outgoing
send, seen = outgoing.deliver, []
def deliver(row):
    seen.append(row.pk)
    is_last = len(seen) == 3
    if is_last and "{dies}" == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    if is_last and "{dies}" == "having marked first":
        Outgoing.objects.filter(pk=row.pk).update(state="sent", sent_at=timezone.now())
        os.kill(os.getpid(), signal.SIGKILL)
    send(row)
    if is_last and "{dies}" == "between":
        os.kill(os.getpid(), signal.SIGKILL)
outgoing.deliver = deliver
outgoing.send_due()
"""


@pytest.fixture
def gateway(settings):
    with running_gateway() as running:
        settings.ROBOT_GATEWAYS = {RobotKind.FEISHU: running.url}
        yield running


def messages(count: int) -> None:
    robot = robot_of(RobotKind.FEISHU)
    for number in range(count):
        waiting(robot, key=f"m:{number}", subject=f"m:{number}.", body="x")


def send_and_die(gateway: Gateway, dies: str) -> None:
    die(SENDER.format(url=gateway.url, dies=dies))


def subjects(gateway: Gateway) -> list[str]:
    return [text.split("\n")[0] for text in gateway.texts]


def named(subject: str) -> str:
    """Which message it is, without the mark of a repeat, in whatever language."""
    return subject[subject.index("m:") :]


def arrivals(gateway: Gateway) -> Counter[str]:
    """How often each message arrived."""
    return Counter(named(subject) for subject in subjects(gateway))


def marked(gateway: Gateway) -> Counter[str]:
    """How often each message said that it may be a repeat."""
    return Counter(named(each) for each in subjects(gateway) if each != named(each))


def test_senders_killed_again_and_again_lose_nothing(gateway):
    messages(20)
    deaths = ["between", "before", "between", "before"]
    for dies in deaths:
        send_and_die(gateway, dies)
        let_lease_run_out()
    outgoing.send_due()

    assert set(Outgoing.objects.values_list("state", flat=True)) == {OutgoingState.SENT}
    found = arrivals(gateway)
    assert set(found) == {f"m:{number}." for number in range(20)}
    twice = {name for name, count in found.items() if count == 2}
    assert len(twice) == deaths.count("between")
    assert max(found.values()) == 2
    # Each repeat says so; so do the two of which nobody could know.
    assert twice <= set(marked(gateway))
    assert len(marked(gateway)) == len(deaths)


def test_the_control_a_sender_that_marks_first_loses_its_message(gateway):
    messages(5)
    send_and_die(gateway, "having marked first")
    let_lease_run_out()
    outgoing.send_due()
    assert len(arrivals(gateway)) == 4


def together(count: int, act: Callable[[], object]) -> None:
    gate, failures = Barrier(count), []

    def one() -> None:
        gate.wait()
        try:
            act()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_four_senders_at_once_send_each_message_once(gateway):
    messages(24)
    together(4, outgoing.send_due)
    assert set(arrivals(gateway).values()) == {1}
    assert len(arrivals(gateway)) == 24
    assert not marked(gateway)


@pytest.mark.parametrize("takes_turns", [True, False])
def test_senders_at_once_keep_to_a_robots_limit_because_they_take_turns(
    gateway, monkeypatch, takes_turns
):
    messages(12)
    limits = {RobotKind.FEISHU: Limits(size=2000, a_minute=2)}
    monkeypatch.setattr(outgoing, "LIMITS", limits)
    resting = outgoing._resting

    def slowly(now):
        found = resting(now)
        sleep(0.05)
        return found

    monkeypatch.setattr(outgoing, "_resting", slowly)
    if not takes_turns:  # the control
        monkeypatch.setattr(outgoing, "_wait_for_turn", lambda: None)
    together(4, outgoing.send_due)
    assert (len(gateway.arrived) == 2) is takes_turns


def test_the_control_senders_that_take_without_a_lease_send_it_twice(gateway):
    messages(1)

    def send_what_is_there() -> None:
        row = outgoing.due(timezone.now()).select_related("robot", "person").first()
        sleep(0.2)
        if row is not None:
            outgoing.deliver(row)
            Outgoing.objects.filter(pk=row.pk).update(
                state=OutgoingState.SENT, sent_at=timezone.now()
            )

    together(2, send_what_is_there)
    assert arrivals(gateway) == {"m:0.": 2}
