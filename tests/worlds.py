"""Rows that many tests of a module start from: made once, taken back at the end of the module."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

Made = TypeVar("Made")


@contextmanager
def kept(make: Callable[[], Made], *, blocker: DjangoDbBlocker) -> Iterator[Made]:
    """What `make` makes, for a fixture of a whole module: each test's own transaction lies inside.

    The rows are every test's own; what is yielded is not, so hand each test a deep copy. What waits
    for the end of the transaction is checked here, or the end of each test would check it again.
    """
    with blocker.unblock(), transaction.atomic():
        made = make()
        connection.check_constraints()
        with blocker.block():
            yield made
        transaction.set_rollback(True)
