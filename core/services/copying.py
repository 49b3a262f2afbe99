"""Many rows at once: COPY, with ids taken from the table's own sequence beforehand.

For imports of thousands of rows, which have checked everything before. Constraints and triggers
of the table hold as for any other insert.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

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


def _text(value: str) -> str:
    """A text with what COPY reads as signs escaped; most have none of them."""
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        return value.translate(_ESCAPES)
    return value


# By exact type, because a million values are written for an import of 100,000 rows.
_WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _value: "\\N",
    str: _text,
    bytes: lambda value: "\\\\x" + value.hex(),
    bool: lambda value: "t" if value else "f",
    int: str,
    float: repr,
    datetime: datetime.isoformat,
    date: date.isoformat,
    time: time.isoformat,
    Decimal: str,
}


def _line(row: Sequence[object]) -> str:
    """One row as COPY's text format writes it."""
    return "\t".join([_WRITERS[type(value)](value) for value in row]) + "\n"


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Copy `rows`, in the order of `columns`, into `table` within the running transaction."""
    lines = io.StringIO("".join(map(_line, rows)))
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', lines)
