"""The best and the worst ten, among goods with like days on sale (MER-17)."""

from django.db.models import F
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import day_text
from staff.access import only
from staff.requests import Request
from staff.scope import STOCK_READERS
from stock.lists.board_filters import DAYS, days_between, span_text
from stock.lists.open_board import Board, open_board
from stock.queries.board import counts
from stock.showing.figures import place_name
from stock.states import StyleClass

MOST = 10
COLUMNS = ("number", "on_sale", "through", "gap", "lately", "stock", "lasts", "cls", "brief")
# Under four weeks nothing is ranked.
BANDS = tuple(name for name in DAYS if name != "1-28")


@only(STOCK_READERS)
@require_safe
def ranking(request: Request) -> HttpResponse:
    """Ten styles that sell best and ten that sell worst, of one span of days on sale; where they
    are fewer than twenty, its better and its worse half.
    """
    board = open_board(request.GET, reach=request.reach)
    if board is None:
        raise Http404
    rows = board.rows.exclude(held_class=StyleClass.WATCHED).exclude(through=None)
    _classes, found = counts(rows, {name: days_between(*DAYS[name]) for name in BANDS})
    asked = request.GET.get("days", "")
    chosen = asked if asked in BANDS else max(BANDS, key=lambda name: found[name])
    ranked = rows.filter(days_between(*DAYS[chosen]))
    better = min(MOST, (found[chosen] + 1) // 2)
    worse = min(MOST, found[chosen] - better)
    best = list(ranked.order_by(F("through").desc(), "pk")[:better])
    worst = list(ranked.order_by(F("through").asc(), "-pk")[:worse])
    context = {
        "place": place_name(board.place),
        "as_of": day_text(board.figures.as_of, today=timezone.localdate()),
        "bands": [
            {"label": span_text(name), "count": found[name], "is_current": name == chosen,
             "url": board.list.address(days=name, after=None, before=None)}
            for name in BANDS
        ],
        "best": _drawn(board, best),
        "worst": _drawn(board, worst),
        "back_url": reverse("stock:board") + board.list.address(days=None),
    }  # fmt: skip
    return TemplateResponse(request, "stock/ranking.html", context)


def _drawn(board: Board, rows: list) -> dict[str, object]:
    table = board.list.declared.table(rows, shown=COLUMNS, **board.list.known)
    heads = [(column.header, column.attrs["th"].get("class", "")) for column in table.columns]
    return {"heads": heads, "rows": table.drawn_rows()}
