"""The goods board (货品看板): what a merchandiser looks at on Monday (MER-33)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import cast

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from core.days import day_text
from core.listing import OpenList
from staff.access import only
from staff.lists import chosen_number
from staff.requests import Request
from staff.scope import (
    STOCK_DECIDING_ROLES,
    STOCK_EXPORTING_ROLES,
    STOCK_READERS,
    STOCK_ROLES,
)
from stock.lists.board import BOARD, RED_ORDER, BoardTable
from stock.lists.board_filters import BROKEN, LOOKS, look_of, looks_at
from stock.lists.open_board import Board, open_board
from stock.models import Figure, Style
from stock.queries.board import (
    Classes,
    by_class,
    by_week_on_sale,
    counts,
    lacking_in,
    pyramid,
    weeks_of,
)
from stock.queries.classes import selling_in_regions
from stock.queries.goods import weeks_sold
from stock.queries.proposals import PROPOSING_ROLES
from stock.queries.situations import running_out_in
from stock.queries.visible import reads_own_store
from stock.rules.supply import Red
from stock.rules.targets import target_curve
from stock.showing import board as shown
from stock.showing.figures import asked_text, place_name
from stock.showing.suggesting import sells_wider
from stock.states import FigureLevel

# A part of the page that comes after its rows.
CHARTS = "charts"
WEEKS_SHOWN = 26
TREND_WEEKS = 7
LONGEST_RED_LIST = 4
SUGGESTED_TO = PROPOSING_ROLES | STOCK_DECIDING_ROLES
# These choose which rows there are; the other filters let some of them through.
OF_THE_PLACE = frozenset({"set", "region", "office", "cover"})
EVERY_DAY = ("region", "office", "brand", "season", "year")


def opened(request: Request) -> Board | None:
    """The board as the address asks for it."""
    remembered = request.COOKIES.get(BOARD.cookie(request), "").split(".")
    return open_board(request.GET, reach=request.reach, remembered=tuple(remembered), above="")


@only(STOCK_READERS)
@require_safe
def board(request: Request) -> HttpResponse:
    """How every style stands in one place, as of the close of one day."""
    found = opened(request)
    if found is None:
        if set(request.GET) & {"set", "region", "office"}:
            raise Http404
        return TemplateResponse(request, "stock/no_figures.html", _next_step(request))
    if found.list.asked.get("part") == CHARTS and request.headers.get("HX-Request"):
        return TemplateResponse(request, "stock/charts.html", _charts(found))
    styles = [row.style_id for row in cast(Sequence[Figure], found.list.page.rows)]
    table = cast(BoardTable, found.list.table)
    table.lacking = lacking_in(found.figures, found.place, styles)
    if "trend" in found.list.shown:
        table.trends = weeks_sold(styles, found.place, until=found.figures.as_of, weeks=TREND_WEEKS)
    classes, counted = _counted(found)
    context = {
        **_heads(request, found),
        **_sums(found, classes, counted),
        **_fields(found.list),
        **_nothing(request, found),
        "red_lists": _red_lists(request, found, counted),
        **(_charts(found) if found.list.asked.get("part") == CHARTS else {"beside": None}),
        "charts_url": found.list.address(part=CHARTS, after=None, before=None),
    }
    return BOARD.answer(request, found.list, "stock/board.html", context)


def _next_step(request: Request) -> dict[str, object]:
    may_import = request.reach.has_role(STOCK_ROLES)
    return {"import_url": reverse("desk:import_stock") if may_import else ""}


def _address(found: OpenList) -> Callable[..., str]:
    """Addresses of the first page of this list with something changed."""

    def address(**asked: str | None) -> str:
        return found.address(after=None, before=None, **asked)

    return address


def _heads(request: Request, found: Board) -> dict[str, object]:
    figures, today = found.figures, timezone.localdate()
    query = found.list.first_url
    may_export = request.reach.has_role(STOCK_EXPORTING_ROLES)
    return {
        "place": place_name(found.place),
        "as_of": day_text(figures.as_of, today=today),
        "made_at": timezone.localtime(figures.made_at) if figures.made_at else None,
        "is_standing": figures.is_standing,
        "how": asked_text(found.question, from_on=figures.from_on),
        "standing_url": found.list.address(set=None, after=None, before=None),
        "ask_url": reverse("stock:ask_figures") if may_export else "",
        "may_propose": request.reach.has_role(PROPOSING_ROLES),
        "export_url": reverse("stock:board_sheet") + query if may_export else "",
        "ranking_url": reverse("stock:ranking") + query,
    }


def _counted(found: Board) -> tuple[Classes, dict[str, int]]:
    """What each class has, and how many styles each look has."""
    terms = found.question.terms
    looks = {name: look_of(name, figures=found.figures, terms=terms) for name, _label in LOOKS}
    return counts(found.any_look, looks)


def _sums(found: Board, classes: Classes, counted: Mapping[str, int]) -> dict[str, object]:
    address, asked = _address(found.list), found.list.asked
    styles = sum(styles for _held, styles, _pairs, _sold in classes)
    looks = looks_at(found.place.level)
    if _is_warehouse(found):
        looks = [look for look in looks if look[0] == BROKEN]
    texts = shown.total_texts(found.total, found.total_figures, found.question)
    names = [column.name for column in found.list.table.columns]
    return {
        "stats": shown.stats(texts, url=reverse("stock:sum") + found.list.first_url),
        "looks": shown.look_tabs(
            looks, {**counted, "": styles}, chosen=asked.get("look", ""), address=address
        ),
        "classes": []
        if _is_warehouse(found)
        else shown.class_tabs(classes, chosen=asked.get("cls", ""), address=address),
        "total_cells": [(texts.get(name, ""), name) for name in names[1:]],
        "styles": found.total.members,
    }


def _fields(found: OpenList) -> dict[str, object]:
    """The filters of every day, and those that are folded away until they are wanted."""
    fields = [field for field in found.filter_form if not field.is_hidden and field.name != "q"]
    more = [field for field in fields if field.name not in EVERY_DAY]
    return {
        "filters_first": [field for field in fields if field.name in EVERY_DAY],
        "filters_more": more,
        "more_chosen": sum(bool(found.asked.get(field.name)) for field in more),
    }


def _nothing(request: Request, found: Board) -> dict[str, object]:
    """Why there may be no row: the place has no goods, or the filters let none through."""
    sifting = set(found.list.filters.base_filters) - OF_THE_PLACE
    return {
        "is_without_goods": not any(found.list.asked.get(name) for name in sifting),
        "may_choose_place": not reads_own_store(request.reach),
    }


def _red_lists(
    request: Request, found: Board, counted: Mapping[str, int]
) -> list[dict[str, object]]:
    """The first rows of what wants an act today; the whole list is a tap away."""
    address, terms = _address(found.list), found.question.terms
    limits = {Red.REORDER.value: terms.red_under_days, Red.MARK_DOWN.value: terms.red_over_days}
    may_move = not reads_own_store(request.reach)
    lists: list[dict[str, object]] = []
    wanted = {BROKEN: RED_ORDER[BROKEN]} if _is_warehouse(found) else RED_ORDER
    for name, order in wanted.items():
        held = look_of(name, figures=found.figures, terms=found.question.terms)
        rows = list(found.any_look.filter(held).order_by(order, "pk")[:LONGEST_RED_LIST])
        table = found.table_of(rows)
        if name == BROKEN:
            table.lacking = lacking_in(found.figures, found.place, [row.style_id for row in rows])
            told = [shown.broken(row, table.value_sizes(row), may_move=may_move) for row in rows]
        elif name == Red.REORDER:
            told = [shown.running_out(row, table.told(row), may_move=may_move) for row in rows]
        else:
            selling = _selling_wider(request, found, rows)
            told = [
                shown.lying_long(row, table.told(row), wider=selling.get(row.style_id, ""))
                for row in rows
            ]
        red: dict[str, object] = {
            "name": str(name), "rows": told, "url": address(look=str(name)),
            "count": counted[str(name)],
        }  # fmt: skip
        if name == Red.REORDER and found.place.level != FigureLevel.OFFICE:
            red |= _running_out_in_stores(request, found)
        lists.append({**red, "days": limits.get(name)})
    return lists


def _is_warehouse(found: Board) -> bool:
    """Whether the place sells nothing: no style has a class there."""
    return bool(found.place.office and found.place.office.is_warehouse)


def _selling_wider(request: Request, found: Board, rows: Sequence[Figure]) -> dict[int, str]:
    """By style what is said of its region, where it sells in it though it lies in this office."""
    place = found.place
    if place.level != FigureLevel.OFFICE or reads_own_store(request.reach):
        return {}
    selling = selling_in_regions(found.figures, [row.style_id for row in rows])
    here = {style: told for (style, region), told in selling.items()
            if place.region and region == place.region.pk}  # fmt: skip
    return {style: sells_wider(told) for style, told in here.items()}


def _running_out_in_stores(request: Request, found: Board) -> dict[str, object]:
    """The stores of a region or the company in which a style runs out, where there are any."""
    styles = Style.objects.filter(pk__in=found.any_look.order_by().values("style"))
    rows = running_out_in(found.figures, found.place, styles, terms=found.question.terms)
    may_look = found.figures.is_standing and request.reach.has_role(SUGGESTED_TO)
    told = [shown.running_out_there(row, leads=may_look) for row in rows[:LONGEST_RED_LIST]]
    narrowed = {name: found.list.asked.get(name, "") for name in ("brand", "season")}
    asked = {"list": Red.REORDER.value} | {name: key for name, key in narrowed.items() if key}
    url = f"{reverse('stock:suggestions')}?{urlencode(asked)}"
    if not told:
        return {}
    shown_url = url if may_look else ""
    return {"rows": told, "count": rows.count(), "url": shown_url, "is_by_office": True}


def _charts(found: Board) -> dict[str, object]:
    terms = found.question.terms
    season = chosen_number(found.list.asked, "season")
    held = found.seasons.get(season) or found.seasons[None]
    targets = held.targets or target_curve(season_weeks=held.weeks, terms=terms)
    weeks = weeks_of(
        found.figures,
        found.place,
        brand=chosen_number(found.list.asked, "brand"),
        season=season,
        since=found.figures.as_of - timedelta(weeks=WEEKS_SHOWN),
    )
    ages = pyramid(found.rows, buckets=len(found.buckets))
    cohorts = by_week_on_sale(found.rows, most=len(targets))
    sells = not _is_warehouse(found)
    target = [] if found.figures.from_on or not sells else [shown.target_chart(cohorts, targets)]
    return {
        "beside": [*target, shown.pyramid_chart(ages, terms.bucket_limits)],
        "below": [
            shown.weeks_chart(weeks, as_of=found.figures.as_of),
            *([shown.classes_chart(by_class(found.rows))] if sells else []),
        ],
    }
