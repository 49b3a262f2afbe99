"""The addresses of the filings room."""

from django.urls import path

from filings.views import policies, reviews

app_name = "filings"
urlpatterns = [
    path("policies/", policies.policies, name="policies"),
    path("filings/reviews/", reviews.reviews, name="reviews"),
    path("filings/reviews/approve/", reviews.approve, name="approve"),
    path("filings/<int:pk>/reject/", reviews.reject, name="reject"),
    path("filings/<int:pk>/demand-proof/", reviews.demand_proof, name="demand_proof"),
    path("filings/<int:pk>/prove/", reviews.prove, name="prove"),
]
