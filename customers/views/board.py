"""The board of opportunities, and the list behind its figures."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.amounts import money_text, short_money
from customers.lists.opportunities import OPPORTUNITIES, month_began, scopes_of
from customers.models import Opportunity, Stage
from customers.queries.opportunities import (
    MOST_CARDS,
    MOST_CARDS_OF_ALL,
    Column,
    board,
    for_opportunity_list,
    opportunities_in_reach,
    stages_for,
)
from customers.showing.opportunities import Card, StageHead, card_of, head_of
from customers.states import StageKind
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES


@dataclass(frozen=True)
class ShownColumn:
    """A column as the page draws it."""

    head: StageHead
    cards: list[Card]


def scope_of(request: Request, asked: str | None) -> str:
    """The scope that was asked for, where this person has it; else the widest."""
    names = [name for name, _label in scopes_of(request.reach)]
    return asked if asked in names else (names or [""])[0]


def open_columns(
    request: Request, stages: list[Stage], *, scope: str, most: int = MOST_CARDS
) -> list[Column]:
    """The columns of one set with what this person sees in them, themselves alone or all."""
    rows = opportunities_in_reach(request.reach)
    if scope == "me":
        rows = rows.filter(owner__in=request.reach.acts_for)
    today = timezone.localdate()
    return board(rows, stages, today=today, month_began=month_began(today), most=most)


def shown_card(request: Request, opportunity: Opportunity) -> Card:
    with_keeper = request.reach.leads_stores
    return card_of(opportunity, today=timezone.localdate(), with_keeper=with_keeper)


def stats_of(columns: list[Column], scope: str) -> list[dict[str, object]]:
    """The figures above the board, each of which opens the rows it counts."""
    still = [column for column in columns if column.stage.kind == StageKind.OPEN]
    total = sum((column.sum for column in still), Decimal(0))
    weighted = sum((column.weighted for column in still), Decimal(0))
    month = sum((column.this_month_sum for column in still), Decimal(0))
    past = sum(column.past for column in still)
    rows = reverse("customers:opportunities")
    own = f"&scope={scope}" if scope else ""

    def figure(value: object, label: str, narrowed: str, title: str = "", tone: str = "") -> dict:
        url = f"{rows}?{narrowed}{own}"
        return {
            "value": value, "label": label, "url": url, "formula": title, "tone": tone, "unit": "",
        }  # fmt: skip

    by_chance = _("each amount times the chance of its stage")
    return [
        figure(
            sum(column.count for column in still),
            pgettext("opportunities", "open"),
            "sort=expected",
        ),
        figure(short_money(total), _("amount"), "sort=expected", money_text(total)),
        figure(short_money(weighted), _("weighted by chance"), "sort=expected", by_chance),
        figure(short_money(month), _("expected this month"), "expected=this", money_text(month)),
        figure(past, _("expected day passed"), "expected=past", "", "late" if past else ""),
    ]


@only(CUSTOMER_ROLES)
@require_safe
def opportunity_board(request: Request) -> HttpResponse:
    """The opportunities in the columns of their stages; the sets to switch between, if several."""
    stages = stages_for(request.reach, today=timezone.localdate())
    sets = list({stage.stage_set_id: stage.stage_set for stage in stages}.values())
    asked = request.GET.get("set", "")
    chosen = next((each for each in sets if each.code == asked), sets[0] if sets else None)
    scope = scope_of(request, request.GET.get("scope"))
    of_set = [stage for stage in stages if chosen and stage.stage_set_id == chosen.pk]
    most = MOST_CARDS_OF_ALL if request.reach.sees_all else MOST_CARDS
    columns = open_columns(request, of_set, scope=scope, most=most)
    now = timezone.now()
    code = chosen.code if chosen else ""
    context = {
        "columns": [
            ShownColumn(
                head_of(column, scope=scope, now=now),
                [shown_card(request, card) for card in column.cards],
            )
            for column in columns
        ],
        "stats": stats_of(columns, scope),
        "is_empty": not any(column.count for column in columns),
        "sets": [
            {"label": each.name, "url": f"?set={each.code}", "is_current": each == chosen}
            for each in sets
        ],
        "scope": scope,
        "scopes": [
            {"label": label, "url": f"?set={code}&scope={name}", "is_current": name == scope}
            for name, label in scopes_of(request.reach)
        ],
        "may_move": request.reach.may_serve,
    }
    return TemplateResponse(request, "customers/board.html", context)


@only(CUSTOMER_ROLES)
@require_safe
def opportunities(request: Request) -> HttpResponse:
    """The list of opportunities: filtered, sorted and paged by its address."""
    today = timezone.localdate()
    found = OPPORTUNITIES.open(
        request,
        for_opportunity_list(opportunities_in_reach(request.reach), today=today),
        filter_with={
            "reach": request.reach,
            "today": today,
            "stages": stages_for(request.reach, today=today),
        },
        draw_with={"today": today},
    )
    scope = scope_of(request, request.GET.get("scope"))
    context = {
        "scopes": [
            {
                "label": label,
                "url": found.address(scope=name, after=None, before=None),
                "is_current": name == scope,
            }
            for name, label in found.filters.scopes
        ],
    }
    return OPPORTUNITIES.answer(request, found, "customers/opportunities.html", context)
