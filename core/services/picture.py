"""Many reads of one moment, while people and the engine go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from core.services.turns import take_time


@contextmanager
def one_picture() -> Iterator[None]:
    """Read everything as it is committed at the first read, and write nothing. Within somebody's
    transaction it is that one's picture.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        take_time()
        yield
