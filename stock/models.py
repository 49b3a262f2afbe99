"""Stock, for now its brands and styles: what the shop's own ledger speaks of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Brand(models.Model):
    """One brand and its code in the shop's own system (MER-04)."""

    name = models.CharField(_("brand"), max_length=60, unique=True)
    code = models.CharField(_("code"), max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class Style(models.Model):
    """One style (款号) of one brand; under its break-even price only with an approval (FIL-38)."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="styles")
    number = models.CharField(_("style no."), max_length=40)
    tag_price = models.DecimalField(_("tag price"), max_digits=12, decimal_places=2)
    floor_price = models.DecimalField(
        _("floor price"), max_digits=12, decimal_places=2, null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "number"], name="one_style_a_number"),
            models.CheckConstraint(
                name="tag_price_is_positive", condition=models.Q(tag_price__gt=0)
            ),
            models.CheckConstraint(
                name="floor_price_is_positive",
                condition=models.Q(floor_price=None) | models.Q(floor_price__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.number
