"""The sheet 收发存: a million rows read once, told apart and put in by a handful of statements."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from core.spreadsheets import cells
from core.spreadsheets.tables import Cell
from stock.services.importing import cells as read
from stock.services.importing.books import Part
from stock.services.importing.cells import Field, Reader
from stock.services.importing.facts import Remark, SheetOutcome
from stock.services.importing.names import folded
from stock.services.importing.run import (
    EARLIEST,
    Naming,
    Run,
    again_told,
    named,
    outcome_of,
    reader_of,
    shown_of,
)
from stock.services.importing.staging import CHANGED, NEW, Staging, Stored, Target
from stock.services.recounting import recount
from stock.states import Kind
from stock.wording.importing import RowRefused

MOST_PAIRS = 999_999
# A ledger tells what happened; a day further ahead than this was mistyped.
AHEAD = timedelta(days=366)
# So many warnings of one sort are told; a ledger that is odd throughout is odd after these, too.
MOST_TOLD = 200

TYPES = {
    Kind.OPENING: "期初, 期初库存, 期初余额, opening",
    Kind.PURCHASE: "采购, 采购入库, 进货, 采购进货, purchase",
    Kind.PURCHASE_RETURN: "采购退货, 采购退回, 退供应商, 采购退货出库, purchase return",
    Kind.SALE: "销售, 销售出库, 零售, 零售出库, sale",
    Kind.SALE_RETURN: "销售退货, 销售退回, 零售退货, 顾客退货, sale return, sales return",
    Kind.BUSINESS_USE: "业务支出, 业务领用, business use",
    Kind.GIFT: "赠送, 赠品, gift",
    Kind.TRANSFER_IN: "调拨入, 调入, 调拨入库, transfer in",
    Kind.TRANSFER_OUT: "调拨出, 调出, 调拨出库, transfer out",
    Kind.GAIN: "盘盈, 盘盈入库, gain",
    Kind.LOSS: "盘亏, 盘亏出库, loss",
}
_KINDS = {folded(word): kind for kind, words in TYPES.items() for word in words.split(", ")}
ALLOWED = ", ".join(words.split(", ")[0] for words in TYPES.values())

TARGET = Target(
    table="stock_movement",
    staged="staged_movements",
    columns=(
        Stored(name="office_id", type="bigint", key="office"),
        Stored(name="style_id", type="bigint", key="style"),
        Stored(name="on", type="date", key="date"),
        Stored(name="kind", type="smallint", key="type"),
        Stored(name="size", type="text", key="size", empty="''"),
        Stored(name="colour", type="text", key="colour", empty="''"),
        Stored(name="quantity", type="integer", key="qty"),
        Stored(name="unit_price", type="numeric(12, 2)", key="unit_price"),
        Stored(name="unit_cost", type="numeric(12, 2)", key="unit_cost"),
        Stored(name="document", type="text", key="document", empty="''"),
        Stored(name="line", type="text", key="line", empty="''"),
        Stored(name="reference", type="text", key="reference", empty="''"),
    ),
    keys=(
        ("one.line <> ''", ("office_id", "document", "line")),
        ("one.line = ''", ("office_id", "document", "style_id", "size", "kind", "on", "line")),
    ),
)
KEYS = {"on": "date", "kind": "type", "size": "size", "colour": "colour", "quantity": "qty",
        "unit_price": "unit_price", "unit_cost": "unit_cost", "document": "document",
        "line": "line", "reference": "reference"}  # fmt: skip
DATE, TYPE, SIZE, COLOUR, QTY, PRICE, COST, DOCUMENT, LINE, REFERENCE = range(3, 13)
PRICED = frozenset({Kind.SALE, Kind.SALE_RETURN})
COSTED = frozenset({Kind.OPENING, Kind.PURCHASE})

# What stands now of rows that are about to change: their days and documents are counted anew, too.
_BEFORE = """
    CREATE TEMPORARY TABLE changed_movements ON COMMIT DROP AS
    SELECT known.style_id, known.office_id, known."on", known.reference
      FROM {staged} one JOIN {table} known ON known.id = one.id WHERE one.fate = 'changed'
"""
_TOUCHED = """
    SELECT style_id, office_id, "on" FROM staged_movements WHERE fate IN ('new', 'changed')
     UNION SELECT style_id, office_id, "on" FROM changed_movements
"""
_REFERRED = "SELECT style_id, reference AS document FROM changed_movements WHERE reference <> ''"
_MIXED = """
    SELECT min(one.at_row), one.document FROM {staged} one JOIN {table} known
        ON known.office_id = one.office_id AND known.document = one.document
       AND known.style_id = one.style_id AND (known.line = '') <> (one.line = '')
     WHERE one.fate = 'new' GROUP BY one.office_id, one.document ORDER BY 1 LIMIT %s
"""
# An opening stock begins a ledger; the next period's file often has its own once more, and a file
# put together of two periods has both.
_OPENED_AGAIN = """
    SELECT one.at_row FROM {staged} one
     WHERE one.fate = 'new' AND one.kind = %(opening)s AND EXISTS (
           SELECT 1 FROM {table} known
            WHERE known.style_id = one.style_id AND known.office_id = one.office_id
              AND known."on" < one."on")
     UNION
    SELECT one.at_row FROM {staged} one
      JOIN (SELECT style_id, office_id, min("on") AS first_on FROM {staged}
             WHERE fate IN ('new', 'changed') GROUP BY 1, 2) own USING (style_id, office_id)
     WHERE one.fate = 'new' AND one.kind = %(opening)s AND own.first_on < one."on"
     ORDER BY 1 LIMIT %(most)s
"""
# The same goods of one day under another document's number: as likely counted twice as lying apart.
_OPENED_TWICE = """
    SELECT one.at_row FROM {staged} one
      JOIN (SELECT office_id, style_id, "on", kind, size, colour, document, 0 AS at_row
              FROM {table}
             WHERE (style_id, office_id) IN (
                   SELECT style_id, office_id FROM {staged}
                    WHERE fate = 'new' AND kind = %(opening)s)
             UNION ALL
            SELECT office_id, style_id, "on", kind, size, colour, document, at_row
              FROM {staged} WHERE fate = 'new') other
           USING (office_id, style_id, "on", kind, size, colour)
     WHERE one.fate = 'new' AND one.kind = %(opening)s AND other.document <> one.document
       AND other.at_row < one.at_row
     GROUP BY 1 ORDER BY 1 LIMIT %(most)s
"""
_NEGATIVE = """
    SELECT style_id, office_id, sum(quantity) FROM stock_sizestock
     WHERE (style_id, office_id) IN (SELECT style_id, office_id FROM {staged}
                                      WHERE fate IN ('new', 'changed'))
     GROUP BY style_id, office_id HAVING sum(quantity) < 0 ORDER BY 1, 2 LIMIT %s
"""


def type_of(cell: Cell) -> Kind | None:
    """The type of a movement. Raises RowRefused."""
    text = cells.text(cell, 40, keep_lines=False)
    found = _KINDS.get(folded(text))
    if text and found is None:
        raise RowRefused("type_unknown", {"text": text[:30], "allowed": ALLOWED})
    return found


def fields(run: Run, part: Part) -> list[Field]:
    """The cells of a movement, in the order of the constants above."""
    latest = run.today + AHEAD
    return [
        *named(needs_office=run.store_id is None),
        Field(key="date", read=read.day(EARLIEST, latest, since_1904=part.since_1904), needed=True),
        Field(key="type", read=type_of, needed=True),
        Field(key="size", read=read.size(10), empty=""),
        Field(key="colour", read=read.text(20), empty=""),
        Field(key="qty", read=read.whole(-MOST_PAIRS, MOST_PAIRS), needed=True),
        Field(key="unit_price", read=read.money),
        Field(key="unit_cost", read=read.money),
        Field(key="document", read=read.text(40), needed=True, empty=""),
        Field(key="line", read=read.line(20), empty=""),
        Field(key="reference", read=read.text(40), empty=""),
    ]


def bring_in(run: Run, part: Part) -> SheetOutcome:
    """Read the sheet, tell the fate of each row and, where this is more than a look, write it."""
    reader = reader_of(part, fields(run, part))
    refusals = reader.refusals
    warnings: list[Remark] = []
    staging = Staging(TARGET)
    rows = _checked(run, reader, part, warnings)
    for count in staging.copy(rows):
        run.tell(min(1.0, count / max(1, part.count)), part)
    staging.weigh()
    run.tell(1.3, part)
    wrong, twice = again_told(staging, "row_contradicts", "same_as_row")
    refusals += wrong
    warnings += twice
    warnings += [
        Remark(number, "line", "lines_mixed", {"document": document})
        for number, document in staging.rows_of(_MIXED, [MOST_TOLD])
    ]
    warnings += [
        Remark(number, "type", code)
        for code, statement in (("opening_again", _OPENED_AGAIN), ("opening_twice", _OPENED_TWICE))
        for (number,) in staging.rows_of(
            statement, {"opening": int(Kind.OPENING), "most": MOST_TOLD}
        )
    ]
    shown = shown_of(run, staging, KEYS)
    counts = staging.counts()
    if run.writes and counts.keys() & {NEW, CHANGED}:
        _write(run, part, staging)
        warnings += _below_zero(run, staging)
    outcome = outcome_of(reader, counts, refusals, warnings)
    outcome.shown = shown
    return outcome


def _checked(
    run: Run, reader: Reader, part: Part, warnings: list[Remark]
) -> Iterator[Sequence[Any]]:
    """The rows that hold together, as they are copied."""
    refusals, naming, today = reader.refusals, Naming(run, reader.refusals), run.today
    for number, values in reader.rows(part.rows):
        keys = naming.keys_of(number, values)
        kind, quantity = values[TYPE], values[QTY]
        if quantity <= 0:
            code = "quantity_zero" if kind == Kind.OPENING else "quantity_not_positive"
            if kind != Kind.OPENING or not quantity:
                refusals.append(Remark(number, "qty", code))
                continue
            if len(warnings) < MOST_TOLD:
                warnings.append(Remark(number, "qty", "opening_negative"))
        if keys is None:
            continue
        on = values[DATE]
        if on > today and len(warnings) < MOST_TOLD:
            warnings.append(Remark(number, "date", "day_ahead"))
        price = values[PRICE] if kind in PRICED else None
        cost = values[COST] if kind in COSTED else None
        yield (number, *keys, on, int(kind), values[SIZE], values[COLOUR], quantity, price, cost,
               values[DOCUMENT], values[LINE], values[REFERENCE])  # fmt: skip


def _write(run: Run, part: Part, staging: Staging) -> None:
    """Put the rows in, and count the days that they touch anew."""
    staging.do("DROP TABLE IF EXISTS pg_temp.changed_movements")
    staging.do(_BEFORE)
    staging.write(beat=lambda: run.tell(1.5, part))
    recount(_TOUCHED, referred=_REFERRED, beat=lambda: run.tell(1.8, part))
    run.tell(2.0, part)


def _below_zero(run: Run, staging: Staging) -> list[Remark]:
    """The places of this file in which less than nothing lies now."""
    return [
        Remark(
            0,
            "",
            "stock_negative",
            {
                "style": run.styles.numbers[style],
                "office": run.offices.names[office],
                "quantity": quantity,
            },
        )
        for style, office, quantity in staging.rows_of(_NEGATIVE, [MOST_TOLD])
    ]
