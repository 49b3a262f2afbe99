"""Grades: their history, what the rules propose, and by which parameters."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer
from customers.states import Grade, IntentLevel, ProposalReason, ProposalState
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


class Parameters(models.Model):
    """The figures by which customers are graded and leads handed out, in force from a day on.

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
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "parameters"

    def __str__(self) -> str:
        return str(self.valid_from)
