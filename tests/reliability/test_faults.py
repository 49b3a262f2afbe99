"""F01, F06 … F10: worker, beat and broker killed, emptied and away; nothing lost, none doubled."""

import random
import time

import pytest

from tests.reliability.site import Site, eventually

pytestmark = pytest.mark.processes

OWED = """
    SELECT step.code, row.subject_id, row.occurrence, row.due_on, row.task_id IS NOT NULL
      FROM followups_obligation row JOIN followups_step step ON step.id = row.step_id
     WHERE row.state = 'open' ORDER BY 1, 2, 3
"""
OBLIGATIONS = "SELECT count(*) FROM followups_obligation"
DOUBLED = """
    SELECT count(*) FROM (SELECT step_id, subject_id, occurrence FROM followups_obligation
                           GROUP BY 1, 2, 3 HAVING count(*) > 1) twice
"""
TASKS_DOUBLED = """
    SELECT count(*) FROM (SELECT customer_id, assignee_id, day, letter_id FROM followups_task
                           WHERE state = 'open' GROUP BY 1, 2, 3, 4 HAVING count(*) > 1) twice
"""
# Of each delivery of today: letter, 24-hour call, 7-day call, first two-month contact.
EACH = 3
SEED = "from tests.reliability.seed import seed; seed({count})"
ASK = """
from django.utils import timezone
from followups.services import engine
engine.ask(now=timezone.now())
"""


def seeded(site: Site, count: int) -> None:
    site.script(SEED.format(count=count))


def lines(site: Site) -> int:
    """How often a task of `tests.reliability.tasks` has written its line."""
    if site.number("SELECT (to_regclass('lines') IS NOT NULL)::int"):
        return site.number("SELECT count(*) FROM lines")
    return 0


def undisturbed(site: Site, count: int) -> list[tuple]:
    """What one asking makes of the same customers where nothing goes wrong."""
    site.fresh()
    seeded(site, count)
    site.script(ASK)
    return site.rows(OWED)


def settle(site: Site, expected: int, seconds: float = 60) -> bool:
    """Wait until as many obligations stand, each on its task."""
    on_task = "SELECT count(*) FROM followups_obligation WHERE task_id IS NOT NULL"
    return eventually(lambda: site.number(on_task) >= expected, seconds)


def kill_and_restart(site: Site, *, times: int, batch: int) -> None:
    """`kill -9` the worker again and again while it works, at random moments."""
    dice = random.Random(7)
    for _ in range(times):
        worker = site.start("worker", BATCH=str(batch))
        before = site.number(OBLIGATIONS)
        eventually(lambda before=before: site.number(OBLIGATIONS) > before, 20)
        time.sleep(dice.uniform(0, 0.5))
        site.kill(worker)


def test_f01_a_worker_killed_again_and_again_loses_nothing(site, size, report):
    count, times = size((300, 3), (2000, 20))
    seeded(site, count)
    site.start("beat")
    kill_and_restart(site, times=times, batch=max(count // (times * 2), 10))
    site.start("worker")
    assert settle(site, count * EACH)
    seen, doubled = site.rows(OWED), site.number(DOUBLED) + site.number(TASKS_DOUBLED)
    lost = set(undisturbed(site, count)) - set(seen)
    report("due work survives kills", n=count, kills=times, lost=len(lost), doubled=doubled)
    assert not lost
    assert len(seen) == len(set(seen)) == count * EACH
    assert doubled == 0


def test_f01_control_nobody_asks_again_and_the_rest_is_lost(site, size, report):
    count = size(300, 2000)
    seeded(site, count)
    worker = site.start("worker", BATCH="10")
    site.script("from crm.celery import app; app.send_task('followups.tasks.ask_what_is_due')")
    assert eventually(lambda: site.number(OBLIGATIONS) > 0, 60)
    site.kill(worker)
    site.valkey().flushall()  # the message, too, is gone: without rows to ask there is no trace
    site.start("worker")
    time.sleep(3)
    made = site.number(OBLIGATIONS)
    report("control: without beat", n=count, lost=count * EACH - made)
    assert 0 < made < count * EACH


def test_f06_a_broker_that_restarts_again_and_again_is_found_again(site, size, report):
    times, gaps = size(2, 10), []
    site.start("worker")
    site.start("beat")
    alive = "SELECT extract(epoch FROM max(at)) FROM core_heartbeat WHERE part = 'engine'"
    assert eventually(lambda: site.number(alive) is not None, 60)
    for _ in range(times):
        site.kill_valkey()
        site.revive_valkey()
        began, before = time.monotonic(), site.number(alive)
        assert eventually(lambda before=before: site.number(alive) > before, 60)
        gaps.append(time.monotonic() - began)
    report("work goes on after the broker's restart", n=times, longest_gap=f"{max(gaps):.1f} s")
    assert max(gaps) < 30


def test_f07_an_emptied_broker_loses_no_due_work(site, size, report):
    count = size(200, 2000)
    seeded(site, count)
    site.start("beat")
    worker = site.start("worker", BATCH="20")
    assert eventually(lambda: site.number(OBLIGATIONS) > 0, 60)
    site.valkey().flushall()
    site.kill(worker)
    site.valkey().flushall()
    site.start("worker")
    assert settle(site, count * EACH)
    report("an emptied broker loses nothing", n=count, lost=count * EACH - len(site.rows(OWED)))
    assert len(site.rows(OWED)) == count * EACH


def test_f07_control_work_that_is_only_a_message_is_gone(site, report):
    send = "app.send_task('tests.reliability.tasks.line')"
    site.script(f"from crm.celery import app\nfor _ in range(50): {send}")
    assert site.valkey().llen("work") == 50
    site.valkey().flushall()
    site.start("worker")
    time.sleep(4)
    report("control: messages alone", n=50, lost=50 - lines(site))
    assert lines(site) == 0


def test_f08_two_beats_double_nothing(site, size, report):
    count, seconds = size((200, 8), (2000, 600))
    seeded(site, count)
    for _ in range(size(2, 3)):
        site.start("beat", EXTRA="tests.reliability.tasks.line")
    site.start("worker", BATCH="20")
    site.start("worker", BATCH="20")
    assert settle(site, count * EACH)
    before = lines(site)
    time.sleep(seconds)
    ticks = lines(site) - before
    doubled = site.number(DOUBLED) + site.number(TASKS_DOUBLED)
    report("several beats", n=count, doubled=doubled, control_ticks=f"{ticks} in {seconds} s")
    assert doubled == 0
    assert len(site.rows(OWED)) == count * EACH
    # The control beside it: what is only a message is done once for each beat.
    assert ticks > seconds * 1.4


def test_f09_a_job_slower_than_the_brokers_patience_is_done_once(site, report):
    job = """
from core.services.jobs import ask
from tests.factories.staff import PersonFactory
by = PersonFactory()
ask(kind="tests.reliability.tasks.slow_job", by=by, params={})
"""
    for _ in range(2):
        site.start("worker", VISIBILITY="2")
    assert eventually(lambda: site.valkey().llen("work") == 0, 60)
    site.script(job)
    site.script("from crm.celery import app; app.send_task('tests.reliability.tasks.line',"
                " ['control', 6.0])")  # fmt: skip
    done = "SELECT count(*) FROM core_job WHERE state = 'done'"
    assert eventually(lambda: site.number(done) == 1, 60)
    time.sleep(6)
    rows = dict(site.rows("SELECT what, count(*) FROM lines GROUP BY what"))
    report("a slow job", effects=rows["job"], control_effects=rows["control"])
    assert rows["job"] == 1
    assert rows["control"] > 1


def test_f10_without_a_broker_people_work_on_and_the_rest_catches_up(site, size, report):
    away = size(3, 600)
    seeded(site, 20)
    site.start("beat")
    site.start("worker")
    assert settle(site, 20 * EACH)
    site.kill_valkey()
    began = time.monotonic()
    site.script(LOG_ONE)
    told = time.monotonic() - began
    time.sleep(away)
    site.revive_valkey()
    alive = "SELECT extract(epoch FROM max(at)) FROM core_heartbeat WHERE part = 'engine'"
    before, began = site.number(alive), time.monotonic()
    assert eventually(lambda: site.number(alive) > before, 120)
    caught_up = time.monotonic() - began
    report("broker away", away=f"{away} s", contact=f"{told:.1f} s", caught_up=f"{caught_up:.0f} s")
    assert site.number("SELECT count(*) FROM customers_contact") == 1
    assert site.number("SELECT count(*) FROM followups_task WHERE state = 'done'") >= 1


# A contact is logged and a job asked for while the broker is away; neither may fail or hang. The
# reason is for the guard, where the suite runs at night.
LOG_ONE = """
from uuid import uuid4
from datetime import timedelta
from django.utils import timezone
from customers.rules import NextStep
from customers.states import Channel, NextKind, Outcome, Reason
from core.services.jobs import ask
from followups.models import Task
from followups.services import log_contact
now = timezone.now()
task = Task.objects.filter(letter=None, assignee__username="seller").order_by("day", "pk").first()
log_contact(
    customer=task.customer, channel=Channel.CALL, outcome=Outcome.CONNECTED, reason=Reason.CARE,
    next_step=NextStep(kind=NextKind.CALL, on=now.date() + timedelta(days=9)), task=task,
    override="needed", by=task.assignee, now=now, key=uuid4(),
)
ask(kind="tests.reliability.tasks.slow_job", by=task.assignee, params={})
"""
