"""Measuring done: the act that ends the limit of field filings."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import Appointment, Attachment, Contact, Customer, Project
from staff.models import Person


class Measuring(models.Model):
    """A home was measured (量尺打卡): an act of its own, with the server's time and a picture.

    Only this satisfies the limit of field filings (FIL-17); it goes with an effective contact.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="measurings")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="measurings")
    contact = models.OneToOneField(Contact, models.PROTECT, related_name="measuring")
    appointment = models.ForeignKey(
        Appointment, models.PROTECT, null=True, related_name="measurings"
    )
    picture = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    place = models.CharField(_("place"), max_length=120, blank=True)
    note = models.CharField(_("measurements"), max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"], name="measuring_of_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.at:%Y-%m-%d}"
