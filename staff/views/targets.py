"""Targets (任务) of a store and its people: set by whoever leads them (ORD-16, ORD-19)."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.calendars import add_months
from core.days import month_of, month_text
from staff.access import only
from staff.lists import chosen_number
from staff.models import Store
from staff.queries_of_targets import people_with_targets, targets_of
from staff.requests import Request
from staff.scope import TARGET_ROLES, own_or_first, serving_stores
from staff.services.targets import TargetsNotSet, set_targets
from staff.states import TargetKind
from staff.target_forms import TargetsForm


@only(TARGET_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: Request) -> HttpResponse:
    """A month's targets of one store and its people, as a table to fill in."""
    stores = list(serving_stores(request.reach).order_by("code", "pk"))
    store = _store(request, stores)
    first = month_of(request.GET.get("month", "")) or timezone.localdate().replace(day=1)
    form = TargetsForm(
        request.POST if request.method == "POST" else None,
        people=people_with_targets(store),
        standing=list(targets_of(store, first)),
    )
    if form.is_valid():
        try:
            changed = set_targets(
                store=store,
                first_day=first,
                amounts=form.amounts,
                by=request.user,
                now=timezone.now(),
            )
        except TargetsNotSet as refusal:
            form.add_error(None, str(refusal))
        else:
            if changed:
                messages.success(request, _("The targets are set."))
            return redirect(_address(store, first))
    context = {
        "store": store,
        "stores": [(each.name, _address(each, first), each == store) for each in stores],
        "month": month_text(first),
        "earlier_url": _address(store, add_months(first, -1)),
        "later_url": _address(store, add_months(first, 1)),
        "kinds": [kind.label for kind in TargetKind],
        "form": form,
        "rows": form.rows(store.name),
        "action": _address(store, first),
    }
    return TemplateResponse(request, "staff/targets.html", context)


def _store(request: Request, stores: list[Store]) -> Store:
    """The store that the address names, within reach; else where the reader begins."""
    chosen = chosen_number(request.GET, "store")
    if chosen is None:
        found = own_or_first(stores, request.user.store_id)
    else:
        found = next((store for store in stores if store.pk == chosen), None)
    if found is None:
        raise Http404
    return found


def _address(store: Store, first: date) -> str:
    query = urlencode({"store": str(store.pk), "month": f"{first:%Y-%m}"})
    return f"{reverse('staff:targets')}?{query}"
