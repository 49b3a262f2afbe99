"""The cars, crews and rooms of a store: added, renamed, put out of use."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.forms import show_refusal
from core.refusals import Refused
from customers.models import Resource
from customers.queries import appointments as queries
from customers.services import resources as services
from followups.forms import ResourceForm
from followups.views.calendar import RESOURCE_ROLES
from staff.access import only
from staff.requests import Request
from staff.scope import visible_stores


@only(RESOURCE_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def resources(request: Request) -> HttpResponse:
    """What can be booked, and a form for one more."""
    stores = visible_stores(request.reach).order_by("name", "pk")
    form = ResourceForm(request.POST if request.method == "POST" else None, stores=stores)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add_resource(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
        else:
            messages.success(request, _("Added: %(name)s.") % {"name": row.name})
            return redirect("followups:resources")
    return TemplateResponse(
        request,
        "followups/resources.html",
        {"resources": _listed(request), "form": form, "has_stores": stores.count() > 1},
    )


def _listed(request: Request) -> list[dict[str, object]]:
    return [
        {
            "pk": row.pk,
            "name": row.name,
            "kind": row.get_kind_display(),
            "store": row.store.name,
            "is_active": row.is_active,
        }
        for row in queries.visible_resources(request.reach)
    ]


@only(RESOURCE_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def resource(request: Request, pk: int) -> HttpResponse:
    """Rename one, or put it out of use; what is booked stays booked."""
    row: Resource = get_object_or_404(queries.visible_resources(request.reach), pk=pk)
    form = ResourceForm(
        request.POST if request.method == "POST" else None,
        stores=visible_stores(request.reach),
        resource=row,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_resource(resource=row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
        else:
            messages.success(request, _("Saved: %(name)s.") % {"name": form.cleaned_data["name"]})
            return redirect("followups:resources")
    context = {"resource": row, "kind": row.get_kind_display(), "form": form}
    return TemplateResponse(request, "followups/resource.html", context)
