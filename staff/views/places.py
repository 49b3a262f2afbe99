"""Regions and stores: list, add, change."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.refusals import Refused
from staff import queries, scope, services
from staff.access import only
from staff.forms import NewStoreForm, RegionForm, RegionPlacesForm, StandingStoreForm
from staff.models import Region, Store


@only(scope.ADMIN_ROLES)
@require_POST
def region_new(request):
    form = RegionForm(request.POST)
    if form.is_valid():
        try:
            services.create_region(**form.cleaned_data, by=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
    else:
        messages.error(request, _("Give the new region a name of at most 60 characters."))
    return redirect("staff:stores")


@only(scope.PLACE_ROLES)
@require_http_methods(["GET", "POST"])
def region(request, pk):
    """Where a region lies: by this an address tells the home region of a customer (XRG-01)."""
    found = get_object_or_404(Region, pk=pk)
    form = RegionPlacesForm(
        request.POST if request.method == "POST" else None, initial={"places": found.places}
    )
    if form.is_valid():
        try:
            services.place_region(
                region=found, **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error("places", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:stores")
    return TemplateResponse(request, "staff/region.html", {"region": found, "form": form})


@only(scope.ADMIN_ROLES)
@require_http_methods(["GET", "POST"])
def store_new(request):
    form = NewStoreForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.create_store(**form.cleaned_data, by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            return redirect("staff:stores")
    has_regions = queries.regions_with_counts().exists()
    return TemplateResponse(
        request, "staff/store_new.html", {"form": form, "has_regions": has_regions}
    )


@only(scope.PLACE_ROLES)
@require_http_methods(["GET", "POST"])
def store(request, pk):
    store = get_object_or_404(Store.objects.select_related("region"), pk=pk)
    may_edit = request.reach.has_role(scope.ADMIN_ROLES)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    form = StandingStoreForm(
        request.POST if request.method == "POST" else None,
        initial={
            "name": store.name,
            "region": store.region_id,
            "kind": store.kind,
            "trade": store.trade,
            "closes_at": store.closes_at,
            "zone": store.zone,
            "is_active": store.is_active,
        },
    )
    if form.is_valid():
        try:
            services.update_store(
                store=store, **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error("is_active", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:stores")
    return TemplateResponse(
        request,
        "staff/store.html",
        {
            "store": store,
            "may_edit": may_edit,
            "form": form,
            "people": queries.people_of_store(store),
        },
    )
