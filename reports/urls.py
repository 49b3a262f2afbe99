"""The addresses of reports."""

from django.urls import path

from reports import lead_views, measure_views, views

app_name = "reports"
urlpatterns = [
    path("behind/", views.behind, name="behind"),
    path("reports/measures/", measure_views.follow_up, name="follow_up"),
    path("reports/first-response/", lead_views.first_response, name="first_response"),
]
