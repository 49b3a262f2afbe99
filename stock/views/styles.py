"""One style: what it is, how it stands in each place, its sizes, weeks and movements."""

from datetime import timedelta

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.days import day_text
from staff.access import only
from staff.lists import chosen_number
from staff.requests import Request
from staff.scope import (
    CAMPAIGN_ROLES,
    COST_ROLES,
    GOODS_ROLES,
    STOCK_READERS,
    STOCK_ROLES,
    Reach,
)
from stock.lists.board import BoardTable
from stock.lists.movements import COSTED_MOVEMENTS, MOVEMENTS
from stock.lists.open_board import question_of, targets_of
from stock.models import FigureSet, Style
from stock.queries.board import ready_set
from stock.queries.goods import figures_of_style, movements_of, sizes_of_style, weeks_of_style
from stock.queries.places import place_of
from stock.queries.prices import plain_price, price_steps
from stock.queries.proposals import PROPOSAL_READERS, PROPOSING_ROLES, visible_proposals
from stock.queries.seasons import season_terms
from stock.queries.terms import terms_on
from stock.queries.visible import visible_offices
from stock.rules.price_paths import drawn_path
from stock.showing import style as shown
from stock.showing.addresses import board_of
from stock.showing.figures import asked_text, count_text, place_text
from stock.showing.proposals import where_text
from stock.states import FigureLevel

WEEKS_BEFORE_LAUNCH = 1
WEEKS_SHOWN = 52
PROPOSALS_SHOWN = 8
COLUMNS = (
    "on_sale", "through", "gap", "lately", "stock", "coming", "lasts", "age", "turn", "discount",
    "sizes", "cls", "order_now", "brief",
)  # fmt: skip


def known_style(pk: int) -> Style:
    """The style of this number, with its masters (404). Every reader of stock reads masters."""
    styles = Style.objects.select_related("brand", "season", "series", "shoe_type")
    return get_object_or_404(styles, pk=pk)


@only(STOCK_READERS)
@require_safe
def style(request: Request, pk: int) -> HttpResponse:
    """A style with its figures by place, its sizes by office, and what happened week by week."""
    found, today = known_style(pk), timezone.localdate()
    figures = ready_set(chosen_number(request.GET, "set"))
    if figures is None and "set" in request.GET:
        raise Http404
    context = {
        "style": found,
        "facts": shown.facts(found, today=today, terms=terms_on(today)),
        "places": [],
        "columns": [],
        "acts": _acts(found, request.reach),
        "proposals": _proposals(found, request.reach),
        "movements_url": f"{reverse('stock:movements')}?style={found.pk}",
        "board_url": reverse("stock:board"),
        "prices": _prices(found, request.reach),
        "grid": shown.grid(sizes_of_style(found, reach=request.reach, on=timezone.localdate()), ()),
        "charts": [],
    }
    if figures is not None:
        context |= _figures(found, figures, request.reach)
    return TemplateResponse(request, "stock/style.html", context)


def _figures(found: Style, figures: FigureSet, reach: Reach) -> dict[str, object]:
    question = question_of(figures)
    seasons = season_terms(question.terms)
    rows = figures_of_style(figures, found, reach=reach)
    table = BoardTable(
        rows,
        shown=COLUMNS,
        question=question,
        seasons=targets_of(figures, seasons),
        figures_url=reverse("stock:figure", args=[0]).removesuffix("0/"),
        styles_url=reverse("stock:style", args=[0]).removesuffix("0/"),
        warehouses={row.office_id for row in rows if row.office and row.office.is_warehouse},
    )
    place = place_of(reach)
    launched = next((row.launched_on for row in rows if row.launched_on), None)  # the widest's
    since = figures.as_of - timedelta(weeks=WEEKS_SHOWN)
    if launched:
        since = max(since, launched - timedelta(weeks=WEEKS_BEFORE_LAUNCH))
    weeks = weeks_of_style(found, place, since=since, until=figures.as_of) if place else []
    held = seasons.get(found.season_id) or seasons[None]
    return {
        "as_of": day_text(figures.as_of, today=timezone.localdate()),
        "how": asked_text(question, from_on=figures.from_on),
        "columns": [
            (column.header, column.attrs["th"].get("class", "")) for column in table.columns
        ],
        "places": [
            {
                "name": place_text(row),
                "url": board_of(row, figures),
                "is_whole": row.level != FigureLevel.OFFICE,
                "cells": cells,
            }
            for row, cells in zip(rows, table.drawn_rows(), strict=True)
        ],
        "grid": shown.grid(sizes_of_style(found, reach=reach, on=figures.as_of), rows),
        "charts": [
            shown.weeks_chart(weeks, held.targets, launched_on=launched, as_of=figures.as_of)
        ]
        if weeks
        else [],
    }


def _acts(found: Style, reach: Reach) -> list[tuple[str, str]]:
    """What this person may do about the style."""
    acts = [(_("Prices"), reverse("stock:prices", args=[found.pk]))]
    if reach.has_role(PROPOSING_ROLES):
        acts.append((pgettext("goods", "Propose"), reverse("stock:propose", args=[found.pk])))
    if reach.has_role(CAMPAIGN_ROLES | STOCK_ROLES):
        acts.append((_("Customers for these goods"), reverse("desk:goods_calls", args=[found.pk])))
    if reach.has_role(STOCK_ROLES):
        acts.append((pgettext("of goods", "Class"), reverse("stock:override", args=[found.pk])))
    if reach.has_role(GOODS_ROLES):
        acts.append((_("Change"), reverse("stock:style_edit", args=[found.pk])))
    return acts


def _proposals(found: Style, reach: Reach) -> list[dict[str, str]]:
    """The last proposals for the style and what became of them."""
    if not reach.has_role(PROPOSAL_READERS):
        return []
    rows = visible_proposals(reach).filter(style=found).order_by("-proposed_at", "-pk")
    return [
        {
            "what": f"{row.get_kind_display()} {count_text(row.quantity) if row.quantity else ''}",
            "where": where_text(row),
            "state": row.get_state_display(),
            "url": reverse("stock:proposal", args=[row.pk]),
        }
        for row in rows[:PROPOSALS_SHOWN]
    ]


def _prices(found: Style, reach: Reach) -> list[dict[str, str]]:
    """The price of each office now, with the day from which it holds."""
    today = timezone.localdate()
    offices, plain = visible_offices(reach), plain_price(found)
    steps = price_steps(found, offices.values("pk"))
    told = []
    for office in offices.filter(pk__in=steps):
        path = steps[office.pk]
        if path[0].from_on <= today:
            since, price = drawn_path(path, begins=path[0].from_on, ends=today, plain=plain)[-1]
            told.append(
                {
                    "office": office.name,
                    "price": shown.price_text(price),
                    "since": since.isoformat(),
                }
            )
    return told


@only(STOCK_READERS)
@require_safe
def movements(request: Request) -> HttpResponse:
    """The ledger's rows of one style, narrowed by office, type and days: what a figure counts."""
    chosen = chosen_number(request.GET, "style")
    if chosen is None:
        raise BadRequest
    found = known_style(chosen)
    declared = COSTED_MOVEMENTS if request.reach.has_role(COST_ROLES) else MOVEMENTS
    rows = declared.open(
        request,
        movements_of(found, reach=request.reach),
        filter_with={"reach": request.reach, "style": found.pk},
    )
    context = {
        "style": found,
        "back_url": reverse("stock:style", args=[found.pk]),
        "may_import": request.reach.has_role(STOCK_ROLES),
    }
    return declared.answer(request, rows, "stock/movements.html", context)
