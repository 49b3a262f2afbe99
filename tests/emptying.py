"""Empties the tables after a test that commits, and puts back what migrations ship.

Django's own flush truncates every table and makes permissions anew, 0.4 s a test. Here only what
holds rows is emptied, constraints and triggers off, which takes a few milliseconds: by a connection
of its own, because switching triggers off and on makes a connection forget whatever it has planned.
"""

from functools import cache
from zlib import crc32

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

# Django's own bookkeeping, which tests leave as it is.
LEFT_ALONE = ("django_migrations", "django_content_type", "auth_permission")

TABLES = """
    SELECT quote_ident(tablename) FROM pg_tables
     WHERE schemaname = %s AND NOT tablename = ANY(%s) ORDER BY tablename
"""


def _tables(cursor, schema: str) -> list[str]:
    cursor.execute(TABLES, [schema, list(LEFT_ALONE)])
    return [name for (name,) in cursor.fetchall()]


@cache
def _emptier() -> BaseDatabaseWrapper:
    """A connection to the same database in which no constraint and no trigger works."""
    own = connection.copy()
    options = own.settings_dict["OPTIONS"]
    own.settings_dict["OPTIONS"] = {
        **options,
        "options": f"{options['options']} -c session_replication_role=replica",
    }
    return own


def _ask(cursor, question: str) -> list[tuple]:
    """Ask all tables at once what is asked after every test: planning it takes 20 ms, asking 2."""
    name = f"asked_{crc32(question.encode()):x}"
    cursor.execute("SELECT FROM pg_prepared_statements WHERE name = %s", [name])
    if not cursor.rowcount:
        cursor.execute(f"PREPARE {name} AS {question}")
    cursor.execute(f"EXECUTE {name}")
    return cursor.fetchall()


def _with_rows(cursor, schema: str) -> list[str]:
    """The tables that hold at least one row, found in one question."""
    asked = " UNION ALL ".join(
        f"(SELECT '{table}' FROM {schema}.{table} LIMIT 1)" for table in _tables(cursor, schema)
    )
    return [name for (name,) in _ask(cursor, asked)]


def _marks(cursor) -> dict[str, tuple[int, int]]:
    """How many rows each shipped table holds, and the newest transaction that wrote one."""
    asked = " UNION ALL ".join(
        f"SELECT '{table}', count(*), max(xmin::text::bigint) FROM public.{table}"
        for table in _tables(cursor, "shipped")
    )
    return {table: (count, newest) for table, count, newest in _ask(cursor, asked)}


_untouched: dict[str, tuple[int, int]] = {}


def keep_shipped_rows(cursor) -> None:
    """Copy what migrations have shipped into a schema of its own."""
    cursor.execute("DROP SCHEMA IF EXISTS shipped CASCADE")
    cursor.execute("CREATE SCHEMA shipped")
    for table in _with_rows(cursor, "public"):
        cursor.execute(f"CREATE TABLE shipped.{table} AS TABLE public.{table}")
    _untouched.update(_marks(cursor))


def empty_all(_test: object) -> None:
    """Empty what holds rows and put back what was shipped and changed since, all at once."""
    emptier = _emptier()
    emptier.close_if_unusable_or_obsolete()  # the test may have ended all connections
    with emptier.cursor() as cursor:
        marks = _marks(cursor)
        changed = [table for table in marks if marks[table] != _untouched[table]]
        filled = [table for table in _with_rows(cursor, "public") if table not in marks]
        statements = ["BEGIN"]
        statements += [f"DELETE FROM public.{table}" for table in [*filled, *changed]]
        statements += [
            f"INSERT INTO public.{table} SELECT * FROM shipped.{table}" for table in changed
        ]
        cursor.execute("; ".join([*statements, "COMMIT"]))
        if changed:
            _untouched.update(_marks(cursor))
