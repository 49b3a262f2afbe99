"""The engineers' admin of orders."""

from django.contrib import admin

from orders import models

admin.site.register([getattr(models, name) for name in models.__all__ if name != "PricedLine"])
