"""What a customer means to buy (projects) and what they own."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer
from staff.models import Person, Store


class Project(models.Model):
    """One thing to be bought: a delivery address, a vehicle, a purchase (decision 1)."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="projects")
    name = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=120, blank=True)
    address_key = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField(db_default=Now())
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name or self.address or str(self.pk)


class OwnedProduct(models.Model):
    """One product that a customer has bought; its dates are the anchors of care after the sale.

    `delivered_at` is the exact time where it is known; `delivered_on` is the day in the store's
    zone. `delivered_noted_at` and `purchased_noted_at` say when we learnt of it (decision 9).
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="products")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    product = models.CharField(_("product"), max_length=120)
    serial = models.CharField(_("serial or VIN"), max_length=40, blank=True)
    sold_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sold by")
    )
    purchased_on = models.DateField(_("purchased on"), null=True, blank=True)
    purchased_noted_at = models.DateTimeField(null=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    delivered_noted_at = models.DateTimeField(null=True)
    insurance_until = models.DateField(_("insured until"), null=True, blank=True)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["serial"],
                condition=~Q(serial=""),
                name="one_owner_a_serial",
                violation_error_message=_("This serial number belongs to another product."),
            ),
            models.CheckConstraint(
                name="delivery_is_noted",
                condition=Q(delivered_on=None, delivered_at=None, delivered_noted_at=None)
                | Q(delivered_on__isnull=False, delivered_noted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="purchase_is_noted",
                condition=Q(purchased_on=None, purchased_noted_at=None)
                | Q(purchased_on__isnull=False, purchased_noted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.product
