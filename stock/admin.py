"""The engineers' admin of stock."""

from django.contrib import admin

from stock.models import Brand, Style

admin.site.register(Brand)
admin.site.register(Style)
