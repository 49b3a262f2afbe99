"""What a style costs in an office and since when it is on sale there (MER-09, MER-12, MER-16)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.models import Store
from stock.models.masters import Style


class OfficePrice(models.Model):
    """上柜价 and 当前售价 of a style in an office from a day on; the rows are the price's path."""

    office = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("office"))
    style = models.ForeignKey(Style, models.PROTECT, related_name="office_prices")
    from_on = models.DateField(_("from"))
    counter_price = models.DecimalField(
        _("counter price"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    current_price = models.DecimalField(
        _("current price"), max_digits=12, decimal_places=2, null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["style", "office", "from_on"], name="one_price_an_office_and_day"
            ),
            models.CheckConstraint(
                name="office_prices_are_positive",
                condition=(Q(counter_price=None) | Q(counter_price__gt=0))
                & (Q(current_price=None) | Q(current_price__gt=0)),
            ),
            models.CheckConstraint(
                name="office_price_says_one",
                condition=Q(counter_price__isnull=False) | Q(current_price__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.style_id} {self.office_id} {self.from_on}"


class OfficeLaunch(models.Model):
    """Since when an office has a style on sale, where that is not the style's own day."""

    office = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("office"))
    style = models.ForeignKey(Style, models.PROTECT, related_name="office_launches")
    launched_on = models.DateField(_("launched on"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["style", "office"], name="one_launch_an_office")
        ]

    def __str__(self) -> str:
        return f"{self.style_id} {self.office_id} {self.launched_on}"
