"""Every address of the product, a room at a time."""

from django.contrib import admin
from django.urls import include, path

from crm.health import healthz

urlpatterns = [
    path("healthz", healthz, name="health"),
    path("", include("desk.urls")),
    path("", include("core.urls")),
    path("", include("staff.urls")),
    path("stock/", include("stock.urls")),
    path("", include("customers.urls")),
    path("", include("filings.urls")),
    path("", include("followups.urls")),
    path("", include("orders.urls")),
    path("", include("reports.urls")),
    path("engine-room/", admin.site.urls),
]
