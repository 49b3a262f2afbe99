"""The customer list."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.listing import OpenList
from customers import queries
from desk.lists.customers import CUSTOMERS
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES, EXPORTING_ROLES, REGISTERING_ROLES


def open_customers(request: Request) -> OpenList:
    """The customers this person may see, as the address asks for them."""
    today = timezone.localdate()
    rows = queries.for_list(queries.visible(request.reach))
    return CUSTOMERS.open(
        request,
        rows,
        filter_with={"reach": request.reach, "today": today},
        draw_with={"reader": request.reach, "today": today},
    )


@only(CUSTOMER_ROLES)
@require_safe
def customers(request: Request) -> HttpResponse:
    """The list of customers: filtered, sorted and paged by its address."""
    found = open_customers(request)
    may_export = request.reach.has_role(EXPORTING_ROLES)
    scope = request.GET.get("scope") or (found.filters.scopes or [("", "")])[0][0]
    context = {
        "scopes": [
            {"label": label, "url": _with_scope(found, value), "is_current": value == scope}
            for value, label in found.filters.scopes
        ],
        "export_url": reverse("desk:export_customers") + found.first_url if may_export else "",
        "may_register": request.reach.has_role(REGISTERING_ROLES),
    }
    return CUSTOMERS.answer(request, found, "desk/customers.html", context)


def _with_scope(found: OpenList, scope: str) -> str:
    return found.address(scope=scope, after=None, before=None)
