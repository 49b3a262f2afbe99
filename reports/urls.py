"""The addresses of reports."""

from django.urls import path

from reports.views import (
    behind,
    collections,
    commission,
    leads,
    measures,
    promises,
    receivables,
    returns,
    sales,
    surveys,
)

app_name = "reports"
urlpatterns = [
    path("behind/", behind.behind, name="behind"),
    path("reports/measures/", measures.follow_up, name="follow_up"),
    path("reports/returns/", returns.returns, name="returns"),
    path("reports/sales/", sales.sales, name="sales"),
    path("reports/sales/sheet/", sales.sales_sheet, name="sales_sheet"),
    path("reports/collections/", collections.collections, name="collections"),
    path(
        "reports/collections/sheet/",
        collections.collections_sheet,
        name="collections_sheet",
    ),
    path("reports/promises/", promises.promises, name="promises"),
    path("reports/promises/sheet/", promises.promises_sheet, name="promises_sheet"),
    path("reports/commission/", commission.commission, name="commission"),
    path("reports/surveys/", surveys.satisfaction, name="surveys"),
    path("reports/receivables/", receivables.ageing, name="ageing"),
    path("reports/first-response/", leads.first_response, name="first_response"),
]
