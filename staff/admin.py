"""The engineers' admin: to look, not to act. Acts have their own pages, rules and audit."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from staff.access import public
from staff.models import Duty, Person, Region, Store


class LookOnly(admin.ModelAdmin):
    """Rows to read; nothing is added, changed or deleted here."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Person)
class PersonAdmin(LookOnly):
    list_display = ["username", "name", "role", "store", "is_active", "last_login"]
    list_filter = ["role", "is_active"]
    list_select_related = ["store"]
    search_fields = ["username", "name"]
    exclude = ["password"]
    ordering = ["username"]


@admin.register(Store)
class StoreAdmin(LookOnly):
    list_display = ["code", "name", "region", "kind", "trade", "is_active"]
    list_select_related = ["region"]
    ordering = ["code"]


@admin.register(Duty)
class DutyAdmin(LookOnly):
    list_display = ["person", "kind", "store", "region", "assists", "starts_on", "ends_on"]
    list_select_related = ["person", "store", "region", "assists"]
    ordering = ["-starts_on"]


@admin.register(Region)
class RegionAdmin(LookOnly):
    ordering = ["name"]


@public
def front_door(request, extra_context=None):
    """Engineers sign in where everybody does: one lock, one trail."""
    if request.user.is_authenticated:
        raise PermissionDenied
    onward = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
    return redirect(f"{reverse('staff:sign_in')}?{onward}")


admin.site.login = front_door  # type: ignore[method-assign]
