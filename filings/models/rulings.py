"""Deals, and the rulings that say whose they are: immutable, chained by hash."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.triggers import NeverEmptied
from customers.models import Customer, Project
from filings.models.filings import Filing
from filings.models.policies import Policy
from filings.states import DealKind, RulingKind, Verdict
from staff.models import Person, Region, Store


class Deal(models.Model):
    """The deal moment of a project (FIL-21): a deposit was taken or an order signed.

    `order_no` is the order's number, so that this room knows of deals without knowing orders.
    `region` is where it is delivered, `own_region` that of the customer's own address (decision
    13). `is_repeat`: a new purchase for a home sold before (FIL-05). `credited_to` is
    what the last ruling says; empty while a person has to decide or it is shared. `refills` is
    whose month's quota has a slot back by it; `keeps_slot`: undone, it still counts, for that slot
    had been used (FIL-25).
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="deals")
    project = models.ForeignKey(Project, models.PROTECT, related_name="deals")
    kind = models.CharField(max_length=10, choices=DealKind.choices, default=DealKind.DEPOSIT)
    order_no = models.CharField(_("order no."), max_length=40, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    closer = models.ForeignKey(
        Person, models.PROTECT, related_name="deals_closed", verbose_name=_("taken by")
    )
    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    own_region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    is_cross_approved = models.BooleanField(default=False)
    is_repeat = models.BooleanField(default=False, db_default=False)
    is_new_project = models.BooleanField(default=False)
    is_doubted = models.BooleanField(default=False)
    is_contested = models.BooleanField(default=False, db_default=False)
    keeper = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    filing = models.ForeignKey(Filing, models.PROTECT, null=True, related_name="deals")
    credited_to = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="deals", verbose_name=_("credited to")
    )
    refills = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    undone_reason = models.CharField(_("why"), max_length=200, blank=True)
    keeps_slot = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["project", "at"], name="deal_of_project"),
            models.Index(fields=["customer", "at"], name="deal_of_customer"),
            models.Index(fields=["credited_to", "at"], name="deal_of_person"),
            models.Index(fields=["-at", "-id"], name="deal_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="deal_undone_has_who_and_why",
                condition=Q(undone_at=None, undone_by=None, undone_reason="")
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason=""),
            ),
            models.CheckConstraint(
                name="deal_amount_is_positive", condition=Q(amount=None) | Q(amount__gt=0),
                violation_error_message=_("The amount is more than 0."),
            ),
            models.UniqueConstraint(
                fields=["order_no"], condition=~Q(order_no="") & Q(undone_at=None),
                name="one_deal_an_order",
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.ReadOnly(
                name="deal_claims_are_never_edited",
                fields=["closer", "at", "order_no", "amount", "kind"],
            ),
            pgtrigger.Protect(name="deal_is_never_deleted", operation=pgtrigger.Delete),
            NeverEmptied(name="deals_are_never_emptied"),
        ]

    def __str__(self) -> str:
        return f"{self.order_no or self.pk} {self.at:%Y-%m-%d}"


class Ruling(models.Model):
    """Whose a project's sale is, and why (归属裁定): written once, never changed (ADJ-01).

    `facts` name what was seen by id, time and code, without personal text; `reasons` are codes
    with parameters, worded when shown. `hash` covers this row and `previous_hash`, the one before
    it of the same project: a row altered by hand breaks the chain. `text` is what the decider
    wrote, `credited_to` empty where the shares say it, or where a person has still to decide.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="rulings")
    deal = models.ForeignKey(Deal, models.PROTECT, null=True, related_name="rulings")
    dispute = models.ForeignKey(
        "filings.Dispute", models.PROTECT, null=True, related_name="rulings"
    )
    filing = models.ForeignKey(Filing, models.PROTECT, null=True, related_name="rulings")
    kind = models.CharField(max_length=10, choices=RulingKind.choices)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    credited_to = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="rulings", verbose_name=_("credited to")
    )
    is_home_region = models.BooleanField(default=False)
    shares = models.JSONField(default=list)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+")
    clauses = ArrayField(models.CharField(max_length=10))
    statuses = models.JSONField(default=dict)
    flags = ArrayField(models.CharField(max_length=20), default=list)
    reasons = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    text = models.CharField(_("reason"), max_length=2000, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="next")
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["project", "-id"], name="ruling_of_project"),
            models.Index(fields=["-at", "-id"], name="ruling_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="ruling_of_a_person_has_a_reason",
                condition=Q(kind__in=[RulingKind.DEPOSIT, RulingKind.REVERSAL])
                | Q(by__isnull=False) & ~Q(text=""),
                violation_error_message=_("Give the reason of the ruling."),
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(previous=None), name="one_first_ruling_a_project"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="ruling_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            NeverEmptied(name="rulings_are_never_emptied"),
        ]

    def __str__(self) -> str:
        return f"CD-{self.at:%y%m}-{self.pk:06d}"


class Seal(models.Model):
    """All rulings of one day under one hash, chained to the seal before (daily)."""

    day = models.DateField(unique=True)
    rulings = models.PositiveIntegerField()
    last_ruling = models.ForeignKey(Ruling, models.PROTECT, null=True, related_name="+")
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="seal_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            NeverEmptied(name="seals_are_never_emptied"),
        ]

    def __str__(self) -> str:
        return str(self.day)
