"""How an order goes on: milestones, its history, dates that moved, incidents."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.triggers import NeverEmptied
from followups.models import Case
from orders.models.papers import Order, OrderLine
from orders.states import DateKind, DelayCause, EventKind, IncidentKind, MilestoneKind
from staff.models import Person


class Milestone(models.Model):
    """One step of an order (no line) or of a line: when it is planned, when it was reached."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="milestones")
    line = models.ForeignKey(OrderLine, models.PROTECT, null=True, related_name="milestones")
    kind = models.CharField(max_length=15, choices=MilestoneKind.choices)
    planned_on = models.DateField(_("planned"), null=True)
    reached_on = models.DateField(_("reached"), null=True)
    reached_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "line", "kind"],
                nulls_distinct=False,
                name="one_milestone_a_kind",
            ),
            models.CheckConstraint(
                name="reached_milestone_has_who",
                condition=Q(reached_on=None, reached_by=None)
                | Q(reached_on__isnull=False, reached_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"


class OrderEvent(models.Model):
    """One thing that happened to an order: who, when, and the figures; never changed.

    `params` hold ids, days, amounts and codes, no personal text; `note` is what somebody typed.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="events")
    line = models.ForeignKey(OrderLine, models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=25, choices=EventKind.choices)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    params = models.JSONField(default=dict)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["order", "-at", "-id"], name="event_of_order")]
        triggers = [
            pgtrigger.Protect(name="event_stays", operation=pgtrigger.Update | pgtrigger.Delete),
            NeverEmptied(name="events_never_emptied"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"


class DateChange(models.Model):
    """One change of a date of an order or a line, with its cause (ORD-13). A fact, never edited."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="date_changes")
    line = models.ForeignKey(OrderLine, models.PROTECT, null=True, related_name="date_changes")
    which = models.CharField(max_length=10, choices=DateKind.choices)
    before_on = models.DateField(null=True)
    after_on = models.DateField(null=True)
    cause = models.CharField(_("why"), max_length=12, choices=DelayCause.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["order", "-at"], name="date_change_of_order")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.which}"


class Incident(models.Model):
    """Something that went wrong with the goods of an order, until it is mended (ORD-36)."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="incidents")
    line = models.ForeignKey(OrderLine, models.PROTECT, null=True, related_name="incidents")
    kind = models.CharField(_("what"), max_length=10, choices=IncidentKind.choices)
    note = models.CharField(_("what happened"), max_length=400)
    opened_at = models.DateTimeField(db_default=Now())
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="incidents")
    solved_at = models.DateTimeField(null=True)
    solved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    remedy = models.CharField(_("how it was mended"), max_length=400, blank=True)
    key = models.UUIDField(unique=True, editable=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["order"], condition=Q(solved_at=None), name="incident_open_of_order"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="solved_incident_says_who_and_how",
                condition=Q(solved_at=None, solved_by=None, remedy="")
                | Q(solved_at__isnull=False, solved_by__isnull=False) & ~Q(remedy=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"


class Look(models.Model):
    """When one's own order was last looked through (FUP-27): one row an order and seller.

    `by` is whoever looked: the seller, or who assists them or stands in.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="looks")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    looked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "person"], name="one_look_an_order_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.person_id}"
