"""The allocation page (货品分配): whom the next pairs help most (MER-27)."""

from typing import cast

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from core.listing.following import page_of
from core.listing.keyset import Order, SortKey
from staff.access import only
from staff.requests import Request
from staff.scope import STOCK_READERS
from stock.forms.suggestions import SuggestionFilters
from stock.models import Figure, FigureSet
from stock.queries.allocation import allocation_rows, by_office, served_by, window_of
from stock.queries.classes import standing_set
from stock.queries.proposals import PROPOSING_ROLES
from stock.queries.terms import terms_on
from stock.queries.visible import visible_offices
from stock.showing.allocation import office_shown, style_shown

MOST_MISSED = Order(SortKey(name="missed_first", field="missed_first", kind=int), True)


@only(STOCK_READERS)
@require_safe
def allocation(request: Request) -> HttpResponse:
    """Each office's corrected pace, what it missed, and how far its requests were served; of one
    office its styles.
    """
    known, offices = standing_set(), visible_offices(request.reach)
    filters = SuggestionFilters(request.GET, offices=offices)
    context: dict[str, object] = {
        "filters": filters,
        "as_of": known.as_of if known else None,
        "rows": [],
        "next_url": "",
        "is_of_styles": False,
    }
    if known is not None:
        context |= _told(request, known, filters)
    return TemplateResponse(request, "stock/allocation.html", context)


def _told(request: Request, known: FigureSet, filters: SuggestionFilters) -> dict[str, object]:
    offices = visible_offices(request.reach)
    days = terms_on(known.as_of).window_days
    since, until = window_of(known.as_of, days=days)
    rows = filters.narrow(allocation_rows(known, offices=offices))
    key = filters.chosen("office")
    told: dict[str, object] = {"since": since, "until": until, "days": days}
    if key is None:
        kept = {name: key for name in ("brand", "season") if (key := filters.chosen(name))}
        served = served_by(
            "office", since=since, until=until, offices=offices, styles=filters.styles()
        )
        query = f"&{urlencode(kept)}" if kept else ""
        return told | {"rows": office_shown(by_office(rows), served, days=days, query=query)}
    office = offices.filter(pk=key).first()
    if office is None:
        raise Http404
    page, next_url = page_of(request, rows.select_related("style__brand"), MOST_MISSED)
    found = cast(list[Figure], page)
    served = served_by(
        "style", since=since, until=until, offices=offices.filter(pk=key),
        styles=filters.styles(),
    )  # fmt: skip
    return told | {
        "rows": style_shown(found, served, office=office.pk),
        "next_url": next_url,
        "is_of_styles": True,
        "office": office.name,
        "may_propose": request.reach.has_role(PROPOSING_ROLES),
        "back_url": reverse("stock:allocation"),
    }
