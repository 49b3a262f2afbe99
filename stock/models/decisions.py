"""What people decide about goods: the terms of the figures, classes of their own, proposals."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.models import Person, Store
from stock.models.masters import Style
from stock.states import ProposalKind, ProposalState, StyleClass


class StockTerms(models.Model):
    """The limits of the figures from a day on; what `values` does not name is the default.

    Changed by operations, with a reason; never edited: a change is a new row.
    """

    from_on = models.DateField(_("from"), unique=True)
    values = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=200)
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.from_on}"


class ClassOverride(models.Model):
    """A class that a person gives a style, everywhere or in one office, beside the computed one."""

    style = models.ForeignKey(Style, models.PROTECT, related_name="overrides")
    office = models.ForeignKey(
        Store, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("office")
    )
    style_class = models.CharField(_("class"), max_length=10, choices=StyleClass.choices)
    reason = models.CharField(_("reason"), max_length=200)
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())
    lifted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["style", "office"],
                condition=Q(lifted_at=None),
                nulls_distinct=False,
                name="one_override_a_style_and_office",
            ),
            models.CheckConstraint(
                name="override_lifted_by_somebody",
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.style_class


class Proposal(models.Model):
    """Reorder, move or mark down one style: proposed, decided, handed over, followed (MER-13).

    To reorder names the office that gets the pairs (none: all), to move the two offices, to mark
    down the office (none: all) and the new price in yuan. `facts` are the figures it was made on.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ProposalKind.choices)
    state = models.CharField(
        max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN
    )
    style = models.ForeignKey(Style, models.PROTECT, related_name="proposals")
    from_office = models.ForeignKey(
        Store, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("from")
    )
    office = models.ForeignKey(
        Store, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("office")
    )
    quantity = models.PositiveIntegerField(_("pairs"), default=0)
    cover_days = models.PositiveSmallIntegerField(_("days to cover"), null=True, blank=True)
    lead_days = models.PositiveSmallIntegerField(_("lead time, days"), null=True, blank=True)
    old_price = models.DecimalField(
        _("price until now"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    new_price = models.DecimalField(
        _("new price"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    from_on = models.DateField(_("from"), null=True, blank=True)
    is_under_floor = models.BooleanField(default=False)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    as_of = models.DateField()
    facts = models.JSONField(default=dict)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(_("why"), max_length=200, blank=True)
    exported_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "-proposed_at"], name="proposal_by_state"),
            models.Index(fields=["style", "-proposed_at"], name="proposal_of_style"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "style", "from_office", "office"],
                condition=Q(state=ProposalState.OPEN),
                nulls_distinct=False,
                name="one_open_proposal_a_place",
            ),
            models.CheckConstraint(
                name="proposal_says_what",
                condition=Q(kind=ProposalKind.REORDER, quantity__gt=0, from_office=None)
                | Q(kind=ProposalKind.TRANSFER, quantity__gt=0, from_office__isnull=False)
                & Q(office__isnull=False)
                & ~Q(from_office=F("office"))
                | Q(kind=ProposalKind.MARK_DOWN, new_price__gt=0, from_on__isnull=False)
                & Q(from_office=None),
            ),
            models.CheckConstraint(
                name="proposal_decided_by_somebody",
                condition=Q(state=ProposalState.OPEN, decided_at=None, decided_by=None)
                | ~Q(state=ProposalState.OPEN)
                & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class ProposalSize(models.Model):
    """How many pairs of one size a proposal orders or moves."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="sizes")
    size = models.CharField(_("size"), max_length=10, blank=True)
    quantity = models.PositiveIntegerField(_("pairs"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "size"], name="one_quantity_a_size"),
            models.CheckConstraint(name="size_of_a_proposal_is_some", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.size}: {self.quantity}"
