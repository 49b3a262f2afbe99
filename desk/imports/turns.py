"""Imports take turns: one writes at a time, and looks again where somebody came in between."""

import itertools
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection

from desk.imports.wording import ImportRefused

Done = TypeVar("Done")

# One import writes at a time; the others wait for it.
IMPORT_LOCK = 7_201_004
LONGEST_WAIT_SECONDS = 600.0
TURN_SECONDS, TURNS_A_BEAT = 0.2, 50
MOST_TRIES = 3
# Unique key taken, deadlock, serialisation, lock not to be had.
LOOK_AGAIN = ("23505", "40P01", "40001", "55P03")


def looking_again(write: Callable[[], Done]) -> Done:
    """Do `write`, a transaction; again where somebody registered one of these numbers, or worked on
    one of these customers, at the same moment: their work stands. Raises ImportRefused.
    """
    for attempt in range(1, MOST_TRIES + 1):
        try:
            return write()
        except (IntegrityError, OperationalError) as error:
            if getattr(error.__cause__, "pgcode", "") not in LOOK_AGAIN:
                raise
            if attempt == MOST_TRIES:
                raise ImportRefused.because("busy") from error
    raise AssertionError("unreachable")


def take_time() -> None:
    """Let this transaction think for minutes: a large file is read within it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")


def take_the_lock(beat: Callable[[], None]) -> None:
    """Wait for other imports, and be allowed to think while holding the lock.

    Who waits says so (`beat`), else the job would be thought dead and given to a second worker.
    Raises ImportRefused after ten minutes.
    """
    give_up_at = time.monotonic() + LONGEST_WAIT_SECONDS
    take_time()
    with connection.cursor() as cursor:
        # Less than the time after which a job without a heartbeat is taken up by another.
        cursor.execute("SET LOCAL lock_timeout = '2min'")
        for turn in itertools.count():
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [IMPORT_LOCK])
            is_ours = cursor.fetchone()[0]
            if is_ours or turn % TURNS_A_BEAT == 0:
                beat()
            if is_ours:
                return
            if time.monotonic() > give_up_at:
                raise ImportRefused.because("busy")
            time.sleep(TURN_SECONDS)
