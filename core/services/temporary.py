"""Temporary tables of one transaction, filled as often as it asks."""

from collections.abc import Mapping
from typing import Any


def refill(cursor, table: str, query: str, params: Mapping[str, Any] | None = None) -> int:
    """Fill the temporary `table` with what `query` selects, in place of what it held; how many.

    The first time in a transaction makes the table, which its end drops; each later one empties it:
    a table made anew each time holds locks until the end, and PostgreSQL has a limited number.
    The planner is told its size, which it would otherwise guess too high by thousands.
    """
    cursor.execute("SELECT to_regclass(%s)", [f"pg_temp.{table}"])
    if cursor.fetchone()[0] is None:
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS {query}", params)
        count = cursor.rowcount
    else:
        cursor.execute(f"TRUNCATE pg_temp.{table}")
        cursor.execute(f"INSERT INTO pg_temp.{table} {query}", params)
        count = cursor.rowcount
    cursor.execute(f"ANALYZE pg_temp.{table}")
    return count
