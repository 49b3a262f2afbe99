"""Temporary tables of one transaction, filled as often as it asks."""

from collections.abc import Mapping
from typing import Any

# So many rows are told to the planner anew. Of few it may go on believing that they are more: it
# then reads a table where an index would do, and is right all the same.
MANY = 100


def refill(cursor, table: str, query: str, params: Mapping[str, Any] | None = None) -> int:
    """Fill the temporary `table` with what `query` selects, in place of what it held; how many.

    The first time in a transaction makes the table, which its end drops; each later one empties it:
    a table made or cut anew each time holds locks until the end, and PostgreSQL has a limited
    number. The planner is told its size, which it would otherwise guess too high by thousands.
    """
    cursor.execute(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {table} ON COMMIT DROP AS {query}", params
    )
    is_new = cursor.rowcount >= 0  # it says nothing of rows where it made nothing
    if not is_new:
        cursor.execute(f"DELETE FROM pg_temp.{table}")
        cursor.execute(f"INSERT INTO pg_temp.{table} {query}", params)
    count = cursor.rowcount
    if is_new or count > MANY:
        cursor.execute(f"ANALYZE pg_temp.{table}")
    return count
