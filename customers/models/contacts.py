"""Contacts: what happened between us and a customer. Facts; a mistake is voided, never edited."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.triggers import NeverEmptied
from customers.models.customers import Customer
from customers.models.moving_in import HistoryImport
from customers.models.possessions import Project
from customers.states import (
    REACHED_OUTCOMES,
    Channel,
    Grade,
    NextKind,
    NoStepReason,
    Outcome,
    Reason,
    Touch,
)
from staff.models import Person

# What a contact claims. Whose it is may change (two cards of one person are merged), this never.
CLAIMS = (
    "by", "on_behalf_of", "channel", "outcome", "reached", "is_effective",
    "reason", "note", "occurred_at", "logged_at", "next_kind", "next_on", "next_at",
    "next_text", "none_reason", "is_inbound", "touches", "override",
)  # fmt: skip


class Contact(models.Model):
    """One attempt to reach a customer, and what came of it.

    `occurred_at` is when it happened as claimed, `logged_at` when the system learnt of it
    (FIL-30); `is_effective` is the verdict of the rule at that time (FIL-29). `is_inbound`: the
    customer began it; `touches` are the chips of what it brought up; `override` is why it was made
    although the guard advised against it (FUP-09, FUP-13).
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contacts")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="contacts")
    by = models.ForeignKey(Person, models.PROTECT, related_name="contacts")
    on_behalf_of = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    reached = models.BooleanField()
    is_effective = models.BooleanField()
    is_late_entry = models.BooleanField(default=False)
    is_imported = models.BooleanField(default=False)
    history_import = models.ForeignKey(
        HistoryImport, models.PROTECT, null=True, related_name="+", db_index=False
    )
    repeats_last_note = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    note = models.CharField(max_length=20_000, blank=True)
    is_inbound = models.BooleanField(default=False, db_default=False)
    touches = ArrayField(
        models.CharField(max_length=10, choices=Touch.choices),
        default=list,
        blank=True,
        db_default=[],
    )
    override = models.CharField(max_length=200, blank=True, default="", db_default="")
    occurred_at = models.DateTimeField()
    logged_at = models.DateTimeField(db_default=Now())
    next_kind = models.CharField(max_length=20, choices=NextKind.choices, blank=True)
    next_on = models.DateField(null=True)
    next_at = models.DateTimeField(null=True)
    next_text = models.CharField(max_length=200, blank=True)
    none_reason = models.CharField(max_length=20, choices=NoStepReason.choices, blank=True)
    grade = models.CharField(max_length=2, choices=Grade.choices)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-occurred_at", "-id"], name="contact_of_customer"),
            models.Index(fields=["by", "-logged_at"], name="contact_of_person"),
            models.Index(
                fields=["history_import"],
                condition=Q(history_import__isnull=False),
                name="contact_of_import",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="reached_contact_has_next_step",
                condition=Q(reached=False)
                | Q(is_imported=True)
                | Q(next_kind=NextKind.NONE) & ~Q(none_reason="")
                | ~Q(next_kind__in=["", NextKind.NONE]) & Q(next_on__isnull=False),
            ),
            models.CheckConstraint(
                name="reached_follows_from_outcome",
                condition=Q(reached=True, outcome__in=REACHED_OUTCOMES)
                | Q(reached=False) & ~Q(outcome__in=REACHED_OUTCOMES),
            ),
            models.CheckConstraint(
                name="only_reached_is_effective",
                condition=Q(is_effective=False) | Q(reached=True),
            ),
            models.CheckConstraint(
                name="contact_void_has_who_and_why",
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason=""),
            ),
            models.CheckConstraint(
                name="contact_happened_before_it_was_logged",
                condition=Q(occurred_at__lte=models.F("logged_at")),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="contact_claims_are_never_edited", fields=list(CLAIMS)),
            pgtrigger.Protect(
                name="contact_is_never_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__is_imported=False),
            ),
            NeverEmptied(name="contacts_are_never_emptied"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.occurred_at:%Y-%m-%d %H:%M}"
