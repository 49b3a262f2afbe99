"""The engineers' admin of stock."""

from django.contrib import admin

from stock import models

for model in (
    models.Brand,
    models.CoreSizes,
    models.OfficeLaunch,
    models.OfficePrice,
    models.Season,
    models.SeasonTarget,
    models.Series,
    models.ShoeType,
    models.Style,
):
    admin.site.register(model)
