from django.urls import path

from core import views

app_name = "core"
urlpatterns = [
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/output/", views.job_output, name="job_output"),
]
