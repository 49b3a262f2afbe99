"""Long writers take turns: one at a time under a lock of its own, the others wait and say so."""

import itertools
import time
from collections.abc import Callable

from django.db import connection, transaction

LONGEST_WAIT_SECONDS = 600.0
TURN_SECONDS, TURNS_A_BEAT = 0.2, 50


def take_time() -> None:
    """Let this transaction think for minutes: a large file is read within it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")


@transaction.atomic
def is_free(lock: int) -> bool:
    """Whether nobody holds the advisory `lock` right now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        return cursor.fetchone()[0]


def take_the_turn(lock: int, beat: Callable[[], None]) -> bool:
    """Wait for the advisory `lock`, held to the end of the transaction, which may then think.

    Who waits says so (`beat`), else their job would be thought dead and given to a second worker.
    False after ten minutes.
    """
    give_up_at = time.monotonic() + LONGEST_WAIT_SECONDS
    take_time()
    with connection.cursor() as cursor:
        # Less than the time after which a job without a heartbeat is taken up by another.
        cursor.execute("SET LOCAL lock_timeout = '2min'")
        for turn in itertools.count():
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
            is_ours = cursor.fetchone()[0]
            if is_ours or turn % TURNS_A_BEAT == 0:
                beat()
            if is_ours or time.monotonic() > give_up_at:
                return is_ours
            time.sleep(TURN_SECONDS)
    raise AssertionError("unreachable")
