from django.urls import path

from filings import views

app_name = "filings"
urlpatterns = [path("policies/", views.policies, name="policies")]
