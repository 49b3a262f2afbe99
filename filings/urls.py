from django.urls import path

from filings.views import policies as views

app_name = "filings"
urlpatterns = [path("policies/", views.policies, name="policies")]
