"""The engineers' admin of orders."""

from django.contrib import admin

from orders.models import Deposit, Order

admin.site.register([Order, Deposit])
