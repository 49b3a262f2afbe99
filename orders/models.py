"""Orders, for now as far as everything else must know of them: who bought, where, when."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Project
from staff.models import Person, Store


class Order(models.Model):
    """One order of one customer for one project."""

    number = models.CharField(_("order no."), max_length=40, unique=True)
    ordered_on = models.DateField(_("ordered on"))
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="orders")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="orders")
    store = models.ForeignKey(Store, models.PROTECT, related_name="orders")
    seller = models.ForeignKey(Person, models.PROTECT, related_name="orders")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["store", "-ordered_on"], name="order_of_store")]

    def __str__(self) -> str:
        return self.number
