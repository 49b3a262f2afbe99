"""Acts at the same moment or one upon the other's heels, each on a connection of its own.

`make prove` takes as many people and rounds as the promises name, and says what came of them; among
all tests fewer run.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier, Event

from django.db import OperationalError, connection, transaction

from core.refusals import Refused

IS_PROVING = bool(os.environ.get("PROVE"))
# Two hundred are the promise, and take twenty seconds of a processor.
RACERS = int(os.environ.get("RACERS") or (200 if IS_PROVING else 24))
ROUNDS = int(os.environ.get("RACE_ROUNDS") or (1000 if IS_PROVING else 18))
# As often as a request is tried (`core.middleware.BusyMiddleware`).
TRIES = 2
DEADLOCK = "40P01"
WORTH_ANOTHER_TRY = ("55P03", DEADLOCK, "40001")
PATIENCE = 30

Act = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Raced:
    """What everybody got: an answer or a refusal; and how often PostgreSQL had them try again."""

    answers: list[object]
    busy: Counter[str] = field(default_factory=Counter)
    seconds: float

    @property
    def deadlocks(self) -> int:
        return self.busy[DEADLOCK]


def race(acts: Sequence[Act]) -> Raced:
    """Do all acts at the same moment, each tried as often as a request is."""
    gate, busy = Barrier(len(acts)), Counter[str]()

    def one(act: Act) -> object:
        connection.ensure_connection()
        gate.wait(timeout=PATIENCE)
        try:
            return _tried(act, busy)
        except (Refused, OperationalError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        began = time.monotonic()
        answers = list(pool.map(one, acts))
        return Raced(answers=answers, busy=busy, seconds=time.monotonic() - began)


def _tried(act: Act, busy: Counter[str]) -> object:
    for left in reversed(range(TRIES)):
        try:
            return act()
        except OperationalError as error:
            code = getattr(error.__cause__, "pgcode", "")
            busy[code] += 1
            if code not in WORTH_ANOTHER_TRY or not left:
                raise
    raise AssertionError("unreachable")


@dataclass(frozen=True, kw_only=True)
class Followed:
    """What came of two acts of which the second began while the first had not yet committed."""

    first: object
    second: object
    has_waited: bool
    before_commit: object = None


def one_upon_the_other(first: Act, second: Act, *, look: Act = lambda: None) -> Followed:
    """Do `first`, but commit it only when `second` waits for it, or is done without waiting.

    `look` is asked last before that commit: what others have committed by then is what it sees.
    """
    worked, came = Event(), Event()

    def lead():
        try:
            with transaction.atomic():
                answer = _or_refusal(first)
                worked.set()
                has_waited = _is_waited_for(came)
                return answer, has_waited, look()
        finally:
            worked.set()
            connection.close()

    def follow():
        try:
            assert worked.wait(timeout=PATIENCE)
            return _or_refusal(second)
        finally:
            came.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        leading, following = pool.submit(lead), pool.submit(follow)
        answer, has_waited, seen = leading.result()
        return Followed(
            first=answer, second=following.result(), has_waited=has_waited, before_commit=seen
        )


def _or_refusal(act: Act) -> object:
    """The answer, or the refusal, whose own transaction has been rolled back."""
    try:
        with transaction.atomic():
            return act()
    except Refused as refusal:
        return refusal


def _is_waited_for(came: Event) -> bool:
    """Whether somebody came to wait for this connection's locks; False when they need not."""
    until = time.monotonic() + PATIENCE
    while not came.is_set():
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted
                                   AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"""
            )
            if cursor.fetchone()[0]:
                return True
        assert time.monotonic() < until, "nobody came"
        came.wait(0.01)
    return False


def together(pool: ThreadPoolExecutor, acts: Sequence[Act]) -> list[object]:
    """Do all acts at the same moment, by threads that keep their connections (`threads`)."""
    gate = Barrier(len(acts))

    def one(act: Act) -> object:
        gate.wait(timeout=PATIENCE)
        return act()

    return list(pool.map(one, acts))


@contextmanager
def threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """So many threads, whose connections are closed in the end."""
    with ThreadPoolExecutor(count) as pool:
        yield pool
        together(pool, [lambda: connection.close()] * count)  # each thread its own


def say(capsys, promise: str, **figures: object) -> None:
    """One line for `make prove`: what was promised, and what was seen."""
    if IS_PROVING:
        told = ", ".join(f"{name} {value}" for name, value in figures.items())
        with capsys.disabled():
            sys.stdout.write(f"\n{promise} · {told}\n")
