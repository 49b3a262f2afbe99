"""The engine killed half-way, and two of them at once: the same set of obligations."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from followups.models import Obligation, Task
from followups.services import engine
from tests.dying import die
from tests.followups.build import at, customer, delivery, everything, shop

pytestmark = pytest.mark.django_db(transaction=True)

NOW = at("2026-05-18 20:00")

# Dies between a round's tasks and their obligations, before the transaction ends.
KILLED_HALF_WAY = """
import os, signal, django
from datetime import datetime
django.setup()
from followups.services import engine
engine._write = lambda *args: os.kill(os.getpid(), signal.SIGKILL)
engine.ask(now=datetime.fromisoformat("{now}"))
"""

# The same, had the round committed as it went: what the transaction protects us from.
KILLED_WITHOUT_TRANSACTION = KILLED_HALF_WAY.replace(
    "engine.ask(",
    "def keep(cursor, table, query, params=None):\n"
    "    cursor.execute('CREATE TEMPORARY TABLE ' + table + ' AS ' + query, params)\n"
    "    return cursor.rowcount\n"
    "engine.refill = keep\n"
    "for name in ('_ask_batch', '_enrol_everybody'):\n"
    "    setattr(engine, name, getattr(engine, name).__wrapped__)\n"
    "engine.ask(",
)


def world() -> None:
    place = shop()
    for _ in range(5):
        who = customer(place, now=NOW, grade="B2")
        delivery(who, on=date(2026, 5, 18), now=NOW)


def test_killed_half_way_the_next_round_finishes_and_nothing_is_doubled():
    world()
    die(KILLED_HALF_WAY.format(now=NOW.isoformat()))
    assert not Task.objects.exists()

    engine.ask(now=NOW)

    undisturbed = everything()
    assert len(undisturbed) == 15
    engine.ask(now=NOW)
    assert everything() == undisturbed
    assert Task.objects.count() == 15


def test_the_control_a_round_that_commits_as_it_goes_leaves_half():
    world()
    die(KILLED_WITHOUT_TRANSACTION.format(now=NOW.isoformat()))
    assert Task.objects.exists()
    assert not Obligation.objects.exists()


@pytest.mark.parametrize("script", ["", "1 / 0"])
def test_the_control_who_is_not_killed_has_not_died(script):
    with pytest.raises(AssertionError):
        die(script)


def test_two_rounds_at_once_make_each_obligation_once():
    world()
    barrier = Barrier(4)
    failures = []

    def round_of_one() -> None:
        barrier.wait()
        try:
            engine.ask(now=NOW)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=round_of_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len(everything()) == Obligation.objects.count() == 15
