"""Many rows at once: COPY, with ids taken from the table's own sequence beforehand.

For imports of thousands of rows, which have checked everything before. Constraints and triggers
of the table hold as for any other insert.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import connection

_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def take_ids(table: str, count: int) -> list[int]:
    """The next `count` ids of `table`, for rows that are copied in afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _as_text(value: object) -> str:
    """One value as COPY's text format writes it."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Copy `rows`, in the order of `columns`, into `table` within the running transaction."""
    lines = io.StringIO("".join("\t".join(map(_as_text, row)) + "\n" for row in rows))
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', lines)
