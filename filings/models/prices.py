"""Special prices (特价申请): asked for and approved before quoting (FIL-38)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from filings.states import SpecialPriceState
from staff.models import Person, Store
from stock.models import Style


class SpecialPrice(models.Model):
    """Somebody asks to sell to one customer under the price system, until a day."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="special_prices")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=400)
    valid_until = models.DateField(_("valid until"))
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    state = models.CharField(
        max_length=10, choices=SpecialPriceState.choices, default=SpecialPriceState.OPEN
    )
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-id"], name="special_price_of_customer"),
            models.Index(
                fields=["asked_at", "id"],
                condition=Q(state=SpecialPriceState.OPEN),
                name="special_price_open",
            ),
            models.Index(fields=["store", "-asked_at"], name="special_price_of_store"),
        ]
        constraints = [
            models.CheckConstraint(
                name="special_price_decided_has_who",
                condition=Q(state=SpecialPriceState.OPEN, decided_at=None, decided_by=None)
                | ~Q(state=SpecialPriceState.OPEN)
                & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_approves_the_own_price",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number that a quote under the floor has to carry: TJ-000187."""
        return f"TJ-{self.pk:06d}"


class SpecialPriceLine(models.Model):
    """One product of an application, with its list, floor and wished price (forms 2.2)."""

    application = models.ForeignKey(SpecialPrice, models.CASCADE, related_name="lines")
    product = models.CharField(_("product"), max_length=120)
    style = models.ForeignKey(Style, models.PROTECT, null=True, blank=True, related_name="+")
    list_price = models.DecimalField(_("list price"), max_digits=12, decimal_places=2)
    floor_price = models.DecimalField(
        _("floor price"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    wished_price = models.DecimalField(_("price asked for"), max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="special_price_is_under_the_list",
                condition=Q(wished_price__gt=0, wished_price__lt=F("list_price")),
                violation_error_message=_("The price asked for lies under the list price."),
            )
        ]

    def __str__(self) -> str:
        return self.product
