"""货品销售跟踪表: the board's rows as a sheet (MER-01, MER-02, forms 2.14).

Values, no formulas: what is computed is coloured and locked, and the same to the last pair as on
the screen.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.listing.export import Mark, mark_of
from core.refusals import Refused
from core.services.jobs import Work
from core.spreadsheets.write import OutCell, OutColumn, OutSheet
from staff.handing_out import keep_sheet
from staff.scope import reach_of
from stock.lists.board import BoardTable, plain
from stock.lists.open_board import Board, open_board
from stock.queries.board import lacking_in
from stock.queries.reckoned import BoardFigure
from stock.rules.supply import Red
from stock.showing.figures import asked_text, place_name

FILE = "goods"
# After so many rows a job says how far it is.
TOLD_AFTER = 250
# As the trade's own sheet has them.
COLUMNS = (
    "number", "brand", "season", "category", "price", "on_sale", "allotted", "sold", "stock",
    "coming", "lately", "through", "gap", "turn", "discount", "age", "lasts", "sizes", "cls",
    "order_now", "in_to_sales", "stock_rate", "hits",
)  # fmt: skip
# Read back by an import of the sheet; whatever else stands there is locked, and green (MER-02).
OF_MASTER = frozenset({"number", "brand", "season"})
# Of a total, by column, the figure that stands there: Σ ÷ Σ.
TOTALS = {
    "allotted": "allotted", "sold": "net_sold", "through": "sell_through",
    "turn": "stock_to_sales", "discount": "average_discount", "age": "stock_age",
    "lasts": "days_of_supply", "order_now": "replenish", "in_to_sales": "in_to_sales",
    "stock_rate": "stock_rate", "hits": "restock_hit_rate",
}  # fmt: skip


class BoardNotWritten(Refused):
    """The sheet of a board was not written."""

    messages = {
        "changed": gettext_lazy(
            "This board has changed since the sheet was asked for. Open it and export it anew."
        )
    }


def make_board_file(work: Work) -> dict[str, object]:
    """Write the sheet that a job asks for, as its asker may see the board now; the job's result.

    Raises BoardNotWritten where the figures are gone, the place is out of reach, or there are more
    rows than were claimed; and TakenOver.
    """
    asker, params = work.job.asked_by, work.job.params
    mark, rows = mark_of(work.job), params["rows"]
    with translation.override(asker.language or translation.get_language()):
        reach = reach_of(asker, today=timezone.localdate())
        board = open_board(QueryDict(params["query"]), reach=reach)
        if board is None or board.list.total > rows:
            raise BoardNotWritten.because("changed")
        sheet = board_sheet(board, mark)
        sheet = replace(sheet, rows=_told_of(sheet.rows, work, total=rows))
        return keep_sheet(work.job, sheet, mark, name=FILE)


def _told_of(
    rows: Iterable[Sequence[OutCell]], work: Work, *, total: int
) -> Iterator[Sequence[OutCell]]:
    """The same rows; the work says how many of them are written."""
    for done, row in enumerate(rows):
        if done % TOLD_AFTER == 0:
            work.advance(min(done, total), total)
        yield row
    work.advance(total, total)


def board_sheet(board: Board, mark: Mark) -> OutSheet:
    """All rows of the board in its order, then their sum; worked out while they are written."""
    declared = BoardTable.base_columns
    columns = [
        OutColumn(
            str(declared[name].verbose_name), BoardTable.kinds.get(name, ""),
            computed=name not in OF_MASTER,
        )
        for name in COLUMNS
    ]  # fmt: skip
    return OutSheet(
        _("Goods tracking"),
        [*columns, OutColumn(_("Price to propose"), computed=True), _("Exported by")],
        _rows(board, mark),
        title=_title(board, mark),
    )


def _rows(board: Board, mark: Mark) -> Iterator[list[OutCell]]:
    rows = board.rows.order_by(*board.list.order.order_by())
    table = BoardTable([], shown=COLUMNS, **board.list.known)
    styles = board.rows.order_by().values_list("style", flat=True)
    table.lacking = lacking_in(board.figures, board.place, styles)
    says = [getattr(table, f"value_{name}") for name in COLUMNS]
    by = mark.text
    for row in rows:
        yield [*(say(row) for say in says), _price_advice(table, row), by]
    yield [*_total(board), "", by]


def _title(board: Board, mark: Mark) -> str:
    """Of what place and day the figures tell, how they were made, and who took them."""
    as_of = pgettext("figures", "As of")
    figures = board.figures
    how = asked_text(board.question, from_on=figures.from_on)
    return " · ".join(
        (place_name(board.place), f"{as_of} {figures.as_of.isoformat()}", how, mark.text)
    )


def _price_advice(table: BoardTable, row: BoardFigure) -> str:
    return _("Mark down") if table.red_of(row) == Red.MARK_DOWN else ""


def _total(board: Board) -> list[OutCell]:
    total, figures = board.total, board.total_figures
    pairs = {"stock": total.closing, "lately": total.window_sold, "coming": total.in_transit}
    found: list[OutCell] = []
    for name in COLUMNS:
        if name == "number":
            found.append(_("Sum (Σ ÷ Σ)"))
        elif name in pairs:
            found.append(pairs[name])
        else:
            found.append(plain(figures[TOTALS[name]].value) if name in TOTALS else None)
    return found
