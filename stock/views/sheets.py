"""Figures of goods that leave the house, as a sheet."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.views import exported_file
from staff.access import only
from staff.handing_out import Later, hand_out
from staff.requests import Request
from staff.scope import STOCK_EXPORTING_ROLES
from stock.lists.board_sheet import FILE, board_sheet
from stock.lists.open_board import Board, open_board

# More rows than this take longer than a person should wait for a page.
MOST_AT_ONCE = 500
EXPORT_BOARD = "stock.tasks.export_board"


@only(STOCK_EXPORTING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def board_sheet_view(request: Request) -> HttpResponse:
    """The board of the address as a sheet, for a reason."""
    board = open_board(request.GET, reach=request.reach)
    if board is None:
        raise Http404
    return hand_out(
        request,
        name=FILE,
        rows=board.list.total,
        make=lambda mark: board_sheet(board, mark),
        back_url=reverse("stock:board") + board.list.first_url,
        later=_later(request, board),
        as_of=board.figures.as_of.isoformat(),
        filters=sorted(name for name, value in request.GET.items() if value),
    )


def _later(request: Request, board: Board) -> Later:
    """Of the very set that is open: another may stand when the sheet is written."""
    asked = request.GET.copy()
    asked["set"] = str(board.figures.pk)
    page = {
        "title": gettext_noop("Export of the goods board"),
        "result": "stock:sheet_made",
        "result_label": gettext_noop("Download"),
        "back": "stock:board",
    }
    return Later(kind=EXPORT_BOARD, most_at_once=MOST_AT_ONCE, query=asked.urlencode(), page=page)


@only(STOCK_EXPORTING_ROLES)
@never_cache
@require_http_methods(["GET", "POST"])
def sheet_made(request: Request, pk: int) -> HttpResponse:
    """One's own sheet that a job made: fetched once, within a day, while one may still export."""
    return exported_file(request, pk, kind=EXPORT_BOARD, back_url=reverse("stock:board"))
