"""One person once: cards that may be one customer's, cards that were merged, cards handed over."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer
from customers.states import SuspicionReason, SuspicionState
from staff.models import Person


class Suspicion(models.Model):
    """Two cards that may be one customer (疑似同一客户); a person decides (FIL-32, DAT-02)."""

    first = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    because = models.CharField(max_length=10, choices=SuspicionReason.choices)
    state = models.CharField(
        max_length=10, choices=SuspicionState.choices, default=SuspicionState.OPEN
    )
    raised_at = models.DateTimeField(db_default=Now())
    raised_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_suspicion_a_pair"),
            models.CheckConstraint(
                name="suspicion_pair_is_in_order", condition=Q(first__lt=F("second"))
            ),
            models.CheckConstraint(
                name="suspicion_decided_has_who",
                condition=Q(state=SuspicionState.OPEN, decided_at=None, decided_by=None)
                | ~Q(state=SuspicionState.OPEN)
                & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-raised_at"],
                condition=Q(state=SuspicionState.OPEN),
                name="suspicion_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"


class Merge(models.Model):
    """One card was merged into another, and may be taken apart again.

    `moved` names every row that went along, by table and column; `fields` what the kept card
    said before and after. The merged card stays, hidden, and says into which it went.
    """

    kept = models.ForeignKey(Customer, models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    reason = models.CharField(_("why"), max_length=200)
    moved = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="a_card_is_merged_once"
            ),
            models.CheckConstraint(
                name="nobody_is_merged_with_himself", condition=~Q(kept=F("merged"))
            ),
            models.CheckConstraint(
                name="undone_merge_has_who",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["kept", "-at"], name="merge_of_customer")]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.kept_id}"


class HandOver(models.Model):
    """All that somebody who leaves had in hand went to others (ADJ-06).

    `moved` counts by receiver what went to them: customers, tasks, opportunities, appointments.
    """

    leaver = models.ForeignKey(Person, models.PROTECT, related_name="hand_overs")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    reason = models.CharField(_("why"), max_length=200)
    moved = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["leaver", "-at"], name="hand_over_of_person")]

    def __str__(self) -> str:
        return f"{self.leaver_id} {self.at:%Y-%m-%d}"
