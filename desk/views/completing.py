"""Data to complete: the list of cards that are still without something."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from customers import queries
from customers.queries.completing import with_missing
from desk.lists.completing import TO_COMPLETE
from orders.queries.value import with_order_count
from staff.access import only
from staff.requests import Request
from staff.scope import REGISTERING_ROLES


@only(REGISTERING_ROLES)
@require_safe
def to_complete(request: Request) -> HttpResponse:
    """Cards within reach, with what each is still without (DAT-04)."""
    today = timezone.localdate()
    rows = with_order_count(with_missing(queries.for_list(queries.visible(request.reach))))
    found = TO_COMPLETE.open(
        request,
        rows,
        filter_with={"reach": request.reach, "today": today},
        draw_with={"reader": request.reach, "today": today},
    )
    scope = request.GET.get("scope") or (found.filters.scopes or [("", "")])[0][0]
    context = {
        "scopes": [
            {
                "label": label,
                "url": found.address(scope=value, after=None, before=None),
                "is_current": value == scope,
            }
            for value, label in found.filters.scopes
        ],
        "back_url": reverse("desk:customers"),
    }
    return TO_COMPLETE.answer(request, found, "desk/to_complete.html", context)
