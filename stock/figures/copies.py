"""Columns of many rows out of PostgreSQL, each as one array, by COPY in its binary form.

The database gathers a column's values into one array of its own. So a million rows come as one row
of a few long values: nothing is done row by row on this side, and little on the other.
"""

import io
import struct
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

if TYPE_CHECKING:
    import numpy as np

# In bytes: what a copy begins with (its signature, flags, how many values the row has), how long a
# value is said to be, and what an array says of itself before its first value.
HEADER, LENGTH, ARRAY = 19 + 2, 4, 20

# Order is of no use here, for which an index would fetch each row by itself.
PAGE_BY_PAGE = "SET LOCAL enable_indexscan = {}"


def columns_of(
    table: str, columns: Mapping[str, tuple[str, int]], *, where: str, params: Sequence[Any]
) -> "dict[str, np.ndarray]":
    """By name the values of whole-number columns in the rows of a table; all in the same order.

    `columns` are SQL and bytes a value: 4 for an integer, 8 for a bigint; none of them null.
    """
    gathered = ", ".join(f"array_agg({sql})" for sql, _width in columns.values())
    told = io.BytesIO()
    with transaction.atomic(), connection.cursor() as cursor:
        query = cursor.cursor.mogrify(
            f"COPY (SELECT {gathered} FROM {table} WHERE {where}) TO STDOUT (FORMAT binary)", params
        )
        cursor.execute(PAGE_BY_PAGE.format("off"))
        cursor.cursor.copy_expert(query, told)
        cursor.execute(PAGE_BY_PAGE.format("on"))
    found, at = {}, HEADER
    for name, (_sql, width) in columns.items():
        (length,) = struct.unpack_from(">i", told.getbuffer(), at)
        at += LENGTH
        length = max(0, length)  # of no rows there is no array
        found[name] = _values(told.getbuffer()[at : at + length][ARRAY:], width)
        at += length
    return found


def _values(array: memoryview, width: int) -> "np.ndarray":
    """The values that an array lists, in the computer's own order of bytes."""
    import numpy as np

    each = np.dtype([("length", ">i4"), ("value", f">i{width}")])
    return np.frombuffer(array, each)["value"].astype(np.int64)
