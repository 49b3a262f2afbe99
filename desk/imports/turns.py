"""Imports take turns: one writes at a time, and looks again where somebody came in between."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError

from core.services.turns import take_the_turn
from desk.imports.wording import ImportRefused

Done = TypeVar("Done")

# One import writes at a time; the others wait for it.
IMPORT_LOCK = 7_201_004
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


def take_the_lock(beat: Callable[[], None]) -> None:
    """Wait for other imports, and be allowed to think while holding the lock.

    Raises ImportRefused after ten minutes.
    """
    if not take_the_turn(IMPORT_LOCK, beat):
        raise ImportRefused.because("busy")
