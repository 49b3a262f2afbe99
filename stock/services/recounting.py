"""Counts the kept sums of the ledger anew, for the days that somebody touched or for all.

Sums are never added to: whatever came late, was corrected or came twice, they are what the
movements say. Set-based; the definition is `stock.rules.threads.condensed`.
"""

from collections.abc import Callable, Iterator

from django.db import connection, transaction

from core.services.temporary import refill
from stock.queries.counted import DAY_SUM_COLUMNS, SIZE_STOCK_COLUMNS, day_sums, size_stocks

# One writes the ledger at a time: who counts must see all that is there.
LEDGER_LOCK = 7_201_011
# For the sums of millions of rows; back to what it was at the end of the transaction.
DAYS_AT_ONCE = 100_000
ROOMY = "SET LOCAL work_mem = '128MB'"

# Days whose rows stand otherwise: told, and those of documents that rows of theirs refer to, or
# did before. A day whose document is referred to keeps its documents apart.
_DAYS = """
    WITH told AS ({days}), asked AS (
        SELECT style_id, document FROM ({referred}) before
         UNION
        SELECT style_id, movement.reference FROM stock_movement movement
          JOIN told USING (style_id, office_id, "on") WHERE movement.reference <> '')
    SELECT style_id, office_id, "on" FROM told
     UNION
    SELECT style_id, movement.office_id, movement."on"
      FROM stock_movement movement JOIN asked USING (style_id, document)
"""
_IN_DAYS = (
    '(movement.style_id, movement.office_id, movement."on") '
    'IN (SELECT style_id, office_id, "on" FROM touched_days)'
)
_IN_STYLES = "movement.style_id IN (SELECT style_id FROM touched_days)"
_IN_PLACES = (
    "(movement.style_id, movement.office_id) IN (SELECT style_id, office_id FROM touched_days)"
)
_AMONG = "movement.style_id BETWEEN {first} AND {last}"
_FORGET = "DELETE FROM {table} movement WHERE {rows}"
# Side by side in the table as they are read: a style with its offices, day by day.
_KEEP = (
    "INSERT INTO {table} ({columns}) SELECT {columns} FROM ({found}) found "
    "ORDER BY style_id, office_id, {order}"
)


def recount(days: str, *, referred: str, beat: Callable[[], None] = lambda: None) -> None:
    """Count anew what movements of these days come to; within a transaction.

    `days` is a statement that selects (style_id, office_id, "on") whose rows came, changed or went;
    `referred` one that selects (style_id, document) that a row no longer refers to. The documents
    that rows of these days refer to now are found here. Many days are counted some styles at a
    time; `beat` says in between that work goes on.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])
        cursor.execute(ROOMY)
        refill(cursor, "touched_days", _DAYS.format(days=days, referred=referred))
        cursor.execute("SELECT style_id, count(*) FROM touched_days GROUP BY 1 ORDER BY 1")
        for first, last in _batches(cursor.fetchall()):
            _recount_styles(cursor, first, last)
            beat()


def _batches(styles: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The first and the last style of each batch; given are styles with the number of days."""
    first, count = None, 0
    for at, (style, days) in enumerate(styles):
        first = style if first is None else first
        count += days
        if count >= DAYS_AT_ONCE or at == len(styles) - 1:
            yield first, style
            first, count = None, 0


def _recount_styles(cursor, first: int, last: int) -> None:
    """Count the touched days of these styles anew."""
    among = _AMONG.format(first=first, last=last)
    days, places = f"{among} AND {_IN_DAYS}", f"{among} AND {_IN_PLACES}"
    cursor.execute(_FORGET.format(table="stock_daysum", rows=days))
    _keep_day_sums(cursor, day_sums(rows=days, styles=f"{among} AND {_IN_STYLES}"))
    cursor.execute(_FORGET.format(table="stock_sizestock", rows=places))
    _keep_size_stocks(cursor, size_stocks(rows=places))


@transaction.atomic
def recount_all() -> None:
    """Count everything anew: after rows were written past the import, or to mend."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])
        cursor.execute(ROOMY)
        cursor.execute("DELETE FROM stock_daysum")
        _keep_day_sums(cursor, day_sums())
        cursor.execute("DELETE FROM stock_sizestock")
        _keep_size_stocks(cursor, size_stocks())
        cursor.execute("ANALYZE stock_daysum, stock_sizestock")


def _keep_day_sums(cursor, found: str) -> None:
    order = '"on", position'
    cursor.execute(
        _KEEP.format(table="stock_daysum", columns=DAY_SUM_COLUMNS, found=found, order=order)
    )


def _keep_size_stocks(cursor, found: str) -> None:
    order = "colour, size"
    cursor.execute(
        _KEEP.format(table="stock_sizestock", columns=SIZE_STOCK_COLUMNS, found=found, order=order)
    )
