"""The addresses of reports."""

from django.urls import path

from reports import (
    collection_views,
    commission_views,
    lead_views,
    measure_views,
    promise_views,
    receivable_views,
    return_views,
    sales_views,
    survey_views,
    views,
)

app_name = "reports"
urlpatterns = [
    path("behind/", views.behind, name="behind"),
    path("reports/measures/", measure_views.follow_up, name="follow_up"),
    path("reports/returns/", return_views.returns, name="returns"),
    path("reports/sales/", sales_views.sales, name="sales"),
    path("reports/sales/sheet/", sales_views.sales_sheet, name="sales_sheet"),
    path("reports/collections/", collection_views.collections, name="collections"),
    path(
        "reports/collections/sheet/",
        collection_views.collections_sheet,
        name="collections_sheet",
    ),
    path("reports/promises/", promise_views.promises, name="promises"),
    path("reports/promises/sheet/", promise_views.promises_sheet, name="promises_sheet"),
    path("reports/commission/", commission_views.commission, name="commission"),
    path("reports/surveys/", survey_views.satisfaction, name="surveys"),
    path("reports/receivables/", receivable_views.ageing, name="ageing"),
    path("reports/first-response/", lead_views.first_response, name="first_response"),
]
