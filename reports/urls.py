"""The addresses of reports."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [path("behind/", views.behind, name="behind")]
