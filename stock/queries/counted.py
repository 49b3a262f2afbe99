"""What the ledger comes to, as SQL: the sums of each day and the stock of each size.

`DAY_SUMS` is the twin of `stock.rules.threads.condensed`: whatever is changed there is changed
here, and a test holds one against the other.
"""

from collections.abc import Iterable

from stock.rules.threads import TRANSFERS
from stock.states import OUTFLOWS, Kind


def _kinds(kinds: Iterable[Kind]) -> str:
    return ", ".join(str(int(kind)) for kind in sorted(kinds))


# `rows` and `styles` are conditions on movements, put in by `day_sums`. Documents, lines and sizes
# stand in code-point order, as Python sorts them; lines that are numbers by their value, first.
# One sort in that order serves all steps, however many rows there are: which rows are as good as
# the one before (`is_same`), whether a phase's order says nothing (`is_plain`), and the place of
# what they come to.
_DAY_SUMS = """
    WITH referred AS (
        SELECT DISTINCT style_id, reference FROM stock_movement movement
         WHERE reference <> '' AND {styles}),
    own AS (
        SELECT movement.style_id, office_id, "on", kind, quantity, unit_price, unit_cost, id,
               document COLLATE "C" AS document, movement.reference COLLATE "C" AS reference,
               size COLLATE "C" AS size, line COLLATE "C" AS line,
               CASE WHEN line ~ '^[0-9]+$' THEN line::numeric END AS number,
               CASE WHEN kind = {opening} THEN 0 WHEN kind IN ({outflows}) THEN 2 ELSE 1 END
                   AS phase,
               kind IN ({transfers}) AS is_transfer,
               kind IN ({transfers}) OR movement.reference <> '' OR referred.style_id IS NOT NULL
                   AS has_thread
          FROM stock_movement movement
          LEFT JOIN referred ON referred.style_id = movement.style_id
                            AND referred.reference = movement.document
         WHERE {rows}),
    beside AS (
        SELECT style_id, office_id, "on", phase, kind, quantity, unit_price, unit_cost,
               document, reference, CASE WHEN is_transfer THEN size ELSE '' END AS size,
               row_number() OVER ordered AS place,
               kind = lag(kind) OVER ordered AND document = lag(document) OVER ordered
                   AND reference = lag(reference) OVER ordered
                   AND sign(quantity) = lag(sign(quantity)) OVER ordered
                   AND (NOT is_transfer OR size = lag(size) OVER ordered) AS is_same,
               NOT bool_or(has_thread) OVER whole
                   AND min(kind) OVER whole = max(kind) OVER whole
                   AND min(sign(quantity)) OVER whole = max(sign(quantity)) OVER whole
                   AS is_plain
          FROM own
        WINDOW whole AS (PARTITION BY style_id, office_id, "on", phase),
               ordered AS (
                   PARTITION BY style_id, office_id, "on", phase
                   ORDER BY document, number, line, kind, size, reference, quantity, id)),
    placed AS (
        SELECT *, count(*) FILTER (WHERE place = 1 OR NOT is_plain AND NOT is_same) OVER (
                   PARTITION BY style_id, office_id, "on" ORDER BY phase, place
                   ROWS UNBOUNDED PRECEDING) - 1 AS position
          FROM beside ORDER BY style_id, office_id, "on", position)
    SELECT office_id, style_id, "on", min(kind) AS kind, position,
           min(CASE WHEN is_plain THEN '' ELSE document END) AS document,
           min(CASE WHEN is_plain THEN '' ELSE reference END) AS reference,
           min(CASE WHEN is_plain THEN '' ELSE size END) AS size, sum(quantity) AS quantity,
           COALESCE(sum(quantity) FILTER (WHERE unit_price IS NOT NULL), 0) AS priced,
           COALESCE(sum(quantity * unit_price), 0)::numeric(14, 2) AS amount,
           COALESCE(sum(quantity) FILTER (WHERE unit_cost IS NOT NULL), 0) AS costed,
           COALESCE(sum(quantity * unit_cost), 0)::numeric(14, 2) AS cost
      FROM placed GROUP BY style_id, office_id, "on", position
"""
_SIZE_STOCKS = """
    SELECT office_id, style_id, colour, size,
           sum(CASE WHEN kind IN ({outflows}) THEN -quantity ELSE quantity END) AS quantity
      FROM stock_movement movement WHERE {rows}
     GROUP BY style_id, office_id, colour, size
"""
DAY_SUM_COLUMNS = (
    'office_id, style_id, "on", kind, position, document, reference, size, quantity, priced, '
    "amount, costed, cost"
)
SIZE_STOCK_COLUMNS = "office_id, style_id, colour, size, quantity"


def day_sums(*, rows: str = "TRUE", styles: str = "TRUE") -> str:
    """A statement for the rows of `DaySum` of the movements that `rows` chooses: whole days.

    `rows` and `styles` are SQL about `movement`; `styles` chooses all movements of the styles of
    those rows, whose references say which documents matter. Columns as in `DAY_SUM_COLUMNS`;
    `position` counts a day's rows of an office from 0, in their order.
    """
    return _DAY_SUMS.format(
        rows=rows,
        styles=styles,
        opening=int(Kind.OPENING),
        outflows=_kinds(OUTFLOWS),
        transfers=_kinds(TRANSFERS),
    )


def size_stocks(*, rows: str = "TRUE") -> str:
    """A statement for the rows of `SizeStock` of the movements that `rows` chooses: all movements
    of a style in an office. Columns as in `SIZE_STOCK_COLUMNS`.
    """
    return _SIZE_STOCKS.format(rows=rows, outflows=_kinds(OUTFLOWS))
