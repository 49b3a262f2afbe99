"""The lists of people and of stores."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from staff import queries, scope
from staff.access import only
from staff.forms import PeopleFilter, RegionForm, StoreFilter
from staff.tables import PeopleTable, StoreTable


def _fill(table, request: HttpRequest):
    """Sort and page as the address says; a page that is none becomes the first or the last."""
    table.request = request
    table.order_by = request.GET.getlist("sort") or None
    table.paginator = Paginator(table.rows, table._meta.per_page)
    table.page = table.paginator.get_page(request.GET.get("page"))
    return table


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """What filtering anew keeps: the order."""
    return [("sort", value) for value in request.GET.getlist("sort")]


@only(scope.PEOPLE_ROLES)
@require_GET
def people(request):
    stores = queries.stores_of_reach(request.reach)
    form = PeopleFilter(request.GET, stores=stores)
    rows = queries.people_matching(request.reach, **(form.cleaned_data if form.is_valid() else {}))
    return TemplateResponse(
        request,
        "staff/people.html",
        {
            "table": _fill(PeopleTable(rows), request),
            "filter_form": form,
            "kept": _kept(request),
            "may_invite": request.reach.has_role(scope.INVITING_ROLES),
            "awaiting": (
                list(queries.awaiting_confirmation())
                if request.reach.has_role(scope.PLACE_ROLES)
                else []
            ),
        },
    )


@only(scope.PLACE_ROLES)
@require_GET
def stores(request):
    form = StoreFilter(request.GET)
    rows = queries.stores_matching(**(form.cleaned_data if form.is_valid() else {}))
    return TemplateResponse(
        request,
        "staff/stores.html",
        {
            "table": _fill(StoreTable(rows), request),
            "filter_form": form,
            "kept": _kept(request),
            "may_edit": request.reach.has_role(scope.ADMIN_ROLES),
            "regions": queries.regions_with_counts(),
            "region_form": RegionForm(),
        },
    )
