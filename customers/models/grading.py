"""Grades: their history, what the rules propose, and by which parameters."""

from datetime import time

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models.contacts import Contact
from customers.models.customers import Customer
from customers.states import (
    Grade,
    IntentLevel,
    ProposalReason,
    ProposalState,
    Quiet,
    QuietReason,
)
from staff.models import Person


class GradeChange(models.Model):
    """One change of a customer's grade: from what to what, by whom, why (GRD-09)."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="grade_changes")
    before = models.CharField(max_length=2, choices=Grade.choices)
    after = models.CharField(max_length=2, choices=Grade.choices)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"], name="grade_change_of_customer")]
        constraints = [
            models.CheckConstraint(name="grade_really_changes", condition=~Q(before=F("after")))
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class IntentChange(models.Model):
    """One change of a customer's intent level; a scale of its own beside the grade (GRD-12)."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="intent_changes")
    before = models.CharField(max_length=1, choices=IntentLevel.choices, blank=True)
    after = models.CharField(max_length=1, choices=IntentLevel.choices, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"], name="intent_change_of_customer")]
        constraints = [
            models.CheckConstraint(name="intent_really_changes", condition=~Q(before=F("after")))
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class GradeProposal(models.Model):
    """Another grade that the rules propose; a person confirms or declines it (decision 14).

    `basis` names the facts it stands on: what was declined is proposed again only on other facts.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="grade_proposals")
    before = models.CharField(max_length=2, choices=Grade.choices)
    after = models.CharField(max_length=2, choices=Grade.choices)
    because = models.CharField(max_length=12, choices=ProposalReason.choices)
    basis = models.CharField(max_length=40)
    state = models.CharField(
        max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN
    )
    made_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(state=ProposalState.OPEN),
                name="one_open_proposal_a_customer",
            ),
            models.CheckConstraint(
                name="proposal_decided_has_time",
                condition=Q(state=ProposalState.OPEN, decided_at=None)
                | ~Q(state=ProposalState.OPEN) & Q(decided_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["made_at", "id"],
                condition=Q(state=ProposalState.OPEN),
                name="proposal_open_oldest",
            ),
            models.Index(fields=["customer", "-made_at"], name="proposal_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.before} → {self.after}"


class QuietChange(models.Model):
    """A customer's wish to be left in peace changed: what, why, who, when (FUP-24).

    `contact` is the one in which they said so. Said again for another reason, it is a row of its
    own in which nothing but the reason changes.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="quiet_changes")
    before = models.CharField(max_length=10, choices=Quiet.choices, blank=True)
    after = models.CharField(max_length=10, choices=Quiet.choices, blank=True)
    reason = models.CharField(max_length=20, choices=QuietReason.choices)
    note = models.CharField(max_length=200, blank=True)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["customer", "-at", "-id"], name="quiet_of_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.before} → {self.after}"


class Parameters(models.Model):
    """The figures by which customers are graded, cared for and leads handed out, from a day on.

    Public practice and judgement, not the customer's documents: so they can be changed.
    """

    valid_from = models.DateField(_("valid from"), unique=True)
    b2_months = models.PositiveSmallIntegerField(_("months B2 after delivery"), default=12)
    silent_contacts = models.PositiveSmallIntegerField(
        _("contacts without a next step before D is proposed"), default=2
    )
    unreached_attempts = models.PositiveSmallIntegerField(
        _("unreached attempts before D is proposed"), default=5
    )
    unreached_days = models.PositiveSmallIntegerField(_("within days"), default=21)
    accept_minutes = models.PositiveSmallIntegerField(_("minutes to accept a lead"), default=15)
    response_minutes = models.PositiveSmallIntegerField(
        _("minutes to the first response"), default=30
    )
    thanks_days = models.PositiveSmallIntegerField(_("days to thank for a referral"), default=3)
    history_needed = models.PositiveSmallIntegerField(
        _("closed opportunities before our own history counts"), default=20
    )
    designer_days = models.PositiveSmallIntegerField(
        _("days between calls to a designer"), default=30
    )
    gap_a = models.PositiveSmallIntegerField(
        _("days between our contacts, A"), default=1, db_default=1
    )
    gap_b1 = models.PositiveSmallIntegerField(
        _("days between our contacts, B1"), default=1, db_default=1
    )
    gap_b2 = models.PositiveSmallIntegerField(
        _("days between our contacts, B2"), default=1, db_default=1
    )
    gap_c1 = models.PositiveSmallIntegerField(
        _("days between our contacts, C1"), default=1, db_default=1
    )
    gap_c2 = models.PositiveSmallIntegerField(
        _("days between our contacts, C2"), default=1, db_default=1
    )
    quiet_from = models.TimeField(_("no calls from"), default=time(21), db_default=time(21))
    quiet_until = models.TimeField(_("no calls until"), default=time(8, 30), db_default=time(8, 30))
    calls_a_day = models.PositiveSmallIntegerField(
        _("calls a day to A customers"), default=5, db_default=5
    )
    contacts_a_week = models.PositiveSmallIntegerField(
        _("contacts a week with B and C customers"), default=10, db_default=10
    )
    problem_days = models.PositiveSmallIntegerField(
        _("working days to solve a problem or complaint"), default=3, db_default=3
    )
    need_days = models.PositiveSmallIntegerField(
        _("working days to meet a need"), default=2, db_default=2
    )
    return_visit_percent = models.PositiveSmallIntegerField(
        _("return visits a month, %"), default=80, db_default=80
    )
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "parameters"

    def __str__(self) -> str:
        return str(self.valid_from)
