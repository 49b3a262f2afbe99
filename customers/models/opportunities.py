"""Opportunities: what a customer may buy, in which stage, with what chance."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import Named
from customers.models.customers import Customer
from customers.models.moving_in import HistoryImport
from customers.models.possessions import Project
from customers.states import LostReason, StageKind
from staff.models import Person, Store
from staff.states import Trade
from stock.models import Brand


class StageSet(Named):
    """The stages through which a sale goes in the trades it names (FUP-32, FUP-33)."""

    code = models.CharField(max_length=40, unique=True)
    trades = ArrayField(
        models.CharField(max_length=20, choices=Trade.choices), default=list, blank=True
    )

    def __str__(self) -> str:
        return self.name_en


class Stage(Named):
    """One stage of a set.

    `default_chance` is the share in percent of those in it that are won, by judgement;
    `won_share` is the same from our own history of `reckoned_from` closed opportunities.
    """

    stage_set = models.ForeignKey(StageSet, models.PROTECT, related_name="stages")
    code = models.CharField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=4, choices=StageKind.choices, default=StageKind.OPEN)
    default_chance = models.PositiveSmallIntegerField(_("chance in percent"), default=0)
    won_share = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    reckoned_from = models.PositiveIntegerField(default=0)
    reckoned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage_set", "position"], name="one_stage_a_position"),
            models.CheckConstraint(
                name="chance_is_a_percentage", condition=Q(default_chance__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.name_en


class Opportunity(models.Model):
    """One possible sale to one customer; `state` is the kind of its stage."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="opportunities")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="opportunities")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="opportunities", verbose_name=_("keeper")
    )
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="opportunities")
    state = models.CharField(max_length=4, choices=StageKind.choices, default=StageKind.OPEN)
    brand = models.ForeignKey(
        Brand, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("brand")
    )
    product = models.CharField(_("product"), max_length=120, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True)
    expected_on = models.DateField(_("expected on"), null=True)
    competitor = models.CharField(_("competitor"), max_length=60, blank=True)
    has_problem = models.BooleanField(_("a serious problem to solve"), default=False)
    has_budget = models.BooleanField(_("the budget is passed"), default=False)
    has_time_frame = models.BooleanField(_("a reasonable time frame"), default=False)
    has_decision_process = models.BooleanField(_("a clear decision process"), default=False)
    note = models.CharField(_("note"), max_length=400, blank=True)
    lost_reason = models.CharField(max_length=15, choices=LostReason.choices, blank=True)
    lost_note = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField(db_default=Now())
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    staged_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    history_import = models.ForeignKey(
        HistoryImport, models.PROTECT, null=True, related_name="opportunities"
    )

    class Meta:
        verbose_name_plural = "opportunities"
        indexes = [
            models.Index(
                fields=["stage", "expected_on", "id"],
                condition=Q(state=StageKind.OPEN),
                name="opportunity_open_of_stage",
            ),
            models.Index(
                fields=["expected_on", "id"],
                condition=Q(state=StageKind.OPEN),
                name="opportunity_open_by_day",
            ),
            models.Index(fields=["owner", "state", "expected_on"], name="opportunity_of_owner"),
            models.Index(fields=["store", "state", "expected_on"], name="opportunity_of_store"),
            models.Index(fields=["customer"], name="opportunity_of_customer"),
        ]
        constraints = [
            models.CheckConstraint(
                name="opportunity_names_product_or_brand",
                condition=~Q(product="") | Q(brand__isnull=False),
                violation_error_message=_("Name the product or the brand."),
            ),
            models.CheckConstraint(
                name="opportunity_amount_is_positive",
                condition=Q(amount=None) | Q(amount__gt=0),
                violation_error_message=_("The amount is more than nothing."),
            ),
            models.CheckConstraint(
                name="closed_opportunity_has_time",
                condition=Q(state=StageKind.OPEN, closed_at=None)
                | ~Q(state=StageKind.OPEN) & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="lost_opportunity_has_reason",
                condition=Q(state=StageKind.LOST) & ~Q(lost_reason="")
                | ~Q(state=StageKind.LOST) & Q(lost_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.product or str(self.brand)


class StageMove(models.Model):
    """One move of an opportunity into a stage; the first has no `before`."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="moves")
    before = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+")
    after = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["opportunity", "at"], name="stage_move_of_opportunity")]

    def __str__(self) -> str:
        return f"{self.opportunity_id} → {self.after_id}"
