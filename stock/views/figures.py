"""Figures that explain themselves: the formula, its inputs, and the rows that they count (G16)."""

from fractions import Fraction
from typing import cast

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from staff.access import only
from staff.requests import Request
from staff.scope import COST_ROLES, STOCK_READERS
from stock.figures.of_row import figures_of
from stock.figures.summing import parts_of
from stock.lists.board import target_of
from stock.lists.open_board import cover_of, open_board, question_of
from stock.models import Figure
from stock.queries.goods import between_offices, between_offices_of, opened_in, readable
from stock.queries.overrides import with_class
from stock.queries.reckoned import ClassedFigure
from stock.queries.seasons import season_terms
from stock.showing.explaining import Rows, explained
from stock.showing.figures import asked_text, class_badge, place_name, place_text
from stock.states import FigureLevel, FigureSetState


def rows_of(row: Figure) -> Rows:
    """Addresses of the movements that a row's figures count."""
    place: dict[str, object] = {}
    if row.level == FigureLevel.OFFICE:
        place = {"office": row.office_id}
    elif row.level == FigureLevel.REGION:
        place = {"region": row.region_id}

    def address(**narrowing: object) -> str:
        said = {"style": row.style_id, **place, **narrowing}
        query = urlencode({name: str(value) for name, value in said.items() if value is not None})
        return f"{reverse('stock:movements')}?{query}"

    return address


def target_told(row: Figure, figures: dict) -> tuple[int, Fraction] | None:
    """The last completed week of a row and the target of it, where it has one."""
    if row.set.from_on:
        return None
    terms = question_of(row.set).terms
    days = figures["days_on_sale"]
    share = target_of(row, days, season_terms(terms))
    return None if share is None else (int(days.value) // 7, share)


@only(STOCK_READERS)
@require_safe
def figure(request: Request, pk: int) -> HttpResponse:
    """Every figure of one style in one place."""
    rows = Figure.objects.filter(readable(request.reach), set__state=FigureSetState.READY)
    known = with_class(rows).select_related(
        "set", "style__brand", "style__season", "office", "region"
    )
    row = cast("ClassedFigure", get_object_or_404(known, pk=pk))
    question, parts = question_of(row.set, cover=cover_of(request.GET)), parts_of(row)
    figures = figures_of(parts, question)
    held = "" if row.office and row.office.is_warehouse else row.held_class
    context = {
        "title": row.style.number,
        "about": row.style.brand.name,
        "place": place_text(row),
        "as_of": row.set.as_of,
        "how": asked_text(question, from_on=row.set.from_on),
        "badge": class_badge(held, computed=row.style_class, given=row.given_class),
        "back_url": reverse("stock:style", args=[row.style_id]),
        "figures": explained(
            parts,
            figures,
            question,
            from_on=row.set.from_on,
            tells_cost=request.reach.has_role(COST_ROLES),
            target=target_told(row, figures),
            rows=rows_of(row),
            on_the_way=between_offices(row),
            opened=opened_in(row, since=row.set.from_on or row.launched_on, until=row.set.as_of),
        ),
    }
    return TemplateResponse(request, "stock/figure.html", context)


@only(STOCK_READERS)
@require_safe
def sum_of_board(request: Request) -> HttpResponse:
    """The figures of all rows of a board together: Σ ÷ Σ."""
    board = open_board(request.GET, reach=request.reach)
    if board is None:
        raise Http404
    context = {
        "title": "Σ",
        "about": "",
        "place": place_name(board.place),
        "as_of": board.figures.as_of,
        "how": asked_text(board.question, from_on=board.figures.from_on),
        "badge": "",
        "styles": board.total.members,
        "back_url": reverse("stock:board") + board.list.first_url,
        "figures": explained(
            board.total,
            board.total_figures,
            board.question,
            from_on=board.figures.from_on,
            tells_cost=request.reach.has_role(COST_ROLES),
            on_the_way=between_offices_of(
                board.rows, board.figures, board.place, closing=board.total.closing
            ),
        ),
    }
    return TemplateResponse(request, "stock/figure.html", context)
