"""What `manage.py verify` is made of: differences between stored state and the rules.

A check is a function that yields a `Difference` for each row that is not as the rules say. Each
room has its own in `verification.py`. Checks read, they never mend.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from core.models import BusinessDay
from core.queries import business_calendar

BATCH = 2000
# The years of the table (see `core.services.calendar`).
FIRST_YEAR, LAST_YEAR = 2000, 2060


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that is stored otherwise than the rules say: codes, ids and days, no names."""

    check: str
    where: Mapping[str, object] = field(default_factory=dict)
    stored: object = None
    expected: object = None

    def as_json(self) -> dict[str, object]:
        """The keys that scripts read."""
        return {
            "check": self.check,
            **{name: _plain(value) for name, value in self.where.items()},
            "stored": _plain(self.stored),
            "expected": _plain(self.expected),
        }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int | str) else str(value)


def id_batches(rows: QuerySet, *, size: int = BATCH) -> Iterator[list[int]]:
    """The keys of `rows` in order, so many at a time: memory does not grow with the table."""
    last = 0
    while ids := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        yield ids
        last = ids[-1]


def rows_of(statement: str, params: Mapping[str, Any] | None = None) -> Iterator[tuple]:
    """The rows that a statement finds; the many that are as they should be stay in the database."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        while rows := cursor.fetchmany(BATCH):
            yield from rows


def business_day_differences() -> Iterator[Difference]:
    """The table that SQL counts working days with says what the calendar says, day by day."""
    rows = BusinessDay.objects.values_list("day", "is_working", "ordinal", "name")
    stored = {day: (is_working, ordinal, name) for day, is_working, ordinal, name in rows}
    for row in business_calendar().rows(FIRST_YEAR, LAST_YEAR):
        expected = (row.is_working, row.ordinal, row.name)
        if (found := stored.pop(row.day, None)) != expected:
            yield Difference(
                check="business_day",
                where={"day": row.day},
                stored=found and _words(*found),
                expected=_words(*expected),
            )
    for day, found in stored.items():
        yield Difference(check="business_day", where={"day": day}, stored=_words(*found))


def _words(is_working: bool, ordinal: int, name: str) -> str:
    return f"{'working' if is_working else 'off'} {ordinal} {name}".strip()
