"""Lead filing (报备): its rules' parameters, valid from a day on (ADJ-07), and measuring done."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import Appointment, Attachment, Contact, Customer, Project
from staff.models import Person
from staff.states import Trade


class Policy(models.Model):
    """The parameters of lead filing for one trade, in force from a day until the next row's."""

    trade = models.CharField(_("trade"), max_length=20, choices=Trade.choices)
    valid_from = models.DateField(_("valid from"))
    is_on = models.BooleanField(_("leads are filed"), default=True)
    file_within_hours = models.PositiveSmallIntegerField(_("hours to file"), default=24)
    update_days = models.PositiveSmallIntegerField(_("days to follow up"), default=3)
    protection_days = models.PositiveSmallIntegerField(_("days of protection"), default=10)
    field_limit_days = models.PositiveSmallIntegerField(
        _("days to measure or take a deposit, field sales"), default=15
    )
    field_quota = models.PositiveSmallIntegerField(_("filings a month, field sales"), default=20)
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(fields=["trade", "valid_from"], name="one_policy_a_day"),
            models.CheckConstraint(
                name="policy_days_are_in_order",
                condition=Q(update_days__lte=models.F("protection_days")),
                violation_error_message=_("The duty to follow up is not longer than protection."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trade} {self.valid_from}"


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
