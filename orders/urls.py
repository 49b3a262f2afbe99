"""Addresses of orders."""

from django.urls import path

from orders.views import deposits, orders

app_name = "orders"
urlpatterns = [
    path("deposits/new/", deposits.deposit, name="deposit"),
    path("deposits/check/", deposits.check_number, name="check_number"),
    path("deposits/<int:pk>/", deposits.receipt, name="receipt"),
    path("deposits/<int:pk>/return/", deposits.return_deposit, name="return_deposit"),
    path("orders/<int:pk>/", orders.order, name="order"),
]
