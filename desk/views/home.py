"""The front door, and the search behind the one box."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.listing.pages import PAGE_SIZE
from core.phones import mask_in_text
from customers import queries
from desk.navigation import home_of
from staff.access import only, signed_in
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES

SUGGESTIONS = 8


@signed_in
@require_safe
def home(request: Request) -> HttpResponse:
    """Where each role's day begins."""
    return redirect(home_of(request.reach.role))


@only(CUSTOMER_ROLES)
@require_safe
def search(request: Request) -> HttpResponse:
    """One box: name, pinyin, initials, the full number or its last four digits, address.

    Without a word there is nothing to find: the box never hands out the list.
    """
    text = request.GET.get("q", "").strip()
    most = SUGGESTIONS if request.htmx else PAGE_SIZE
    found = []
    if text:
        rows = queries.for_list(queries.matching(queries.visible(request.reach), text))
        found = list(rows.order_by("next_contact_on", "pk")[: most + 1])
    context = {
        "text": text,
        "found": [_hit(row) for row in found[:most]],
        "has_more": len(found) > most,
        "list_url": reverse("desk:customers") + "?" + urlencode({"q": text}),
    }
    template = "desk/search.html#found" if request.htmx else "desk/search.html"
    return TemplateResponse(request, template, context)


def _hit(row: queries.MaskedCustomer) -> dict[str, str]:
    """One line of the answer: no more than the list would show."""
    keeper = row.owner.name if row.owner else _("nobody")
    return {
        "url": reverse("desk:customer", args=[row.pk]),
        "grade": row.grade,
        "name": mask_in_text(row.name),
        "title": row.shown_title,
        "phone": row.phone or "",
        "line": " · ".join(filter(None, [mask_in_text(row.address), keeper])),
    }
