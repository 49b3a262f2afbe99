"""Violations of the scheme: recorded for operations, without fines (FIL-39, XRG-05)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Customer
from filings.models.filings import Filing
from filings.models.rulings import Deal
from filings.states import ViolationKind
from staff.models import Person, Store


class Violation(models.Model):
    """Somebody did something against the scheme; who, when, about what. No amount belongs here.

    `moment` is what makes it one occurrence (the missed limit, the refused filing's time): noted
    twice, it is one row.
    """

    kind = models.CharField(max_length=25, choices=ViolationKind.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="violations")
    store = models.ForeignKey(Store, models.PROTECT, null=True, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="violations")
    filing = models.ForeignKey(Filing, models.PROTECT, null=True, related_name="violations")
    deal = models.ForeignKey(Deal, models.PROTECT, null=True, related_name="violations")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    moment = models.DateTimeField(_("when"))
    noted_at = models.DateTimeField(db_default=Now())
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    clear_note = models.CharField(_("why it counts no more"), max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-moment", "-id"], name="violation_newest"),
            models.Index(fields=["person", "-moment"], name="violation_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "person", "customer", "moment"], name="a_violation_once"
            ),
            models.CheckConstraint(
                name="violation_cleared_has_who_and_why",
                condition=Q(cleared_at=None, cleared_by=None, clear_note="")
                | Q(cleared_at__isnull=False, cleared_by__isnull=False) & ~Q(clear_note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"
