"""The customer list."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.listing import OpenList
from core.services.saved_filters import narrowing_of
from customers import queries
from desk.lists.customers import CUSTOMERS
from desk.lists.customers.names import Names, names_for
from filings.queries.shown import with_filing
from orders.queries.value import with_order_count
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES, EXPORTING_ROLES, REGISTERING_ROLES


def open_customers(
    request: Request,
    names: Names | None = None,
    *,
    is_whole: bool = False,
    store: int | None = None,
) -> OpenList:
    """The customers this person may see, as the address asks for them; `is_whole` reads all that
    stands on their cards, for a sheet that is to be edited; of one `store` where it is given.
    """
    today = timezone.localdate()
    rows = queries.for_list(queries.visible(request.reach))
    rows = rows.defer(None) if is_whole else rows
    rows = rows if store is None else rows.filter(store=store)
    rows = with_filing(rows, reach=request.reach, now=timezone.now())
    return CUSTOMERS.open(
        request,
        with_order_count(rows),
        filter_with={
            "reach": request.reach,
            "today": today,
            "tags": names.tags if names else None,
            "of_store": store,
        },
        draw_with={"reader": request.reach, "today": today},
    )


@only(CUSTOMER_ROLES)
@require_safe
def customers(request: Request) -> HttpResponse:
    """The list of customers: filtered, sorted and paged by its address."""
    names = names_for(request.user, list_name=CUSTOMERS.name)
    found = open_customers(request, names)
    may_export = request.reach.has_role(EXPORTING_ROLES)
    may_write = request.reach.has_role(REGISTERING_ROLES)
    scope = request.GET.get("scope") or (found.filters.scopes or [("", "")])[0][0]
    context = {
        "scopes": [
            {"label": label, "url": _with_scope(found, value), "is_current": value == scope}
            for value, label in found.filters.scopes
        ],
        "export_url": reverse("desk:export_customers") + found.first_url if may_export else "",
        "many_url": reverse("desk:act_on_many") + found.first_url if may_write else "",
        "kept_filters": _kept_filters(names, found),
        "keep_url": reverse("desk:keep_filter", args=[CUSTOMERS.name]),
        "narrowing": narrowing_of(found.asked),
    }
    return CUSTOMERS.answer(request, found, "desk/customers.html", context)


def _kept_filters(names: Names, found: OpenList) -> list[dict[str, object]]:
    """The narrowings this person keeps, the present one marked."""
    present = narrowing_of(found.asked)
    return [
        {
            "pk": saved.pk,
            "name": saved.name,
            "url": f"?{saved.query}",
            "is_current": saved.query == present,
        }
        for saved in names.kept
    ]


def _with_scope(found: OpenList, scope: str) -> str:
    return found.address(scope=scope, after=None, before=None)
