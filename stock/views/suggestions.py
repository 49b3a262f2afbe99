"""What the red lists suggest for styles, office by office (MER-13)."""

from decimal import Decimal
from typing import cast

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.listing.following import page_of
from core.listing.keyset import Order, SortKey
from staff.access import only
from staff.requests import Request
from staff.scope import STOCK_DECIDING_ROLES
from stock.forms.suggestions import SuggestionFilters
from stock.models import Figure
from stock.queries.classes import standing_set
from stock.queries.proposals import PROPOSING_ROLES
from stock.queries.situations import office_rows, red_rows
from stock.queries.terms import terms_on
from stock.queries.visible import reads_own_store, visible_offices
from stock.rules.supply import Red
from stock.showing.suggesting import Known, suggested
from stock.views.choosing import chosen_office
from stock.wording.counts import days_words

# The shortest supply first; what lies most first.
SHORTEST = Order(SortKey(name="lasts", field="lasts", kind=Decimal), False)
MOST = Order(SortKey(name="closing", field="closing", kind=int), True)
REDS = {
    Red.REORDER.value: (Red.REORDER, SHORTEST),
    Red.MARK_DOWN.value: (Red.MARK_DOWN, MOST),
}


@only(PROPOSING_ROLES | STOCK_DECIDING_ROLES)
@require_safe
def suggestions(request: Request) -> HttpResponse:
    """The red lists, each row with what could be done about it."""
    red, order = REDS.get(request.GET.get("list", ""), REDS[Red.REORDER.value])
    known, today = standing_set(), timezone.localdate()
    offices = visible_offices(request.reach)
    chosen_office(request, "office", list(offices))
    filters = SuggestionFilters(request.GET, offices=offices)
    next_url, shown = "", []
    terms = terms_on(known.as_of if known else today)
    if known is not None:
        found = red_rows(office_rows(known, offices=offices), red, as_of=known.as_of, terms=terms)
        page, next_url = page_of(request, filters.narrow(found), order)
        rows = cast(list[Figure], page)
        told = Known.of(
            [row.style_id for row in rows],
            known=known,
            offices=offices,
            terms=terms,
            tells_regions=not reads_own_store(request.reach),
        )
        shown = suggested(told.of_keys([row.pk for row in rows]), red=red, known=told)
    context = {
        "parts": [
            {"label": label, "url": _with(request, list=name), "is_here": name == red.value}
            for name, label in (
                (Red.REORDER.value, _("Runs out")), (Red.MARK_DOWN.value, _("Lies too long")),
            )
        ],
        "red": red.value,
        "filters": filters,
        "rows": shown,
        "next_url": next_url,
        "as_of": known.as_of if known else None,
        "window": days_words(terms.window_days),
        "limit": days_words(
            terms.red_under_days if red == Red.REORDER else terms.red_over_days
        ),
        "today": today,
        "may_propose": request.reach.has_role(PROPOSING_ROLES),
        "proposals_url": reverse("stock:proposals"),
    }  # fmt: skip
    return TemplateResponse(request, "stock/suggestions.html", context)


def _with(request: Request, **changed: str) -> str:
    asked = {name: str(value) for name, value in request.GET.items() if name != "after"}
    return f"?{urlencode({**asked, **changed})}"
