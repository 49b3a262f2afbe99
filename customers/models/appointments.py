"""Appointments: with whom, where, when, and with which car or crew."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models.contacts import Contact
from customers.models.customers import Customer
from customers.models.opportunities import Opportunity
from customers.states import TAKING_TIME, AppointmentKind, AppointmentState, ResourceKind
from staff.models import Person, Store


class TimeRange(Func):
    """The time from one column to another, the end left out."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Resource(models.Model):
    """A car, crew or room of a store that serves one appointment at a time."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="resources")
    kind = models.CharField(_("kind"), max_length=10, choices=ResourceKind.choices)
    name = models.CharField(_("name"), max_length=60)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "name"],
                name="one_resource_a_name",
                violation_error_message=_("The store has a resource of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """One appointment with a customer (forms 2.16). Moved, it stays and names the new one.

    No car or crew serves two at once: the database says so. A person may, and is told.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="appointments")
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=AppointmentKind.choices)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="appointments", verbose_name=_("person")
    )
    resource = models.ForeignKey(
        Resource,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("car, crew or room"),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    state = models.CharField(
        max_length=10, choices=AppointmentState.choices, default=AppointmentState.BOOKED
    )
    result = models.CharField(_("result"), max_length=400, blank=True)
    moved_to = models.OneToOneField("self", models.PROTECT, null=True, related_name="moved_from")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="appointments")
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["person", "starts_at"], name="appointment_of_person"),
            models.Index(fields=["customer", "-starts_at"], name="appointment_of_customer"),
            models.Index(fields=["starts_at"], name="appointment_by_time"),
        ]
        constraints = [
            ExclusionConstraint(
                name="one_appointment_a_resource_at_a_time",
                expressions=[
                    (F("resource"), RangeOperators.EQUAL),
                    (TimeRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=TAKING_TIME) & Q(resource__isnull=False),
                violation_error_message=_("It is taken at that time."),
            ),
            models.CheckConstraint(
                name="appointment_ends_after_it_begins",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("An appointment ends after it begins."),
            ),
            models.CheckConstraint(
                name="appointment_closed_has_who",
                condition=Q(state=AppointmentState.BOOKED, closed_at=None, closed_by=None)
                | ~Q(state=AppointmentState.BOOKED)
                & Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_at:%Y-%m-%d %H:%M}"
