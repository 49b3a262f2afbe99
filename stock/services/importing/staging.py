"""Rows on their way into a table: copied beside it, told apart by set-based statements, put in.

A target says which columns make a row the same row; what a file leaves empty is kept as it stands.
Everything happens in temporary tables of one transaction.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection

from core.services.copying import copy_rows

CHUNK = 20_000
WRITTEN_AT_ONCE = 100_000
NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One column: its name, its type, what an empty cell is, and what a new row holds then."""

    name: str
    type: str
    key: str = ""  # of the sheet's column
    empty: str = "NULL"
    default: str = "NULL"
    is_nullable: bool = False

    @property
    def quoted(self) -> str:
        return f'"{self.name}"'


@dataclass(frozen=True, kw_only=True)
class Target:
    """A table that rows are brought into.

    `keys` are conditions and the columns that make a row the same where the condition holds.
    `is_summed` puts rows of one key together by adding `summed`.
    """

    table: str
    staged: str
    columns: Sequence[Stored]
    keys: Sequence[tuple[str, Sequence[str]]]
    summed: Sequence[str] = ()

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def values_for(self, key: Sequence[str]) -> list[Stored]:
        """The columns that may change where this key says that it is the same row."""
        return [column for column in self.columns if column.name not in key]


_EMPTY = "DELETE FROM {staged}"
_MAKE = "CREATE TEMPORARY TABLE IF NOT EXISTS {staged} ({columns}) ON COMMIT DROP"
# The first row of each key; the others tell the same, are added to it, or contradict it.
_AGAIN = """
    UPDATE {staged} one SET first = again.first
      FROM (SELECT {key}, min(at_row) AS first FROM {staged} one
             WHERE {condition} GROUP BY {key} HAVING count(*) > 1) again ({names})
     WHERE {condition} AND {joined} AND again.first <> one.at_row
"""
_SUM = """
    UPDATE {staged} one SET {sums}
      FROM (SELECT first, {totals} FROM {staged} WHERE first IS NOT NULL GROUP BY first) rest
     WHERE one.at_row = rest.first
"""
_WEIGH_AGAIN = """
    UPDATE {staged} again
       SET fate = CASE WHEN {same} THEN 'same' ELSE 'refused' END
      FROM {staged} one WHERE one.at_row = again.first
"""
_MATCH = """
    UPDATE {staged} one
       SET id = known.id, fate = CASE WHEN {differs} THEN 'changed' ELSE 'same' END
      FROM {table} known
     WHERE one.first IS NULL AND {condition} AND {known_condition} AND {joined}
"""
_INSERT = """
    INSERT INTO {table} ({columns}) SELECT {values} FROM {staged} one
     WHERE fate = 'new' AND at_row BETWEEN %s AND %s ORDER BY at_row
"""
_UPDATE = """
    UPDATE {table} known SET {changes} FROM {staged} one
     WHERE one.id = known.id AND one.fate = 'changed'
"""
_COUNTS = "SELECT fate, count(*) FROM {staged} GROUP BY fate"
_AGAIN_TOLD = "SELECT at_row, first, fate FROM {staged} WHERE first IS NOT NULL ORDER BY at_row"
_SAMPLE = """
    SELECT one.at_row, {staged_values}, {known_values}
      FROM (SELECT * FROM {staged} WHERE fate = %s ORDER BY at_row LIMIT %s) one
      LEFT JOIN {table} known ON known.id = one.id ORDER BY one.at_row
"""


class Staging:
    """The rows of one sheet beside the table that they are meant for."""

    def __init__(self, target: Target) -> None:
        self.target = target
        columns = ["at_row integer", "id bigint", "first integer", "fate text DEFAULT 'new'"]
        columns += [f"{column.quoted} {column.type}" for column in target.columns]
        with connection.cursor() as cursor:
            cursor.execute(_MAKE.format(staged=target.staged, columns=", ".join(columns)))
            cursor.execute(_EMPTY.format(staged=target.staged))

    def do(self, statement: str, params: Sequence[Any] | None = None, **parts: str) -> int:
        """Do a statement about `{staged}` and `{table}`; answers with how many rows."""
        with connection.cursor() as cursor:
            cursor.execute(
                statement.format(staged=self.target.staged, table=self.target.table, **parts),
                params,
            )
            return cursor.rowcount

    def rows_of(
        self,
        statement: str,
        params: Sequence[Any] | Mapping[str, Any] | None = None,
        **parts: str,
    ) -> list[tuple]:
        """What a statement about `{staged}` and `{table}` finds."""
        with connection.cursor() as cursor:
            cursor.execute(
                statement.format(staged=self.target.staged, table=self.target.table, **parts),
                params,
            )
            return cursor.fetchall()

    def copy(self, rows: Iterable[Sequence[Any]]) -> Iterator[int]:
        """Copy rows (number, then the target's columns); yields how many are there by now."""
        found, count = iter(rows), 0
        while chunk := list(islice(found, CHUNK)):
            copy_rows(self.target.staged, ["at_row", *self.target.names], chunk)
            count += len(chunk)
            yield count
        self.do("ANALYZE {staged}")

    def weigh(self) -> None:
        """Tell each row's fate: new, changed, same; of the rows of one key the first counts."""
        target = self.target
        again = sum(
            self.do(
                _AGAIN,
                key=_listed(target, key),
                names=", ".join(column.quoted for column in _chosen(target, key)),
                joined=" AND ".join(_joins(column, "again") for column in _chosen(target, key)),
                condition=condition,
            )
            for condition, key in target.keys
        )
        if again and target.summed:
            self._put_together()
        elif again:
            same = " AND ".join(
                f"one.{column.quoted} IS NOT DISTINCT FROM again.{column.quoted}"
                for column in target.columns
            )
            self.do(_WEIGH_AGAIN, same=same)
        for condition, key in target.keys:
            values = target.values_for(key)
            self.do(
                _MATCH,
                differs=" OR ".join(map(_differs, values)) or "FALSE",
                condition=condition,
                known_condition=condition.replace("one.", "known."),
                joined=" AND ".join(_joins(column, "known") for column in _chosen(target, key)),
            )

    def _put_together(self) -> None:
        names = [f'"{name}"' for name in self.target.summed]
        self.do(
            _SUM,
            sums=", ".join(f"{name} = one.{name} + rest.{name}" for name in names),
            totals=", ".join(f"sum({name}) AS {name}" for name in names),
        )
        self.do("UPDATE {staged} SET fate = 'same' WHERE first IS NOT NULL")

    def write(self, beat: Callable[[], None] = lambda: None) -> None:
        """Put new rows in and change those that are told otherwise.

        A long sheet in pieces; `beat` says in between that work goes on.
        """
        columns = self.target.columns
        quoted = ", ".join(column.quoted for column in columns)
        values = ", ".join(f"COALESCE(one.{column.quoted}, {column.default})" for column in columns)
        ((last,),) = self.rows_of("SELECT COALESCE(max(at_row), 0) FROM {staged}")
        for first in range(0, last + 1, WRITTEN_AT_ONCE):
            until = first + WRITTEN_AT_ONCE - 1
            self.do(_INSERT, [first, until], columns=quoted, values=values)
            beat()
        self.do(_UPDATE, changes=", ".join(map(_kept_where_empty, columns)))

    def counts(self) -> dict[str, int]:
        """How many rows have each fate."""
        return dict(self.rows_of(_COUNTS))

    def again(self) -> list[tuple[int, int, str]]:
        """Rows of a key that stood in an earlier row: number, that row, fate."""
        return self.rows_of(_AGAIN_TOLD)

    def sample(self, fate: str, most: int) -> list[tuple[int, dict[str, Any], dict[str, Any]]]:
        """The first rows of a fate: number, what they say, and what stands."""
        names, columns = self.target.names, self.target.columns
        rows = self.rows_of(
            _SAMPLE,
            [fate, most],
            staged_values=", ".join(f"one.{column.quoted}" for column in columns),
            known_values=", ".join(f"known.{column.quoted}" for column in columns),
        )
        width = len(names)
        return [
            (
                row[0],
                dict(zip(names, row[1 : width + 1], strict=True)),
                dict(zip(names, row[width + 1 :], strict=True)),
            )
            for row in rows
        ]


def _chosen(target: Target, key: Sequence[str]) -> list[Stored]:
    return [column for column in target.columns if column.name in key]


def _as_key(column: Stored, alias: str) -> str:
    """A column as it is compared: a day that is not told is a day, too."""
    told = f"{alias}.{column.quoted}"
    return f"COALESCE({told}, 'infinity'::date)" if column.is_nullable else told


def _listed(target: Target, key: Sequence[str]) -> str:
    return ", ".join(_as_key(column, "one") for column in _chosen(target, key))


def _joins(column: Stored, other: str) -> str:
    return f"{_as_key(column, 'one')} = {_as_key(column, other)}"


def _is_told(column: Stored) -> str:
    told = f"one.{column.quoted}"
    return f"{told} IS NOT NULL" if column.empty == "NULL" else f"{told} <> {column.empty}"


def _differs(column: Stored) -> str:
    return f"({_is_told(column)} AND one.{column.quoted} IS DISTINCT FROM known.{column.quoted})"


def _kept_where_empty(column: Stored) -> str:
    name = column.quoted
    return f"{name} = CASE WHEN {_is_told(column)} THEN one.{name} ELSE known.{name} END"
