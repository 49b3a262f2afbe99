"""Temporary tables are filled as often as a transaction asks, and hold no more locks for it.

Control: with DROP TABLE before each filling, the last test counts two hundred and more.
"""

import pytest
from django.db import connection, transaction

from core.services.temporary import refill

pytestmark = pytest.mark.django_db

LOCKS = "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()"


def _answer(cursor, query: str):
    cursor.execute(query)
    return cursor.fetchone()[0]


def test_a_table_holds_what_was_filled_last():
    with connection.cursor() as cursor:
        assert refill(cursor, "held", "SELECT generate_series(1, 5) AS n") == 5
        assert refill(cursor, "held", "SELECT generate_series(7, %(to)s) AS n", {"to": 8}) == 2
        cursor.execute("SELECT n FROM held ORDER BY n")
        assert cursor.fetchall() == [(7,), (8,)]


def test_a_table_that_was_rolled_back_is_made_anew():
    with connection.cursor() as cursor:
        outer = transaction.savepoint()
        refill(cursor, "held", "SELECT 1 AS n")
        transaction.savepoint_rollback(outer)
        refill(cursor, "held", "SELECT 'two' AS word")
        assert _answer(cursor, "SELECT word FROM held") == "two"


def test_filling_it_again_takes_no_further_lock():
    with connection.cursor() as cursor:
        for _first in range(2):
            refill(cursor, "held", "SELECT 1 AS n, 'long' AS word")
        before = _answer(cursor, LOCKS)
        for _again in range(50):
            with transaction.atomic():
                refill(cursor, "held", "SELECT 1 AS n, 'long' AS word")
        assert _answer(cursor, LOCKS) - before < 50
